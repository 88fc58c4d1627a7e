"""Which team a question goes to, by which escalation policy, and by when it must be answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.domain.question import Step

if TYPE_CHECKING:
    from datetime import timedelta

    from switchboard.config import AutomationConfig, Route
    from switchboard.domain.vocabulary import Category, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Where a question goes. *reason* names the route that matched."""

    team: str
    steps: tuple[Step, ...]
    answer_within: timedelta
    reason: str


def route(
    config: AutomationConfig, *, channel: str, platform: str, category: Category, urgency: Urgency, language: str
) -> Routed:
    """Return the first route that matches; the config's check has seen to it that the last one always does."""

    def matches(candidate: Route) -> bool:
        when = candidate.when
        return (
            (not when.channels or channel in when.channels)
            and (not when.platforms or platform in when.platforms)
            and (not when.categories or category in when.categories)
            and (not when.urgencies or urgency in when.urgencies)
            and (not when.languages or language in when.languages)
        )

    found = next(candidate for candidate in config.routes if matches(candidate))
    steps = tuple(Step(alert=step.alert, wait=step.wait) for step in config.policies[found.policy].steps)
    return Routed(
        team=found.team,
        steps=steps,
        answer_within=found.answer_within,
        reason=f"Route “{found.name}”: team {found.team}, policy {found.policy}.",
    )
