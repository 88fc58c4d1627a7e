"""What each path does.

Checked against Mastodon's OpenAPI description (4.7.0) and what a GoToSocial answered.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlencode

from simulators.mastodon.entities import (
    account_entity,
    credential_entity,
    notification_entity,
    scheduled_entity,
    status_entity,
)
from simulators.mastodon.instance import instance_entity, old_instance_entity
from simulators.mastodon.objects import Notification, Scheduled, Status
from simulators.mastodon.wire import Json, Reply, Request
from simulators.mastodon.world import KEY_LASTS, SOONEST, World

MOST = 80
LONGEST_STATUS = 500
Thing = TypeVar("Thing", Notification, Status)


class Refused(Exception):
    """The server says no: an HTTP status, and the name of its sentence."""

    def __init__(self, status: int, name: str) -> None:
        super().__init__(name)
        self.status, self.name = status, name


def perform(world: World, request: Request, address: str) -> Reply:
    """Do what *request* asks; Refused when the server does not."""
    world.publish_due()
    for method, path, scope, action in _ROUTES:
        found = path.fullmatch(request.path)
        if found is not None and method == request.method:
            if scope is not None:
                _allow(world, request, scope)
            return action(world, request, address, found[1] if path.groups else "")
    raise Refused(404, "not_there")


def _allow(world: World, request: Request, scope: str) -> None:
    if request.token != world.application.token:
        raise Refused(401, "no_token")
    if world.token_dead:
        raise Refused(401, "dead_token")
    if scope and not {scope, scope.partition(":")[0]} & set(world.application.scopes):
        raise Refused(403, "forbidden")


def _notifications(world: World, request: Request, address: str, _: str) -> Reply:
    wanted, unwanted = request.texts("types"), request.texts("exclude_types")
    told = [
        one for one in reversed(world.notifications) if (not wanted or one.type in wanted) and one.type not in unwanted
    ]
    page, headers = _page(world, request, address, told)
    return Reply(200, [notification_entity(world, address, one) for one in page], headers)


def _statuses_of(world: World, request: Request, address: str, account_id: str) -> Reply:
    if account_id not in world.accounts:
        raise Refused(404, "not_there")
    said = world.by(account_id)
    if request.flag("exclude_replies"):
        said = [status for status in said if not status.in_reply_to_id]
    page, headers = _page(world, request, address, said)
    return Reply(200, [status_entity(world, address, status) for status in page], headers)


def _page(
    world: World, request: Request, address: str, newest_first: Sequence[Thing]
) -> tuple[list[Thing], dict[str, str]]:
    """Give one page, and its Link header (RFC 8288)."""
    order = world.kind.order
    asked = request.text("limit")
    limit = min(int(asked) if asked.isdecimal() and int(asked) else world.kind.default_limit, MOST)
    below, above, from_below = (request.text(name) for name in ("max_id", "since_id", "min_id"))
    found = [
        one
        for one in newest_first
        if (not below or order(one.id) < order(below)) and order(one.id) > max(order(above), order(from_below))
    ]
    page = found[-limit:] if from_below else found[:limit]
    if not page:
        return page, {}
    kept: list[tuple[str, str]] = [
        (f"{name}[]", one) for name in ("types", "exclude_types") for one in request.texts(name)
    ]
    older = urlencode([("limit", str(limit)), ("max_id", page[-1].id), *kept])
    newer = urlencode([("limit", str(limit)), ("min_id", page[0].id), *kept])
    path = f"{address}{request.path}"
    return page, {"Link": f'<{path}?{older}>; rel="next", <{path}?{newer}>; rel="prev"'}


def _post(world: World, request: Request, address: str, _: str) -> Reply:
    key = request.headers.get("idempotency-key", "") if world.kind.keeps_keys else ""
    if (before := _made_before(world, key)) is not None:
        return Reply(200, status_entity(world, address, before))
    parent = request.text("in_reply_to_id")
    if parent and parent not in world.statuses:
        raise Refused(404, "no_parent")
    text = _text(request)
    visibility = request.text("visibility") or "public"
    if request.text("scheduled_at"):
        return _schedule(world, request, text, visibility)
    status = Status(
        id=world.kind.new_status_id(world.now(), world.number()),
        account=world.us,
        text=text,
        created_at=world.now(),
        visibility=visibility,
        spoiler_text=request.text("spoiler_text"),
        in_reply_to_id=parent or None,
        by_api=True,
    )
    world.add(status)
    if key:
        world.keys[key] = (status.id, world.now())
    return Reply(200, status_entity(world, address, status))


def _schedule(world: World, request: Request, text: str, visibility: str) -> Reply:
    try:
        when = datetime.fromisoformat(request.text("scheduled_at"))
    except ValueError as exc:
        raise Refused(422, "too_soon") from exc
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    if when < world.now() + SOONEST:
        raise Refused(422, "too_soon")
    named = world.kind.new_notification_id(world.now(), world.number())
    made = Scheduled(named, text, when.astimezone(UTC), visibility, request.text("in_reply_to_id") or None)
    world.scheduled.append(made)
    return Reply(200, scheduled_entity(world, made))


def _made_before(world: World, key: str) -> Status | None:
    made = world.keys.get(key)
    if made is None or world.now() - made[1] > KEY_LASTS:
        return None
    return world.statuses.get(made[0])


def _text(request: Request) -> str:
    text = request.text("status")
    if not text.strip():
        raise Refused(422, "no_text")
    if len(text) > LONGEST_STATUS:
        raise Refused(422, "too_long")
    return text


def _find(world: World, status_id: str) -> Status:
    status = world.statuses.get(status_id)
    if status is None:
        raise Refused(404, "not_there")
    return status


def _own(world: World, status_id: str) -> Status:
    status = _find(world, status_id)
    if status.account != world.us:
        raise Refused(404, "not_there")
    return status


def _show(world: World, _: Request, address: str, status_id: str) -> Reply:
    return Reply(200, status_entity(world, address, _find(world, status_id)))


def _edit(world: World, request: Request, address: str, status_id: str) -> Reply:
    status = _own(world, status_id)
    world.edit(status, _text(request))
    return Reply(200, status_entity(world, address, status))


def _delete(world: World, _: Request, address: str, status_id: str) -> Reply:
    status = _own(world, status_id)
    shown = status_entity(world, address, status) | {"text": status.text}
    world.remove(status_id)
    return Reply(200, shown)


def _context(world: World, _: Request, address: str, status_id: str) -> Reply:
    status = _find(world, status_id)
    shown = {"ancestors": world.ancestors(status), "descendants": list(world.descendants(status_id))}
    return Reply(200, {name: [status_entity(world, address, one) for one in found] for name, found in shown.items()})


def _us(world: World, _: Request, address: str, __: str) -> Reply:
    return Reply(200, credential_entity(world, address))


def _account(world: World, _: Request, address: str, account_id: str) -> Reply:
    if account_id not in world.accounts:
        raise Refused(404, "not_there")
    return Reply(200, account_entity(world, address, world.accounts[account_id]))


def _application(world: World, _: Request, __: str, ___: str) -> Reply:
    if world.kind.name == "gotosocial":
        raise Refused(404, "not_there")
    shown: Json = {
        "id": "1",
        "name": world.application.name,
        "website": None,
        "scopes": list(world.application.scopes),
        "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
        "redirect_uris": ["urn:ietf:wg:oauth:2.0:oob"],
        "vapid_key": "",
    }
    return Reply(200, shown)


def _instance(world: World, _: Request, address: str, __: str) -> Reply:
    return Reply(200, instance_entity(world, address))


def _old_instance(world: World, _: Request, address: str, __: str) -> Reply:
    return Reply(200, old_instance_entity(world, address))


_ANY = ""  # any living token will do
_ROUTES: tuple[tuple[str, re.Pattern[str], str | None, Callable[[World, Request, str, str], Reply]], ...] = (
    ("GET", re.compile(r"/api/v1/notifications"), "read:notifications", _notifications),
    ("GET", re.compile(r"/api/v1/accounts/verify_credentials"), "read:accounts", _us),
    ("GET", re.compile(r"/api/v1/accounts/([^/]+)/statuses"), None, _statuses_of),
    ("GET", re.compile(r"/api/v1/accounts/([^/]+)"), None, _account),
    ("GET", re.compile(r"/api/v1/apps/verify_credentials"), _ANY, _application),
    ("POST", re.compile(r"/api/v1/statuses"), "write:statuses", _post),
    ("GET", re.compile(r"/api/v1/statuses/([^/]+)"), None, _show),
    ("PUT", re.compile(r"/api/v1/statuses/([^/]+)"), "write:statuses", _edit),
    ("DELETE", re.compile(r"/api/v1/statuses/([^/]+)"), "write:statuses", _delete),
    ("GET", re.compile(r"/api/v1/statuses/([^/]+)/context"), None, _context),
    ("GET", re.compile(r"/api/v2/instance"), None, _instance),
    ("GET", re.compile(r"/api/v1/instance"), None, _old_instance),
)
