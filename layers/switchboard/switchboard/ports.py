"""All that Switchboard needs from the world, on one screen. Adapters stand behind these; tests use fakes.

Every method may raise `Unavailable` (nothing was done, or doing it again is safe); what else it raises stands there.
"""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

from switchboard.domain.platform import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from dataclasses import dataclass, field
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.audit import Entry, Stored, Wake
    from switchboard.domain.crisis import Crisis
    from switchboard.domain.filing import Place
    from switchboard.domain.links import Link
    from switchboard.domain.message import Delivery, Ignored, Message
    from switchboard.domain.outside import Abilities, Media, Pausing
    from switchboard.domain.pager import Pager
    from switchboard.domain.polling import PollState
    from switchboard.domain.post import Hold, Post, PostState
    from switchboard.domain.question import Answer, Change, Conversation, Question
    from switchboard.domain.rota import Gap, Span
    from switchboard.domain.rota_calendar import Entries, StoredCalendar
    from switchboard.domain.session import LinkToken, Session
else:
    from dataclasses import dataclass, field


# --- coming in -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What the webhook path knows of a channel: read from the config as plain JSON."""

    name: str
    platform: str
    account_id: str = ""
    retention_days: int = 90

    def kept_until(self, now: datetime) -> datetime:
        """Return when what comes in at *now* expires: by the channel's retention, or the platform's if that is less."""
        retention = timedelta(days=self.retention_days)
        platform = PLATFORMS.get(self.platform)
        limit = platform.kept_at_most if platform else None
        return now + (retention if limit is None else min(retention, limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSecret:
    """A channel's credentials. No *signing_secrets* means closed; several mean that one is being rotated out.

    *server* is the account's own server (Mastodon, Bluesky): it stands with the token that is sent to it. The
    *client* fields and *refresh_token* are OAuth's, where access tokens live for an hour. *push_audience* and
    *push_sender* are what a Pub/Sub push must be signed for, and by which service account.
    """

    signing_secrets: tuple[str, ...] = ()
    verify_token: str = ""
    access_token: str = ""
    server: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    push_audience: str = ""
    push_sender: str = ""


class Channels(Protocol):
    """The channels of the automation config."""

    def find(self, name: str) -> Channel | None:
        """Return the channel, or None when the config has no such one."""
        ...

    def all(self) -> Sequence[Channel]:
        """Return every channel."""
        ...


class ChannelSecrets(Protocol):
    """Credentials per channel, cached with an age."""

    def of(self, channel: str, *, fresh: bool = False) -> ChannelSecret:
        """Return the channel's secret; an absent one is empty, so closed. *fresh* asks past the cache."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """What proves to a platform that the URL is ours."""

    body: str
    content_type: str = "text/plain; charset=utf-8"


class Inbound(Protocol):
    """A platform that calls us."""

    def handshake(self, query: Mapping[str, str], secret: ChannelSecret) -> Handshake:
        """Return the proof; raise Rejected (403) when the query is not the platform's. Signs nothing else."""
        ...

    def verify(self, body: bytes, headers: Mapping[str, str], secret: ChannelSecret, *, now: datetime) -> None:
        """Raise Rejected (401) unless one of the secrets signed exactly *body*. Header names are lower case."""
        ...

    def parse(self, body: bytes, headers: Mapping[str, str], channel: Channel, *, now: datetime) -> Delivery:
        """Take a verified body apart; raise Rejected (400) when it is not what the platform sends."""
        ...


class Completes(Protocol):
    """A platform whose webhooks only name what was written: it is fetched before it is stored."""

    def complete(self, delivery: Delivery, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Delivery:
        """Return *delivery* with the words. Never raises for a platform that does not answer: staff ring without."""
        ...


class Platforms(Protocol):
    """The platforms, as the webhook path asks for them by name."""

    def inbound(self, platform: str) -> Inbound:
        """Return who verifies and parses; raise Misconfigured when the platform sends no webhooks."""
        ...

    def completes(self, platform: str) -> Completes | None:
        """Return who fetches the words that a webhook only names, or None when it brings them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of what a channel was told, the newest first.

    *older* is the mark to ask for the next page with, opaque and short, "" when there is none. *reaches_to* is the
    moment of the oldest thing on the page, in the platform's order; None when the order tells nothing, so that only
    the last page or the budget ends the look.
    """

    delivery: Delivery
    older: str = ""
    reaches_to: datetime | None = None


class Polled(Protocol):
    """A platform that we ask, because it calls nobody or not reliably."""

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        """Return the newest page, or the one that follows the mark *older_than*; every message's `via` is "poll".

        Raises Unavailable, with `retry_after` in seconds when the platform names it, and Misconfigured when a person
        must mend the token or a permission. Changes nothing on the platform.
        """
        ...


class ChannelStates(Protocol):
    """What is remembered of each channel: where the last look ended, and when something was heard."""

    def load(self, channel: str) -> PollState | None:
        """Return the state, read consistently, or None for a channel that was never looked at."""
        ...

    def save(self, state: PollState) -> None:
        """Write it; raise Conflict when the fence was lost."""
        ...

    def heard(self, channel: str, *, at: datetime) -> None:
        """Remember that a message came in."""
        ...

    def last_heard(self, channel: str) -> datetime | None:
        """Return when the last message came in, or None."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the doctor says of one thing: *name* is a short label, *remedy* what to do unless *state* is "ok"."""

    name: str
    state: Literal["ok", "warning", "failure"]
    detail: str
    remedy: str = ""


class Checks(Protocol):
    """A platform whose credentials and subscriptions can be read back."""

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return the findings: credentials, token_expiry, subscription, fields, clock. Raises nothing of ours."""
        ...


class MessageStore(Protocol):
    """Where messages are put, once each."""

    def put(self, messages: Sequence[Message]) -> int:
        """Store all that are not there yet, in parallel; return how many were new. Raise if any is not stored."""
        ...

    def put_ignored(self, channel: str, ignored: Sequence[Ignored], *, now: datetime) -> None:
        """Keep the parts of a delivery that we do not know, for a week."""
        ...


class Quarantine(Protocol):
    """Raw deliveries that were refused, kept for seven days."""

    def keep(self, channel: str, body: bytes, headers: Mapping[str, str], *, reason: str, now: datetime) -> str:
        """Store the exact bytes and return the key under which they lie."""
        ...


class Metrics(Protocol):
    """Counts for dashboards and alarms; never a word of text in a name or a dimension."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add *value* to the metric *name*."""
        ...

    def flush(self) -> None:
        """Write out what was counted: once, at the end of an invocation."""
        ...


# --- questions -------------------------------------------------------------------------------------------------


class QuestionStore(Protocol):
    """Conversations, by question id."""

    def load(self, question_id: str) -> Conversation:
        """Return the whole conversation, read consistently; empty when there is none."""
        ...

    def commit(self, change: Change) -> None:
        """Write the change at once; raise Conflict when the fence was lost."""
        ...

    def place_of(self, channel: str, message_id: str) -> Place | None:
        """Return where a message, or an answer of ours, is filed; None when nothing of that id was taken in."""
        ...

    def refile(self, message: Message, thread_id: str) -> None:
        """Move a pending message to the conversation of *thread_id*; moving it again is harmless."""
        ...

    def due(self, now: datetime, *, limit: int = 1000) -> list[str]:
        """Return the ids of the questions with a message or a next action due by *now*.

        New messages and the most urgent questions come first, then the most overdue.
        """
        ...

    def due_answers(self, now: datetime, *, limit: int = 1000) -> list[str]:
        """Return the ids of the questions with an answer due by *now*, the most overdue first."""
        ...

    def heads(self, question_ids: Iterable[str]) -> list[Question]:
        """Return the questions alone, without what belongs to them; one that is not there is left out."""
        ...

    def unfinished(self) -> list[Question]:
        """Return every question that has a next action, the next first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A page of the Questions table; *after* is where the next one begins, "" when this is the last."""

    entries: Sequence[Entry]
    after: str = ""


class AuditedTable(Protocol):
    """The Questions table as the audit reads it: all of it, past every index."""

    def cursor(self) -> str:
        """Return where the last run stopped, or "" for the beginning."""
        ...

    def keep(self, cursor: str) -> None:
        """Remember where this run stopped."""
        ...

    def page(self, cursor: str, *, now: datetime) -> AuditPage:
        """Return the page that begins after *cursor*; it may be some seconds old."""
        ...

    def look(self, partition: str, *, now: datetime) -> Stored:
        """Return one partition as it is now."""
        ...

    def due(self, now: datetime) -> Sequence[Entry]:
        """Return what is due by *now*: of each shard the most overdue, at most 1,000."""
        ...

    def wake(self, wake: Wake) -> None:
        """Make a stored message due; raise Conflict when the question was changed meanwhile."""
        ...


class AutomationSource(Protocol):
    """The automation config, cached, with a last-good copy behind it."""

    def current(self) -> AutomationConfig:
        """Return the config in force, or the last good one; raise Misconfigured when there is neither."""
        ...

    def fresh(self) -> AutomationConfig:
        """Return the config in force now, past every cache; raise Misconfigured when it cannot be read."""
        ...


class LastGood(Protocol):
    """The last automation config that was valid."""

    def load(self) -> str | None:
        """Return the JSON document, or None."""
        ...

    def save(self, document: str, *, now: datetime) -> None:
        """Replace it."""
        ...


# --- ringing ---------------------------------------------------------------------------------------------------


NOTHING: Mapping[str, str] = MappingProxyType({})


class Texts(Protocol):
    """A way to text a phone."""

    def send(self, phone: str, text: str, *, about: Mapping[str, str] = NOTHING) -> str:
        """Send *text* (one GSM-7 segment) to *phone* (E.164); return the provider's id.

        *about* are ids (question_id, step, staff_id) that a receipt brings back, where the provider can. Raises
        Unreachable when the phone is dead, Rejected when this text cannot be sent, and OutcomeUnknown when it may
        have left.
        """
        ...


class OptOuts(Protocol):
    """The provider's list of phones to which it delivers nothing."""

    def opted_out_phones(self) -> Collection[str]:
        """Return the phones, in E.164. Raises as `Texts.send` does."""
        ...


class Mail(Protocol):
    """A way to email an address."""

    def send(self, to: str, subject: str, text: str, *, about: Mapping[str, str] = NOTHING) -> str:
        """Send a plain-text email; return the provider's id. Takes *about* and raises as `Texts` does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSecret:
    """Where a staff member's chat or pager service is reached; whoever knows it can write there."""

    slack_url: str = ""
    teams_url: str = ""
    pagerduty_key: str = ""


class ContactSecrets(Protocol):
    """The secrets of contacts, by staff id, cached with an age."""

    def of(self, staff_id: str) -> ContactSecret:
        """Return the secret; an absent one is empty."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAlert:
    """What a chat or a pager service is told: no word of the author."""

    question_id: str
    summary: str
    urgency: str
    link: str
    organisation: str


class Hooks(Protocol):
    """Slack, Microsoft Teams and PagerDuty."""

    def send(self, contact: Literal["slack", "teams", "pagerduty"], secret: ContactSecret, alert: HookAlert) -> str:
        """Deliver the alert and return the service's id for it, "" when it has none. Raises as `Texts` does."""
        ...

    def settle(self, secret: ContactSecret, question_id: str, *, done: bool) -> None:
        """Tell the pager service that somebody has the question, or that it is *done*. Doing it again is harmless."""
        ...


class Pagers(Protocol):
    """What is remembered of each staff member's phone."""

    def load(self, staff_ids: Iterable[str]) -> Mapping[str, Pager]:
        """Return everybody's pager, read consistently; a fresh one for whoever has none."""
        ...

    def save(self, pager: Pager) -> None:
        """Write it; raise Conflict unless the stored version is one less."""
        ...

    def due(self, now: datetime) -> list[str]:
        """Return the staff ids for whom something held back is due by *now*, the most overdue first."""
        ...


class Meter(Protocol):
    """Counters that several functions raise at once."""

    def add(self, name: str, amount: int, *, expires_at: datetime) -> int:
        """Add *amount* to the counter *name*, which begins at 0, and return the sum."""
        ...


class CalendarSpans(Protocol):
    """What the calendars of the config say, as last read."""

    def current(self, names: Iterable[str]) -> Mapping[str, Sequence[Span]]:
        """Return the spans of the calendars *names*; of one that was never read, none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar as it was fetched; *etag* asks next time whether it has changed."""

    entries: Entries
    etag: str = ""


class CalendarFeeds(Protocol):
    """Calendars at an address."""

    def read(self, url: str, *, etag: str = "", zone: str, start: datetime, end: datetime) -> Feed | None:
        """Return what the calendar has from *start* until *end*, or None when it is still what *etag* names.

        *zone* is that of whole days. Raises Rejected when it is no calendar or not there, and Misconfigured when the
        address is none that may be asked; neither tells the address.
        """
        ...


class CalendarStore(Protocol):
    """The last good copy of each calendar, by its id in the config."""

    def load_all(self, names: Iterable[str]) -> Mapping[str, StoredCalendar]:
        """Return those of *names* that are there."""
        ...

    def save(self, stored: StoredCalendar) -> None:
        """Replace it."""
        ...


class ToldGaps(Protocol):
    """The gaps of the rota that the admins were told of."""

    def load(self) -> Sequence[Gap]:
        """Return what `save` was given last; at first, none."""
        ...

    def save(self, gaps: Sequence[Gap]) -> None:
        """Replace them."""
        ...


class Sessions(Protocol):
    """Short-lived state of the inbox: link tokens and sessions, both stored by their SHA-256 only."""

    def put_token(self, token: LinkToken) -> None:
        """Store a link token."""
        ...

    def find_token(self, digest: str, *, now: datetime) -> LinkToken | None:
        """Return the token if it is neither used nor expired; changes nothing."""
        ...

    def consume_token(self, digest: str, *, now: datetime) -> LinkToken | None:
        """Use the token up: among any number of callers, one gets it and the others None."""
        ...

    def put_session(self, session: Session) -> None:
        """Store a session."""
        ...

    def find_session(self, digest: str, *, now: datetime) -> Session | None:
        """Return the session if it has not expired."""
        ...

    def end_session(self, digest: str) -> None:
        """Forget the session."""
        ...


# --- answering and publishing ----------------------------------------------------------------------------------


class Replies(Protocol):
    """A platform on which we can answer."""

    def reply(self, conversation: Conversation, answer: Answer, channel: Channel, secret: ChannelSecret) -> str:
        """Deliver the answer and return the platform's id for it.

        Raises Rejected when the platform refuses it for good, Misconfigured when the credentials are dead, and
        OutcomeUnknown when it may have arrived.
        """
        ...

    def find_reply(
        self, conversation: Conversation, answer: Answer, channel: Channel, secret: ChannelSecret
    ) -> str | None:
        """Look whether the answer is on the platform since `answer.attempted_at`; return its id, or None."""
        ...


class Publishes(Protocol):
    """A platform to which we can post."""

    def publish(self, post: Post, channel: Channel, secret: ChannelSecret) -> str:
        """Publish the post and return the platform's id. Raises as `Replies.reply` does."""
        ...

    def find_post(self, post: Post, channel: Channel, secret: ChannelSecret) -> str | None:
        """Look whether the post is on the platform since `post.attempt_started_at`; return its id, or None."""
        ...


class PostStore(Protocol):
    """Our own queue of posts, the holds, and the posts of schedulers outside that were ever held."""

    def load(self, post_id: str) -> tuple[Post, tuple[Hold, ...]] | None:
        """Return the post and its holds, the latest last."""
        ...

    def put(self, post: Post) -> bool:
        """Add a post to the queue; return False when its id is there already."""
        ...

    def commit(self, post: Post, hold: Hold | None = None, *, event: str = "", by: str = "", now: datetime) -> None:
        """Write the post (its version is one higher than the stored), the hold and an audit event at once.

        A post of a scheduler outside is added by its first commit, with version 1. Raises Conflict when the fence was
        lost.
        """
        ...

    def due(self, now: datetime, *, limit: int = 100) -> list[Post]:
        """Return scheduled and publishing posts whose time has come, the most overdue first."""
        ...

    def in_state(self, states: Iterable[PostState], *, since: datetime | None = None) -> list[Post]:
        """Return the posts in *states* with `publish_at` at or after *since*, in order of `publish_at`."""
        ...

    def outside(self, states: Iterable[PostState], *, since: datetime | None = None) -> list[Post]:
        """Return the posts of schedulers outside that were ever held, as `in_state` does those of our own queue."""
        ...

    def holds(self) -> list[Hold]:
        """Return the holds that nobody has released yet, the latest first."""
        ...

    def untold(self) -> list[Hold]:
        """Return the holds that are not under way, or could not be held, and of which nobody was told yet."""
        ...

    def moving(self) -> list[Hold]:
        """Return the holds whose step is under way in a scheduler outside."""
        ...


class Schedulers(Protocol):
    """The schedulers of the config."""

    def names(self) -> Sequence[str]:
        """Return all of them."""
        ...

    def of(self, name: str) -> Scheduler:
        """Return the scheduler, opened; raise Misconfigured when the config has no such one."""
        ...


# --- schedulers outside ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerAccount:
    """One connected account of a scheduler, as the config names it.

    *account_id* is the Page, the organisation or the workspace. *profiles* maps the scheduler's own id of an account to
    our channel; what no profile says belongs to *channel*.
    """

    name: str
    kind: str
    account_id: str = ""
    channel: str = ""
    profiles: Mapping[str, str] = field(default_factory=dict[str, str])

    def channel_of(self, profile: str) -> str:
        """Return the channel that a post for *profile* goes out on."""
        return self.profiles.get(profile) or self.channel or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerSecret:
    """A scheduler's credentials. *server* stands with the token that is sent to it; *username* is WordPress's.

    *token* is an access token, an API key or an application password; the *client* fields and *refresh_token* are
    OAuth's. *expires_at* is when *token* dies, in ISO 8601, where it was told.
    """

    server: str = ""
    username: str = ""
    token: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    expires_at: str = ""


class SchedulerSecrets(Protocol):
    """The credentials of schedulers, by their name in the config."""

    def of(self, name: str, *, fresh: bool = False) -> SchedulerSecret:
        """Return the secret, cached with an age; an absent one is empty. *fresh* asks past the cache."""
        ...

    def keep(self, name: str, secret: SchedulerSecret) -> None:
        """Replace it: a refresh token that works once must be stored before its successor is used."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """A picture or a film with its bytes."""

    media: Media
    content: bytes


class Scheduler(Protocol):
    """One account of a scheduler. What it returns are posts with `outside` set; its methods never repeat a request.

    Every one raises Unavailable (nothing was done; `retry_after` in seconds where it is told), Misconfigured (a person
    must mend the credentials) and Rejected (it refuses for good). Those that change something raise OutcomeUnknown too.
    An answer's words prove nothing: the caller reads back.
    """

    @property
    def abilities(self) -> Abilities:
        """What it can do."""
        ...

    def posts(self, *, start: datetime, end: datetime) -> Sequence[Post]:
        """Return what is scheduled, and where it is told what was published, with a time in [*start*, *end*)."""
        ...

    def read(self, external_id: str) -> Post | None:
        """Return the post as it stands now, past every cache, or None when it is not there.

        Its state is SCHEDULED, DRAFT, PUBLISHED or FAILED, and UNKNOWN for a word that we do not know.
        """
        ...

    def pause(self, post: Post, how: Pausing, *, parked_until: datetime) -> None:
        """Pause it in the way *how*; *parked_until* is for `Pausing.RESCHEDULE`.

        Raises Rejected when this way is closed for this post: the next of `abilities.pausing` may be open.
        """
        ...

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        """Schedule it for *due_at* and return its id, a new one with `Pausing.RECREATE`.

        *post* is what it shall be: its text may have been edited since; raises Rejected when that cannot be changed.
        *media* are the copies that were kept, in the order of `post.outside.media`; each is read when it is asked for.
        """
        ...

    def remove(self, external_id: str) -> None:
        """Delete it; one that is not there any more is no error."""
        ...

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        """Fetch the media of a post that a delete would lose, each when it is asked for; none where it loses none."""
        ...


class MediaStore(Protocol):
    """Our copies of media."""

    def keep(self, key: str, media: MediaFile) -> None:
        """Store the bytes under *key*; storing them again is harmless."""
        ...

    def load(self, key: str) -> bytes:
        """Return the bytes; raise Rejected when there are none."""
        ...


class LinkChecker(Protocol):
    """Who looks whether a link leads somewhere."""

    def look(self, url: str, allowed: Sequence[str], *, now: datetime) -> Link:
        """Ask for *url* if its host is *allowed*, and say what came of it; never raises for what a link may be."""
        ...


class LinkLooks(Protocol):
    """What was seen of links."""

    def load(self, urls: Iterable[str]) -> Mapping[str, Sequence[Link]]:
        """Return the latest looks at each of *urls*."""
        ...

    def save(self, link: Link) -> None:
        """Add a look."""
        ...


class Governors(Protocol):
    """The channels whose posts are held for the people who wait."""

    def load(self) -> Collection[str]:
        """Return the channels whose governor was on last."""
        ...

    def save(self, channels: Collection[str]) -> None:
        """Replace them."""
        ...


class CrisisStore(Protocol):
    """The crisis switch, and how it was used."""

    def current(self) -> Crisis | None:
        """Return the latest use of the switch, read consistently and past every cache, or None before the first."""
        ...

    def save(self, crisis: Crisis) -> None:
        """Write it and its place in the history; raise Conflict unless the stored version is one less."""
        ...

    def past(self) -> Sequence[Crisis]:
        """Return the uses of the switch, the latest first."""
        ...
