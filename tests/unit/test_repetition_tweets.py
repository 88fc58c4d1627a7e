"""Near-duplicates on real tweets: unrelated ones are never called the same, and mechanical variants are found."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from switchboard.domain.post import Post
from switchboard.domain.repetition import ALIKE, likeness, same_messages, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable

TWEETS = Path(__file__).parents[3] / "shared/data/complaints__complaints_twitter.jsonl"
AT = datetime(2026, 10, 1, 14, tzinfo=UTC)
_TRIMMINGS = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+")


def words(text: str) -> list[str]:
    return _WORD.findall(_TRIMMINGS.sub(" ", text).casefold())


def tweets(at_least: int = 0) -> list[str]:
    if not TWEETS.exists():
        pytest.skip(f"../shared/data has no {TWEETS.name}")
    lines = TWEETS.read_text(encoding="utf-8").splitlines()
    found = dict.fromkeys(json.loads(line)["text"] for line in lines)
    return [text for text in found if len(words(text)) >= at_least]


def one_word_changed(text: str, seed: int) -> str:
    pieces = text.split()
    plain = [place for place, piece in enumerate(pieces) if re.fullmatch(r"[A-Za-z']+", piece)]
    if plain:
        pieces[Random(seed).choice(plain)] = "altogether"  # noqa: S311 - a seeded choice
    return " ".join(pieces)


VARIANTS: dict[str, Callable[[str, int], tuple[str, str]]] = {
    "date": lambda text, seed: (f"Oct {seed % 28 + 1}: {text}", f"Nov {seed % 27 + 2}: {text}"),
    "link": lambda text, seed: (f"{text} https://example.org/{seed}", f"{text} http://example.com/a?b={seed * 7919}"),
    "emoji": lambda text, _: (text, f"{text} 🎉💜"),
    "hashtag": lambda text, seed: (text, f"{text} #health{seed} @mercy"),
    "count": lambda text, _: (f"Only 3 days left! {text}", f"Only 2 days left! {text}"),
    "case": lambda text, _: (text, text.upper()),
    "one word": lambda text, seed: (text, one_word_changed(text, seed)),
    "a tenth cut off": lambda text, _: (text, text[: len(text) * 9 // 10]),
}


def recall(variant: str, at_least: int) -> float:
    pairs = [VARIANTS[variant](text, seed) for seed, text in enumerate(tweets(at_least))]
    found = sum(likeness(shape_of(one), shape_of(two)) >= ALIKE for one, two in pairs)
    return found / len(pairs)


def test_tweets_that_are_called_the_same_differ_in_a_word_or_two_at_most() -> None:
    texts = tweets()
    posts = [Post(post_id=str(n), channel="c", text=text, publish_at=AT) for n, text in enumerate(texts)]

    groups = [group for group in same_messages(posts) if len(group) > 1]

    assert len(texts) >= 1_000
    for leader, *others in groups:
        for other in others:
            assert len(set(words(leader.text)) ^ set(words(other.text))) <= 4, (leader.text, other.text)
    assert sum(map(len, groups)) <= 0.02 * len(texts)


@pytest.mark.parametrize("variant", ["date", "link", "emoji", "hashtag", "count", "case"])
def test_trimmings_never_hide_a_copy_of_four_words_or_more(variant: str) -> None:
    assert recall(variant, 4) == 1


@pytest.mark.parametrize(("variant", "at_least", "least"), [("one word", 12, 0.95), ("a tenth cut off", 8, 0.9)])
def test_a_slight_change_of_a_longer_text_is_a_copy_still(variant: str, at_least: int, least: float) -> None:
    assert recall(variant, at_least) >= least
