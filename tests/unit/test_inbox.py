"""The inbox on fakes: what each request does, shows and refuses."""

from __future__ import annotations

import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode, urljoin

import pytest

from functions.inbox import app as inbox_app
from functions.inbox.request import LARGEST_FORM, SESSION_COOKIE
from switchboard.domain.handling import claim, close
from switchboard.domain.question import AnswerState, Change, QuestionState
from switchboard.domain.session import SESSION_LIFETIME
from tests.fakes.hospital import NOON, config, message
from tests.fakes.visitor import TOKEN, House, Page, Phone

ACTIONS = ("claim", "answer", "hand-over", "pass-on", "close")


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def maria(house: House) -> Phone:
    return house.phone("maria")


# --- links and sessions ----------------------------------------------------------------------------------------


def test_the_page_of_a_link_shows_nothing_about_the_question(house: House) -> None:
    page = house.phone().get(house.link())

    assert page.status == 200
    assert "Open your question" in page.text
    for secret in (house.question_id, house.question.ref, "Mercy", "Facebook", "Maria", "visiting", "normal"):
        assert secret not in page.text
    assert "set-cookie" not in {name.lower() for name in page.headers}


def test_a_link_opens_the_question_and_begins_a_session(house: House) -> None:
    phone = house.phone()

    opened = phone.post(house.link(), {})

    assert opened.status == 303
    assert urljoin(opened.url, opened.header("location")).endswith(f"/live/inbox/{house.question_id}")
    assert phone.get(f"/inbox/{house.question_id}").status == 200


def test_the_session_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(house: House) -> None:
    cookie = house.phone().post(house.link(), {}).header("set-cookie")

    name, *attributes = cookie.split("; ")
    assert name.startswith(f"{SESSION_COOKIE}=")
    assert len(name) > 50
    assert set(attributes) == {"Path=/", "Max-Age=43200", "HttpOnly", "Secure", "SameSite=Lax"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_used_link_says_so(house: House, method: str) -> None:
    house.phone("maria")

    page = house.phone().send(method, f"/c/{TOKEN}", body="" if method == "POST" else None)

    assert page.status == 410
    assert "no longer works" in page.text
    assert "newest text or email" in page.text


def test_whoever_is_signed_in_gets_on_from_a_used_link(house: House, maria: Phone) -> None:
    page = maria.get(f"/c/{TOKEN}")

    assert page.status == 410
    assert "https://abc123.execute-api.eu-west-1.amazonaws.com/live/inbox" in page.links


def test_an_expired_link_says_so(house: House) -> None:
    path = house.link()
    house.now += timedelta(minutes=30)

    assert house.phone().get(path).status == 410
    assert house.phone().post(path, {}).status == 410


@pytest.mark.parametrize("token", ["x", "A" * 22, "A" * 500, "%00", "..%2f..", "inbox"])
def test_a_made_up_link_is_over_or_nowhere(house: House, token: str) -> None:
    assert house.phone().post(f"/c/{token}", {}).status in (410, 404)
    assert not house.sessions.sessions


def test_of_many_who_use_a_link_at_once_one_gets_a_session(house: House) -> None:
    path = house.link()
    phones = [house.phone() for _ in range(16)]

    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(page.status for page in pool.map(lambda phone: phone.post(path, {}), phones))

    assert statuses == [303] + [410] * 15
    assert len(house.sessions.sessions) == 1


def test_a_new_link_ends_the_session_before_it(house: House, maria: Phone) -> None:
    maria.post(house.link(token="B" * 22), {})

    assert len(house.sessions.sessions) == 1


def test_secrets_are_not_stored(house: House, maria: Phone) -> None:
    secret = maria.cookie.partition("=")[2]

    assert secret
    assert secret not in repr(house.stored())
    assert TOKEN not in repr(house.stored())


def test_a_session_lasts_twelve_hours(house: House, maria: Phone) -> None:
    house.now += SESSION_LIFETIME - timedelta(seconds=1)
    assert maria.get("/inbox").status == 200

    house.now += timedelta(seconds=1)
    assert maria.get("/inbox").status == 401


@pytest.mark.parametrize("path", ["/inbox", "/inbox/QUESTION"])
@pytest.mark.parametrize("cookie", ["", f"{SESSION_COOKIE}=", f"{SESSION_COOKIE}=made-up", "x=1"])
def test_nothing_is_shown_without_a_session(house: House, path: str, cookie: str) -> None:
    phone = house.phone()
    phone.cookie = cookie

    page = phone.get(path.replace("QUESTION", house.question_id))

    assert page.status == 401
    assert house.question.ref not in page.text
    assert "Mercy" not in page.text


def test_whoever_leaves_the_staff_list_is_out_at_once(house: House, maria: Phone) -> None:
    form = maria.get(f"/inbox/{house.question_id}").form("claim")
    staff = {name: member for name, member in config().staff.items() if name != "maria"}
    house.automation.config = config().model_copy(update={"staff": staff})

    assert maria.get("/inbox").status == 401
    assert maria.post(f"/inbox/{house.question_id}/claim", form).status == 401
    assert house.phone().post(house.link("maria"), {}).status == 401
    assert house.question.state is QuestionState.OPEN


# --- GET changes nothing, every answer is guarded --------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_get_and_head_change_nothing(house: House, maria: Phone, method: str) -> None:
    link = house.link("james")
    question = f"/inbox/{house.question_id}"
    before = house.stored()

    for path in (link, "/inbox", question, "/inbox/static/style.css", "/nowhere", f"/c/{'A' * 22}"):
        maria.get(path, method)
        house.phone().get(path, method)
    for action in ACTIONS:
        assert maria.get(f"{question}/{action}", method).status == 404

    assert house.stored() == before


def test_head_is_get_without_the_body(house: House, maria: Phone) -> None:
    for path in (house.link(), "/inbox", f"/inbox/{house.question_id}", "/nowhere"):
        got, head = maria.get(path), maria.get(path, "HEAD")
        assert (head.status, head.headers, head.text) == (got.status, got.headers, "")


def test_every_answer_carries_the_guarding_headers(house: House, maria: Phone) -> None:
    question = f"/inbox/{house.question_id}"
    james = house.phone("james")
    form = james.get(question).form("claim")
    pages = [
        maria.get("/inbox"),
        maria.get(question),
        maria.get("/nowhere"),
        maria.get("/inbox/static/style.css"),
        maria.act("claim"),
        house.phone().get("/inbox"),
        house.phone().get(house.link()),
        house.phone().post(f"{question}/claim", {}),
        james.post(f"{question}/claim", form),
    ]
    house.questions.load = _broken  # type: ignore[method-assign, assignment]
    pages.append(maria.get(question))

    assert {page.status for page in pages} >= {200, 303, 401, 404, 409, 500}
    for page in pages:
        assert page.header("content-security-policy") == (
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert page.header("referrer-policy") == "no-referrer"
        assert page.header("x-content-type-options") == "nosniff"
        assert page.header("strict-transport-security").startswith("max-age=31536000")
        if "css" not in page.header("content-type"):
            assert page.header("cache-control") == "no-store"


def _broken(_: str) -> None:
    raise KeyError("Pat Example wrote: a secret text")


def _logged(caplog: pytest.LogCaptureFixture) -> str:
    return caplog.text + "".join(str(vars(record)) for record in caplog.records)


def test_no_exception_leaves_the_inbox_and_none_is_shown_or_logged_with_its_text(
    house: House, maria: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    house.questions.load = _broken  # type: ignore[method-assign, assignment]

    page = maria.get(f"/inbox/{house.question_id}")

    assert page.status == 500
    logged = _logged(caplog)
    assert "KeyError" in logged
    assert "secret" not in page.text + logged


def test_a_handler_that_is_not_configured_answers_with_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUESTIONS_TABLE", raising=False)

    answer = inbox_app.handler({"path": "/inbox", "httpMethod": "GET", "headers": None}, None)  # type: ignore[arg-type]

    assert answer["statusCode"] == 500
    assert "QUESTIONS_TABLE" not in answer["body"]


@pytest.mark.parametrize(
    "event", [{}, {"path": None}, {"path": "/", "headers": {}}, {"path": "/inbox", "httpMethod": "PUT"}]
)
def test_an_event_that_is_none_gets_an_answer(house: House, event: dict[str, object]) -> None:
    answer = inbox_app.inbox(event, desk=house.desk, now=NOON)

    assert answer["statusCode"] in (401, 404)


def test_a_config_that_cannot_be_read_shuts_the_inbox(house: House, maria: Phone) -> None:
    house.automation.config = house.automation.last_good = None

    assert maria.get("/inbox").status == 500


# --- forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("csrf", [None, "", "forged", "ä", "\ud800"])
@pytest.mark.parametrize("action", ACTIONS)
def test_a_forged_form_does_nothing(house: House, maria: Phone, action: str, csrf: str | None) -> None:
    fields = {"to": "james", "why": "done", "text": "Hello", "answer_id": "A" * 22, "in_reply_to": "m1"}
    before = house.questions.snapshot()
    encoded = urlencode(fields | ({} if csrf is None else {"csrf": csrf}), errors="replace")

    page = maria.send("POST", f"/inbox/{house.question_id}/{action}", body=encoded)

    assert page.status == 403
    assert house.questions.snapshot() == before


def test_the_secret_of_anothers_form_does_nothing(house: House, maria: Phone) -> None:
    stolen = house.phone("james").get(f"/inbox/{house.question_id}").form("claim")

    assert maria.post(f"/inbox/{house.question_id}/claim", stolen).status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec_Fetch_Site": "none"}, 303),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
    ],
)
def test_a_form_of_another_site_does_nothing(house: House, maria: Phone, headers: dict[str, str], status: int) -> None:
    form = maria.get(f"/inbox/{house.question_id}").form("claim")

    assert maria.post(f"/inbox/{house.question_id}/claim", form, **headers).status == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://abc123.execute-api.eu-west-1.amazonaws.com", 303),
        ("null", 303),
        ("https://evil.example", 403),
        ("https://abc123.execute-api.eu-west-1.amazonaws.com.evil.example", 403),
        ("http://[", 403),
    ],
)
def test_without_fetch_metadata_the_origin_decides(house: House, maria: Phone, origin: str, status: int) -> None:
    fields = maria.get(f"/inbox/{house.question_id}").form("claim")
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "host": "abc123.execute-api.eu-west-1.amazonaws.com",
    }
    headers |= {"origin": origin, "cookie": maria.cookie}

    page = _bare(house, f"/inbox/{house.question_id}/claim", urlencode(fields), headers)

    assert page == status


def _bare(house: House, path: str, body: str, headers: dict[str, str]) -> int:
    event = {"httpMethod": "POST", "path": path, "headers": headers, "body": body}
    status: int = inbox_app.inbox(event, desk=house.desk, now=house.now)["statusCode"]
    return status


def test_a_link_cannot_be_used_from_another_site(house: House) -> None:
    path = house.link()

    assert house.phone().post(path, {}, Sec_Fetch_Site="cross-site").status == 403
    assert house.phone().post(path, {}).status == 303


def test_a_body_in_base64_is_read(house: House, maria: Phone) -> None:
    form = urlencode(maria.get(f"/inbox/{house.question_id}").form("claim")).encode()

    page = maria.send("POST", f"/inbox/{house.question_id}/claim", body=b64encode(form).decode(), isBase64Encoded=True)

    assert page.status == 303


@pytest.mark.parametrize(
    ("body", "event", "headers", "status"),
    [
        ("csrf=a&csrf=b", {}, {}, 400),
        ("text=%ff", {}, {}, 400),
        ("text=ä", {}, {}, 400),
        ("&".join(f"f{n}=1" for n in range(50)), {}, {}, 400),
        ("no base64!", {"isBase64Encoded": True}, {}, 400),
        ("a=" + "x" * LARGEST_FORM, {}, {}, 413),
        ("x" * 10_000_000, {"isBase64Encoded": True}, {}, 413),
        ("{}", {}, {"Content_Type": "application/json"}, 415),
        ("", {}, {"Content_Type": ""}, 415),
        ("", {}, {}, 403),
    ],
)
def test_what_is_no_form_of_ours_is_refused(
    house: House, maria: Phone, body: str, event: dict[str, bool], headers: dict[str, str], status: int
) -> None:
    page = maria.send("POST", f"/inbox/{house.question_id}/claim", body=body, headers=headers, **event)

    assert page.status == status
    assert house.question.state is QuestionState.OPEN


@pytest.mark.parametrize("question_id", ["A" * 26, "nowhere", "%2e%2e", "question#1"])
def test_a_question_that_is_not_there_is_not_found(house: House, maria: Phone, question_id: str) -> None:
    csrf = maria.get(f"/inbox/{house.question_id}").form("claim")

    assert maria.get(f"/inbox/{question_id}").status == 404
    assert maria.post(f"/inbox/{question_id}/claim", csrf).status == 404
    assert house.question_id in house.questions.snapshot()
    assert len(house.questions.commits) == 1


@pytest.mark.parametrize("file", ["style.css.map", "..%2fapp.py", "app.py", "../app.py"])
def test_only_the_style_sheet_is_served(house: House, file: str) -> None:
    assert house.phone().get("/inbox/static/style.css").header("content-type") == "text/css; charset=utf-8"
    assert house.phone().get(f"/inbox/static/{file}").status == 404


# --- what staff do ---------------------------------------------------------------------------------------------


def test_claiming_from_the_page(house: House, maria: Phone) -> None:
    done = maria.act("claim")

    assert done.status == 303
    assert house.question.state is QuestionState.CLAIMED
    assert house.question.owner == "maria"
    assert house.question.claimed_until == house.now + timedelta(hours=4)
    assert "You have it, until 16:01" in maria.get(f"/inbox/{house.question_id}").text


def test_what_another_has_claimed_cannot_be_claimed(house: House, maria: Phone) -> None:
    james = house.phone("james")
    form = james.get(f"/inbox/{house.question_id}").form("claim")
    maria.act("claim")

    page = james.post(f"/inbox/{house.question_id}/claim", form)

    assert page.status == 409
    assert "Already claimed by Maria Lopez at 12:01." in page.text
    assert house.question.owner == "maria"
    assert not any(f"/inbox/{house.question_id}/" in link for link in page.links)


def test_of_two_who_claim_at_once_one_gets_it_and_the_other_is_told(house: House, maria: Phone) -> None:
    james = house.phone("james")
    form = james.get(f"/inbox/{house.question_id}").form("claim")
    house.questions.before_commit = [lambda: _claims(house, "maria")]

    page = james.post(f"/inbox/{house.question_id}/claim", form)

    assert page.status == 409
    assert "Already claimed by Maria Lopez" in page.text
    assert house.question.owner == "maria"


def _claims(house: House, staff_id: str) -> None:
    change = claim(house.conversation, staff_id, now=house.now, lasting=timedelta(hours=1))
    assert isinstance(change, Change)
    house.questions.commit(change)


def test_of_many_who_claim_at_once_exactly_one_gets_it(house: House) -> None:
    names = [f"person-{number}" for number in range(12)]
    staff = {name: config().staff["maria"] for name in names}
    house.automation.config = config().model_copy(update={"staff": dict(config().staff) | staff})
    phones = []
    for number, name in enumerate(names):
        phone = Phone(house)
        phone.post(house.link(name, token=f"{number:022}"), {})
        phones.append(phone)
    barrier = threading.Barrier(len(phones))

    def run(phone: Phone) -> int:
        form = phone.get(f"/inbox/{house.question_id}").form("claim")
        barrier.wait()
        return phone.post(f"/inbox/{house.question_id}/claim", form).status

    with ThreadPoolExecutor(len(phones)) as pool:
        statuses = sorted(pool.map(run, phones))

    assert statuses == [303] + [409] * (len(phones) - 1)


def test_a_question_that_keeps_changing_is_left_alone_and_the_page_says_so(house: House, maria: Phone) -> None:
    def touched() -> None:
        house.questions.commit(Change(question=replace(house.question, version=house.question.version + 1)))

    form = maria.get(f"/inbox/{house.question_id}").form("answer")
    house.questions.before_commit = [step for _ in range(3) for step in (touched, lambda: None)]

    page = maria.post(f"/inbox/{house.question_id}/answer", form | {"text": "From ten to eight."})

    assert page.status == 409
    assert "changed at the same moment" in page.text
    assert "From ten to eight." in page.text
    assert not house.conversation.answers


def test_an_action_is_decided_anew_when_something_else_changed(house: House, maria: Phone) -> None:
    def touched() -> None:
        house.questions.commit(Change(question=replace(house.question, version=house.question.version + 1)))

    form = maria.get(f"/inbox/{house.question_id}").form("claim")
    house.questions.before_commit = [touched]

    assert maria.post(f"/inbox/{house.question_id}/claim", form).status == 303
    assert house.question.owner == "maria"


def test_answering_from_the_page(house: House, maria: Phone) -> None:
    done = maria.act("answer", text="  From ten\r\nto eight.  ")

    assert done.status == 303
    (written,) = house.conversation.answers
    assert (written.text, written.staff_id, written.in_reply_to) == ("From ten\nto eight.", "maria", "m1")
    assert written.state is AnswerState.PENDING
    assert house.question.state is QuestionState.ANSWERING
    page = maria.get(f"/inbox/{house.question_id}")
    assert "Your answer is on its way" in page.text
    assert "On its way" in page.text


def test_the_same_form_sent_twice_is_one_answer(house: House, maria: Phone) -> None:
    form = maria.get(f"/inbox/{house.question_id}").form("answer") | {"text": "From ten to eight."}

    pages = [maria.post(f"/inbox/{house.question_id}/answer", form) for _ in range(3)]

    assert [page.status for page in pages] == [303] * 3
    assert len(house.conversation.answers) == 1


def test_a_refused_answer_keeps_what_was_written(house: House, maria: Phone) -> None:
    form = maria.get(f"/inbox/{house.question_id}").form("answer")
    house.takes(message(2, "And may I bring my dog?"))

    page = maria.post(f"/inbox/{house.question_id}/answer", form | {"text": "\nFrom ten to eight."})

    assert page.status == 409
    assert "not the latest message" in page.text
    assert "And may I bring my dog?" in page.text
    assert "From ten to eight.</textarea>" in page.text
    assert page.form("answer") == form | {"in_reply_to": "m2"}


def test_an_answer_written_when_the_session_ended_is_given_back(house: House, maria: Phone) -> None:
    form = maria.get(f"/inbox/{house.question_id}").form("answer")
    house.now += SESSION_LIFETIME

    page = maria.post(f"/inbox/{house.question_id}/answer", form | {"text": "From <ten> to eight."})

    assert page.status == 401
    assert "From &lt;ten&gt; to eight.</textarea>" in page.text


def test_what_another_site_sends_is_not_shown(house: House, maria: Phone) -> None:
    page = maria.post(f"/inbox/{house.question_id}/answer", {"text": "Call 555"}, Sec_Fetch_Site="cross-site")

    assert page.status == 403
    assert "Call 555" not in page.text


def test_handing_over_from_the_page(house: House, maria: Phone) -> None:
    maria.act("claim")

    assert maria.act("hand-over", to="james").status == 303

    assert (house.question.state, house.question.owner, house.question.handed_to) == (QuestionState.OPEN, "", "james")
    assert "Handed over to you; not claimed yet" in house.phone("james").get(f"/inbox/{house.question_id}").text


@pytest.mark.parametrize("to", ["", "nobody", "maria"])
def test_a_question_is_handed_over_to_somebody_else_of_the_staff_only(house: House, maria: Phone, to: str) -> None:
    page = maria.act("hand-over", to=to)

    assert page.status == 409
    assert house.question.handed_to == ""


def test_closing_from_the_page(house: House, maria: Phone) -> None:
    assert maria.act("close", why="answered_elsewhere").status == 303

    assert house.question.state is QuestionState.CLOSED
    page = maria.get(f"/inbox/{house.question_id}").text
    assert "Maria Lopez closed it: answered elsewhere, by phone or email." in page
    assert "Open it again and claim it" in page


def test_closing_needs_a_reason(house: House, maria: Phone) -> None:
    assert maria.act("close", why="bored").status == 409
    assert house.question.state is QuestionState.OPEN


def test_logs_hold_ids_and_no_text(house: House, maria: Phone, caplog: pytest.LogCaptureFixture) -> None:
    maria.act("answer", text="From ten to eight.")

    logged = _logged(caplog)
    assert house.question_id in logged
    for word in ("ten to eight", "Pat Example", "visiting", "Maria Lopez", maria.cookie.partition("=")[2]):
        assert word not in logged


# --- what is shown ---------------------------------------------------------------------------------------------


def test_the_page_tells_all_about_the_question(house: House, maria: Phone) -> None:
    page = maria.get(f"/inbox/{house.question_id}").text

    for words in ("Pat Example", "What are your visiting hours?", "<dd>Facebook</dd>", "Normal"):
        assert words in page
    assert "Answer by</dt><dd>16:01, in 4 h" in page
    assert "Nobody has it yet" in page
    assert "The question was opened." in page
    assert '<html lang="en">' in page
    assert f"<title>Question {house.question.ref} - Mercy Social</title>" in page


@pytest.mark.parametrize("field", ["text", "author_name", "permalink"])
def test_what_the_author_writes_is_shown_as_text(house: House, maria: Phone, field: str) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
    values = {"text": "What?", field: ("https://x/" if field == "permalink" else "") + nasty}
    house.question_id = house.takes(message(9, thread_id="t9", **values))

    page = maria.get(f"/inbox/{house.question_id}").text

    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://example.org", "data:text/html,x", " https://x"])
def test_only_https_links_are_shown(house: House, maria: Phone, link: str) -> None:
    house.question_id = house.takes(message(9, thread_id="t9", permalink=link))

    assert "See it on" not in maria.get(f"/inbox/{house.question_id}").text


def test_attachments_are_named_and_the_post_is_linked(house: House, maria: Phone) -> None:
    house.question_id = house.takes(
        message(9, thread_id="t9", attachments=("image", "image", "video"), permalink="https://facebook.example/1")
    )

    page = maria.get(f"/inbox/{house.question_id}").text

    assert "With 2 images, 1 video; not shown here." in page
    assert '<a href="https://facebook.example/1" rel="noreferrer noopener">See it on Facebook</a>' in page


def test_a_removed_message_is_gone_and_says_so(house: House, maria: Phone) -> None:
    house.takes(message(2, "My number is 555-0100, is that right?"))
    house.takes(message(2, change="removed", changed_at=house.now))

    page = maria.get(f"/inbox/{house.question_id}").text

    assert "The author removed this message." in page
    assert "555-0100" not in page
    assert page.count("Pat Example") == 1


def test_an_edited_message_says_so(house: House, maria: Phone) -> None:
    house.takes(message(1, "When may I visit?", change="edited", changed_at=house.now))

    page = maria.get(f"/inbox/{house.question_id}").text

    assert "When may I visit?" in page
    assert "· edited" in page


def test_a_web_form_says_why_it_cannot_be_answered_and_offers_to_close(house: House, maria: Phone) -> None:
    house.question_id = house.takes(
        message(5, channel="website", platform="web_form", kind="form", thread_id="f1", message_id="f1")
    )

    page = maria.get(f"/inbox/{house.question_id}")

    assert "by the email or phone they left" in page.text
    assert "/answer" not in page.text
    assert page.form("close")


def test_a_private_answer_is_not_announced_as_public(house: House, maria: Phone) -> None:
    assert "as everybody will read it on Facebook" in maria.get(f"/inbox/{house.question_id}").text

    house.question_id = house.takes(message(7, platform="messenger", kind="direct_message", thread_id="d1"))

    assert "as they will read it on Messenger" in maria.get(f"/inbox/{house.question_id}").text


def test_the_list_shows_emergencies_that_nobody_has_then_mine_then_by_urgency(house: House, maria: Phone) -> None:
    maria.act("claim")
    mine = house.question.ref
    others = []
    for number in (2, 3, 4):
        house.now += timedelta(minutes=1)
        others.append(house.takes(message(number, thread_id=f"t{number}", message_id=f"m{number}")))
    urgent = house.questions.load(others[2]).question
    assert urgent is not None
    raised = replace(urgent, urgency=type(urgent.urgency).EMERGENCY, version=urgent.version + 1)
    house.questions.commit(Change(question=raised))

    page = maria.get("/inbox").text

    refs = [others[2][:4], mine, others[0][:4], others[1][:4]]
    assert sorted(refs, key=page.index) == refs
    assert "What are your visiting hours?" not in page
    assert "Pat Example" not in page


def test_a_finished_question_is_not_in_the_list(house: House, maria: Phone) -> None:
    maria.act("close", why="done")

    assert "Nobody is waiting" in maria.get("/inbox").text


def test_a_long_list_says_how_many_more(house: House, maria: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_app, "LONGEST_LIST", 2)
    for number in (2, 3, 4):
        house.takes(message(number, thread_id=f"t{number}"))

    page = maria.get("/inbox").text

    assert page.count('class="card') - page.count('class="cards') == 2
    assert "And 2 more." in page


@pytest.mark.parametrize(
    ("prefix", "seen"),
    [
        ("", ""),
        ("/live", ""),
        ("/live", "/live"),
        ("/_aws/execute-api/abc123/live", ""),
        ("/social", "/social"),
        ("/inbox", "/inbox"),
        ("/c", "/c"),
        ("/restapis/abc123/live/_user_request_", ""),
    ],
)
def test_links_lead_back_to_the_application_wherever_it_lies(house: House, prefix: str, seen: str) -> None:
    phone = Phone(house, prefix=prefix, seen=seen)
    link = house.link()
    question = f"/inbox/{house.question_id}"
    pages: list[Page] = [phone.get(link)]
    opened = phone.post(link, {})
    pages += [phone.get(link), phone.get(question), phone.get("/inbox"), phone.post(f"{question}/close", {})]
    refused = phone.act("close", why="bored")
    pages.append(refused)
    done = phone.act("claim")

    ours = f"https://abc123.execute-api.eu-west-1.amazonaws.com{prefix}"
    root = f"{ours}/inbox"
    for page in pages:
        assert page.links
        assert all(found == ours + link or found.startswith(root) for found in page.links), page.links
    for page in (opened, done):
        assert urljoin(page.url, page.header("location")) == f"{root}/{house.question_id}"


def test_a_message_that_the_page_did_not_show_is_not_closed_away(house: House, maria: Phone) -> None:
    form = maria.get(f"/inbox/{house.question_id}").form("close") | {"why": "done"}
    house.takes(message(2, "And may I bring my dog?"))

    page = maria.post(f"/inbox/{house.question_id}/close", form)

    assert page.status == 409
    assert "may I bring my dog" in page.text
    assert house.question.unfinished
    assert maria.act("close", why="done").status == 303


def test_a_closed_question_can_be_opened_again(house: House, maria: Phone) -> None:
    change = close(house.conversation, "james", now=house.now, why="spam")
    assert isinstance(change, Change)
    house.questions.commit(change)

    maria.act("claim")

    assert house.question.state is QuestionState.CLAIMED
    assert "Maria Lopez opened the question again." in maria.get(f"/inbox/{house.question_id}").text
