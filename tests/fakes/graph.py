"""The simulated Graph without a socket, and what Meta's own descriptions say of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from simulators.graph import PAGE, GraphSimulator
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.replies import Direct

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.ports import Page, Polled

NOW = datetime(2026, 10, 12, 10, 0, tzinfo=UTC)
URL = "https://graph.example/v23.0"
SECRET = ChannelSecret(access_token=PAGE.token, signing_secrets=("sample-app-secret",))
FACEBOOK = Channel(name="mercy-facebook", platform="facebook", account_id=PAGE.id)
MESSENGER = Channel(name="mercy-messenger", platform="messenger", account_id=PAGE.id)
INSTAGRAM = Channel(name="mercy-instagram", platform="instagram", account_id=PAGE.instagram_id)
WHATSAPP = Channel(name="mercy-whatsapp", platform="whatsapp", account_id=PAGE.number_id)
META = Path(__file__).parents[3] / "shared/specs/meta"
NO_META = "Meta's descriptions of its API are not beside the project"
_FIELD = re.compile(r"(\w+)((?:\.\w+\(\w+\))*)(\{)?|(\})|,")


def simulated(**options: Any) -> GraphSimulator:
    """Return a Graph on which the pages say something at NOW."""
    return GraphSimulator(now=lambda: NOW, **options)


class Dated(Direct):
    """As `Direct`, with the header that says when Graph answered."""

    def __init__(self, graph: GraphSimulator, date: str) -> None:
        super().__init__(graph)
        self._date = date

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        response.headers["Date"] = self._date
        return response


def answering(answer: Callable[[httpx.Request], Any]) -> httpx.MockTransport:
    """Return a Graph that answers every request with this JSON."""
    return httpx.MockTransport(lambda request: httpx.Response(200, json=answer(request)))


def whole(polled: Polled, channel: Channel, *, most: int = 100) -> list[Page]:
    """Return all pages, read by their marks."""
    pages = [polled.page(channel, SECRET, older_than="", now=NOW)]
    while pages[-1].older:
        assert len(pages) < most
        pages.append(polled.page(channel, SECRET, older_than=pages[-1].older, now=NOW))
    return pages


def described(name: str) -> tuple[set[str], dict[str, set[str]]]:
    """Return the fields of an object of Graph, and its edges with their parameters, as Meta's code generator has it."""
    spec = json.loads((META / f"graph-sdk-codegen/api_specs/specs/{name}.json").read_text())
    edges = {
        api["endpoint"].strip("/"): {param["name"] for param in api["params"]}
        for api in spec["apis"]
        if api["method"] == "GET" and "endpoint" in api
    }
    return {field["name"] for field in spec["fields"]}, edges


def fields_in(text: str) -> dict[str, set[str]]:
    """Return the names in `fields=`, by the path of the object they are asked of ("" is the outermost)."""
    found: dict[str, set[str]] = {"": set()}
    path: list[str] = []
    for name, _, opens, closes in _FIELD.findall(text):
        if closes:
            path.pop()
        elif name:
            found.setdefault("/".join(path), set()).add(name)
            path += [name] if opens else []
    return found
