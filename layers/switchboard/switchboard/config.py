"""The automation config: what admins switch and name, as one pydantic model.

Admins write it as YAML; `switchboard config push` checks it and stores it as JSON in AppConfig, whose validator is
this model's JSON schema. Functions read it through `adapters.appconfig`; the webhook path reads its own part as plain
JSON and never imports this module.

Durations are written `90s`, `15m`, `4h`, `2d`; times of day `08:00` to `24:00`, in the zone of the team.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
)

from switchboard.domain.rota import WEEKDAYS, gaps
from switchboard.domain.vocabulary import Category, Urgency

_SECONDS_PER = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(value: object) -> timedelta:
    """Return the duration that *value* ("90s", "15m", "4h", "2d") says."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", value) if isinstance(value, str) else None
    if not found:
        raise ValueError("write a duration as a number and a unit: 90s, 15m, 4h or 2d")
    return timedelta(seconds=int(found[1]) * _SECONDS_PER[found[2]])


def write_duration(value: timedelta) -> str:
    """Return *value* in the form that `parse_duration` reads, in the largest unit that fits."""
    seconds = int(value.total_seconds())
    unit = next(unit for unit in "dhms" if seconds % _SECONDS_PER[unit] == 0)
    return f"{seconds // _SECONDS_PER[unit]}{unit}"


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"there is no time zone {value!r}; use an IANA name such as America/New_York")
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(write_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,5}[smhd]$"}),
]
Zone = Annotated[str, AfterValidator(_known_zone)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
Phone = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
EmailAddress = Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$", max_length=254)]
Platform = Literal["facebook", "messenger", "web_form"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True)


class Switches(_Part):
    """What runs by itself."""

    publish_posts: bool = True
    """Publish due posts of our own queue. False pauses all of them."""
    stale_posts: Literal["hold", "observe", "ignore"] = "hold"
    """Hold stale posts, only say what would be held, or leave them alone."""


class Staleness(_Part):
    """When an automatic post is stale."""

    repeat_count: int = Field(default=3, ge=2, le=100)
    """As many copies of one message within `repeat_within` are a repetition."""
    repeat_within: Duration = timedelta(days=14)
    people_waiting: int = Field(default=5, ge=1, le=10_000)
    """Hold posts while as many questions are open on the channel."""
    waiting_longest: Duration = timedelta(hours=4)
    """Hold posts while somebody has waited for so long on the channel."""
    review_every: Duration = timedelta(days=90)
    """A person must have looked at a post within this time before it goes out."""


class ChannelConfig(_Part):
    """One connected account on one platform."""

    platform: Platform
    account_id: str = Field(default="", max_length=128)
    """The platform's id of our account: the Facebook Page id."""
    retention_days: int = Field(default=90, ge=1, le=3650)
    """Questions and messages are deleted after so many days."""
    staleness: Staleness | None = None
    """Thresholds of this channel, instead of the general ones."""


class StaffMember(_Part):
    """Somebody who may be alerted and may answer."""

    name: str = Field(min_length=1, max_length=80)
    phone: Phone | None = None
    email: EmailAddress | None = None
    alert_by: tuple[Literal["sms", "email"], ...] = Field(default=("sms", "email"), min_length=1)
    """The contacts to try, in this order."""


class ShiftConfig(_Part):
    """Weekly hours in which the people in `on` are on duty, the first of them as primary."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = WEEKDAYS
    start: str = Field(default="00:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    end: str = Field(default="24:00", pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")
    """An end at or before the start is on the next day."""
    on: tuple[Id, ...] = Field(min_length=1)


class Team(_Part):
    """Who is responsible: a rota that covers every minute of the week."""

    zone: Zone | None = None
    rota: tuple[ShiftConfig, ...] = Field(min_length=1)


class PolicyStep(_Part):
    """Ring `alert` (primary, secondary, everyone, or a staff id), then wait for a claim."""

    alert: Id
    wait: Duration


class Policy(_Part):
    """Whom to ring, in this order; after the last step it begins again until somebody claims."""

    steps: tuple[PolicyStep, ...] = Field(min_length=1, max_length=20)


class RouteMatch(_Part):
    """What a question must be; an empty list matches all."""

    channels: tuple[Id, ...] = ()
    platforms: tuple[Platform, ...] = ()
    categories: tuple[Category, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    languages: tuple[str, ...] = ()


class Route(_Part):
    """Sends questions that match `when` to a team. The first match wins; the last route matches everything."""

    name: Id
    when: RouteMatch = RouteMatch()
    team: Id
    policy: Id
    answer_within: Duration


class Claims(_Part):
    """How long a claim lasts before the question opens and rings again."""

    emergency: Duration = timedelta(minutes=10)
    urgent: Duration = timedelta(minutes=30)
    normal: Duration = timedelta(hours=4)
    low: Duration = timedelta(days=1)

    def lasting(self, urgency: Urgency) -> timedelta:
        """Return how long a claim of a question of *urgency* lasts."""
        lease: timedelta = getattr(self, urgency.value)
        return lease


class AutomationConfig(_Part):
    """The automation config."""

    organisation: str = Field(min_length=1, max_length=24, pattern=r"^[A-Za-z0-9 .&'-]+$")
    """The short name that stands at the beginning of every text; GSM-7 letters."""
    zone: Zone
    switches: Switches = Switches()
    channels: dict[Id, ChannelConfig] = Field(min_length=1)
    staff: dict[Id, StaffMember] = Field(min_length=1)
    teams: dict[Id, Team] = Field(min_length=1)
    policies: dict[Id, Policy] = Field(min_length=1)
    routes: tuple[Route, ...] = Field(min_length=1)
    claims: Claims = Claims()
    staleness: Staleness = Staleness()
    last_resort: Id
    """The staff member who is rung when nobody else can be."""

    def zone_of(self, team: str) -> str:
        """Return the time zone of *team*."""
        return self.teams[team].zone or self.zone


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a config: *path* is the place ("routes.2.team"), *remedy* what to do about it."""

    path: str
    message: str
    remedy: str


def check(document: object) -> tuple[AutomationConfig | None, list[Problem]]:
    """Return the config that *document* (parsed YAML or JSON) says, or every problem in it.

    The first of the two is None exactly when there are problems.
    """
    try:
        config = AutomationConfig.model_validate(document)
    except ValidationError as error:
        return None, [_problem(found) for found in error.errors(include_url=False, include_context=False)]
    problems = [*_contacts(config), *_rotas(config), *_policies(config), *_routes(config)]
    return (None if problems else config), problems


def _problem(error: Any) -> Problem:  # noqa: ANN401 - pydantic's ErrorDetails
    path = ".".join(str(part) for part in error["loc"]) or "the config"
    remedy = {
        "missing": "add it",
        "extra_forbidden": "remove it, or look for a spelling mistake",
    }.get(error["type"], "see `switchboard config schema`")
    message = error["msg"].removeprefix("Value error, ")
    if "phone" in path and error["type"] == "string_pattern_mismatch":
        message, remedy = "not a phone number in E.164", "write it as + and country code: +12025550123"
    if error["type"] == "extra_forbidden":
        message = f"there is no such key as {error['loc'][-1]!r}"
    return Problem(path, message, remedy)


def _contacts(config: AutomationConfig) -> list[Problem]:
    return [
        Problem(
            f"staff.{staff_id}.alert_by",
            f"{contact} stands here, but {staff_id} has no {'phone' if contact == 'sms' else 'email'}",
            f"add it, or remove {contact} from alert_by",
        )
        for staff_id, member in config.staff.items()
        for contact in member.alert_by
        if not (member.phone if contact == "sms" else member.email)
    ] + _unknown("last_resort", config.last_resort, "staff member", config.staff)


def _rotas(config: AutomationConfig) -> list[Problem]:
    problems: list[Problem] = []
    for team_id, team in config.teams.items():
        for number, shift in enumerate(team.rota):
            for staff_id in shift.on:
                problems += _unknown(f"teams.{team_id}.rota.{number}.on", staff_id, "staff member", config.staff)
        problems += [
            Problem(
                f"teams.{team_id}.rota",
                f"nobody is on duty from {gap}",
                "add a shift that covers it; somebody must be rung at every minute of the week",
            )
            for gap in gaps(team.rota)
        ]
    return problems


def _policies(config: AutomationConfig) -> list[Problem]:
    known = {"primary", "secondary", "everyone", *config.staff}
    return [
        problem
        for policy_id, policy in config.policies.items()
        for number, step in enumerate(policy.steps)
        for problem in _unknown(f"policies.{policy_id}.steps.{number}.alert", step.alert, "staff member", known)
    ]


def _routes(config: AutomationConfig) -> list[Problem]:
    problems: list[Problem] = []
    for number, route in enumerate(config.routes):
        problems += _unknown(f"routes.{number}.team", route.team, "team", config.teams)
        problems += _unknown(f"routes.{number}.policy", route.policy, "policy", config.policies)
        for channel in route.when.channels:
            problems += _unknown(f"routes.{number}.when.channels", channel, "channel", config.channels)
    if config.routes[-1].when != RouteMatch():
        problems.append(
            Problem(
                f"routes.{len(config.routes) - 1}",
                "the last route does not match every question",
                "end the list with a route without `when`: it is the default",
            )
        )
    return problems


def _unknown(path: str, value: str, what: str, known: Any) -> list[Problem]:  # noqa: ANN401 - any container
    if value in known:
        return []
    return [
        Problem(path, f"there is no {what} {value!r}", f"add it, or use one of: {', '.join(sorted(known))}"),
    ]
