"""The control API over HTTP, for a demo that runs the simulator in another process.

| request | body | does |
|---|---|---|
| `GET /_simulator/state` | | gives answers, messages, posts, requests, waiting faults |
| `POST /_simulator/fail` | the fields of `Fault` | lets the next requests suffer |
| `POST /_simulator/reset` | | forgets everything |
| `POST /_simulator/comments` | `id`, `message`, `parent_id`, `from_id`, `from_name`, `created_time` | they comment |
| `POST /_simulator/messages` | `psid`, `text`, `id`, `page_id`, `created_time` | a person writes on Messenger |
| `POST /_simulator/posts` | `message`, `id`, `page_id`, `created_time`, `scheduled_publish_time` | a page posts |
| `POST /_simulator/delete` | `id` | a comment, post or person goes away |
| `POST /_simulator/token` | `dead` (true or false), `page_id` | the page's token dies, or lives again |
| `POST /_simulator/clock` | `advance_seconds` | time moves on |

Bodies are JSON or a form; what is wrong with one comes back as 400 `{"error": "..."}`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from simulators.graph.errors import GraphError
from simulators.graph.faults import parse_fault
from simulators.graph.shapes import parse_time
from simulators.graph.wire import Json, Reply, Request

if TYPE_CHECKING:
    from simulators.graph.simulator import GraphSimulator


def control(simulator: "GraphSimulator", request: Request) -> Reply:
    """Do what a request under `/_simulator/` asks."""
    action = _ACTIONS.get((request.method, request.path.removeprefix("/_simulator/")))
    if action is None:
        return Reply(404, {"error": f"there is no {request.method} {request.path}"})
    try:
        return Reply(200, action(simulator, request.params))
    except KeyError as exc:
        return Reply(400, {"error": f"{exc.args[0]!r} is missing or unknown"})
    except (ValueError, GraphError) as exc:
        return Reply(400, {"error": str(exc)})


def _state(simulator: "GraphSimulator", _: Json) -> Json:
    return simulator.state()


def _fail(simulator: "GraphSimulator", body: Json) -> Json:
    simulator.add_fault(parse_fault(body))
    return {"success": True}


def _reset(simulator: "GraphSimulator", _: Json) -> Json:
    simulator.reset()
    return {"success": True}


def _comment(simulator: "GraphSimulator", body: Json) -> Json:
    given = {name: body[name] for name in ("message", "parent_id", "from_id", "from_name") if name in body}
    simulator.seed_comment(str(body["id"]), **given, created_time=_time(body, "created_time"))
    return {"id": str(body["id"])}


def _message(simulator: "GraphSimulator", body: Json) -> Json:
    mid = simulator.receive_message(
        str(body["psid"]),
        str(body["text"]),
        message_id=body.get("id"),
        page_id=body.get("page_id"),
        created_time=_time(body, "created_time"),
    )
    return {"id": mid}


def _post(simulator: "GraphSimulator", body: Json) -> Json:
    post_id = simulator.seed_post(
        str(body["message"]),
        post_id=body.get("id"),
        page_id=body.get("page_id"),
        created_time=_time(body, "created_time"),
        scheduled_publish_time=_time(body, "scheduled_publish_time"),
    )
    return {"id": post_id}


def _delete(simulator: "GraphSimulator", body: Json) -> Json:
    simulator.delete(str(body["id"]))
    return {"success": True}


def _token(simulator: "GraphSimulator", body: Json) -> Json:
    dead = str(body["dead"]).lower() in {"true", "1"}
    (simulator.kill_token if dead else simulator.revive_token)(body.get("page_id"))
    return {"success": True}


def _clock(simulator: "GraphSimulator", body: Json) -> Json:
    simulator.advance(timedelta(seconds=float(body["advance_seconds"])))
    return {"now": simulator.now().isoformat()}


def _time(body: Json, name: str) -> datetime | None:
    return parse_time(body[name]) if body.get(name) is not None else None


_ACTIONS: dict[tuple[str, str], Callable[["GraphSimulator", Json], Json]] = {
    ("GET", "state"): _state,
    ("POST", "fail"): _fail,
    ("POST", "reset"): _reset,
    ("POST", "comments"): _comment,
    ("POST", "messages"): _message,
    ("POST", "posts"): _post,
    ("POST", "delete"): _delete,
    ("POST", "token"): _token,
    ("POST", "clock"): _clock,
}
