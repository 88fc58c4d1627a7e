"""What goes wrong between us and the Graph API, as errors of ours."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.graph import Graph
from switchboard.ports import Channel, ChannelSecret

if TYPE_CHECKING:
    from collections.abc import Callable

CHANNEL = Channel(name="facebook", platform="facebook", account_id="100")
SECRET = ChannelSecret(access_token="demo-page-token")
URL = "https://graph.example/v23.0"

NEVER_LEFT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"}
OURS = {"UnsupportedProtocol", "InvalidURL"}
EXCEPTIONS = sorted(
    (
        found
        for _, found in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(found, Exception) and found.__module__.startswith("httpx")
    ),
    key=lambda found: found.__name__,
)


def graph(handler: Callable[[httpx.Request], httpx.Response]) -> Graph:
    return Graph(URL, transport=httpx.MockTransport(handler))


def answering(status: int, body: Any = None, text: str = "", **headers: str) -> Graph:
    return graph(
        lambda _: httpx.Response(status, headers=headers, **({"text": text} if body is None else {"json": body}))
    )


def error(code: int, subcode: int | None = None, status: int = 400, **more: Any) -> Graph:
    return answering(status, {"error": {"code": code, "error_subcode": subcode, "message": "secret words", **more}})


def post(client: Graph, secret: ChannelSecret = SECRET) -> dict[str, Any]:
    return client.post(CHANNEL, secret, "555_777", "comments", body={"message": "Yes."})


def made(kind: type[Exception]) -> Exception:
    request = httpx.Request("POST", URL)
    if kind is httpx.HTTPStatusError:
        return httpx.HTTPStatusError("no", request=request, response=httpx.Response(500))
    wants = [name for name in inspect.signature(kind).parameters if name == "message"]
    return kind("no") if wants else kind()


@pytest.mark.parametrize("kind", EXCEPTIONS)
def test_every_exception_of_httpx_is_one_of_ours(kind: type[Exception]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise made(kind)

    expected = (
        Unavailable if kind.__name__ in NEVER_LEFT else Misconfigured if kind.__name__ in OURS else OutcomeUnknown
    )
    with pytest.raises(expected) as caught:
        post(graph(fail))

    assert caught.value.__cause__ is not None


def test_what_httpx_can_raise_is_all_there() -> None:
    assert len(EXCEPTIONS) >= 25
    assert {found.__name__ for found in EXCEPTIONS} >= NEVER_LEFT | OURS | {"ReadTimeout", "RemoteProtocolError"}


@pytest.mark.parametrize("code", [190, 102, 467, 104, 200, 210, 299, 10, 3])
def test_a_dead_token_or_a_missing_permission_needs_a_person(code: int) -> None:
    with pytest.raises(Misconfigured, match="channel facebook"):
        post(error(code))


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80001, 80006, 1, 2])
def test_a_limit_or_a_passing_failure_is_retried(code: int) -> None:
    with pytest.raises(Unavailable):
        post(error(code))


@pytest.mark.parametrize(
    ("code", "subcode", "reason"),
    [
        (100, 33, "deleted"),
        (10, 2534022, "window_closed"),
        (10, 2018278, "window_closed"),
        (551, 1545041, "unreachable"),
        (368, 1390008, "blocked"),
        (100, None, "refused"),
        (10903, None, "refused"),
    ],
)
def test_what_is_refused_for_good_has_a_reason(code: int, subcode: int | None, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        post(error(code, subcode))

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "client",
    [
        error(506),
        error(99999, status=500),
        answering(502, text="<html>Sorry</html>"),
        answering(200, text="<html>Sorry</html>"),
        answering(200, text="[" * 100_000),
        answering(200, {"error": {}}),
    ],
)
def test_an_answer_that_nobody_can_read_leaves_the_outcome_open(client: Graph) -> None:
    with pytest.raises(OutcomeUnknown):
        post(client)


def test_reading_again_is_safe_so_a_lost_answer_to_a_look_up_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        answering(502, text="<html>Sorry</html>").get(CHANNEL, SECRET, "555_777", "comments")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"X-Business-Use-Case-Usage": '{"100": [{"estimated_time_to_regain_access": 3}]}'}, 180),
        ({"X-Business-Use-Case-Usage": '{"100": [{"estimated_time_to_regain_access": 1e9}]}'}, 86_400),
        ({"X-Business-Use-Case-Usage": '{"100": "none"}'}, None),
        ({"X-Business-Use-Case-Usage": "["}, None),
    ],
)
def test_the_time_to_wait_is_taken_from_the_headers(headers: dict[str, str], seconds: float | None) -> None:
    with pytest.raises(Unavailable) as caught:
        post(answering(400, {"error": {"code": 80001}}, **headers))

    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_an_answer_that_is_not_graphs_points_to_the_url(status: int) -> None:
    with pytest.raises(Misconfigured, match="GRAPH_URL"):
        post(answering(status, text="no"))


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "tökén"])
def test_a_token_that_cannot_be_one_is_never_sent(token: str) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        pytest.fail("it was sent")

    with pytest.raises(Misconfigured):
        post(graph(fail), ChannelSecret(access_token=token))


def test_the_token_is_in_the_header_alone_and_ids_cannot_leave_their_place() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": "1"})

    graph(answer).post(CHANNEL, SECRET, "../me?x=", "comments", body={"message": "Yes."})

    assert str(seen[0].url) == f"{URL}/..%2Fme%3Fx%3D/comments"
    assert seen[0].headers["authorization"] == "Bearer demo-page-token"
    assert b"demo-page-token" not in seen[0].read()


def test_no_word_of_the_platform_is_in_an_error() -> None:
    for code in (1, 2, 4, 100, 190, 200, 368, 506, 99999):
        with pytest.raises(SwitchboardError) as caught:
            post(error(code))

        assert "secret words" not in str(caught.value)
