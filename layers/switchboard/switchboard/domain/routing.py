"""Which team a question goes to, by which escalation policy, and by when it must be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.domain.business_time import BusinessTime, is_open, passed_at
from switchboard.domain.question import Step
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import AutomationConfig, Route
    from switchboard.domain.vocabulary import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a route looks at: where a question came in, what it is, and when."""

    channel: str
    platform: str
    category: Category
    urgency: Urgency
    language: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Where a question goes. *reason* names the route that matched."""

    team: str
    steps: tuple[Step, ...]
    last_resort_after: int
    answer_by: datetime
    reason: str


def route(config: AutomationConfig, asked: Asked) -> Routed:
    """Return the first route that matches; the config's check has seen to it that the last one always does."""
    found = next(candidate for candidate in config.routes if not why_not(candidate, asked, config))
    policy = config.policies[found.policy]
    waits_for_office = policy.clock == "business" and asked.urgency is not Urgency.EMERGENCY
    steps = tuple(
        Step(alert=step.alert, wait=step.wait_for(asked.urgency), business=waits_for_office) for step in policy.steps
    )
    return Routed(
        team=found.team,
        steps=steps,
        last_resort_after=policy.last_resort_after,
        answer_by=_answer_by(found, asked, config),
        reason=f"Route “{found.name}”: team {found.team}, policy {found.policy}.",
    )


def why_not(route: Route, asked: Asked, config: AutomationConfig) -> str:
    """Return why *route* does not take what was *asked*, or "" when it does."""
    when = route.when
    for name, wanted, given in (
        ("channel", when.channels, asked.channel),
        ("platform", when.platforms, asked.platform),
        ("category", when.categories, asked.category),
        ("urgency", when.urgencies, asked.urgency),
        ("language", when.languages, asked.language),
    ):
        if wanted and given not in wanted:
            return f"the {name} is {given}, not {' or '.join(wanted)}"
    if when.hours and not is_open(BusinessTime(hours=when.hours, holidays=frozenset(), zone=config.zone), asked.at):
        return "it came in outside the route's hours"
    return ""


def _answer_by(route: Route, asked: Asked, config: AutomationConfig) -> datetime:
    business = route.clock == "business" and asked.urgency is not Urgency.EMERGENCY
    return passed_at(config, route.team, asked.at, route.answer_within, business=business)
