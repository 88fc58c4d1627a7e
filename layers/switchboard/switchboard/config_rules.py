"""The rules between the parts of an automation config, each of which is well written.

Names must lead somewhere, somebody must be on duty at every minute, and every route must be reached by some question.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from switchboard.config_problems import Problem, near
from switchboard.domain.platform import PLATFORMS
from switchboard.domain.rota_gaps import gaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from switchboard.config import AutomationConfig, Route, ShiftConfig

RINGS = ("primary", "secondary", "round_robin", "everyone")
"""The words that a policy step may have in place of a staff id."""


def across(config: AutomationConfig) -> list[Problem]:
    """Return every problem that lies between the parts of *config*."""
    return [
        *_channels(config),
        *_contacts(config),
        *_rotas(config),
        *_spans(config),
        *_policies(config),
        *_routes(config),
    ]


def _channels(config: AutomationConfig) -> Iterator[Problem]:
    owners: dict[tuple[str, str], str] = {}
    for name, channel in config.channels.items():
        account = (channel.platform, channel.account_id)
        expected = PLATFORMS[channel.platform].account
        if expected and not channel.account_id:
            yield Problem(
                f"channels.{name}.account_id",
                f"is missing; a {channel.platform} channel takes only what is addressed to its own account",
                f'add {expected}, in quotes, as in `account_id: "100200300400500"`',
            )
        elif channel.account_id and owners.setdefault(account, name) != name:
            yield Problem(
                f"channels.{name}.account_id",
                f"channel {owners[account]!r} has the same account, so every message would ring twice",
                "remove one of the two channels",
            )


def _contacts(config: AutomationConfig) -> Iterator[Problem]:
    for staff_id, member in config.staff.items():
        if staff_id in RINGS:
            yield Problem(
                f"staff.{staff_id}", "the word has a meaning of its own in policies", "choose another id", in_key=True
            )
        if not member.phone and not member.email:
            yield Problem(f"staff.{staff_id}", "has neither phone nor email, and cannot be rung", "add one of the two")
            continue
        for contact, field in (("sms", "phone"), ("email", "email")):
            if contact in member.alert_by and not getattr(member, field):
                yield Problem(
                    f"staff.{staff_id}.alert_by",
                    f"{contact} stands here, but {staff_id} has no {field}",
                    f"add `{field}:`, or remove {contact} from alert_by",
                )
    yield from _unknown("last_resort", config.last_resort, "staff member", config.staff)
    for position, staff_id in enumerate(config.admins):
        yield from _unknown(f"admins.{position}", staff_id, "staff member", config.staff)
    for name, calendar in config.calendars.items():
        for person, staff_id in calendar.people.items():
            yield from _unknown(f"calendars.{name}.people.{person}", staff_id, "staff member", config.staff)


def _rotas(config: AutomationConfig) -> Iterator[Problem]:
    for team_id, team in config.teams.items():
        for number, shift in enumerate(team.rota):
            yield from _people(config, f"teams.{team_id}.rota.{number}", shift)
        for number, override in enumerate(team.overrides):
            place = f"teams.{team_id}.overrides.{number}"
            for position, staff_id in enumerate(override.on):
                yield from _unknown(f"{place}.on.{position}", staff_id, "staff member", config.staff)
            if override.instead_of:
                yield from _unknown(f"{place}.instead_of", override.instead_of, "staff member", config.staff)
        for gap in gaps(team.rota):
            yield Problem(
                f"teams.{team_id}.rota",
                f"nobody is on duty from {gap}",
                "add a shift that covers it: somebody must be rung at every minute of the week",
            )


def _people(config: AutomationConfig, place: str, shift: ShiftConfig) -> Iterator[Problem]:
    given = [name for name in ("on", "rotation", "calendar") if getattr(shift, name)]
    if not given:
        yield Problem(f"{place}.on", "is missing", "add it, as in `on: [maria, james]`; or a rotation, or a calendar")
    elif len(given) > 1:
        yield Problem(place, f"has {' and '.join(given)}", f"keep one of them: {', '.join(given)}")
    for position, staff_id in enumerate(shift.on):
        yield from _unknown(f"{place}.on.{position}", staff_id, "staff member", config.staff)
    if shift.calendar:
        yield from _unknown(f"{place}.calendar", shift.calendar, "calendar", config.calendars)
    if shift.rotation:
        for position, staff_id in enumerate(shift.rotation.members):
            yield from _unknown(f"{place}.rotation.members.{position}", staff_id, "staff member", config.staff)
        if shift.rotation.every % timedelta(days=1):
            yield Problem(f"{place}.rotation.every", "is not a number of whole days", "write 1d, 7d or 14d")


def _spans(config: AutomationConfig) -> Iterator[Problem]:
    """Find what ends before it begins."""
    spans = [
        *((f"teams.{team_id}.overrides", team.overrides) for team_id, team in config.teams.items()),
        *((f"staff.{staff_id}.leave", member.leave) for staff_id, member in config.staff.items()),
    ]
    for place, found in spans:
        for number, span in enumerate(found):
            if span.end < span.start or (span.end == span.start and "T" in span.end):
                yield Problem(f"{place}.{number}.end", "is not after its start", "swap the two, or mend one of them")


def _policies(config: AutomationConfig) -> Iterator[Problem]:
    for policy_id, policy in config.policies.items():
        for number, step in enumerate(policy.steps):
            place = f"policies.{policy_id}.steps.{number}.alert"
            yield from _unknown(place, step.alert, "staff member", [*RINGS, *config.staff])


def _routes(config: AutomationConfig) -> Iterator[Problem]:
    names: dict[str, int] = {}
    for number, route in enumerate(config.routes):
        place = f"routes.{number}"
        yield from _unknown(f"{place}.team", route.team, "team", config.teams)
        yield from _unknown(f"{place}.policy", route.policy, "policy", config.policies)
        for position, channel in enumerate(route.when.channels):
            yield from _unknown(f"{place}.when.channels.{position}", channel, "channel", config.channels)
        if names.setdefault(route.name, number) != number:
            yield Problem(
                f"{place}.name", f"routes.{names[route.name]} has the same name", "give each route a name of its own"
            )
    yield from _unreached(config.routes)
    if not any(_takes_all(route) for route in config.routes):
        yield Problem(
            f"routes.{len(config.routes) - 1}",
            "the last route does not match every question",
            "end the list with a route without `when`: it takes whatever is left",
        )


def _unreached(routes: Sequence[Route]) -> Iterator[Problem]:
    seen: set[int] = set()
    for (earlier, first), (later, second) in combinations(enumerate(routes), 2):
        if later not in seen and _covers(first, second):
            seen.add(later)
            yield Problem(
                f"routes.{later}",
                f"no question gets here: routes.{earlier} ({first.name!r}) takes all that this one would",
                f"move it before routes.{earlier}, or remove it",
            )


def _criteria(route: Route) -> list[set[str]]:
    when = route.when
    hours = {f"{'+'.join(span.days)} {span.start}-{span.end}" for span in when.hours}
    named = (when.channels, when.platforms, when.categories, when.urgencies, when.languages)
    return [*(set(words) for words in named), hours]


def _takes_all(route: Route) -> bool:
    return not any(_criteria(route))


def _covers(first: Route, second: Route) -> bool:
    pairs = zip(_criteria(first), _criteria(second), strict=True)
    return all(not wide or (bool(narrow) and narrow <= wide) for wide, narrow in pairs)


def _unknown(path: str, value: str, what: str, known: Iterable[str]) -> Iterator[Problem]:
    words = sorted(known)
    if value not in words:
        message = f"there is no {what} {value!r}{near(value, words)}"
        yield Problem(path, message, f"add it, or use one of: {', '.join(words)}")
