"""The automation config: what admins switch and name, as one pydantic model.

Admins write it as YAML; `switchboard config push` checks it and stores it as JSON in AppConfig, whose validator is
this model's JSON schema. Functions read it through `adapters.automation`; the webhook path reads its own part as plain
JSON and never imports this module. `docs/configuration.md` explains every key.

Durations are written `90s`, `15m`, `4h`, `2d`; times of day `08:00` to `24:00`, in the zone of the team. Nothing is
converted silently: `"5"` is no number and `off` no switch, because AppConfig's validator would refuse them as well.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from switchboard.config_problems import (
    CLOCK_END,
    CLOCK_START,
    DAY,
    EMAIL,
    GSM_NAME,
    HOST,
    ID,
    LANGUAGE,
    MOMENT,
    PHONE,
    URL,
    Problem,
    explain,
    is_echo,
    mended,
    near,
    touched,
)
from switchboard.config_rules import across
from switchboard.domain.platform import PLATFORMS
from switchboard.domain.scheduler_kinds import KINDS
from switchboard.domain.vocabulary import Category, Urgency

__all__ = ["AutomationConfig", "Problem", "check"]

_SECONDS_PER = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(value: object) -> timedelta:
    """Return the duration that *value* ("90s", "15m", "4h", "2d") says."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", value) if isinstance(value, str) else None
    if not found:
        raise ValueError("is not a duration; write a number and a unit: 90s, 15m, 4h or 2d")
    return timedelta(seconds=int(found[1]) * _SECONDS_PER[found[2]])


def write_duration(value: timedelta) -> str:
    """Return *value* in the form that `parse_duration` reads, in the largest unit that fits."""
    seconds = int(value.total_seconds())
    unit = next(unit for unit in "dhms" if seconds % _SECONDS_PER[unit] == 0)
    return f"{seconds // _SECONDS_PER[unit]}{unit}"


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError) as exc:
        raise ValueError("is not a time zone; use an IANA name such as America/New_York") from exc
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(write_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,5}[smhd]$"}),
    Field(examples=["15m"]),
]
Switch = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Zone = Annotated[str, AfterValidator(_known_zone), Field(min_length=1, examples=["America/New_York"])]
Id = Annotated[str, Field(pattern=ID)]
Phone = Annotated[str, Field(pattern=PHONE, examples=["+12025550123"])]
EmailAddress = Annotated[str, Field(pattern=EMAIL, max_length=254, examples=["maria@example.org"])]


def _known_platform(value: str) -> str:
    if value not in PLATFORMS:
        raise ValueError(f"is not a platform{near(value, PLATFORMS)}; use one of: {', '.join(PLATFORMS)}")
    return value


Platform = Annotated[str, AfterValidator(_known_platform), WithJsonSchema({"type": "string", "enum": list(PLATFORMS)})]


def _known_kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"is not a kind of scheduler{near(value, KINDS)}; use one of: {', '.join(KINDS)}")
    return value


Kind = Annotated[str, AfterValidator(_known_kind), WithJsonSchema({"type": "string", "enum": list(KINDS)})]


def _real_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError as exc:
        raise ValueError('is not a day of the calendar; write it as "2026-12-24", in quotes') from exc
    return value


def _real_moment(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError as exc:
        raise ValueError('is not a time of the calendar; write it as "2026-12-24T08:00", in quotes') from exc
    return value


Day = Annotated[str, Field(pattern=DAY, examples=["2026-12-24"]), AfterValidator(_real_day)]
Moment = Annotated[str, Field(pattern=MOMENT, examples=["2026-12-24T08:00"]), AfterValidator(_real_moment)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Clock = Literal["wall", "business"]
Contact = Literal["sms", "email", "slack", "teams", "pagerduty"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Switches(_Part):
    """What runs by itself."""

    publish_posts: Switch = True
    """Publish due posts of our own queue. False pauses all of them."""
    stale_posts: Literal["hold", "observe", "ignore"] = "hold"
    """Hold stale posts, only say what would be held, or leave them alone."""


RuleMode = Literal["hold", "observe", "ignore"]


class StaleRules(_Part):
    """What each rule does: hold, only say what it would hold, or nothing."""

    event_over: RuleMode = "hold"
    campaign_over: RuleMode = "hold"
    link_dead: RuleMode = "observe"
    repeated: RuleMode = "hold"
    people_waiting: RuleMode = "hold"
    waiting_under_copy: RuleMode = "hold"
    nobody_on_duty: RuleMode = "observe"
    owner_left: RuleMode = "hold"
    not_reviewed: RuleMode = "hold"


class Staleness(_Part):
    """When an automatic post is stale."""

    rules: StaleRules = StaleRules()
    """What each rule does; those that need something set up only observe at first."""

    repeat_count: Whole = Field(default=3, ge=2, le=100)
    """As many copies of one message within `repeat_within` are a repetition."""
    repeat_within: Duration = timedelta(days=14)
    """The time within which copies are counted."""
    people_waiting: Whole = Field(default=5, ge=1, le=10_000)
    """Hold posts while as many questions are open on the channel."""
    people_waiting_until: Annotated[int, Field(strict=True, ge=0, le=10_000)] | None = None
    """Once held for the people who wait, until no more than so many are open; left out: half of `people_waiting`."""
    waiting_longest: Duration = timedelta(hours=4)
    """Hold posts while somebody has waited for so long on the channel."""
    waiting_ahead: Duration = timedelta(hours=24)
    """While people wait, only posts that would go out within this time are held."""
    review_every: Duration = timedelta(days=90)
    """A person must have looked at a post within this time before it goes out."""
    link_hosts: tuple[Annotated[str, Field(pattern=HOST)], ...] = ()
    """The sites whose links are looked at, as `example.org` or `*.example.org`; left out: none is."""


class ChannelConfig(_Part):
    """One connected account on one platform."""

    platform: Platform = Field(examples=["web_form"])
    account_id: str = Field(default="", max_length=128)
    """The platform's id of our account; docs/configuration.md says where each platform shows it."""
    retention_days: Whole = Field(default=90, ge=1, le=3650)
    """Questions and messages are deleted after so many days."""
    poll_every: Duration | None = None
    """How often it is asked what it was told; left out: 2m where nobody calls us, 15m where a webhook does."""
    quiet_after: Duration = timedelta(days=7)
    """When nothing was heard for so long, the alarm rings: a webhook may have died."""
    staleness: Staleness | None = None
    """Thresholds of this channel; they replace the general ones as a whole."""


class QuietHours(_Part):
    """When somebody is not to be texted, except for an emergency; the next person is rung instead."""

    start: str = Field(pattern=CLOCK_START, examples=["22:00"])
    """Wall time in the hospital's zone."""
    end: str = Field(pattern=CLOCK_END, examples=["07:00"])
    """An end at or before the start is on the next day."""


class Leave(_Part):
    """Whole days on which somebody is not there; both ends belong to it."""

    start: Day
    end: Day


class StaffMember(_Part):
    """Somebody who may be alerted and may answer."""

    name: str = Field(min_length=1, max_length=80, examples=["Maria Lopez"])
    phone: Phone | None = None
    email: EmailAddress | None = None
    alert_by: tuple[Contact, ...] = Field(default=("sms", "email"), min_length=1)
    """The contacts to try, in this order; left out: first `sms`, then `email`, as far as there are both.

    `slack`, `teams` and `pagerduty` need a secret; docs/deploying.md says which.
    """
    quiet: QuietHours | None = None
    """Not rung in these hours, except for an emergency or as the last resort."""
    leave: tuple[Leave, ...] = ()
    """Not rung on these days, except as the last resort."""

    @model_validator(mode="before")
    @classmethod
    def _by_contacts(cls, member: object) -> object:
        if not isinstance(member, dict) or "alert_by" in member:
            return member  # pyright: ignore[reportUnknownVariableType] - narrowed to dict[Unknown, Unknown]
        written = cast("dict[object, object]", member)
        contacts = [contact for contact, field in (("sms", "phone"), ("email", "email")) if written.get(field)]
        return {**written, "alert_by": contacts} if contacts else written


class SchedulerConfig(_Part):
    """One connected account of a scheduler in which automatic posts wait."""

    kind: Kind = Field(examples=["wordpress"])
    account_id: str = Field(default="", max_length=128)
    """The Page or the organisation, where the scheduler has several; docs/schedulers.md says which."""
    channel: Id | None = None
    """The channel on which its posts go out; left out: its own name stands for one."""
    profiles: dict[str, Id] = {}
    """Which channel each of the scheduler's own account ids is."""
    owner: Id | None = None
    """The staff member who is told of its held posts; left out: the admins."""


class HoursConfig(_Part):
    """Weekly hours, as in `days: [mon, tue]`, `start: "08:00"`, `end: "18:00"`."""

    days: tuple[Weekday, ...] = Field(default=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), min_length=1)
    """The days on which the hours begin."""
    start: str = Field(default="00:00", pattern=CLOCK_START)
    """Wall time in the zone of the team, or the hospital's."""
    end: str = Field(default="24:00", pattern=CLOCK_END)
    """An end at or before the start is on the next day."""


class RotationConfig(_Part):
    """People who take turns."""

    members: tuple[Id, ...] = Field(min_length=1, examples=[["maria", "james", "priya"]])
    """The staff ids, in the order of their turns; whoever comes next is secondary."""
    since: Moment
    """When the first member's turn began, in the team's wall time: its weekday and hour are those of each handoff."""
    every: Duration = timedelta(days=7)
    """How long a turn lasts, in whole days: 1d, 7d, 14d."""


class ShiftConfig(HoursConfig):
    """Weekly hours in which people are on duty: those in `on`, or whose turn it is, or whom a calendar names."""

    on: tuple[Id, ...] = Field(default=(), examples=[["maria", "james"]])
    """The staff ids on duty: the first is primary, the second secondary."""
    rotation: RotationConfig | None = None
    """Whoever's turn it is, instead of `on`."""
    calendar: Id | None = None
    """Whom this calendar names, instead of `on`."""
    holidays: Literal["also", "only", "never"] = "also"
    """Whether the shift begins on holidays too, only on them, or never on them."""


class Override(_Part):
    """Others for a time: a swap when `instead_of` says for whom, else they replace everybody on duty."""

    start: Moment
    end: Moment
    on: tuple[Id, ...] = Field(min_length=1, examples=[["priya"]])
    instead_of: Id | None = None
    """For whom; the others of the rota stay on duty."""


class Holiday(_Part):
    """A day that is no business day; shifts say by `holidays` what they do on it."""

    day: Day
    name: str = Field(min_length=1, max_length=80, examples=["Christmas Day"])


class CalendarSource(_Part):
    """An iCalendar feed that says who is on duty; read once an hour, the last good copy is kept."""

    url: str = Field(default="", max_length=2000, pattern=URL)
    """Its https address; left out: `switchboard rota import` brings the file."""
    people: dict[str, Id] = {}
    """Whom a name or an address in the calendar means; emails and ids of staff are known anyway."""
    stale_after: Duration = timedelta(days=1)
    """When it could not be read for so long, the alarm rings."""


class Team(_Part):
    """Who is responsible: a rota that covers every minute of the week."""

    zone: Zone | None = None
    """The IANA time zone of the rota, if it is not the hospital's."""
    rota: tuple[ShiftConfig, ...] = Field(min_length=1)
    overrides: tuple[Override, ...] = ()
    """Swaps and replacements, with an end."""
    business_hours: tuple[HoursConfig, ...] = ()
    """The team's own, instead of the hospital's."""


class Waits(_Part):
    """Other waits for some urgencies."""

    emergency: Duration | None = None
    urgent: Duration | None = None
    normal: Duration | None = None
    low: Duration | None = None


class PolicyStep(_Part):
    """Ring `alert` (primary, secondary, round_robin, everyone, or a staff id), then wait for a claim."""

    alert: Id = Field(examples=["primary"])
    wait: Duration
    waits: Waits = Waits()
    """Other waits for some urgencies, as in `{emergency: 2m, low: 1h}`."""

    def wait_for(self, urgency: Urgency) -> timedelta:
        """Return how long to wait for a claim of a question of *urgency*."""
        other: timedelta | None = getattr(self.waits, urgency.value)
        return other or self.wait


class Policy(_Part):
    """Whom to ring, in this order; after the last step it begins again until somebody claims."""

    steps: tuple[PolicyStep, ...] = Field(min_length=1, max_length=20)
    clock: Clock = "wall"
    """Whether waits count all minutes or those of business hours only; an emergency's count always."""
    last_resort_after: Whole = Field(default=2, ge=1, le=100)
    """After so many times through the steps the last resort is rung as well, each time through."""


class RouteMatch(_Part):
    """What a question must be; an empty list matches all."""

    channels: tuple[Id, ...] = ()
    platforms: tuple[Platform, ...] = ()
    categories: tuple[Category, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    languages: tuple[Annotated[str, Field(pattern=LANGUAGE)], ...] = ()
    hours: tuple[HoursConfig, ...] = ()
    """When it comes in, in the hospital's wall time."""


class Route(_Part):
    """Sends questions that match `when` to a team. The first match wins; the last route matches everything."""

    name: Id = Field(examples=["everything"])
    when: RouteMatch = RouteMatch()
    team: Id = Field(examples=["social"])
    policy: Id = Field(examples=["standard"])
    answer_within: Duration
    """A person should have answered within this time: whoever has the question is reminded before it ends."""
    clock: Clock = "wall"
    """Whether `answer_within` counts all minutes or those of business hours only; an emergency's count always."""


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


class Sms(_Part):
    """What texts may cost. A hospital's questions go on ringing by email when the money is spent."""

    monthly_budget_usd: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    """Beyond it only urgent questions are texted to whoever can be reached otherwise; alarms at 50 and 80 %."""
    cents_per_text: Whole = Field(default=1, ge=1, le=100)
    """What one text costs, in US cents, rounded up: for the budget."""
    per_minute: Whole = Field(default=60, ge=1, le=10_000)
    """So many texts leave in one minute at most, of all people together; the rest is bundled."""
    daily_per_person: Whole = Field(default=40, ge=5, le=1000)
    """Beyond it a person gets one summary every two hours, and emergencies."""
    bundle_at_most: Duration = timedelta(minutes=10)
    """What is held back is told after so long at the latest, as far as the limits of the phone allow."""


class OwnRule(_Part):
    """A rule of the hospital's own for what a message is; it comes before the built-in ones, except danger to life."""

    name: Id = Field(examples=["flu-line"])
    phrases: tuple[Annotated[str, Field(min_length=2, max_length=100)], ...] = Field(
        min_length=1, max_length=200, examples=[["flu line", "vaccine hotline"]]
    )
    """Words as people write them; capitals, accents and spaces do not matter."""
    category: Category | None = None
    urgency: Urgency | None = None
    needs_answer: Switch | None = None


class TriageConfig(_Part):
    """What the hospital knows of its own messages."""

    rules: tuple[OwnRule, ...] = Field(default=(), max_length=500)


class Conversations(_Part):
    """What becomes of a message that is written after its question was closed or answered."""

    after_closing: Literal["reopen", "new"] = "reopen"
    """Open the same question again, for whoever had it if they are on duty, or begin a new one."""
    reopen_within: Duration = timedelta(days=14)
    """So long after it was opened; later a message begins a new question."""
    instant_reply_within: Duration | None = None
    """If the platform sends automatic replies for us: one within this time is no answer, and staff are rung."""


class PostsConfig(_Part):
    """Posts of our own queue."""

    approvals: dict[Id, Annotated[tuple[Id, ...], Field(min_length=1)]] = {}
    """Who may approve the posts of a category; nobody approves what they wrote themselves."""
    campaigns: dict[Id, Day] = {}
    """The last day of each campaign that posts name."""


class CrisisConfig(_Part):
    """Stops every automatic post, everywhere."""

    reason: str = Field(min_length=1, max_length=200, examples=["a shooting in the city"])
    until: Moment | None = None
    """When it ends, in the hospital's wall time; left out: when this is removed."""


class AutomationConfig(_Part):
    """The automation config."""

    organisation: str = Field(min_length=1, max_length=24, pattern=GSM_NAME, examples=["Mercy"])
    """The short name that stands at the beginning of every text; GSM-7 letters."""
    zone: Zone
    switches: Switches = Switches()
    channels: dict[Id, ChannelConfig] = Field(min_length=1)
    schedulers: dict[Id, SchedulerConfig] = {}
    """Where automatic posts wait outside; our own queue needs no entry."""
    staff: dict[Id, StaffMember] = Field(min_length=1)
    teams: dict[Id, Team] = Field(min_length=1)
    policies: dict[Id, Policy] = Field(min_length=1)
    routes: tuple[Route, ...] = Field(min_length=1)
    claims: Claims = Claims()
    conversations: Conversations = Conversations()
    triage: TriageConfig = TriageConfig()
    sms: Sms = Sms()
    holidays: tuple[Holiday, ...] = ()
    business_hours: tuple[HoursConfig, ...] = ()
    """The hours that count for `clock: business`; left out: all of them."""
    calendars: dict[Id, CalendarSource] = {}
    """iCalendar sources of rotas."""
    admins: tuple[Id, ...] = ()
    """The staff ids who are told of dead contacts, gaps in the rota and repairs; left out: the last resort."""
    posts: PostsConfig = PostsConfig()
    crisis: CrisisConfig | None = None
    """The crisis switch, turned by the config; people turn it faster in the inbox, by text or by command."""
    staleness: Staleness = Staleness()
    last_resort: Id = Field(examples=["maria"])
    """The staff member who is rung when nobody else can be."""

    def poll_every(self, channel: str) -> timedelta:
        """Return how often *channel* is asked what it was told."""
        found = self.channels[channel]
        return found.poll_every or timedelta(minutes=15 if PLATFORMS[found.platform].hears else 2)

    def zone_of(self, team: str) -> str:
        """Return the time zone of *team*."""
        return (self.teams[team].zone if team in self.teams else None) or self.zone


def check(document: object) -> tuple[AutomationConfig | None, list[Problem]]:
    """Return the config that *document* (parsed YAML or JSON) says, or every problem in it.

    The first of the two is None exactly when there are problems. What is wrong in one place does not hide what is
    wrong between the others: they are looked at as if that place had been mended.
    """
    try:
        config = AutomationConfig.model_validate(document)
    except ValidationError as error:
        found = [detail for detail in error.errors(include_url=False) if not is_echo(detail)]
        problems = explain(found, AutomationConfig)
        return None, problems + [more for more in _second_look(document, found) if not touched(more, problems)]
    problems = across(config)
    return (None if problems else config), problems


def _second_look(document: object, found: list[Any]) -> list[Problem]:
    try:
        return across(AutomationConfig.model_validate(mended(document, found, AutomationConfig)))
    except ValidationError:
        return []
