"""A staff member's phone: sends the inbox the events that API Gateway would, and keeps the cookie."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin

from functions.inbox.app import inbox
from functions.inbox.desk import Desk
from switchboard.domain.question import Alert, AlertState, Change, Event, Question, QuestionState, Step
from switchboard.domain.session import LINK_LIFETIME, LinkToken, digest_of
from tests.fakes.automation import FakeAutomation
from tests.fakes.calendars import FakeCalendars
from tests.fakes.crises import FakeCrises
from tests.fakes.hospital import NOON, config, message
from tests.fakes.pagers import FakePagers
from tests.fakes.posts import FakePosts
from tests.fakes.questions import FakeQuestions
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail

if TYPE_CHECKING:
    from switchboard.config import AutomationConfig
    from switchboard.domain.message import Message
    from switchboard.domain.question import Conversation

EVENTS = Path(__file__).parents[2] / "events"
TOKEN = "AAECAwQFBgcICQoLDA0ODw"


@dataclass
class Page:
    """What came back."""

    status: int
    headers: dict[str, list[str]]
    text: str
    url: str

    def header(self, name: str) -> str:
        values = {key.lower(): value for key, value in self.headers.items()}.get(name.lower(), [""])
        return values[0]

    @property
    def links(self) -> list[str]:
        """Every address that the page names, as the browser resolves it."""
        return [urljoin(self.url, found) for found in re.findall(r'(?:href|action)="([^"]*)"', self.text)]

    def form(self, action: str) -> dict[str, str]:
        """Return the hidden fields of the form that posts to …/*action*."""
        reader = _Forms()
        reader.feed(self.text)
        return next(fields for target, fields in reader.found if target.endswith("/" + action))


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((values.get("action", ""), {}))
        if tag == "input" and self.found and values.get("type") == "hidden":
            self.found[-1][1][values["name"]] = values["value"]


def _opened(message: Message, config: AutomationConfig, now: datetime) -> Question:
    return Question(
        question_id=message.question_id,
        channel=message.channel,
        platform=message.platform,
        kind=message.kind,
        thread_id=message.thread_id,
        author_id=message.author_id,
        state=QuestionState.OPEN,
        reason="It asks something.",
        team="social",
        steps=tuple(Step(alert=step.alert, wait=step.wait) for step in config.policies["standard"].steps),
        opened_at=now,
        answer_by=now + timedelta(hours=4),
        last_message_at=message.sent_at,
        next_action_at=now,
    )


def _event(question: Question, kind: str, now: datetime, detail: str = "") -> Event:
    return Event(question_id=question.question_id, kind=kind, by="switchboard", at=now, detail=detail)


@dataclass
class House:
    """The inbox on fakes, with one open question; *now* is what its clock says."""

    questions: FakeQuestions = field(default_factory=FakeQuestions)
    sessions: FakeSessions = field(default_factory=FakeSessions)
    pagers: FakePagers = field(default_factory=FakePagers)
    calendars: FakeCalendars = field(default_factory=FakeCalendars)
    posts: FakePosts = field(default_factory=FakePosts)
    crises: FakeCrises = field(default_factory=FakeCrises)
    mail: FakeMail = field(default_factory=FakeMail)
    automation: FakeAutomation = field(default_factory=lambda: FakeAutomation(config()))
    now: datetime = NOON + timedelta(minutes=1)
    question_id: str = ""

    def __post_init__(self) -> None:
        self.question_id = self.takes(message())

    @property
    def desk(self) -> Desk:
        return Desk(
            questions=self.questions,
            sessions=self.sessions,
            pagers=self.pagers,
            calendars=self.calendars,
            posts=self.posts,
            crises=self.crises,
            mail=self.mail,
            automation=self.automation,
        )

    @property
    def conversation(self) -> Conversation:
        return self.questions.load(self.question_id)

    @property
    def question(self) -> Question:
        assert self.conversation.question is not None
        return self.conversation.question

    def takes(self, *messages: Message) -> str:
        """Take *messages* in, as the stream does with what needs an answer; return the question's id."""
        first = messages[0]
        before = self.questions.load(first.question_id).question
        question = before or _opened(first, self.automation.current(), self.now)
        events = () if before else (_event(question, "opened", self.now),)
        after = replace(question, version=question.version + 1)
        self.questions.commit(Change(question=after, messages=messages, events=events))
        return first.question_id

    def rings(
        self, staff_id: str, *, wait: timedelta = timedelta(minutes=15), reply_by: datetime | None = None
    ) -> None:
        """Take the first step of the policy, as the stream does: *staff_id* got a text."""
        question = self.question
        step = question.step + 1
        event = _event(question, "rung", self.now, f"step {step}: {staff_id}")
        alert = Alert(
            question_id=question.question_id,
            step=step,
            staff_id=staff_id,
            contact="sms",
            state=AlertState.SENT,
            at=self.now,
        )
        after = replace(
            question,
            position=question.position + 1,
            step=step,
            next_action_at=self.now + wait,
            reply_by=reply_by,
            version=question.version + 1,
        )
        self.questions.commit(Change(question=after, alerts=(alert,), events=(event,)))

    def link(self, staff_id: str = "maria", token: str = TOKEN, *, question_id: str | None = None) -> str:
        """Return the path of a fresh link for *staff_id*, to *question_id* or to the house's question."""
        self.sessions.put_token(
            LinkToken(
                digest=digest_of(token),
                question_id=self.question_id if question_id is None else question_id,
                staff_id=staff_id,
                expires_at=self.now + LINK_LIFETIME,
            )
        )
        return f"/c/{token}"

    def phone(self, staff_id: str = "") -> Phone:
        """Return a phone on which *staff_id* has opened a link; nobody's, without."""
        phone = Phone(self)
        if staff_id:
            opened = phone.post(self.link(staff_id), {})
            assert opened.status == 303, opened.text
        return phone

    def stored(self) -> object:
        """Return all that is stored, to compare before and after."""
        return (
            self.questions.snapshot(),
            dict(self.sessions.tokens),
            dict(self.sessions.sessions),
            dict(self.pagers.stored),
        )


@dataclass
class Phone:
    """Somebody's browser. *prefix* stands before the application in the address, *seen* of it in the event's path."""

    house: House
    prefix: str = "/live"
    seen: str = ""
    cookie: str = ""

    def get(self, path: str, method: str = "GET", **headers: str) -> Page:
        return self.send(method, path, headers=headers)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]], **headers: str) -> Page:
        return self.send("POST", path, body=urlencode(fields), headers=headers)

    def act(self, action: str, **fields: str) -> Page:
        """Open the question, fill the form in and send it."""
        path = f"/inbox/{self.house.question_id}"
        return self.post(f"{path}/{action}", self.get(path).form(action) | fields)

    def send(
        self, method: str, path: str, *, body: str | None = None, headers: dict[str, str] | None = None, **event: Any
    ) -> Page:
        name = "inbox_list" if body is None else "inbox_claim"
        sample: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
        sent = (
            sample["headers"]
            | {"Cookie": f"other=1; {self.cookie}"}
            | {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        )
        sample["resource"] = re.sub(
            r"^/inbox/(?!static/|posts\b|crisis\b|away$|back$|sign-out$)[^/]+", "/inbox/{question_id}", path
        )
        sample["resource"] = re.sub(r"^/inbox/posts/(?!new$)[^/]+", "/inbox/posts/{post_id}", sample["resource"])
        sample["resource"] = re.sub(r"^(/c|/inbox/static)/[^/]+", r"\1/{any}", sample["resource"])
        sample |= {"httpMethod": method, "path": self.seen + path, "body": body, "headers": sent}
        sample |= {"multiValueHeaders": {name: [value] for name, value in sent.items()}}
        sample["requestContext"] |= {"httpMethod": method, "path": self.prefix + path}
        answer = inbox(sample | event, desk=self.house.desk, now=self.house.now)
        page = Page(
            answer["statusCode"],
            answer["multiValueHeaders"],
            answer["body"],
            f"https://abc123.execute-api.eu-west-1.amazonaws.com{self.prefix}{path}",
        )
        if set_cookie := page.header("set-cookie"):
            self.cookie = set_cookie.partition(";")[0]
        return page
