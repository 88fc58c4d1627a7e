"""Where a question would go and whom it would ring when, without asking it: for whoever writes the config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.domain.business_time import passed_at
from switchboard.domain.escalation import recipients
from switchboard.domain.question import Question, QuestionState
from switchboard.domain.roster import Roster
from switchboard.domain.routing import route, why_not

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import AutomationConfig, Route
    from switchboard.domain.rota import Calendars
    from switchboard.domain.routing import Asked, Routed


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A route that does not take the question; *reason* is the first of its conditions that is not met."""

    route: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step: *staff_ids* are rung *at* that moment, if nobody claimed before."""

    at: datetime
    alert: str
    staff_ids: tuple[str, ...]
    business: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The way of a question. After the last step it begins again *again_at*; *last_resort_at* that one is rung too."""

    passed_over: tuple[PassedOver, ...]
    route: str
    policy: str
    routed: Routed
    steps: tuple[Rung, ...]
    again_at: datetime
    last_resort_at: datetime


def explain(config: AutomationConfig, asked: Asked, calendars: Calendars) -> Explained:
    """Return the way that a question would take which nobody claims; whoever texted that they are away is not known."""
    passed: list[PassedOver] = []
    for candidate in config.routes:
        if not (reason := why_not(candidate, asked, config)):
            return _explained(config, asked, calendars, candidate, tuple(passed))
        passed.append(PassedOver(route=candidate.name, reason=reason))
    raise ValueError("no route takes it; the last route must match everything")


def _explained(
    config: AutomationConfig, asked: Asked, calendars: Calendars, taken: Route, passed: tuple[PassedOver, ...]
) -> Explained:
    routed, at = route(config, asked), asked.at
    question, roster = _question(asked, routed), Roster(config=config, calendars=calendars)
    steps: list[Rung] = []
    for step in routed.steps:
        staff_ids = recipients(step.alert, question, roster, now=at)
        steps.append(Rung(at=at, alert=step.alert, staff_ids=staff_ids, business=step.business))
        at = passed_at(config, routed.team, at, step.wait, business=step.business)
    again_at = at
    for _ in range(routed.last_resort_after - 1):
        for step in routed.steps:
            at = passed_at(config, routed.team, at, step.wait, business=step.business)
    return Explained(
        passed_over=passed,
        route=taken.name,
        policy=taken.policy,
        routed=routed,
        steps=tuple(steps),
        again_at=again_at,
        last_resort_at=at,
    )


def _question(asked: Asked, routed: Routed) -> Question:
    return Question(
        question_id="",
        channel=asked.channel,
        platform=asked.platform,
        kind="",
        thread_id="",
        author_id="",
        state=QuestionState.OPEN,
        category=asked.category,
        urgency=asked.urgency,
        team=routed.team,
        steps=routed.steps,
        opened_at=asked.at,
        last_message_at=asked.at,
    )
