"""A config file: what YAML makes of words, and where every problem stands."""

from __future__ import annotations

import pytest

from switchboard_cli.config_file import check_source
from switchboard_cli.yaml_source import Source, parse

SMALL = """\
organisation: Mercy
zone: America/New_York
channels:
  website: {platform: web_form}
staff:
  maria:
    name: Maria
    phone: +12025550101
teams:
  social:
    rota:
      - on: [maria]
        start: 18:00
        end: 18:00
policies:
  standard:
    steps:
      - alert: primary
        wait: 15m
routes:
  - name: everything
    team: social
    policy: standard
    answer_within: 4h
last_resort: maria
"""


def source(text: str | bytes) -> Source:
    return parse(text if isinstance(text, bytes) else text.encode(), "mercy.yaml")


def lines(text: str | bytes) -> list[str]:
    return [finding.line_of_text() for finding in check_source(source(text)).findings]


def test_words_times_and_phones_need_no_quotes() -> None:
    checked = check_source(source(SMALL))

    assert checked.findings == []
    assert checked.config is not None
    assert checked.config.teams["social"].rota[0].start == "18:00"
    assert checked.config.staff["maria"].phone == "+12025550101"


@pytest.mark.parametrize(
    "word", ["on", "off", "yes", "no", "y", "N", "0777", "1_000", "12:30:45", "2026-10-12", "0x1f"]
)
def test_what_yaml_once_took_for_something_else_is_text(word: str) -> None:
    assert source(f"a: {word}\n{word}: a").value == {"a": word, word: "a"}


def test_json_literals_are_what_they_are() -> None:
    assert source("[true, false, null, 5, -1, 1.5, ~, 'true']").value == [True, False, None, 5, -1, 1.5, None, "true"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("team: social", "team: nurses", "22:11: routes.0.team: there is no team 'nurses'; add it, or use one"),
        ("    policy:", "    colour: red\n    policy:", "23:5: routes.0.colour: there is no key 'colour' here;"),
        ("    policy: standard\n", "", "21:5: routes.0.policy: is missing; add it, as in `policy: standard`"),
        ("+12025550101", "+10000000000", "8:12: staff.maria.phone: is in E.164, but no country has"),
        ("end: 18:00", "end: 17:00", "11:5: teams.social.rota: nobody is on duty from mon 17:00 to mon 18:00;"),
        ("zone: America/New_York\n", "", "1:1: zone: is missing; add it, as in `zone: America/New_York`"),
        ("wait: 15m", "wait: 15", "19:15: policies.standard.steps.0.wait: is not a duration; add the unit: 15s"),
        ("zone:", "zone: Europe/Berlin\nzone:", "3:1: zone: stands twice: it is in line 2 already; put both"),
        ("  maria:\n", "  maria:\n    name: M\n", "8:5: staff.maria.name: stands twice: it is in line 7"),
        ("zone: America/New_York", "zone: [", "4:10: the file: is not YAML here: while parsing a flow sequence"),
        ("zone: America/New_York", "\tzone: x", "2:1: the file: is not YAML here: while scanning for the next"),
        ("organisation:", "? [a, b]\n: c\norganisation:", "1:3: the file: has a key that is no word; write"),
    ],
)
def test_a_problem_says_where_it_stands(old: str, new: str, said: str) -> None:
    found = lines(SMALL.replace(old, new, 1))

    assert found
    assert any(line.startswith(f"mercy.yaml:{said}") for line in found), found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "mercy.yaml:1:1: the config: nothing stands here"),
        (b"# only a comment\n", "mercy.yaml:1:1: the config: nothing stands here"),
        (b"zone: x\nname: \xff\n", "mercy.yaml:2:1: the file: is not UTF-8; save the file as UTF-8"),
        (b"a: &a [*a]", "mercy.yaml:1:4: the file: has an alias that holds itself; write the values out"),
        (b"a: *b", "mercy.yaml:1:4: the file: is not YAML here: found undefined alias"),
        (b"a: 1\n---\nb: 2\n", "mercy.yaml:2:1: the file: is not YAML here: expected a single document"),
        (b"a: \x00", "mercy.yaml:1:1: the file: is not YAML: unacceptable character"),
        (b"a: !!python/object/apply:os.system [ls]", "mercy.yaml:1:4: the file: is not YAML here: could not determine"),
        (b"[" * 5000, "mercy.yaml:1:1: the file: is not YAML: nested too deep"),
    ],
)
def test_a_file_that_is_no_config_is_one_problem(content: bytes, said: str) -> None:
    found = lines(content)

    assert len(found) == 1
    assert found[0].startswith(said)


def test_aliases_that_multiply_are_stopped() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdef", "bcdefg", strict=True)
    )

    assert [line.partition("the file: ")[2] for line in lines(bomb)] == [
        "has more than 50,000 values; write the values out"
    ]


def test_anchors_and_merges_save_typing() -> None:
    text = "a: &base {x: 1, y: 2}\nb:\n  <<: *base\n  y: 3\n"

    assert source(text).value == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}}
    assert source(text).problems == []


def test_a_byte_order_mark_and_windows_lines_do_no_harm() -> None:
    assert lines(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()) == []
