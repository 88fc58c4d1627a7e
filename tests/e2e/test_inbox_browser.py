"""The inbox in a real browser, on a phone's screen: Debian's Chromium against the handler on fakes.

Screenshots are left in .local/screens, for a person to look at.
"""

from __future__ import annotations

import shutil
import threading
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from functions.inbox.app import inbox
from switchboard.domain.pager import mark_dead
from switchboard.domain.question import AnswerState, Change, QuestionState
from switchboard.domain.vocabulary import Urgency
from tests.fakes.hospital import message
from tests.fakes.visitor import House

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as Tab

    from switchboard.domain.pager import Pager

CHROMIUM = shutil.which("chromium")
SCREENS = Path(__file__).parents[2] / ".local" / "screens"
PREFIX = "/_aws/execute-api/abc123/live"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium, or make browser")


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def base(house: House) -> Iterator[str]:
    """Serve *house* as API Gateway does, below the prefix that the embedded AWS has; return its address."""

    class Gateway(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def _answer(self, body: bytes) -> None:
            if not self.path.startswith(PREFIX):
                self.send_error(404)
                return
            event: dict[str, Any] = {
                "httpMethod": self.command,
                "path": self.path.removeprefix(PREFIX).partition("?")[0],
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": b64encode(body).decode() if body else None,
                "isBase64Encoded": bool(body),
                "requestContext": {"path": self.path},
            }
            answer = inbox(event, desk=house.desk, now=house.now)
            self.send_response(answer["statusCode"])
            for name, values in answer["multiValueHeaders"].items():
                for value in values:
                    self.send_header(name, value)
            content = answer["body"].encode()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A phone without scripts: the inbox needs none."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, java_script_enabled=False
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


def shoot(tab: Tab, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def fill(house: House) -> None:
    """Make the question look as questions do: an edit, a removal, pictures, a permalink."""
    house.question_id = house.takes(
        message(
            1,
            "Hello, my mother is on ward 4 since Sunday. What are your visiting hours, and may the children come too?",
            thread_id="t9",
            permalink="https://facebook.example/comment/1",
            attachments=("image", "image"),
        ),
        message(2, "", thread_id="t9", change="removed", changed_at=house.now),
        message(3, "We would come on Saturday.\n\nThank you!", thread_id="t9", change="edited", changed_at=house.now),
    )
    for thread, urgency, minutes in (("t4", Urgency.EMERGENCY, -12), ("t5", Urgency.URGENT, 23)):
        question = house.questions.load(house.takes(message(5, thread_id=thread))).question
        assert question is not None
        house.questions.commit(
            Change(
                question=replace(
                    question,
                    urgency=urgency,
                    answer_by=house.now + timedelta(minutes=minutes),
                    version=question.version + 1,
                )
            )
        )


def test_a_link_is_opened_the_question_claimed_and_answered(house: House, base: str, phone: BrowserContext) -> None:
    fill(house)
    tab = phone.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))

    tab.goto(base + house.link())
    shoot(tab, "1-link")
    tab.get_by_role("button", name="Open your question").click()
    expect(tab).to_have_title(f"Question {house.question.ref} - Mercy Social")
    shoot(tab, "2-question")

    tab.get_by_role("button", name="Claim it").click()
    expect(tab.get_by_text("You have it, until 16:01")).to_be_visible()
    assert house.question.owner == "maria"
    shoot(tab, "3-claimed")

    tab.get_by_label("Your answer").fill("Every day from ten to eight. Children are welcome!\n\nMercy's team")
    tab.get_by_role("button", name="Send the answer").click()
    expect(tab.get_by_text("Your answer is on its way")).to_be_visible()
    (answer,) = house.conversation.answers
    assert answer.state is AnswerState.PENDING
    assert answer.text == "Every day from ten to eight. Children are welcome!\n\nMercy's team"
    tab.get_by_text("History").click()
    shoot(tab, "4-answered")

    tab.get_by_role("link", name="All questions").click()
    expect(tab.get_by_role("heading", name="Questions waiting")).to_be_visible()
    shoot(tab, "5-inbox")
    assert all(url.startswith(base) or url.endswith("/favicon.ico") for url in asked)


def test_a_used_link_and_a_refusal_are_told(house: House, base: str, phone: BrowserContext, browser: Browser) -> None:
    fill(house)
    tab = phone.new_page()
    tab.goto(base + house.link())
    tab.get_by_role("button").click()
    other = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    late = other.new_page()

    late.goto(base + house.link("james", token="J" * 22))
    late.get_by_role("button").click()
    tab.get_by_role("button", name="Claim it").click()
    late.get_by_label("Your answer").fill("From ten to eight.")
    late.get_by_role("button", name="Send the answer").click()
    expect(late.get_by_role("alert")).to_contain_text("Already claimed by Maria Lopez at 12:01.")
    expect(late.get_by_label("This is what you wrote")).to_have_value("From ten to eight.")
    shoot(late, "6-refused")

    late.goto(f"{base}/c/{'J' * 22}")
    expect(late.get_by_text("no longer works")).to_be_visible()
    shoot(late, "7-used-link")
    late.get_by_role("link", name="Go to the inbox").click()
    expect(late).to_have_title("Inbox - Mercy Social")
    other.close()


def test_a_question_is_handed_over_and_closed(house: House, base: str, phone: BrowserContext) -> None:
    tab = phone.new_page()
    tab.goto(base + house.link())
    tab.get_by_role("button").click()

    tab.get_by_text("Hand it over").first.click()
    tab.get_by_label("To whom?").select_option(label="James Okafor")
    shoot(tab, "8-hand-over")
    tab.get_by_role("button", name="Hand it over").click()
    expect(tab.get_by_text("Handed over to James Okafor; not claimed yet")).to_be_visible()

    tab.get_by_text("Close it without answering here").click()
    tab.get_by_label("Why?").select_option(label="Spam")
    tab.get_by_role("button", name="Close it").click()
    expect(tab.get_by_text("Closed", exact=True)).to_be_visible()
    assert house.question.state is QuestionState.CLOSED


def test_a_question_is_passed_on_and_the_page_says_who_is_rung(house: House, base: str, phone: BrowserContext) -> None:
    fill(house)
    house.rings("maria", reply_by=house.now + timedelta(hours=23))
    tab = phone.new_page()
    tab.goto(base + house.link())
    tab.get_by_role("button").click()

    expect(tab.get_by_text("Rings James Okafor at 12:16, in 15 min.")).to_be_visible()
    not_me = tab.get_by_role("button", name="Not me, ring the next")
    expect(not_me).to_have_accessible_description("Rings James Okafor at once.")
    tab.get_by_text("History").click()
    shoot(tab, "10-ringing")
    not_me.click()

    expect(tab.get_by_text("Rings James Okafor now.")).to_be_visible()
    expect(tab.get_by_role("status")).to_contain_text("You passed it on at 12:01.")
    shoot(tab, "11-passed-on")
    assert [event.kind for event in house.conversation.events] == ["opened", "rung", "passed_on"]


def test_staff_go_away_come_back_and_sign_out(house: House, base: str, phone: BrowserContext) -> None:
    tab = phone.new_page()
    house.pagers.save(replace(opted_out(house, "james"), away_until=house.now + timedelta(hours=2)))
    tab.goto(base + house.link("james", question_id=""))
    expect(tab.get_by_role("heading", name="Open the inbox")).to_be_visible()
    tab.get_by_role("button").click()

    expect(tab).to_have_title("Inbox - Mercy Social")
    expect(tab.get_by_role("alert")).to_contain_text("Text START to the number that alerts come from.")
    shoot(tab, "12-dead-and-away")
    tab.get_by_role("button", name="I'm back").click()
    expect(tab.get_by_text("You are away")).to_have_count(0)
    tab.get_by_text("Be away").click()
    shoot(tab, "13-inbox")
    tab.get_by_role("button", name="Until Wed 14 Oct, 08:00").click()
    expect(tab.get_by_text("You are away until Wed 14 Oct, 08:00.")).to_be_visible()
    shoot(tab, "14-away")

    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert not phone.cookies()
    assert not house.sessions.sessions
    tab.goto(base + "/inbox")
    expect(tab.get_by_role("heading", name="Please sign in")).to_be_visible()


def opted_out(house: House, staff_id: str) -> Pager:
    """Return the pager of *staff_id*, whose phone is opted out."""
    phone = house.automation.current().staff[staff_id].phone
    assert phone is not None
    marked = mark_dead(house.pagers[staff_id], "sms", phone, reason="opted_out", now=house.now)
    assert marked is not None
    return marked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_the_phone_its_words_are_legible_and_its_buttons_large(
    house: House, base: str, browser: Browser, scheme: Any
) -> None:
    fill(house)
    house.pagers.save(replace(opted_out(house, "maria"), away_until=house.now + timedelta(hours=2)))
    context = browser.new_context(viewport={"width": 320, "height": 700}, color_scheme=scheme, bypass_csp=True)
    tab = context.new_page()
    tab.goto(base + house.link())
    tab.get_by_role("button").click()

    shoot(tab, f"9-{scheme}")
    for summary in tab.locator("summary").all():
        summary.click()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert min(tab.evaluate("[...document.querySelectorAll('button,select,summary')].map(e => e.offsetHeight)")) >= 44
    assert tab.evaluate(UNLABELLED) == []
    assert tab.evaluate(FAINT) == []
    tab.goto(f"{base}/inbox")
    shoot(tab, f"9-{scheme}-inbox")
    for summary in tab.locator("summary").all():
        summary.click()
    assert min(tab.evaluate("[...document.querySelectorAll('button,select,summary')].map(e => e.offsetHeight)")) >= 44
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert tab.evaluate(FAINT) == []
    context.close()


UNLABELLED = """[...document.querySelectorAll('select,textarea')].filter(e => e.labels.length === 0).map(e => e.id)"""

# WCAG 2.2, 1.4.3: text and its ground differ by 4.5 to 1 at least.
FAINT = """(() => {
  const parts = colour => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parts(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => [light(parts(getComputedStyle(e).color)), light(ground(e)), e])
    .filter(([a, b]) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5)
    .map(([a, b, e]) => e.outerHTML.slice(0, 80));
})()"""
