"""What Mastodon tells us becomes messages, page by page, and what goes wrong has a name."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.message import Ignored, Message
from switchboard.errors import Misconfigured, Unavailable
from switchboard.platforms import polled
from switchboard.platforms.mastodon import MastodonNotifications
from switchboard.ports import Channel, ChannelSecret

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.ports import Page

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
US = "1001"
CHANNEL = Channel(name="mercy-mastodon", platform="mastodon", account_id=US, retention_days=30)
SECRET = ChannelSecret(access_token="our-token", server="https://social.example.org")
ANA = {"id": "2002", "acct": "ana@far.example.org", "username": "ana", "display_name": "Ana Souza"}
MERCY = {"id": US, "acct": "mercy", "username": "mercy", "display_name": "Mercy Hospital"}


def status(**more: Any) -> dict[str, Any]:
    return {
        "id": "9",
        "created_at": "2026-11-23T11:30:00.250Z",
        "edited_at": None,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "url": "https://social.example.org/@ana/9",
        "content": "<p>@mercy are you open?</p>",
        "account": ANA,
        "media_attachments": [],
        "mentions": [{"id": US, "acct": "mercy"}],
        "poll": None,
        "reblog": None,
    } | more


def told(kind: str = "mention", *, of: Any = None, **more: Any) -> dict[str, Any]:
    shown = status() if of is None else of
    return {"id": "50", "type": kind, "created_at": "2026-11-23T11:30:01Z", "account": ANA, "status": shown} | more


def server(
    notifications: Any, own: Any = (), *, headers: dict[str, str] | None = None
) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/notifications":
            return httpx.Response(200, json=notifications, headers=headers)
        assert request.url.path == f"/api/v1/accounts/{US}/statuses"
        return httpx.Response(200, json=list(own))

    return answer


def page(
    answer: Callable[[httpx.Request], httpx.Response],
    *,
    older_than: str = "",
    channel: Channel = CHANNEL,
    secret: ChannelSecret = SECRET,
) -> Page:
    mastodon = MastodonNotifications(transport=httpx.MockTransport(answer))
    return mastodon.page(channel, secret, older_than=older_than, now=NOW)


def only(entry: Any, *, channel: Channel = CHANNEL) -> Message:
    delivery = page(server([entry]), channel=channel).delivery
    assert len(delivery.messages) == 1, delivery.ignored
    return delivery.messages[0]


def ignored(entry: Any) -> Ignored:
    delivery = page(server([entry])).delivery
    assert delivery.messages == ()
    assert len(delivery.ignored) == 1
    return delivery.ignored[0]


# A mention


def test_a_mention_is_a_message_with_everything_that_staff_need() -> None:
    assert only(told()) == Message(
        channel="mercy-mastodon",
        platform="mastodon",
        kind="mention",
        message_id="9",
        thread_id="9/2002",
        author_id="2002",
        author_name="Ana Souza",
        text="@mercy are you open?",
        permalink="https://social.example.org/@ana/9",
        sent_at=datetime(2026, 11, 23, 11, 30, 0, 250_000, tzinfo=UTC),
        received_at=NOW,
        via="poll",
        expires_at=NOW + timedelta(days=30),
    )


def test_a_status_for_those_who_are_mentioned_only_is_a_direct_message() -> None:
    assert only(told(of=status(visibility="direct"))).kind == "direct_message"
    assert only(told(of=status(visibility="private"))).kind == "mention"


def test_a_content_warning_stands_on_a_line_of_its_own_before_the_words() -> None:
    assert only(told(of=status(spoiler_text="chest pain"))).text == "chest pain\n@mercy are you open?"


def test_a_follow_up_names_what_it_answers_to_so_that_it_can_join() -> None:
    found = only(told(of=status(id="11", in_reply_to_id="10", in_reply_to_account_id=US)))

    assert (found.message_id, found.reply_to, found.thread_id) == ("11", "10", "10/2002")


def test_pictures_and_polls_are_named_by_kind_and_never_fetched() -> None:
    media = [{"type": kind, "url": "https://x.example/1"} for kind in ("image", "gifv", "audio", "unknown")]

    found = only(told(of=status(media_attachments=media, poll={"id": "1", "options": []})))

    assert found.attachments == ("image", "video", "audio", "file", "poll")


def test_somebody_without_a_display_name_is_named_by_their_handle() -> None:
    assert only(told(of=status(account=ANA | {"display_name": ""}))).author_name == "ana@far.example.org"


@pytest.mark.parametrize("link", ["http://social.example.org/9", "javascript:alert(1)", "https://x\n.example", 7, None])
def test_a_link_is_https_or_none(link: Any) -> None:
    assert only(told(of=status(url=link))).permalink == ""


def test_a_quote_is_taken_like_a_mention() -> None:
    assert only(told("quote")).kind == "mention"


# Edits


def test_an_update_is_the_edit_of_the_status_with_the_time_of_the_edit() -> None:
    edited = status(edited_at="2026-11-23T11:45:00.000Z", content="<p>@mercy are you open on Sunday?</p>")

    found = only(told("update", of=edited))

    assert (found.change, found.message_id, found.thread_id) == ("edited", "9", "9/2002")
    assert found.text == "@mercy are you open on Sunday?"
    assert found.changed_at == datetime(2026, 11, 23, 11, 45, tzinfo=UTC)
    assert found.sent_at == datetime(2026, 11, 23, 11, 30, 0, 250_000, tzinfo=UTC)


def test_a_mention_that_reads_otherwise_by_now_is_an_edit() -> None:
    """Mastodon tells nobody of the edit of a mention: the mention simply reads otherwise when it is fetched again."""
    found = only(told(of=status(edited_at="2026-11-23T11:45:00.000Z")))

    assert (found.change, found.changed_at) == ("edited", datetime(2026, 11, 23, 11, 45, tzinfo=UTC))


def test_an_update_without_a_time_was_when_we_were_told() -> None:
    assert only(told("update")).changed_at == datetime(2026, 11, 23, 11, 30, 1, tzinfo=UTC)


@pytest.mark.parametrize("how", ["reblogged", "favourited"])
def test_the_edit_of_somebody_elses_post_that_we_only_shared_rings_nobody(how: str) -> None:
    found = ignored(told("update", of=status(mentions=[], **{how: True})))

    assert found.reason == "not_to_us"
    assert json.loads(found.event)["type"] == "update"


def test_the_edit_of_an_answer_to_us_is_taken_even_if_it_no_longer_mentions_us() -> None:
    edited = status(mentions=[], favourited=True, in_reply_to_id="5", in_reply_to_account_id=US)

    assert only(told("update", of=edited)).change == "edited"


# What is no message


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("favourite", "reaction"), ("reblog", "reaction"), ("follow", "follow"), ("poll", "poll_ended")],
)
def test_what_a_server_tells_though_we_did_not_ask_is_ignored_by_name(kind: str, reason: str) -> None:
    assert ignored(told(kind)) == Ignored(reason=reason)


@pytest.mark.parametrize("entry", [told("a_new_thing"), told(of={}), told(of="gone"), "words", None, 7, [], {}])
def test_what_nobody_knows_is_kept_for_a_look(entry: Any) -> None:
    found = ignored(entry)

    assert found.reason in {"unknown_type", "no_status"}
    assert json.loads(found.event) == entry


def test_one_bad_part_harms_no_other() -> None:
    delivery = page(server([told(), {"type": []}, None, told(of=status(id="12"))])).delivery

    assert [message.message_id for message in delivery.messages] == ["9", "12"]
    assert len(delivery.ignored) == 2


# What our own account wrote


def own(**more: Any) -> dict[str, Any]:
    answered = {"in_reply_to_id": "9", "in_reply_to_account_id": "2002", "mentions": [{"id": "2002"}]}
    return status(id="30", account=MERCY, content="<p>@ana we are.</p>") | answered | more


def test_an_answer_given_in_the_app_is_found_beside_the_first_page() -> None:
    found = page(server([], [own()])).delivery.messages

    assert [(one.message_id, one.thread_id, one.reply_to, one.by_us, one.text) for one in found] == [
        ("30", "9", "9", True, "@ana we are.")
    ]
    assert (found[0].author_id, found[0].author_name, found[0].via) == (US, "", "poll")


def test_later_pages_do_not_ask_for_our_own_answers_again() -> None:
    found = page(server([told()], [own()]), older_than="60").delivery.messages

    assert [one.message_id for one in found] == ["9"]


@pytest.mark.parametrize(
    "broadcast",
    [
        own(in_reply_to_id=None, in_reply_to_account_id=None, mentions=[]),
        own(in_reply_to_id=None, visibility="direct"),
        own(in_reply_to_account_id=US, mentions=[]),
        own(reblog=status()),
        {},
        {"id": 4},
    ],
    ids=["post", "a direct message that we begin", "our thread", "boost", "empty", "almost empty"],
)
def test_what_we_say_to_nobody_is_no_answer(broadcast: dict[str, Any]) -> None:
    assert page(server([], [broadcast])).delivery.messages == ()


def test_the_second_part_of_an_answer_is_an_answer_too() -> None:
    second = own(id="31", in_reply_to_id="30", in_reply_to_account_id=US)

    assert page(server([], [second])).delivery.messages[0].reply_to == "30"


def test_an_own_answer_that_was_edited_is_still_an_answer_and_no_edit() -> None:
    """Whoever edited what was never seen would make a conversation of our own words."""
    found = page(server([], [own(edited_at="2026-11-23T11:50:00Z")])).delivery.messages[0]

    assert (found.change, found.changed_at) == ("new", None)


def test_a_notification_of_our_own_words_is_by_us() -> None:
    assert only(told(of=own())).by_us
    assert ignored(told(of=status(account=MERCY))) == Ignored(reason="own_post")


@pytest.mark.parametrize("status_code", [401, 403, 404, 429, 500])
def test_questions_flow_when_our_own_answers_cannot_be_read(status_code: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/statuses"):
            return httpx.Response(status_code, json={"error": "no"})
        return httpx.Response(200, json=[told()])

    delivery = page(answer).delivery

    assert [message.message_id for message in delivery.messages] == ["9"]
    assert delivery.ignored == (Ignored(reason="own_answers_unread"),)


# Pages


def test_the_page_is_asked_for_with_what_we_want_and_the_mark() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=[])

    page(answer, older_than="01M8")

    assert asked[0].url.params.multi_items() == [
        ("types[]", "mention"),
        ("types[]", "update"),
        ("limit", "40"),
        ("max_id", "01M8"),
    ]
    assert asked[0].headers["authorization"] == "Bearer our-token"


def test_the_mark_is_the_servers_own_link_where_there_is_one() -> None:
    link = (
        '<https://social.example.org/api/v1/notifications?limit=40&max_id=41&types%5B%5D=mention>; rel="next", '
        '<https://social.example.org/api/v1/notifications?min_id=50>; rel="prev"'
    )

    assert page(server([told()], headers={"Link": link})).older == "41"


@pytest.mark.parametrize(
    "link",
    [
        '<https://elsewhere.example.net/api/v1/notifications?max_id=41>; rel="next"',
        '<https://social.example.org/api/v1/notifications?min_id=41>; rel="prev"',
        '<https://social.example.org/api/v1/notifications>; rel="next"',
        '<https://[/?max_id=41>; rel="next"',
        "nonsense",
        "",
    ],
)
def test_the_mark_is_the_last_id_where_the_link_leads_nowhere_or_elsewhere(link: str) -> None:
    assert page(server([told(), told(id="7")], headers={"Link": link})).older == "7"


def test_the_mark_is_of_the_last_entry_even_if_that_is_no_message() -> None:
    assert page(server([told(), told("favourite", id="8")])).older == "8"


def test_an_empty_page_is_the_last() -> None:
    assert page(server([]), older_than="7").older == ""


def test_a_server_that_repeats_its_page_is_not_followed_for_ever() -> None:
    assert page(server([told(id="7")]), older_than="7").older == ""


def test_a_page_reaches_to_its_last_entry_that_tells_a_time() -> None:
    entries = [told(), told(created_at="2026-11-23T09:00:00Z"), told(created_at="whenever")]

    assert page(server(entries)).reaches_to == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert page(server([told(created_at=None)])).reaches_to is None
    assert page(server([])).reaches_to is None


# What goes wrong


@pytest.mark.parametrize(
    "address",
    [
        "",
        "social.example.org",
        "http://social.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost@evil.example",
        "https://user:secret@social.example.org",
        "https://social.example.org/path",
        "https://social.example.org?x=1",
        "https://social.example.org\\@evil.example",
        "https://",
        "ftp://social.example.org",
        "https://social.example.org\nHost: evil.example",
    ],
)
def test_a_token_is_sent_to_no_other_address_than_a_secure_server(address: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError(str(request.url))

    with pytest.raises(Misconfigured, match="mercy-mastodon has no usable server"):
        page(answer, secret=ChannelSecret(access_token="our-token", server=address))


@pytest.mark.parametrize(
    "address", ["https://social.example.org/", "https://bücher.example:8443", "http://127.0.0.1:4571", "http://[::1]:9"]
)
def test_a_secure_server_or_one_on_this_machine_is_asked(address: str) -> None:
    assert page(server([]), secret=ChannelSecret(access_token="our-token", server=address)).older == ""


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ümlaut"])
def test_a_token_that_cannot_be_one_is_a_persons_to_mend(token: str) -> None:
    with pytest.raises(Misconfigured, match="no usable access_token") as caught:
        page(server([]), secret=ChannelSecret(access_token=token, server="https://social.example.org"))

    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("status_code", [401, 403])
def test_a_dead_token_is_a_persons_to_mend(status_code: int) -> None:
    with pytest.raises(Misconfigured):
        page(lambda _: httpx.Response(status_code, json={"error": "The access token was revoked"}))


@pytest.mark.parametrize("status_code", [301, 404, 410, 422])
def test_a_server_that_gives_no_notifications_is_a_persons_to_mend(status_code: int) -> None:
    with pytest.raises(Misconfigured, match="check its address"):
        page(lambda _: httpx.Response(status_code, json={"error": "Record not found"}))


def test_a_limit_names_the_moment_when_it_ends_and_no_retry_after() -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-23T12:02:30.000000Z"}

    with pytest.raises(Unavailable) as caught:
        page(lambda _: httpx.Response(429, json={"error": "Too many requests"}, headers=headers))

    assert caught.value.retry_after == 150


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(500, json={"error": "x"}),
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(503),
        httpx.Response(200, html="<h1>Please log in</h1>"),
        httpx.Response(200, json={"error": "odd"}),
        httpx.Response(200, json="words"),
    ],
)
def test_a_server_that_gives_no_proper_answer_is_asked_again_later(response: httpx.Response) -> None:
    with pytest.raises(Unavailable):
        page(lambda _: response)


@pytest.mark.parametrize("error", [httpx.ReadError("cut"), httpx.ReadTimeout("slow"), httpx.ConnectError("gone")])
def test_a_connection_that_breaks_is_tried_again_later(error: httpx.HTTPError) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(Unavailable):
        page(answer)


# Whatever comes

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(
        ["mention", "update", "direct", US, "2026-11-23T11:30:00Z", "0001-01-01T00:00:00+14:00", "\ud800"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def some_of(like: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(like)), JSON, max_size=4)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(["mention", "update", "favourite", "quote"]))
    shown = status(account=ANA | draw(some_of(ANA))) | draw(some_of(status()))
    return told(kind, of=shown) | draw(some_of(told()))


STATUSES = st.lists(JSON | mutated().map(lambda entry: entry["status"]), max_size=3)


@given(
    st.lists(JSON | mutated(), max_size=4), st.lists(JSON | mutated().map(lambda entry: entry["status"]), max_size=3)
)
@settings(max_examples=300, deadline=None)
def test_any_list_is_a_page(entries: list[Any], own_statuses: list[Any]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        body = entries if request.url.path == "/api/v1/notifications" else own_statuses
        return httpx.Response(200, content=json.dumps(body))

    found = page(answer)

    assert all(message.message_id and message.via == "poll" for message in found.delivery.messages)
    assert all(message.sent_at <= NOW for message in found.delivery.messages)
    assert len(found.delivery.messages) + len(found.delivery.ignored) >= len(entries)
    json.dumps([message.text for message in found.delivery.messages]).encode()


def test_a_list_nested_a_thousand_deep_is_kept_or_refused_by_name() -> None:
    for depth in (100, 900, 990, 100_000):
        body = '[{"type":"new","x":' + "[" * depth + "]" * depth + "}]"
        try:
            found = page(lambda _, body=body: httpx.Response(200, content=body))  # type: ignore[misc]
        except Unavailable:
            continue
        assert found.delivery.ignored[0].reason == "unknown_type"


def test_the_registry_leads_here() -> None:
    assert isinstance(polled("mastodon"), MastodonNotifications)
