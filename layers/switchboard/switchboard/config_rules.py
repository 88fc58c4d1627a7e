"""The rules between the parts of an automation config, each of which is well written.

Names must lead somewhere, somebody must be on duty at every minute, and every route must be reached by some question.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.config_problems import Problem, near
from switchboard.domain.platform import PLATFORMS
from switchboard.domain.rota_gaps import gaps, holiday_gaps
from switchboard.domain.scheduler_kinds import KINDS
from switchboard.domain.wall import is_real

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from switchboard.config import AutomationConfig, Override, Route, ShiftConfig, StaffMember, Team

RINGS = ("primary", "secondary", "round_robin", "everyone")
"""The words that a policy step may have in place of a staff id."""

_READ_EVERY = timedelta(hours=1)
_LONGEST_TURN = timedelta(days=366)
_LONGEST_BUNDLE = timedelta(hours=1)
_SERVICES = ("slack", "teams", "pagerduty")


def across(config: AutomationConfig) -> list[Problem]:
    """Return every problem that lies between the parts of *config*."""
    return [
        *_channels(config),
        *_schedulers(config),
        *_approvals(config),
        *_contacts(config),
        *_calendars(config),
        *_rotas(config),
        *_spans(config),
        *_holidays(config),
        *_hours(config),
        *_texts(config),
        *_own_rules(config),
        *_staleness(config),
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


def _schedulers(config: AutomationConfig) -> Iterator[Problem]:
    for name, scheduler in config.schedulers.items():
        kind = KINDS[scheduler.kind]
        if name in config.channels:
            yield Problem(f"schedulers.{name}", "a channel has the same name", "choose another name", in_key=True)
        if kind.account and not scheduler.account_id:
            yield Problem(
                f"schedulers.{name}.account_id",
                f"is missing; {kind.label} asks for it",
                f"add {kind.account}, in quotes",
            )
        if scheduler.profiles and not kind.profiles:
            yield Problem(
                f"schedulers.{name}.profiles", f"{kind.label} has one account only", "write `channel:` in its place"
            )
        if scheduler.channel:
            yield from _unknown(f"schedulers.{name}.channel", scheduler.channel, "channel", config.channels)
        for profile, channel in scheduler.profiles.items():
            yield from _unknown(f"schedulers.{name}.profiles.{profile}", channel, "channel", config.channels)
        if scheduler.owner:
            yield from _unknown(f"schedulers.{name}.owner", scheduler.owner, "staff member", config.staff)


def _approvals(config: AutomationConfig) -> Iterator[Problem]:
    for category, approvers in config.posts.approvals.items():
        for position, staff_id in enumerate(approvers):
            place = f"posts.approvals.{category}.{position}"
            yield from _unknown(place, staff_id, "staff member", config.staff)
            if staff_id in approvers[:position]:
                yield Problem(place, f"{staff_id} stands here twice", "remove one of the two")


def _contacts(config: AutomationConfig) -> Iterator[Problem]:
    for staff_id, member in config.staff.items():
        if staff_id in RINGS:
            yield Problem(
                f"staff.{staff_id}", "the word has a meaning of its own in policies", "choose another id", in_key=True
            )
        yield from _alert_by(staff_id, member)
        if member.quiet and member.quiet.start == member.quiet.end.replace("24:00", "00:00"):
            yield Problem(
                f"staff.{staff_id}.quiet",
                f"{staff_id} would be quiet around the clock",
                "write when the quiet ends, or take them off the rota",
            )
    yield from _unknown("last_resort", config.last_resort, "staff member", config.staff)
    for position, staff_id in enumerate(config.admins):
        yield from _unknown(f"admins.{position}", staff_id, "staff member", config.staff)


def _alert_by(staff_id: str, member: StaffMember) -> Iterator[Problem]:
    if not member.phone and not member.email and not set(member.alert_by) & set(_SERVICES):
        yield Problem(f"staff.{staff_id}", "has neither phone nor email, and cannot be rung", "add one of the two")
        return
    for contact, field in (("sms", "phone"), ("email", "email")):
        if contact in member.alert_by and not getattr(member, field):
            yield Problem(
                f"staff.{staff_id}.alert_by",
                f"{contact} stands here, but {staff_id} has no {field}",
                f"add `{field}:`, or remove {contact} from alert_by",
            )
    for contact in dict.fromkeys(member.alert_by):
        if member.alert_by.count(contact) > 1:
            yield Problem(f"staff.{staff_id}.alert_by", f"{contact} stands here twice", "remove one of the two")


def _calendars(config: AutomationConfig) -> Iterator[Problem]:
    used = {shift.calendar for team in config.teams.values() for shift in team.rota}
    for name, calendar in config.calendars.items():
        if name not in used:
            yield Problem(
                f"calendars.{name}",
                "no shift takes its people from this calendar",
                f"add `calendar: {name}` to a shift, or remove the calendar",
            )
        if calendar.stale_after <= _READ_EVERY:
            yield Problem(
                f"calendars.{name}.stale_after",
                "is over before a calendar is read again, which is once an hour",
                "write 2h or more",
            )
        for person, staff_id in calendar.people.items():
            yield from _unknown(f"calendars.{name}.people.{person}", staff_id, "staff member", config.staff)


def _rotas(config: AutomationConfig) -> Iterator[Problem]:
    for team_id, team in config.teams.items():
        for number, shift in enumerate(team.rota):
            yield from _people(config, f"teams.{team_id}.rota.{number}", shift, config.zone_of(team_id))
        for number, override in enumerate(team.overrides):
            yield from _override(config, f"teams.{team_id}.overrides.{number}", team, override)
        for gap in gaps(team.rota):
            yield Problem(
                f"teams.{team_id}.rota",
                f"nobody is on duty from {gap}",
                "add a shift that covers it: somebody must be rung at every minute of the week",
            )
        for gap in holiday_gaps(team.rota):
            yield Problem(
                f"teams.{team_id}.rota",
                f"nobody is on duty on holidays from {gap}",
                "add a shift that covers it, with `holidays: only`",
            )


def _override(config: AutomationConfig, place: str, team: Team, override: Override) -> Iterator[Problem]:
    for position, staff_id in enumerate(override.on):
        yield from _unknown(f"{place}.on.{position}", staff_id, "staff member", config.staff)
    if not override.instead_of:
        return
    unknown = list(_unknown(f"{place}.instead_of", override.instead_of, "staff member", config.staff))
    yield from unknown
    named = {*(one for shift in team.rota for one in shift.on), *(one for other in team.overrides for one in other.on)}
    named |= {one for shift in team.rota if shift.rotation for one in shift.rotation.members}
    if not unknown and override.instead_of not in named and not any(shift.calendar for shift in team.rota):
        yield Problem(
            f"{place}.instead_of",
            f"{override.instead_of} is never on duty here, so nobody would be replaced",
            f"use one of: {', '.join(sorted(named))}",
        )


def _people(config: AutomationConfig, place: str, shift: ShiftConfig, zone: str) -> Iterator[Problem]:
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
        elif shift.rotation.every > _LONGEST_TURN:
            yield Problem(f"{place}.rotation.every", "is longer than a year", "write 1d, 7d or 14d")
        if not is_real(datetime.fromisoformat(shift.rotation.since), ZoneInfo(zone)):
            yield Problem(
                f"{place}.rotation.since",
                f"is a time that clocks in {zone} leave out: they go forward over it",
                "write an hour that there is on every day",
            )


def _spans(config: AutomationConfig) -> Iterator[Problem]:
    """Find what ends before it begins."""
    for staff_id, member in config.staff.items():
        for number, leave in enumerate(member.leave):
            if leave.end < leave.start:
                yield Problem(f"staff.{staff_id}.leave.{number}", "ends before it begins", "mend its start or its end")
    for team_id, team in config.teams.items():
        for number, override in enumerate(team.overrides):
            if override.end <= override.start:
                place = f"teams.{team_id}.overrides.{number}"
                yield Problem(place, "ends before it begins", "mend its start or its end")


def _holidays(config: AutomationConfig) -> Iterator[Problem]:
    days: dict[str, int] = {}
    for number, holiday in enumerate(config.holidays):
        first = days.setdefault(holiday.day, number)
        if first != number:
            yield Problem(f"holidays.{number}.day", f"holidays.{first} is the same day", "remove one of the two")


def _hours(config: AutomationConfig) -> Iterator[Problem]:
    """Find clocks that count business hours where there are none."""
    if config.business_hours:
        return
    told: set[str] = set()
    for number, route in enumerate(config.routes):
        team, policy = config.teams.get(route.team), config.policies.get(route.policy)
        places = {f"routes.{number}.clock": route, f"policies.{route.policy}.clock": policy}
        for place, part in places.items():
            if part and part.clock == "business" and team and not team.business_hours and place not in told:
                told.add(place)
                yield Problem(
                    place,
                    f"counts business hours, but team {route.team} has none",
                    "add `business_hours:` at the top or to the team, or write wall",
                )


def _texts(config: AutomationConfig) -> Iterator[Problem]:
    if config.sms.bundle_at_most > _LONGEST_BUNDLE:
        yield Problem(
            "sms.bundle_at_most", "is long for somebody who waits for an answer", "write 1h or less, as in 10m"
        )


def _own_rules(config: AutomationConfig) -> Iterator[Problem]:
    names: dict[str, int] = {}
    for number, rule in enumerate(config.triage.rules):
        place = f"triage.rules.{number}"
        first = names.setdefault(rule.name, number)
        if first != number:
            yield Problem(
                f"{place}.name", f"triage.rules.{first} has the same name", "give each rule a name of its own"
            )
        if (rule.category, rule.urgency, rule.needs_answer) == (None, None, None):
            yield Problem(place, "says nothing of a message", "add `category:`, `urgency:` or `needs_answer:`")
        for position, phrase in enumerate(rule.phrases):
            if not phrase.strip():
                yield Problem(f"{place}.phrases.{position}", "is blank", "write words as people write them")


def _staleness(config: AutomationConfig) -> Iterator[Problem]:
    places = {"staleness": config.staleness}
    places |= {
        f"channels.{name}.staleness": channel.staleness
        for name, channel in config.channels.items()
        if channel.staleness is not None
    }
    for where, staleness in places.items():
        until = staleness.people_waiting_until
        if until is not None and until >= staleness.people_waiting:
            yield Problem(
                f"{where}.people_waiting_until",
                f"is not below people_waiting, which is {staleness.people_waiting}",
                "write a smaller number, or leave it out",
            )


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
        yield Problem(path, message, f"add it, or use one of: {', '.join(words)}" if words else "add it")
