"""The stand-in for Meta's Graph API behaves like Meta's, over real HTTP on the loopback."""

import json
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from simulators.graph import PAGE, GraphSimulator, Page

NOW = datetime(2025, 11, 23, 7, 0, tzinfo=UTC)
OTHER_PAGE = Page("900", "other-token", "Mercy Clinic")
COMMENT = "555_777"
PSID = "8001"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the usual certificates takes longer than a test


@pytest.fixture
def graph() -> Iterator[GraphSimulator]:
    with GraphSimulator([PAGE, OTHER_PAGE], now=lambda: NOW) as simulator:
        yield simulator


@pytest.fixture
def client(graph: GraphSimulator) -> Iterator[httpx.Client]:
    with client_of(graph) as connected:
        yield connected


def client_of(graph: GraphSimulator, token: str = PAGE.token) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"{graph.url}/v23.0", headers=headers, timeout=5, verify=NO_TLS, trust_env=False)


def error_of(response: httpx.Response) -> tuple[int, int, int | None]:
    error = response.json()["error"]
    assert error["message"]
    assert error["type"] in {"OAuthException", "GraphMethodException"}
    assert error["fbtrace_id"]
    return response.status_code, error["code"], error.get("error_subcode")


def write(client: httpx.Client, text: str = "We open at eight.", psid: str = PSID, **more: str) -> httpx.Response:
    return client.post("/me/messages", json={"recipient": {"id": psid}, "message": {"text": text}, **more})


def reply_privately(client: httpx.Client, comment_id: str = COMMENT) -> httpx.Response:
    body = {"recipient": {"comment_id": comment_id}, "message": {"text": "Let us talk here."}}
    return client.post(f"/{PAGE.id}/messages", json=body)


# Tokens


def test_a_token_is_taken_from_the_query_the_form_the_json_body_and_the_header(graph: GraphSimulator) -> None:
    url = f"{graph.url}/v23.0/{COMMENT}/comments"

    answers = [
        httpx.get(url, params={"access_token": PAGE.token}),
        httpx.post(url, data={"access_token": PAGE.token, "message": "a"}),
        httpx.post(url, json={"access_token": PAGE.token, "message": "b"}),
        httpx.post(url, data={"message": "c"}, headers={"authorization": f"Bearer {PAGE.token}"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    assert [answer.message for answer in graph.answers] == ["a", "b", "c"]


def test_a_missing_token_is_104_and_2500_on_me(graph: GraphSimulator) -> None:
    on_comment = httpx.get(f"{graph.url}/v23.0/{COMMENT}")
    on_me = httpx.get(f"{graph.url}/v23.0/me")

    assert error_of(on_comment) == (400, 104, None)
    assert error_of(on_me) == (400, 2500, None)


def test_an_unknown_token_is_190(graph: GraphSimulator) -> None:
    with client_of(graph, "made-up") as stranger:
        answer = stranger.get("/me")

    assert error_of(answer) == (400, 190, None)
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_a_killed_token_is_refused_until_the_page_is_connected_anew(
    graph: GraphSimulator, client: httpx.Client
) -> None:
    graph.kill_token()
    dead = client.post(f"/{COMMENT}/comments", data={"message": "hello"})
    graph.revive_token()
    alive = client.get("/me")

    assert error_of(dead) == (400, 190, 460)
    assert graph.answers == []
    assert alive.json() == {"id": PAGE.id, "name": PAGE.name}


def test_one_page_cannot_act_as_another(client: httpx.Client) -> None:
    reading = client.get(f"/{OTHER_PAGE.id}/feed")
    looking = client.get(f"/{OTHER_PAGE.id}")
    posting = client.post(f"/{OTHER_PAGE.id}/feed", data={"message": "x"})

    assert error_of(reading) == error_of(looking) == error_of(posting) == (400, 100, 33)


# Comments


def test_an_answer_to_a_comment_can_be_read_back(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.seed_comment(COMMENT, "Open?", from_id="42", from_name="Ann")

    created = client.post(f"/{COMMENT}/comments", data={"message": "At eight."})
    listed = client.get(f"/{COMMENT}/comments", params={"fields": "id,message,from,created_time"})

    assert created.json()["id"].startswith("555_")
    assert listed.json()["data"] == [
        {
            "id": created.json()["id"],
            "message": "At eight.",
            "from": {"name": PAGE.name, "id": PAGE.id},
            "created_time": "2025-11-23T07:00:00+0000",
        }
    ]


def test_a_comment_shows_the_asked_fields_its_id_and_nothing_else(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.seed_comment(COMMENT, "Open?", from_id="42", from_name="Ann", parent_id="1_555")

    answer = client.get(f"/{COMMENT}", params={"fields": "message,from{name},parent,is_hidden"})

    assert answer.json() == {
        "id": COMMENT,
        "message": "Open?",
        "from": {"name": "Ann", "id": "42"},
        "parent": {"id": "1_555"},
        "is_hidden": False,
    }


def test_a_withheld_author_is_left_out(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.seed_comment(COMMENT, from_id=None)

    assert "from" not in client.get(f"/{COMMENT}", params={"fields": "from"}).json()


@pytest.mark.parametrize("fields", ["text", "id,from{", "id,,message", "id}", "messages.limit(", "id message"])
def test_fields_that_do_not_exist_or_parse_are_refused(client: httpx.Client, fields: str) -> None:
    assert error_of(client.get(f"/{COMMENT}", params={"fields": fields})) == (400, 100, None)


def test_comments_are_read_page_by_page_along_the_next_link(graph: GraphSimulator, client: httpx.Client) -> None:
    for number in range(5):
        graph.seed_comment(f"555_{number}", str(number), parent_id=COMMENT)

    first = client.get(f"/{COMMENT}/comments", params={"limit": 2, "fields": "message"}).json()
    second = client.get(
        f"/{COMMENT}/comments", params={"limit": 2, "after": first["paging"]["cursors"]["after"]}
    ).json()
    along_the_link = httpx.get(first["paging"]["next"]).json()
    third = httpx.get(second["paging"]["next"]).json()

    assert [comment["message"] for comment in first["data"]] == ["0", "1"]
    assert [comment["message"] for comment in second["data"]] == ["2", "3"]
    assert [comment["message"] for comment in along_the_link["data"]] == ["2", "3"]
    assert [comment["message"] for comment in third["data"]] == ["4"]
    assert "next" not in third["paging"]


@pytest.mark.parametrize("params", [{"after": "not-a-cursor"}, {"limit": "0"}, {"limit": "x"}, {"order": "up"}])
def test_a_list_refuses_a_parameter_that_it_does_not_know(client: httpx.Client, params: dict[str, str]) -> None:
    assert error_of(client.get(f"/{COMMENT}/comments", params=params)) == (400, 100, None)


def test_a_list_can_be_turned_round_filtered_and_cut_by_time(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.seed_comment("555_1", "first", parent_id="1_555", created_time=NOW - timedelta(hours=2))
    graph.seed_comment("555_2", "second", parent_id="1_555", created_time=NOW)
    graph.seed_comment("555_3", "under the first", parent_id="555_1", created_time=NOW - timedelta(hours=1))

    def read(**params: str) -> list[str]:
        return [comment["message"] for comment in client.get("/1_555/comments", params=params).json()["data"]]

    assert read() == ["first", "second"]
    assert read(order="reverse_chronological") == ["second", "first"]
    assert read(filter="stream") == ["first", "under the first", "second"]
    assert read(since=str(int((NOW - timedelta(hours=1)).timestamp()))) == ["second"]


def test_a_comment_on_a_page_post_is_numbered_under_the_post(client: httpx.Client) -> None:
    created = client.post(f"/{PAGE.id}_321/comments", data={"message": "Welcome."})

    assert created.json()["id"].startswith("321_")


def test_a_comment_is_hidden_and_shown_again(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.seed_comment(COMMENT)

    hiding = client.post(f"/{COMMENT}", data={"is_hidden": "true"})
    hidden = client.get(f"/{COMMENT}", params={"fields": "is_hidden"}).json()["is_hidden"]
    client.post(f"/{COMMENT}", json={"is_hidden": False})
    shown = client.get(f"/{COMMENT}", params={"fields": "is_hidden"}).json()["is_hidden"]

    assert hiding.json() == {"success": True}
    assert (hidden, shown) == (True, False)


def test_a_page_cannot_rewrite_what_somebody_else_said(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.seed_comment(COMMENT)

    assert error_of(client.post(f"/{COMMENT}", data={"message": "All is well."})) == (400, 100, None)


def test_a_page_rewrites_its_own_answer_but_cannot_hide_it(graph: GraphSimulator, client: httpx.Client) -> None:
    mine = client.post(f"/{COMMENT}/comments", data={"message": "At nine."}).json()["id"]

    rewriting = client.post(f"/{mine}", data={"message": "At eight."})
    hiding = client.post(f"/{mine}", data={"is_hidden": "true"})

    assert rewriting.json() == {"success": True}
    assert error_of(hiding) == (400, 100, None)
    assert [(answer.message, answer.is_hidden) for answer in graph.answers] == [("At eight.", False)]


def test_a_deleted_comment_takes_its_answers_along_and_is_100_33(graph: GraphSimulator, client: httpx.Client) -> None:
    mine = client.post(f"/{COMMENT}/comments", data={"message": "hello"}).json()["id"]

    deleted = client.delete(f"/{COMMENT}")

    assert deleted.json() == {"success": True}
    assert error_of(client.get(f"/{COMMENT}")) == (400, 100, 33)
    assert error_of(client.post(f"/{COMMENT}/comments", data={"message": "x"})) == (400, 100, 33)
    assert error_of(client.get(f"/{mine}")) == (400, 100, 33)
    assert error_of(client.delete(f"/{mine}")) == (400, 100, 33)
    assert graph.state()["answers"][0]["deleted"] is True


@pytest.mark.parametrize("message", ["", "   ", "x" * 8001])
def test_an_empty_or_endless_comment_is_refused(graph: GraphSimulator, client: httpx.Client, message: str) -> None:
    assert error_of(client.post(f"/{COMMENT}/comments", data={"message": message})) == (400, 100, None)
    assert graph.answers == []


def test_without_auto_create_only_what_was_seeded_exists() -> None:
    with GraphSimulator(auto_create_objects=False) as graph, client_of(graph) as client:
        graph.seed_comment(COMMENT)

        assert client.get(f"/{COMMENT}").status_code == 200
        assert error_of(client.get("/555_999")) == (400, 100, 33)


# Messenger


def test_a_message_is_delivered_and_can_be_read_back(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.receive_message(PSID, "Open?", message_id="m_theirs", created_time=NOW - timedelta(minutes=3))

    sent = write(client, messaging_type="RESPONSE").json()
    threads = client.get(
        f"/{PAGE.id}/conversations",
        params={
            "platform": "messenger",
            "user_id": PSID,
            "fields": "messages.limit(5){id,message,from,created_time}",
        },
    ).json()["data"]

    assert sent["recipient_id"] == PSID
    assert sent["message_id"].startswith("m_")
    assert [(m["id"], m["message"], m["from"]["id"]) for m in threads[0]["messages"]["data"]] == [
        (sent["message_id"], "We open at eight.", PAGE.id),
        ("m_theirs", "Open?", PSID),
    ]


def test_the_send_api_takes_a_form_with_json_inside(graph: GraphSimulator, client: httpx.Client) -> None:
    form = {"recipient": json.dumps({"id": PSID}), "message": json.dumps({"text": "Hello"})}

    answer = client.post(f"/{PAGE.id}/messages", data=form)

    assert answer.status_code == 200
    assert [(m.psid, m.text, m.messaging_type) for m in graph.messages] == [(PSID, "Hello", "RESPONSE")]


def test_a_conversation_shows_as_many_messages_as_were_asked_for(graph: GraphSimulator, client: httpx.Client) -> None:
    for number in range(4):
        graph.receive_message(PSID, str(number))
    graph.receive_message("8002", "another person")

    params = {"user_id": PSID, "fields": "messages.limit(2){message}"}
    threads = client.get("/me/conversations", params=params).json()["data"]
    everybody = client.get("/me/conversations", params={"platform": "MESSENGER"}).json()["data"]
    thread_messages = client.get(f"/t_{PSID}/messages", params={"fields": "message", "limit": 1}).json()["data"]

    assert [message["message"] for message in threads[0]["messages"]["data"]] == ["3", "2"]
    assert [thread["id"] for thread in everybody] == ["t_8002", f"t_{PSID}"]
    assert [message["message"] for message in thread_messages] == ["3"]
    assert client.get("/me/conversations", params={"user_id": "nobody"}).json() == {"data": []}


@pytest.mark.parametrize(
    ("hours", "more", "expected"),
    [
        (23.9, {}, 200),
        (24.1, {}, (400, 10, 2534022)),
        (24.1, {"messaging_type": "UPDATE"}, (400, 10, 2534022)),
        (24.1, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, 200),
        (24 * 7 + 0.1, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, (400, 10, 2534022)),
    ],
)
def test_the_window_closes_after_24_hours_or_7_days_for_a_human_agent(
    graph: GraphSimulator, client: httpx.Client, hours: float, more: dict[str, str], expected: object
) -> None:
    graph.receive_message(PSID, created_time=NOW - timedelta(hours=hours))

    answer = write(client, **more)

    assert (200 if answer.status_code == 200 else error_of(answer)) == expected
    assert len(graph.messages) == (1 if expected == 200 else 0)


def test_the_window_opens_again_when_the_person_writes(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.receive_message(PSID)
    graph.advance(timedelta(days=2))
    closed = write(client)
    graph.receive_message(PSID)
    opened = write(client)

    assert (closed.status_code, opened.status_code) == (400, 200)


def test_our_own_messages_do_not_keep_the_window_open(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.receive_message(PSID)
    graph.advance(timedelta(hours=20))
    write(client)
    graph.advance(timedelta(hours=20))

    assert error_of(write(client)) == (400, 10, 2534022)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"message": {"text": "x" * 2001}}, 100),
        ({"message": {"text": ""}}, 100),
        ({"message": "{"}, 100),
        ({"recipient": {}}, 100),
        ({"messaging_type": "GREETING"}, 100),
        ({"messaging_type": "MESSAGE_TAG"}, 100),
        ({"recipient": {"id": "gone-1"}}, 551),
    ],
)
def test_the_send_api_refuses_what_it_cannot_deliver(
    graph: GraphSimulator, client: httpx.Client, body: dict[str, Any], code: int
) -> None:
    graph.delete("gone-1")

    answer = client.post("/me/messages", json={"recipient": {"id": PSID}, "message": {"text": "x"}, **body})

    assert error_of(answer)[:2] == (400, code)
    assert graph.messages == []


def test_a_message_of_exactly_2000_characters_is_sent(client: httpx.Client) -> None:
    assert write(client, "é" * 2000).status_code == 200


def test_a_comment_gets_one_private_reply_and_no_second(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.seed_comment(COMMENT, from_id="42")

    first = reply_privately(client)
    second = reply_privately(client)

    assert first.json()["recipient_id"] == "42"
    assert error_of(second) == (400, 10900, None)
    assert [message.comment_id for message in graph.messages] == [COMMENT]
    assert client.get(f"/{COMMENT}", params={"fields": "can_reply_privately"}).json()["can_reply_privately"] is False


def test_a_comment_older_than_a_week_gets_no_private_reply(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.seed_comment(COMMENT, created_time=NOW - timedelta(days=7, minutes=1))

    assert error_of(reply_privately(client)) == (400, 10903, None)


def test_a_deleted_comment_gets_no_private_reply(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.delete(COMMENT)

    assert error_of(reply_privately(client)) == (400, 100, 2018292)


# Posts


def test_a_post_appears_in_the_feed(graph: GraphSimulator, client: httpx.Client) -> None:
    created = client.post(f"/{PAGE.id}/feed", data={"message": "Flu shots today"}).json()
    feed = client.get(f"/{PAGE.id}/feed", params={"fields": "id,message,created_time"}).json()["data"]
    published = client.get(f"/{PAGE.id}/published_posts").json()["data"]

    assert created["id"].startswith(f"{PAGE.id}_")
    assert feed == published
    assert feed == [{"id": created["id"], "message": "Flu shots today", "created_time": "2025-11-23T07:00:00+0000"}]


def test_the_feed_is_newest_first_and_can_be_cut_by_time(graph: GraphSimulator, client: httpx.Client) -> None:
    for days in (3, 1, 2):
        graph.seed_post(f"{days} days ago", created_time=NOW - timedelta(days=days))

    everything = client.get("/me/feed", params={"fields": "message"}).json()["data"]
    since = client.get("/me/feed", params={"since": (NOW - timedelta(days=2)).isoformat(), "limit": 1}).json()["data"]
    until = client.get("/me/feed", params={"until": (NOW - timedelta(days=2)).isoformat()}).json()["data"]

    assert [post["message"] for post in everything] == ["1 days ago", "2 days ago", "3 days ago"]
    assert [post["message"] for post in since] == ["1 days ago"]
    assert [post["message"] for post in until] == ["2 days ago", "3 days ago"]


def test_a_scheduled_post_goes_out_by_itself(graph: GraphSimulator, client: httpx.Client) -> None:
    planned = int((NOW + timedelta(hours=1)).timestamp())
    form = {"message": "Later", "published": "false", "scheduled_publish_time": planned}
    post_id = client.post("/me/feed", data=form).json()["id"]

    before = client.get("/me/scheduled_posts", params={"fields": "message,scheduled_publish_time"}).json()["data"]
    feed_before = client.get("/me/feed").json()["data"]
    graph.advance(timedelta(hours=1))
    feed_after = client.get("/me/feed").json()["data"]
    after = client.get("/me/scheduled_posts").json()["data"]

    assert before == [{"id": post_id, "message": "Later", "scheduled_publish_time": planned}]
    assert (feed_before, after) == ([], [])
    assert [(post["id"], post["created_time"]) for post in feed_after] == [(post_id, "2025-11-23T08:00:00+0000")]


def test_a_scheduled_post_can_be_moved_published_at_once_or_deleted(
    graph: GraphSimulator, client: httpx.Client
) -> None:
    soon, late = NOW + timedelta(hours=1), NOW + timedelta(days=5)
    moved, at_once, deleted = (graph.seed_post(name, scheduled_publish_time=soon) for name in "abc")

    client.post(f"/{moved}", data={"scheduled_publish_time": int(late.timestamp())})
    client.post(f"/{at_once}", data={"is_published": "true"})
    client.delete(f"/{deleted}")
    graph.advance(timedelta(hours=2))

    assert [post["id"] for post in client.get("/me/feed").json()["data"]] == [at_once]
    assert [post["id"] for post in client.get("/me/scheduled_posts").json()["data"]] == [moved]
    assert error_of(client.post(f"/{at_once}", data={"scheduled_publish_time": int(late.timestamp())})) == (
        400,
        100,
        None,
    )


def test_an_unpublished_post_is_in_no_list(client: httpx.Client) -> None:
    client.post("/me/feed", data={"message": "draft", "published": "false"})

    assert client.get("/me/feed").json() == client.get("/me/scheduled_posts").json() == {"data": []}


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"message": "x", "published": "maybe"},
        {"message": "x", "scheduled_publish_time": "1763888400"},
        {"message": "x", "published": "false", "scheduled_publish_time": str(int(NOW.timestamp()) + 599)},
        {"message": "x", "published": "false", "scheduled_publish_time": str(int(NOW.timestamp()) + 76 * 86400)},
        {"message": "x", "published": "false", "scheduled_publish_time": "soon"},
    ],
)
def test_a_post_without_words_or_with_an_impossible_time_is_refused(
    graph: GraphSimulator, client: httpx.Client, form: dict[str, str]
) -> None:
    assert error_of(client.post("/me/feed", data=form)) == (400, 100, None)
    assert graph.posts == []


def test_a_post_said_twice_is_506_where_that_is_asked_for() -> None:
    with GraphSimulator(refuse_duplicate_posts=True) as graph, client_of(graph) as client:
        client.post("/me/feed", data={"message": "Flu shots"})

        assert error_of(client.post("/me/feed", data={"message": "Flu shots"})) == (400, 506, 1455006)


def test_subscriptions_can_be_read_back(client: httpx.Client) -> None:
    before = client.get("/me/subscribed_apps").json()["data"]
    client.post("/me/subscribed_apps", data={"subscribed_fields": "feed,messages"})
    after = client.get("/me/subscribed_apps").json()["data"]

    assert before == []
    assert after[0]["subscribed_fields"] == ["feed", "messages"]


# Paths


@pytest.mark.parametrize("path", ["/v23.0/555_777/boguspath", "/555_777/comments", "/v23.0/555_777/comments/x"])
def test_an_unknown_path_is_2500(graph: GraphSimulator, path: str) -> None:
    answer = httpx.get(graph.url + path, params={"access_token": PAGE.token})

    assert error_of(answer) == (400, 2500, None)


def test_a_body_that_is_not_what_it_says_is_refused(client: httpx.Client) -> None:
    answer = client.post(f"/{COMMENT}/comments", content=b"{", headers={"Content-Type": "application/json"})

    assert answer.status_code == 400


def test_a_connection_is_kept_alive_also_over_refusals(graph: GraphSimulator) -> None:
    opened: list[str] = []

    def trace(event: str, _: object) -> None:
        opened.append(event)

    with client_of(graph) as client:
        for path in ("/me", "/nothing-here", "/me/feed"):
            client.get(path, extensions={"trace": trace})

    assert opened.count("connection.connect_tcp.complete") == 1


# Faults


@pytest.mark.parametrize(
    ("code", "status", "subcode"),
    [
        (1, 500, 99),
        (2, 500, None),
        (4, 403, None),
        (10, 400, 2534022),
        (32, 403, None),
        (190, 400, 460),
        (368, 400, 1390008),
        (613, 400, None),
    ],
)
def test_an_error_code_comes_as_meta_sends_it_and_does_nothing(
    graph: GraphSimulator, client: httpx.Client, code: int, status: int, subcode: int | None
) -> None:
    graph.fail(error=code)

    struck = client.post(f"/{COMMENT}/comments", data={"message": "x"})
    then = client.get("/me")

    assert error_of(struck) == (status, code, subcode)
    assert graph.answers == []
    assert then.status_code == 200


def test_a_temporary_error_says_so_and_a_lasting_one_does_not(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.fail(error=2)
    graph.fail(error=368)

    temporary, lasting = client.get("/me").json()["error"], client.get("/me").json()["error"]

    assert temporary["is_transient"] is True
    assert "is_transient" not in lasting


def test_a_rate_limit_lasts_n_calls_and_tells_the_usage(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.fail(error=4, times=2)
    graph.fail(error=32, regain_minutes=7)

    by_app, again, by_page, over = (client.get("/me") for _ in range(4))

    assert [answer.status_code for answer in (by_app, again, by_page, over)] == [403, 403, 403, 200]
    assert json.loads(by_app.headers["X-App-Usage"])["call_count"] == 100
    usage = json.loads(by_page.headers["X-Business-Use-Case-Usage"])[PAGE.id][0]
    assert (usage["type"], usage["estimated_time_to_regain_access"]) == ("pages", 7)


def test_a_fault_can_carry_another_status_subcode_and_message(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.fail(error=10, subcode=2018278, status=403, message="(#10) outside of allowed window")

    answer = client.get("/me")

    assert error_of(answer) == (403, 10, 2018278)
    assert answer.json()["error"]["message"] == "(#10) outside of allowed window"


def test_a_bare_status_comes_without_an_envelope(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.fail(status=503)

    answer = client.get("/me")

    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "text/html"


def test_a_fault_strikes_only_its_method_and_path(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.fail(method="POST", path="/comments$", status=503, times=None)

    assert client.get(f"/{COMMENT}/comments").status_code == 200
    assert client.post("/me/feed", data={"message": "x"}).status_code == 200
    assert [client.post(f"/{COMMENT}/comments", data={"message": "x"}).status_code for _ in range(3)] == [503] * 3


@pytest.mark.parametrize("performed", [True, False])
def test_a_timeout_hangs_up_whether_or_not_the_request_was_performed(
    graph: GraphSimulator, client: httpx.Client, *, performed: bool
) -> None:
    graph.fail(method="POST", path="/comments$", timeout=0.05, performed=performed)

    began = time.monotonic()
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(f"/{COMMENT}/comments", data={"message": "Are you there?"})
    took = time.monotonic() - began
    read_back = client.get(f"/{COMMENT}/comments").json()["data"]

    assert took >= 0.05
    assert [comment["message"] for comment in read_back] == (["Are you there?"] if performed else [])
    assert (graph.requests[0]["status"], graph.requests[0]["performed"]) == (None, performed)


def test_a_client_with_less_patience_times_out_by_itself(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.fail(timeout=30, performed=True)

    with pytest.raises(httpx.ReadTimeout):
        client.post("/me/feed", data={"message": "x"}, timeout=0.05)

    assert [post.message for post in graph.posts] == ["x"]


def test_a_request_can_be_performed_behind_a_503(graph: GraphSimulator, client: httpx.Client) -> None:
    graph.fail(status=503, performed=True)

    answer = write(client)

    assert answer.status_code == 503
    assert len(graph.messages) == 1


def test_other_requests_are_served_while_one_hangs(graph: GraphSimulator) -> None:
    graph.fail(path="/feed", timeout=30)

    def hang() -> None:
        with client_of(graph) as patient, pytest.raises(httpx.HTTPError):
            patient.get("/me/feed", timeout=30)

    hanging = threading.Thread(target=hang)
    hanging.start()
    with client_of(graph) as client:
        answer = client.get("/me", timeout=2)
    graph.__exit__(None, None, None)
    hanging.join(5)

    assert answer.status_code == 200
    assert not hanging.is_alive()


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"timeout": 1, "status": 503},
        {"error": 4, "times": 0},
        {"error": "four"},
        {"status": 503, "path": "("},
        {"status": 503, "every": 2},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(graph: GraphSimulator, fault: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"fault|times|error|path"):
        graph.fail(**fault)

    assert graph.state()["faults"] == []


# Records and control


def test_every_request_is_recorded_without_the_token(graph: GraphSimulator, client: httpx.Client) -> None:
    httpx.post(
        f"{graph.url}/v23.0/{COMMENT}/comments",
        params={"access_token": PAGE.token, "appsecret_proof": "secret-proof"},
        data={"message": "hello"},
    )
    client.get("/nothing/here")

    assert graph.requests == [
        {
            "time": NOW.isoformat(),
            "method": "POST",
            "path": f"/v23.0/{COMMENT}/comments",
            "params": {"message": "hello"},
            "status": 200,
            "error": None,
            "performed": True,
            "fault": False,
        },
        {
            "time": NOW.isoformat(),
            "method": "GET",
            "path": "/v23.0/nothing/here",
            "params": {},
            "status": 400,
            "error": 2500,
            "performed": False,
            "fault": False,
        },
    ]
    state = json.dumps(graph.state())
    assert PAGE.token not in state
    assert "secret-proof" not in state


def test_a_reset_forgets_everything_but_never_repeats_an_id(graph: GraphSimulator, client: httpx.Client) -> None:
    before = client.post("/me/feed", data={"message": "x"}).json()["id"]
    graph.kill_token()
    graph.delete(COMMENT)
    graph.fail(status=503, times=None)
    graph.advance(timedelta(hours=1))

    graph.reset()
    state = graph.state()
    after = client.post("/me/feed", data={"message": "x"}).json()["id"]

    assert state["now"] == NOW.isoformat()
    assert [state[name] for name in ("answers", "messages", "posts", "requests", "faults")] == [[]] * 5
    assert client.get(f"/{COMMENT}").status_code == 200
    assert after != before


def test_another_process_controls_the_simulator_over_http(graph: GraphSimulator, client: httpx.Client) -> None:
    control = httpx.Client(base_url=f"{graph.url}/_simulator")

    control.post("/comments", json={"id": COMMENT, "message": "Open?", "from_id": "42", "parent_id": "1_555"})
    control.post("/messages", json={"psid": PSID, "text": "Hello", "id": "m_1"})
    control.post("/posts", json={"message": "Later", "scheduled_publish_time": "2025-11-23T09:00:00Z"})
    control.post("/delete", json={"id": "555_888"})
    control.post("/clock", json={"advance_seconds": 90_000})
    control.post("/fail", json={"method": "GET", "path": "/feed", "error": 613, "times": 3})
    outcomes = [
        client.get(f"/{COMMENT}").json()["message"],
        error_of(write(client)),
        error_of(client.get("/555_888")),
        error_of(client.get("/me/feed")),
    ]
    control.post("/token", json={"dead": True})
    outcomes.append(error_of(client.get("/me")))
    control.post("/token", json={"dead": False})
    state = control.get("/state").json()
    control.close()

    assert outcomes == ["Open?", (400, 10, 2534022), (400, 100, 33), (400, 613, None), (400, 190, 460)]
    assert state["now"] == (NOW + timedelta(hours=25)).isoformat()
    assert [(comment["id"], comment["message"]) for comment in state["comments"]] == [(COMMENT, "Open?")]
    assert [(message["id"], message["text"]) for message in state["received"]] == [("m_1", "Hello")]
    assert [(post["message"], post["is_published"]) for post in state["posts"]] == [("Later", True)]
    assert state["faults"] == [{"method": "GET", "path": "/feed", "error": 613, "times": 2}]
    assert state["pages"][0]["token_dead"] is False
    assert httpx.post(f"{graph.url}/_simulator/reset").json() == {"success": True}
    assert graph.state()["comments"] == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("fail", {"error": 4, "times": 0}, 400),
        ("comments", {"message": "no id"}, 400),
        ("clock", {"advance_seconds": "soon"}, 400),
        ("posts", {"message": "x", "created_time": "soon"}, 400),
        ("token", {"dead": True, "page_id": "nobody"}, 400),
        ("nothing", {}, 404),
    ],
)
def test_a_control_request_that_makes_no_sense_says_why(
    graph: GraphSimulator, path: str, body: dict[str, Any], status: int
) -> None:
    answer = httpx.post(f"{graph.url}/_simulator/{path}", json=body)

    assert answer.status_code == status
    assert answer.json()["error"]


def test_many_answers_at_once_get_an_id_each(graph: GraphSimulator) -> None:
    def post_some() -> None:
        with client_of(graph) as client:
            for _ in range(10):
                client.post(f"/{COMMENT}/comments", data={"message": "x"})

    threads = [threading.Thread(target=post_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({answer.id for answer in graph.answers}) == 80


def test_a_closed_simulator_serves_nobody_not_even_over_a_kept_connection(
    graph: GraphSimulator, client: httpx.Client
) -> None:
    client.get("/me")

    graph.__exit__(None, None, None)

    with pytest.raises(httpx.TransportError):
        client.get("/me")


def test_it_runs_from_the_shell_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "simulators.graph", "--port", "0", "--page-token", "t"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        answer = httpx.get(f"{url}/me", params={"access_token": "t"})
        printed = process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        code = process.wait(10)

    assert answer.json()["name"] == PAGE.name
    assert printed == "GET /v23.0/me 200"
    assert code == 0
