"""Real texts that announce nothing of ours: hardly one of them may be taken for an event that is over."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from switchboard.domain.post import Post
from switchboard.domain.staleness import Mode, Rule, Thresholds, judge_all

DATA = Path(__file__).parents[3] / "shared/data"
NOW = datetime(2026, 10, 14, 17, tzinfo=UTC)
BY_DATES = Thresholds(rules={rule: Mode.HOLD if rule is Rule.EVENT_OVER else Mode.IGNORE for rule in Rule})


@pytest.mark.parametrize(
    "name",
    [
        "complaints__complaints_twitter",
        "complaints__hospital_reviews",
        "medical_questions__covid_q",
        "nhs_feedback__nhs_v6",
        "spam_abuse__sms_spam",
    ],
)
def test_what_announces_nothing_is_seldom_taken_for_an_event_that_is_over(name: str) -> None:
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"../shared/data has no {path.name}")
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    posts = [Post(post_id=str(n), channel="c", text=text, publish_at=NOW) for n, text in enumerate(texts)]

    held = [found for found in judge_all(posts, now=NOW, thresholds=BY_DATES) if found.hold]

    assert len(texts) >= 500
    assert len(held) <= 0.005 * len(texts), [found.evidence for found in held]
