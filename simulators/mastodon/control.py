"""The control API over HTTP, for a demo that runs the simulator in another process.

| request | body | does |
|---|---|---|
| `GET /_simulator/state` | | gives what was answered, told and asked |
| `POST /_simulator/fail` | the fields of `Fault` | lets the next requests suffer |
| `POST /_simulator/reset` | | forgets everything |
| `POST /_simulator/statuses` | `username`, `text`, and more of `says` | somebody says something |
| `POST /_simulator/edits` | `id`, `text` | its author edits a status |
| `POST /_simulator/deletes` | `id` | its author deletes a status |
| `POST /_simulator/token` | `dead` (true or false) | our token dies, or lives again |
| `POST /_simulator/clock` | `advance_seconds` | time moves on |

Bodies are JSON or a form; what is wrong with one comes back as 400 `{"error": "..."}`.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from simulators.mastodon.wire import Json, Reply, Request

if TYPE_CHECKING:
    from simulators.mastodon.simulator import MastodonSimulator


def control(simulator: "MastodonSimulator", request: Request) -> Reply:
    """Do what a request under `/_simulator/` asks."""
    action = _ACTIONS.get((request.method, request.path.removeprefix("/_simulator/")))
    if action is None:
        return Reply(404, {"error": f"there is no {request.method} {request.path}"})
    try:
        return Reply(200, action(simulator, request))
    except KeyError as exc:
        return Reply(400, {"error": f"{exc.args[0]!r} is missing or unknown"})
    except ValueError as exc:
        return Reply(400, {"error": str(exc)})


def _state(simulator: "MastodonSimulator", _: Request) -> Json:
    return {
        "now": simulator.now().isoformat(),
        "answers": [
            {"id": one.id, "text": one.text, "in_reply_to_id": one.in_reply_to_id, "visibility": one.visibility}
            for one in simulator.answers
        ],
        "told": [{"id": one.id, "type": one.type, "status_id": one.status_id} for one in simulator.told],
        "requests": simulator.requests,
    }


def _fail(simulator: "MastodonSimulator", request: Request) -> Json:
    simulator.fail(**request.params)
    return {"success": True}


def _reset(simulator: "MastodonSimulator", _: Request) -> Json:
    simulator.reset()
    return {"success": True}


def _speak(simulator: "MastodonSimulator", request: Request) -> Json:
    named = simulator.says(
        str(request.params["username"]),
        str(request.params["text"]),
        display_name=request.text("display_name"),
        visibility=request.text("visibility") or "public",
        spoiler_text=request.text("spoiler_text"),
        in_reply_to_id=request.text("in_reply_to_id") or None,
    )
    return {"id": named}


def _edit(simulator: "MastodonSimulator", request: Request) -> Json:
    simulator.edits(str(request.params["id"]), str(request.params["text"]))
    return {"success": True}


def _delete(simulator: "MastodonSimulator", request: Request) -> Json:
    simulator.deletes(str(request.params["id"]))
    return {"success": True}


def _token(simulator: "MastodonSimulator", request: Request) -> Json:
    if request.flag("dead"):
        simulator.kill_token()
    else:
        simulator.revive_token()
    return {"success": True}


def _clock(simulator: "MastodonSimulator", request: Request) -> Json:
    simulator.advance(timedelta(seconds=float(request.params["advance_seconds"])))
    return {"now": simulator.now().isoformat()}


_ACTIONS: dict[tuple[str, str], Callable[["MastodonSimulator", Request], Json]] = {
    ("GET", "state"): _state,
    ("POST", "fail"): _fail,
    ("POST", "reset"): _reset,
    ("POST", "statuses"): _speak,
    ("POST", "edits"): _edit,
    ("POST", "deletes"): _delete,
    ("POST", "token"): _token,
    ("POST", "clock"): _clock,
}
