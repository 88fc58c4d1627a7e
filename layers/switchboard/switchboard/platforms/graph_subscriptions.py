"""Who sends what: an account sends to an app, an app sends to a URL, and only fields that both chose come.

https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps ("only fields with subscriptions at both
the page and app levels will get Webhooks") and https://developers.facebook.com/docs/graph-api/reference/app/subscriptions

A desk had 2,854 deliveries and not one comment, because a field was never subscribed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from switchboard.errors import Misconfigured, Rejected, SwitchboardError
from switchboard.platforms.fields import dict_of, id_of, list_of, text_of
from switchboard.platforms.graph import entries_of
from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from switchboard.platforms.graph import Graph, Json
    from switchboard.platforms.graph_needs import Needs
    from switchboard.ports import Channel, ChannelSecret

MOST_BUSINESSES = 5
_DASHBOARD = "In the app's dashboard, under Webhooks, subscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """What one of the two says: a *fault* if nothing comes at all, *fields* if it chose some, *said* for people."""

    said: str = ""
    sure: bool = True
    fault: str = ""
    remedy: str = ""
    fields: frozenset[str] | None = None


class Subscriptions:
    """The subscriptions of one channel, read back."""

    def __init__(self, graph: Graph, needs: Needs, channel: Channel, secret: ChannelSecret) -> None:
        self._graph = graph
        self._needs = needs
        self._channel = channel
        self._secret = secret

    def findings(self, token: Json) -> Iterator[Finding]:
        """Yield subscription and fields; *token* is what `debug_token` says."""
        levels = (self._account(token), self._app(id_of(token.get("app_id"))))
        yield _subscription(levels)
        if any(level.fields is not None for level in levels):
            yield self._fields(levels)

    def _fields(self, levels: tuple[_Level, _Level]) -> Finding:
        places = zip(levels, (f"at the {self._needs.account}", "in the app"), strict=True)
        missing = [
            (field, place)
            for level, place in places
            for field in (*self._needs.fields, *self._needs.wanted)
            if level.fields is not None and field not in level.fields
        ]
        if not missing:
            return Finding(name="fields", state="ok", detail="All fields that are needed are subscribed.")
        grave = any(field in self._needs.fields for field, _ in missing)
        told = ", ".join(f"{field} ({place})" for field, place in missing)
        remedy = f"Subscribe to them: {_DASHBOARD.lower()} the app, and connect the {self._needs.account} again."
        return Finding(
            name="fields", state="failure" if grave else "warning", detail=f"Not subscribed: {told}.", remedy=remedy
        )

    def _account(self, token: Json) -> _Level:
        needs, app = self._needs, id_of(token.get("app_id"))
        connect = f"Connect the {needs.account} to the app again."
        try:
            holder = self._holder(token)
            if not holder:
                return _Level(said="which WhatsApp business account holds the number is not known", sure=False)
            fields = {} if needs.holder == "business" else {"fields": "id,name,subscribed_fields"}
            apps = list(self._list(holder, "subscribed_apps", **fields))
        except SwitchboardError as exc:
            return _Level(said=f"the {needs.account}'s apps cannot be read ({_plain(exc)})", sure=False)
        ours = [one for one in apps if not app or app in (id_of(one.get("id")), _whatsapp(one))]
        if not ours:
            return _Level(fault=f"The {needs.account} sends nothing to the app {app or 'of the token'}", remedy=connect)
        chosen = {text_of(field) for one in ours for field in list_of(one.get("subscribed_fields"))}
        return _Level(
            said=f"the {needs.account} sends to app {app or id_of(ours[0].get('id'))}",
            fields=frozenset(chosen) if needs.by_account else None,
        )

    def _holder(self, token: Json) -> str:
        if self._needs.holder == "account":
            return self._channel.account_id
        return "me" if self._needs.holder == "me" else self._business(token)

    def _business(self, token: Json) -> str:
        """Return the WhatsApp business account that has our number, of those that the token was granted."""
        for business in list(_targets(token))[:MOST_BUSINESSES]:
            try:
                numbers = self._list(business, "phone_numbers", fields="id")
            except (Misconfigured, Rejected):
                continue
            if any(id_of(number.get("id")) == self._channel.account_id for number in numbers):
                return business
        return ""

    def _app(self, app: str) -> _Level:
        if not self._secret.signing_secrets:
            return _Level(
                fault="The channel's secret has no signing_secrets, so every delivery is refused",
                remedy="Put the app's secret there.",
            )
        if not app:
            return _Level(said="what the app is subscribed to is not known", sure=False)
        for key in self._secret.signing_secrets:
            try:
                return self._of_app(self._as_app(app, key))
            except Misconfigured:
                continue
            except SwitchboardError as exc:
                return _Level(said=f"the app's subscriptions cannot be read ({_plain(exc)})", sure=False)
        return _Level(said=f"none of signing_secrets is the secret of app {app}, so who signs is not known", sure=False)

    def _as_app(self, app: str, key: str) -> Iterable[Json]:
        secret = replace(self._secret, access_token=f"{app}|{key}")
        return list(entries_of(self._graph.get(self._channel, secret, app, "subscriptions")))

    def _of_app(self, subscriptions: Iterable[Json]) -> _Level:
        named = self._needs.named
        ours = next((one for one in subscriptions if text_of(one.get("object")) == named), None)
        remedy = f'{_DASHBOARD} to "{named}" with this channel\'s URL.'
        if ours is None or ours.get("active") is False:
            return _Level(fault=f'The app has no active webhook for "{named}"', remedy=remedy)
        fields = {text_of(dict_of(field).get("name") or field) for field in list_of(ours.get("fields"))}
        return _Level(said=f"the app to {text_of(ours.get('callback_url'), 300)}", fields=frozenset(fields))

    def _list(self, *path: str, **params: str) -> Iterable[Json]:
        return entries_of(self._graph.get(self._channel, self._secret, *path, **params))


def _subscription(levels: tuple[_Level, _Level]) -> Finding:
    faults = [level for level in levels if level.fault]
    if faults:
        detail = "; ".join(level.fault for level in faults)
        remedy = " ".join(level.remedy for level in faults)
        return Finding(name="subscription", state="failure", detail=f"{detail}.", remedy=remedy)
    said = "; ".join(level.said for level in levels)
    detail = f"{said[:1].upper()}{said[1:]}."
    if not all(level.sure for level in levels):
        return Finding(name="subscription", state="warning", detail=detail, remedy="See the app's dashboard, Webhooks.")
    return Finding(name="subscription", state="ok", detail=detail)


def _targets(token: Json) -> Iterator[str]:
    """Yield the ids of the WhatsApp business accounts that the token was granted, each once."""
    scopes = [dict_of(scope) for scope in list_of(token.get("granular_scopes"))]
    ids = [id_of(target) for scope in scopes if _is_whatsapp(scope) for target in list_of(scope.get("target_ids"))]
    yield from (found for found in dict.fromkeys(ids) if found)


def _is_whatsapp(scope: Json) -> bool:
    return text_of(scope.get("scope")).startswith("whatsapp_business_")


def _whatsapp(app: Json) -> str:
    return id_of(dict_of(app.get("whatsapp_business_api_data")).get("id"))


def _plain(exc: SwitchboardError) -> str:
    return "it is not allowed" if isinstance(exc, (Misconfigured, Rejected)) else "Facebook asks to wait"
