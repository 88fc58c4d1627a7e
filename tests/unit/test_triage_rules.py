"""Every rule against its own examples: each wording fires on what it is like, and stays silent where it should."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import switchboard.domain.triage
from switchboard.domain.triage import triage
from switchboard.domain.triage.danger import danger_in
from switchboard.domain.triage.places import PLACES
from switchboard.domain.triage.reading import read
from switchboard.domain.triage.rule import Rule, Wording, book
from switchboard.domain.vocabulary import Urgency

FILES = sorted(Path(switchboard.domain.triage.__file__).with_name("rules").glob("*.json"))
BOOKS = [file.stem for file in FILES]
RULES = [(name, rule) for name in BOOKS for rule in book(name).values()]
WORDINGS = [(name, rule, wording) for name, rule in RULES for wording in rule.fires]
SILENT = [(name, rule, text) for name, rule in RULES for text in rule.silent]
AS_WRITTEN = "accented Spanish question word"
IN_WHOLE = {"greeting or remark", "listener's echo"}


def canonical(rule: Rule, text: str) -> str:
    reading = read(text)
    return reading.accented if rule.name == AS_WRITTEN else reading.canonical


def named(value: object) -> str:
    return getattr(value, "like", "") or getattr(value, "name", "") or str(value)


def test_the_books_are_those_that_are_read() -> None:
    assert BOOKS == ["danger", "excuses", "manner", "questions", "spam", "topics"]


@pytest.mark.parametrize(("name", "rule", "wording"), WORDINGS, ids=named)
def test_each_wording_of_a_rule_fires_on_what_it_is_like(name: str, rule: Rule, wording: Wording) -> None:
    assert wording.stands_in(canonical(rule, wording.like))
    assert rule.matches(canonical(rule, wording.like))


@pytest.mark.parametrize(("name", "rule", "text"), SILENT, ids=named)
def test_a_rule_stays_silent_on_what_only_looks_like_it(name: str, rule: Rule, text: str) -> None:
    if name == "danger":
        assert not danger_in(read(text).canonical)
    elif rule.name in IN_WHOLE:
        assert not rule.pattern().fullmatch(canonical(rule, text))
    else:
        assert not rule.matches(canonical(rule, text))


@pytest.mark.parametrize("wording", [wording for name, _, wording in WORDINGS if name == "danger"], ids=named)
def test_each_wording_of_danger_rings(wording: Wording) -> None:
    found = triage(wording.like)

    assert found.urgency is Urgency.EMERGENCY
    assert found.reason.startswith("Emergency: rule “")


@pytest.mark.parametrize(("name", "rule"), RULES, ids=named)
def test_a_rule_can_be_quoted_and_repeats_nothing_without_a_bound(name: str, rule: Rule) -> None:
    bare = [re.sub(r"\[[^]]*\]", "x", wording.words) for wording in rule.fires]

    assert re.fullmatch(r"[A-Za-z][A-Za-z ,'-]{2,60}", rule.name)
    assert all(0 < len(wording.like) <= 100 and wording.like.isprintable() for wording in rule.fires)
    assert {wording.at for wording in rule.fires} <= {"", *PLACES}
    assert len(rule.silent) >= 2
    assert not [words for words in bare if re.search(r"\.[*+]|\)[*+]", words)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_book_says_what_it_is_for_and_holds_no_part_that_nobody_uses(file: Path) -> None:
    text = file.read_text("utf-8")
    found = json.loads(text)
    rules = [rule["name"] for rule in found["rules"]]

    assert set(found) == {"about", "parts", "rules"}
    assert all(set(rule) - {"category", "urgency"} == {"name", "fires", "silent"} for rule in found["rules"])
    assert len(rules) == len(set(rules))
    assert all(f"<{part}>" in text for part in found["parts"])
