"""The demo's day: what people ask, what staff do, and what must have happened in the evening."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
from standardwebhooks import Webhook

from local.credentials import FACEBOOK_SECRET, FORM_SECRET
from local.outbox import emails, texts
from local.phone import Phone
from switchboard.adapters.crises import DynamoCrises
from switchboard.adapters.posts import DynamoPosts
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.message import question_id_of
from switchboard.domain.pager import PREFIX
from switchboard.domain.post import PostState
from switchboard.domain.question import AlertState, AnswerState, QuestionState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.stack import Stack
    from local.timeline import Timeline
    from simulators.graph import GraphSimulator
    from simulators.mastodon import MastodonSimulator
    from switchboard.domain.question import Conversation

PAGE = "100200300400500"
WHATSAPP = "106540352240001"
REACHED_AT = {
    "maria": ("+12025550101", "maria@example.org"),
    "james": ("+12025550102", "james@example.org"),
    "ana": ("", "ana@example.org"),
}
OK = 200
PATIENCE = 25.0
"""Seconds after which something that should have happened has not."""


class NotHappened(Exception):
    """Something that the day needs did not happen."""


@dataclass
class Day:
    """The deployed stack, seen from outside: as platforms, staff phones and the simulated Page see it."""

    stack: Stack
    graph: GraphSimulator
    timeline: Timeline
    conversations: set[str] = field(default_factory=set[str])
    claims: int = 0
    resumed: int = 0
    unused_link: str = ""

    def __post_init__(self) -> None:
        dynamodb = self.stack.client("dynamodb")
        self.questions = DynamoQuestions(dynamodb, self.stack.tables["questions"])
        self.posts = DynamoPosts(dynamodb, self.stack.tables["posts"])
        self.crises = DynamoCrises(dynamodb, self.stack.tables["posts"])
        self.http = httpx.Client(timeout=30)
        self._read = 0.0

    # --- the public writes -------------------------------------------------------------------------------------

    def comment(self, number: int, author: str, text: str, *, again: bool = False) -> str:
        """Somebody comments on the Page; return the question's id. With *again* the platform delivers it twice."""
        comment_id, author_id = f"{PAGE}_77{number:04}", f"90{number:04}"
        self.graph.seed_comment(comment_id, text, parent_id=f"{PAGE}_1", from_id=author_id, from_name=author)
        value = {
            "item": "comment",
            "verb": "add",
            "comment_id": comment_id,
            "post_id": f"{PAGE}_1",
            "parent_id": f"{PAGE}_1",
            "from": {"id": author_id, "name": author},
            "message": text,
            "created_time": int(time.time()),
        }
        body = {"object": "page", "entry": [{"id": PAGE, "time": int(time.time()), "changes": [_feed(value)]}]}
        self.timeline.said("Facebook", author, text)
        for _ in range(2 if again else 1):
            self._meta(body)
        return self._asked("facebook", f"{comment_id}/{author_id}")

    def direct_message(self, author_id: str, author: str, text: str) -> str:
        """Somebody writes on Messenger; return the question's id."""
        message_id = self.graph.receive_message(author_id, text)
        now = int(time.time() * 1000)
        messaging = {
            "sender": {"id": author_id},
            "recipient": {"id": PAGE},
            "timestamp": now,
            "message": {"mid": message_id, "text": text},
        }
        self.timeline.said("Messenger", author, text)
        self._meta({"object": "page", "entry": [{"id": PAGE, "time": now, "messaging": [messaging]}]})
        return self._asked("facebook", author_id)

    def whatsapp(self, number: str, author: str, text: str) -> str:
        """Somebody writes on WhatsApp; return the question's id."""
        self.timeline.said("WhatsApp", author, text)
        message = {"from": number, "id": f"wamid.{uuid.uuid4().hex}", **_whatsapp_text(text)}
        contact = {"profile": {"name": author}, "wa_id": number}
        self._whatsapp("messages", {"contacts": [contact], "messages": [message]})
        return self._asked("whatsapp", number)

    def whatsapp_app(self, staff_id: str, number: str, text: str) -> None:
        """Somebody of the staff answers on the hospital's own phone, in WhatsApp's app."""
        self.timeline.did(staff_id, f"answers on the phone at the desk, in WhatsApp itself: “{text}”")
        message = {"from": WHATSAPP, "to": number, "id": f"wamid.{uuid.uuid4().hex}", **_whatsapp_text(text)}
        self._whatsapp("smb_message_echoes", {"message_echoes": [message]})

    def mention(self, mastodon: MastodonSimulator, username: str, text: str) -> str:
        """Somebody mentions us on Mastodon, which calls nobody; our poll finds it. Return the question's id."""
        status_id = mastodon.says(username, text)
        self.timeline.said("Mastodon", username, text)
        self._invoke("PollChannelsFunction")
        self.timeline.happened("Mastodon calls nobody: it is asked every minute, and the mention is found")
        return self._asked("mastodon", f"{status_id}/{mastodon.told[-1].account.id}")

    def _whatsapp(self, field: str, value: dict[str, Any]) -> None:
        value |= {"messaging_product": "whatsapp", "metadata": {"phone_number_id": WHATSAPP}}
        entry = {"id": "1", "changes": [{"field": field, "value": value}]}
        self._meta({"object": "whatsapp_business_account", "entry": [entry]}, "whatsapp")

    def form(self, author: str, text: str) -> str:
        """Somebody fills in the web form; return the question's id."""
        message_id, now = f"form_{uuid.uuid4().hex[:12]}", datetime.now(UTC)
        body = json.dumps({"name": author, "email": "pat@example.org", "text": text, "thread_id": message_id})
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(FORM_SECRET).sign(message_id, now, body),
            "content-type": "application/json",
        }
        self.timeline.said("web form", author, text)
        self._post("website", body.encode(), headers, expected=200)
        return self._asked("website", message_id)

    def forgery(self) -> None:
        """Somebody without the secret delivers a comment."""
        body = b'{"object":"page","entry":[]}'
        self._post("facebook", body, {"x-hub-signature-256": "sha256=" + "0" * 64}, expected=401)

    def _meta(self, body: dict[str, Any], channel: str = "facebook") -> None:
        raw = json.dumps(body).encode()
        signature = hmac.new(FACEBOOK_SECRET.encode(), raw, hashlib.sha256).hexdigest()
        self._post(channel, raw, {"x-hub-signature-256": f"sha256={signature}"}, expected=200)

    def _post(self, channel: str, body: bytes, headers: dict[str, str], *, expected: int) -> None:
        url = f"{self.stack.api_url}/webhooks/{channel}"
        response = self.http.post(url, content=body, headers={"content-type": "application/json"} | headers)
        if response.status_code != expected:
            raise NotHappened(f"{url} answered {response.status_code} instead of {expected}: {response.text[:300]}")

    def _asked(self, channel: str, thread_id: str) -> str:
        question_id = question_id_of(channel, thread_id)
        self.conversations.add(question_id)
        return question_id

    # --- staff -------------------------------------------------------------------------------------------------

    def rung(self, question_id: str, staff_id: str, contact: str = "sms") -> str:
        """Wait until *staff_id* was rung for the question; print the text; return the link in it."""

        def alert_sent() -> bool:
            self._sweep()
            return any(
                alert.staff_id == staff_id and alert.contact == contact and alert.state is AlertState.SENT
                for alert in self.questions.load(question_id).alerts
            )

        self._until(alert_sent, f"{staff_id} was not rung by {contact}")
        ref = question_id[:4]
        words = self._words(staff_id, contact, ref)
        self.timeline.rang(staff_id, contact, words)
        link = re.search(r"https?://\S+/c/[\w-]+", words)
        if not link:
            raise NotHappened(f"the alert has no link: {words}")
        return link[0]

    def opened(self, staff_id: str, link: str) -> Phone:
        """Open the link; return the phone, which shows the page of the question."""
        phone = Phone()
        if phone.open(link) != OK:
            raise NotHappened(f"the link of {staff_id} does not open: {link}")
        _expect(phone.submit(link.rsplit("/", 1)[-1]), "the question page")
        return phone

    def claim(self, question_id: str, staff_id: str, link: str) -> Phone:
        """Open the link and claim the question; return the phone, which shows its page."""
        phone = self.opened(staff_id, link)
        _expect(phone.submit("claim"), "the claim")
        self._until(
            lambda: (found := self.questions.load(question_id).question) is not None and found.owner == staff_id,
            f"{staff_id} could not claim the question",
        )
        self.claims += 1
        self.timeline.did(staff_id, f"opens the link and claims {question_id[:4]}")
        return phone

    def answer(self, question_id: str, staff_id: str, phone: Phone, text: str) -> None:
        """Answer on the page, and wait until the platform has it, once."""
        _expect(phone.submit("answer", text=text), "the answer")
        self.timeline.did(staff_id, f"answers: “{text}”")

        def delivered() -> bool:
            states = [answer.state for answer in self.questions.load(question_id).answers]
            return AnswerState.SENT in states

        self._until(delivered, "the answer was not delivered")
        seen = [*self.graph.answers, *self.graph.messages]
        copies = sum(text in json.dumps(found, default=str) for found in seen)
        if copies != 1:
            raise NotHappened(f"the answer is {copies} times at the platform, not once")
        self.timeline.happened("the answer stands on the Page" if self._is_comment(question_id) else "it is delivered")

    def close(self, staff_id: str, phone: Phone, why: str) -> None:
        """Close the question on the page."""
        _expect(phone.submit("close", why=why), "closing")
        self.timeline.did(staff_id, "closes it")

    def answered_elsewhere(self, question_id: str) -> None:
        """Show that an answer in the platform's own app ends the ringing."""

        def ended() -> bool:
            self._sweep()
            question = self.questions.load(question_id).question
            return question is not None and question.state is QuestionState.ANSWERED_ELSEWHERE

        self._until(ended, "the answer in the app did not end the ringing")
        self.timeline.happened("answered elsewhere: the ringing ends, and the conversation shows it")

    def quiet(self, question_id: str) -> None:
        """Show that a message that needs no answer rang nobody."""
        self._until(lambda: self.questions.load(question_id).question is not None, "the message was not taken in")
        if self.questions.load(question_id).alerts:
            raise NotHappened("somebody was rung for a message that needs no answer")
        self.timeline.happened("needs no answer: nobody is rung")

    def phones_rest(self, later: str = "") -> None:
        """Let hours pass in which no phone rings: what the pagers remember of the last minutes is gone."""
        for staff_id in REACHED_AT:
            self.stack.client("dynamodb").delete_item(
                TableName=self.stack.tables["questions"],
                Key={"question_id": {"S": f"{PREFIX}{staff_id}"}, "item": {"S": "pager"}},
            )
        if later:
            self.timeline.happened(f"… {later}")

    def texts_back(self, staff_id: str, body: str) -> str:
        """Let a staff member answer by a text; print the reply, and return it."""
        phone = REACHED_AT[staff_id][0]
        before = len(texts(self.stack.endpoint_url, phone))
        self.timeline.did(staff_id, f"texts back: “{body}”")
        message = {"originationNumber": phone, "messageBody": body, "inboundMessageId": uuid.uuid4().hex}
        self.stack.client("sns").publish(TopicArn=self.stack.topics["replies"], Message=json.dumps(message))
        self._until(lambda: len(texts(self.stack.endpoint_url, phone)) > before, f"{staff_id} got no reply to {body!r}")
        reply = texts(self.stack.endpoint_url, phone)[-1]
        self.timeline.rang(staff_id, "sms", reply)
        return reply

    def claimed_by_text(self, question_id: str, staff_id: str) -> None:
        """Text the code of the alert back, and expect the claim."""
        words = self._words(staff_id, "sms", question_id[:4])
        code = re.search(r"Reply (\d+)", words)
        if not code:
            raise NotHappened(f"the alert names no code: {words}")
        self.texts_back(staff_id, code[1])
        question = self.questions.load(question_id).question
        if question is None or question.owner != staff_id:
            raise NotHappened(f"{staff_id} could not claim {question_id[:4]} by a text")
        self.claims += 1

    def flood(self, questions: Sequence[str], staff_id: str, told: str) -> None:
        """Wait until a flood of *questions* was told to *staff_id* in one text and a summary that says *told*."""
        phone = REACHED_AT[staff_id][0]
        self._until(
            lambda: all(self.questions.load(one).alerts for one in questions), "not everything of the flood has rung"
        )
        alerts = [alert for one in questions for alert in self.questions.load(one).alerts]
        held = sum(alert.state is AlertState.HELD for alert in alerts)
        self.timeline.rang(staff_id, "sms", self._words(staff_id, "sms", "ref"))
        self.timeline.happened(f"{held} more are held back: no phone gets more than one text a minute …")

        def summed_up() -> bool:
            self._sweep()
            return any(told in words for words in texts(self.stack.endpoint_url, phone))

        self._until(summed_up, f"{staff_id} was not told of the flood", patience=90)
        self.timeline.rang(staff_id, "sms", next(w for w in texts(self.stack.endpoint_url, phone) if told in w))

    # --- posts -------------------------------------------------------------------------------------------------

    def hold_stale_posts(self, expected: set[str]) -> None:
        """Run the timer that holds stale posts; print each hold with its reason."""
        self._invoke("PauseStalePostsFunction")
        held = {hold.post_id: hold for hold in self.posts.holds()}
        for hold in held.values():
            self.timeline.held(hold.snapshot.text, hold.reason)
        if set(held) != expected:
            raise NotHappened(f"held are {sorted(held)}, expected {sorted(expected)}")

    def owner_told(self, staff_id: str) -> None:
        """Print the email by which the owner of a held post was told; it must have come, and once."""
        found = [words for words in emails(self.stack.endpoint_url, REACHED_AT[staff_id][1]) if "is held" in words]
        if len(found) != 1:
            raise NotHappened(f"{staff_id} got {len(found)} emails on a held post")
        self.timeline.rang(staff_id, "email", found[0])

    def all_paused(self) -> None:
        """Wait until the crisis that was just started has paused everything: by the stream, or by the timer."""
        self._until(self._crisis_listed, "the crisis was not carried out", patience=60)  # the stream wakes it
        found = self.crises.current()
        if found is None or found.open_count or not found.held:
            raise NotHappened(f"the crisis left posts: {found}")
        self.timeline.happened(f"{found.held} posts are held for it, none could not be")

    def _crisis_listed(self) -> bool:
        found = self.crises.current()
        return found is not None and found.listed_at is not None

    def publish(self, post_id: str) -> None:
        """Run the timer that publishes due posts; wait until this one stands on the Page."""
        self._invoke("PublishDuePostsFunction")
        found = self.posts.load(post_id)
        if found is None or found[0].state is not PostState.PUBLISHED:
            raise NotHappened(f"the post {post_id} was not published: {found and found[0].state}")
        self.timeline.happened(f"published: “{found[0].text}”")

    # --- seen from the evening ---------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Return how much there is of everything, read from the tables and the simulated platform."""
        conversations = [self.questions.load(question_id) for question_id in sorted(self.conversations)]
        sent = [alert for found in conversations for alert in found.alerts if alert.state is AlertState.SENT]
        return {
            "messages": sum(len(found.messages) for found in conversations),
            "questions": sum(_was_opened(found) for found in conversations),
            "alerts": len(sent),
            "held_back": sum(alert.state is AlertState.HELD for found in conversations for alert in found.alerts),
            "texts": sum(alert.contact == "sms" for alert in sent),
            "emails": sum(alert.contact == "email" for alert in sent),
            "claims": self.claims,
            "answers": sum(answer.state is AnswerState.SENT for found in conversations for answer in found.answers),
            "holds": len(self.posts.holds()) + self.resumed,
            "resumed": self.resumed,
        }

    def _is_comment(self, question_id: str) -> bool:
        question = self.questions.load(question_id).question
        return question is not None and question.kind == "comment"

    def _words(self, staff_id: str, contact: str, ref: str) -> str:
        """Return the last alert about *ref* that reached the staff member."""
        phone, address = REACHED_AT[staff_id]
        outbox = texts(self.stack.endpoint_url, phone) if contact == "sms" else emails(self.stack.endpoint_url, address)
        found = [words for words in outbox if ref in words]
        if not found:
            raise NotHappened(f"{staff_id} got no {contact} about {ref}")
        return found[-1]

    def _sweep(self) -> None:
        """Let the minute pass: the timer's function runs now, as it does every minute anyway."""
        if time.monotonic() - self._read > 1.0:
            self._read = time.monotonic()
            self._invoke("EscalateQuestionsFunction")

    def _invoke(self, logical_id: str) -> None:
        name = self.stack.functions[logical_id]
        answer = self.stack.client("lambda").invoke(FunctionName=name, Payload=b"{}")
        if "FunctionError" in answer:
            raise NotHappened(f"{logical_id} failed: {answer['Payload'].read()[:500].decode()}")

    def _until(self, holds: Callable[[], bool], otherwise: str, *, patience: float = PATIENCE) -> None:
        end = time.monotonic() + patience
        while not holds():
            if time.monotonic() > end:
                raise NotHappened(f"{otherwise} within {patience:.0f} s")
            time.sleep(0.2)


def _whatsapp_text(text: str) -> dict[str, Any]:
    return {"timestamp": str(int(time.time())), "type": "text", "text": {"body": text}}


def _feed(value: dict[str, Any]) -> dict[str, Any]:
    return {"field": "feed", "value": value}


def _was_opened(conversation: Conversation) -> bool:
    return any(event.kind == "opened" for event in conversation.events)


def _expect(status: int, what: str) -> None:
    if status != OK:
        raise NotHappened(f"{what} was refused with {status}")
