"""What a WordPress site answers that a healthy one does not: no API, refusals, posts kept back, odd HTML.

The healthy one is real: tests/network/test_wordpress.py.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from switchboard.domain.outside import Pausing
from switchboard.domain.post import PostState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.ports import SchedulerAccount, SchedulerSecret
from switchboard.schedulers.wordpress import opened
from switchboard.schedulers.wordpress_text import text_of_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.schedulers.wordpress import WordPress

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HTML = "<!doctype html><title>Mercy</title>"


class Secrets:
    """`ports.SchedulerSecrets` with one secret."""

    def __init__(self, **secret: str) -> None:
        known = {"server": "https://www.example.org", "username": "press", "token": "abcd efgh"} | secret
        self._secret = SchedulerSecret(**known)

    def of(self, name: str, *, fresh: bool = False) -> SchedulerSecret:
        return self._secret

    def keep(self, name: str, secret: SchedulerSecret) -> None:
        raise AssertionError(name)


class Site:
    """Answers by *answer*, and keeps the requests."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response], **secret: str) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer
        account = SchedulerAccount(name="blog", kind="wordpress")
        transport = httpx.MockTransport(self._asked)
        self.wordpress: WordPress = opened(account, Secrets(**secret), transport=transport, clock=lambda: NOW)

    def _asked(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)


def entry(number: int, **fields: Any) -> dict[str, Any]:
    known = {
        "id": number,
        "status": "future",
        "date_gmt": "2026-11-24T12:00:00",
        "modified_gmt": "2026-11-20T12:00:00",
        "link": f"https://www.example.org/?p={number}",
        "title": {"raw": "Flu clinic"},
        "excerpt": {"raw": ""},
        "content": {"raw": "<p>In the lobby.</p>"},
    }
    return known | fields


def listed(entries: list[dict[str, Any]], *, total: int | None = None, pages: int = 1) -> httpx.Response:
    headers = {"X-WP-Total": str(len(entries) if total is None else total), "X-WP-TotalPages": str(pages)}
    return httpx.Response(200, json=entries, headers=headers)


def refused(status: int, code: str, **data: Any) -> httpx.Response:
    return httpx.Response(
        status, json={"code": code, "message": "Nein, Frau Muster.", "data": {"status": status, **data}}
    )


def test_the_password_goes_with_each_request_and_only_what_is_needed_is_asked_for() -> None:
    site = Site(lambda _: listed([entry(1)]))

    [post] = site.wordpress.posts(start=NOW, end=NOW + 2 * DAY)

    [request] = site.requests
    assert request.headers["Authorization"] == f"Basic {b64encode(b'press:abcd efgh').decode()}"
    asked = dict(request.url.params)
    assert (request.url.path, asked["status"], asked["context"]) == ("/wp-json/wp/v2/posts", "future,publish", "edit")
    assert "content.raw" in asked["_fields"].split(",")
    assert "rendered" not in asked["_fields"]
    assert (post.text, post.reviewed_at) == ("Flu clinic\nIn the lobby.", datetime(2026, 11, 20, 12, tzinfo=UTC))


@pytest.mark.parametrize("server", ["http://www.example.org", "www.example.org", "", "https://a@b.example.org"])
def test_a_password_never_leaves_for_an_unsafe_address(server: str) -> None:
    site = Site(lambda _: listed([]), server=server)

    with pytest.raises(Misconfigured, match="no usable server"):
        site.wordpress.read("1")
    assert not site.requests


# --- what is not there, and what is not the API --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "is_gone"),
    [
        (refused(404, "rest_post_invalid_id"), True),
        (httpx.Response(200, json=entry(5, status="trash")), True),
        (refused(404, "rest_no_route"), False),
        (httpx.Response(404, text=HTML), False),
        (httpx.Response(410, text=HTML), False),
        (httpx.Response(404, json={"detail": "not found"}), False),
    ],
)
def test_only_wordpress_itself_says_that_a_post_is_not_there(reply: httpx.Response, *, is_gone: bool) -> None:
    """A hold whose post is not there is over: a site without its API must not look like that."""
    site = Site(lambda _: httpx.Response(reply.status_code, content=reply.content))

    if is_gone:
        assert site.wordpress.read("5") is None
    else:
        with pytest.raises(Misconfigured, match="REST API"):
            site.wordpress.read("5")


@pytest.mark.parametrize("other", [httpx.Response(404, text=HTML), httpx.Response(200, text=HTML)])
def test_a_site_with_plain_permalinks_is_found_once_and_written_to_where_it_is(other: httpx.Response) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("rest_route") == "/wp/v2/posts/5":
            return httpx.Response(200, json=entry(5))
        return httpx.Response(other.status_code, content=other.content)

    site = Site(answer)
    post = site.wordpress.read("5")
    assert post is not None

    site.wordpress.pause(post, Pausing.NATIVE, parked_until=NOW)
    assert site.wordpress.read("5") is not None

    assert [request.method for request in site.requests] == ["GET", "GET", "POST", "GET"]
    assert {str(request.url.path) for request in site.requests[1:]} == {"/"}


def test_where_the_api_is_is_found_by_reading_and_not_by_writing() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "rest_route" not in request.url.params:
            return httpx.Response(404, text=HTML)
        return listed([]) if request.method == "GET" else httpx.Response(200, json=entry(5))

    site = Site(answer)
    post = Site(lambda _: httpx.Response(200, json=entry(5))).wordpress.read("5")
    assert post is not None

    site.wordpress.pause(post, Pausing.NATIVE, parked_until=NOW)

    written = [request for request in site.requests if request.method == "POST"]
    assert [json.loads(request.content) for request in written] == [{"status": "draft"}]
    assert written[0].url.params["rest_route"] == "/wp/v2/posts/5"


def test_a_post_that_is_gone_is_gone_with_plain_permalinks_too() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        plain = "rest_route" in request.url.params
        return refused(404, "rest_post_invalid_id") if plain else httpx.Response(404, text=HTML)

    site = Site(answer)

    assert (site.wordpress.read("5"), site.wordpress.read("6")) == (None, None)
    assert len(site.requests) == 3


def test_a_page_for_people_is_no_answer_and_says_nothing_about_a_post() -> None:
    with pytest.raises(Unavailable):
        Site(lambda _: httpx.Response(200, text=HTML)).wordpress.read("5")


@pytest.mark.parametrize("body", [{}, [], {"status": "ok"}, [entry(5)], entry(6), None, "5"])
def test_json_that_is_not_the_post_says_nothing_about_it(body: Any) -> None:
    with pytest.raises(Unavailable):
        Site(lambda _: httpx.Response(200, json=body)).wordpress.read("5")


@pytest.mark.parametrize("body", [{}, {"posts": []}, "", None])
def test_json_that_is_no_list_is_no_empty_calendar(body: Any) -> None:
    with pytest.raises(Unavailable):
        Site(lambda _: httpx.Response(200, json=body)).wordpress.posts(start=NOW, end=NOW + DAY)


def test_a_page_for_people_after_a_change_leaves_its_outcome_open() -> None:
    site = Site(lambda request: httpx.Response(200, json=entry(5)) if request.method == "GET" else httpx.Response(200))
    post = site.wordpress.read("5")
    assert post is not None

    with pytest.raises(OutcomeUnknown):
        site.wordpress.pause(post, Pausing.NATIVE, parked_until=NOW)
    assert [request.method for request in site.requests] == ["GET", "POST"]


# --- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "remedy"),
    [
        (refused(401, "incorrect_password"), "Application Passwords"),
        (refused(401, "rest_not_logged_in"), "Authorization header"),
        (refused(401, "application_passwords_disabled"), "turned off"),
        (refused(403, "rest_cannot_edit"), "role Editor"),
        (refused(401, "rest_forbidden_context"), "role Editor"),
        (refused(400, "rest_invalid_param", params={"status": "Status is forbidden."}), "role Editor"),
        (httpx.Response(403, text=HTML), "firewall"),
        (httpx.Response(301, headers={"Location": "https://example.org/"}), "another address"),
    ],
)
def test_a_refusal_names_its_remedy_and_nothing_of_what_was_said(reply: httpx.Response, remedy: str) -> None:
    headers = {"Location": "https://example.org/"} if reply.is_redirect else {}
    site = Site(lambda _: httpx.Response(reply.status_code, content=reply.content, headers=headers))

    with pytest.raises(Misconfigured, match=remedy) as caught:
        site.wordpress.posts(start=NOW, end=NOW + DAY)
    assert "Muster" not in str(caught.value)
    assert "abcd" not in str(caught.value)


def test_a_site_under_maintenance_is_asked_again_later() -> None:
    with pytest.raises(Unavailable) as caught:
        Site(lambda _: httpx.Response(503, text=HTML, headers={"Retry-After": "600"})).wordpress.read("5")
    assert caught.value.retry_after == 600


@pytest.mark.parametrize("external_id", ["", "../users/1", "5?force=true", "\u0665"])
def test_what_is_no_number_is_asked_of_nobody(external_id: str) -> None:
    site = Site(lambda _: httpx.Response(500))

    with pytest.raises(Rejected):
        site.wordpress.read(external_id)
    assert not site.requests


# --- the list ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("me", "is_told"),
    [
        (httpx.Response(200, json={"capabilities": {"edit_posts": True, "edit_others_posts": True}}), False),
        (httpx.Response(200, json={"capabilities": {"edit_posts": True}}), True),
        (refused(404, "rest_no_route"), True),
    ],
)
def test_a_list_that_is_not_whole_does_not_pass_for_whole(me: httpx.Response, *, is_told: bool) -> None:
    """An author is told of nobody else's posts, and the total still counts them."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "users/me" in str(request.url):
            return httpx.Response(me.status_code, content=me.content)
        return listed([entry(1)], total=3)

    site = Site(answer)

    if is_told:
        with pytest.raises(Misconfigured, match="role Editor"):
            site.wordpress.posts(start=NOW, end=NOW + 2 * DAY)
    else:
        assert len(site.wordpress.posts(start=NOW, end=NOW + 2 * DAY)) == 1


def test_posts_that_move_between_two_pages_are_listed_once_and_a_page_that_went_away_ends_the_list() -> None:
    pages = {"1": [entry(1), entry(2)], "2": [entry(2), entry(3)]}

    def answer(request: httpx.Request) -> httpx.Response:
        page = request.url.params["page"]
        return listed(pages[page], total=5, pages=3) if page in pages else refused(400, "rest_post_invalid_page_number")

    found = Site(answer).wordpress.posts(start=NOW, end=NOW + 2 * DAY)

    assert [post.post_id for post in found] == ["blog:1", "blog:2", "blog:3"]


def test_a_list_whose_pages_are_not_counted_is_read_to_its_end() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        page, size = int(request.url.params["page"]), int(request.url.params["per_page"])
        if page > 2:
            return refused(400, "rest_post_invalid_page_number")
        return httpx.Response(200, json=[entry(page * 1000 + number) for number in range(size)])

    site = Site(answer)

    assert len(site.wordpress.posts(start=NOW, end=NOW + 2 * DAY)) == 2 * int(site.requests[0].url.params["per_page"])


def test_an_hour_that_the_wall_clock_has_twice_loses_no_post() -> None:
    """01:15 of the second hour in New York comes before 01:30 of the first, for a database that keeps wall clocks."""
    start = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    site = Site(lambda _: listed([entry(1, date_gmt="2026-11-01T06:15:00"), entry(2, date_gmt="2026-11-01T05:15:00")]))

    found = site.wordpress.posts(start=start, end=start + DAY)

    assert [post.post_id for post in found] == ["blog:1"]
    asked = site.requests[0].url.params
    assert datetime.fromisoformat(asked["after"]) <= start - timedelta(hours=1)
    assert datetime.fromisoformat(asked["before"]) >= start + DAY + timedelta(hours=1)


def test_a_post_of_any_size_and_script_is_listed_and_fits_into_an_item() -> None:
    huge = {"raw": '"\U0001f489\x01' * 60_000}
    site = Site(lambda _: listed([entry(1, content=huge, excerpt=huge, title=huge), entry(2)]))

    first, second = site.wordpress.posts(start=NOW, end=NOW + 2 * DAY)

    assert first.outside is not None
    assert len(first.outside.payload.encode()) + len(first.text.encode()) < 390_000
    assert second.text == "Flu clinic\nIn the lobby."


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("future", PostState.SCHEDULED),
        ("draft", PostState.DRAFT),
        ("pending", PostState.DRAFT),
        ("publish", PostState.PUBLISHED),
        ("private", PostState.PUBLISHED),
        ("in-review-by-plugin", PostState.UNKNOWN),
    ],
)
def test_each_status_is_a_state(status: str, state: PostState) -> None:
    post = Site(lambda _: httpx.Response(200, json=entry(5, status=status))).wordpress.read("5")
    assert post is not None
    assert post.state is state


# --- giving back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [timedelta(minutes=-5), timedelta(seconds=59), timedelta(minutes=14, seconds=59)])
def test_a_time_that_is_too_near_is_refused_before_anything_is_sent(ahead: timedelta) -> None:
    site = Site(lambda _: httpx.Response(200, json=entry(5, status="draft")))
    post = site.wordpress.read("5")
    assert post is not None
    site.requests.clear()

    with pytest.raises(Rejected, match="at once"):
        site.wordpress.resume(post, Pausing.NATIVE, due_at=NOW + ahead, media=())
    assert not site.requests


def test_a_post_is_given_back_in_utc_once_and_its_answer_proves_nothing() -> None:
    site = Site(lambda _: httpx.Response(200, json=entry(5, status="draft")))
    post = site.wordpress.read("5")
    assert post is not None
    site.requests.clear()

    due = datetime(2026, 11, 25, 8, tzinfo=UTC).astimezone(timezone(timedelta(hours=-5)))
    assert site.wordpress.resume(post, Pausing.NATIVE, due_at=due, media=()) == "5"

    [request] = site.requests
    assert json.loads(request.content) == {"status": "future", "date_gmt": "2026-11-25T08:00:00"}


def test_a_timeout_while_giving_back_is_told_and_nothing_is_sent_again() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadTimeout("slow", request=request)
        return httpx.Response(200, json=entry(5, status="draft"))

    site = Site(answer)
    post = site.wordpress.read("5")
    assert post is not None
    with pytest.raises(SwitchboardError) as caught:
        site.wordpress.resume(post, Pausing.NATIVE, due_at=NOW + DAY, media=())
    assert isinstance(caught.value, OutcomeUnknown)
    assert [request.method for request in site.requests] == ["GET", "POST"]


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br />three</p>", "One\nTwo\nthree"),
        ("<table><tr><td>Nov 24</td><td>9 am</td></tr><tr><td>Nov 25</td></tr></table>", "Nov 24 9 am\nNov 25"),
        ("<dl><dt>When</dt><dd>Nov 24</dd></dl>", "When\nNov 24"),
        (
            '<p>Book <a href="https://example.org/a?b=1&amp;c=2">here</a>.</p>',
            "Book here (https://example.org/a?b=1&c=2).",
        ),
        ('<a href="https://example.org">https://example.org</a>', "https://example.org"),
        ('<a href="javascript:alert(1)">here</a> <a href="tel:+12025550100">call</a>', "here call"),
        ("<style>.a{color:red}</style><p>Shown</p><script>if (a < b) c()</script>", "Shown"),
        ('<!-- wp:paragraph {"align":"left"} --><p>W<b>o</b>rd</p><!-- /wp:paragraph -->', "Word"),
        (
            '<figure><img alt="Flu clinic, Nov 24" src="x"/><figcaption>Lobby</figcaption></figure>',
            "Flu clinic, Nov 24\nLobby",
        ),
        ("Room 3 &lt; 4 &amp; 5&nbsp;pm, a <3", "Room 3 < 4 & 5 pm, a <3"),
        ("Classic\n\neditor's   lines", "Classic\neditor's lines"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
    ],
)
def test_html_is_read_as_what_it_shows(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize("part", ["<a", "<script>", '<a href="https://example.org">x', "<!--", "&#", "<a href='"])
def test_html_that_never_closes_is_read_in_time(part: str) -> None:
    began = time.process_time()
    text_of_html(part * (100_000 // len(part)))
    assert time.process_time() - began < 2


def test_an_excerpt_does_not_hide_what_the_post_says() -> None:
    excerpt, content = {"raw": "Come and see us!"}, {"raw": "<p>On November 24.</p>"}
    site = Site(lambda _: httpx.Response(200, json=entry(5, excerpt=excerpt, content=content)))
    post = site.wordpress.read("5")
    assert post is not None
    assert post.text == "Flu clinic\nCome and see us!\nOn November 24."
