"""A staff member's phone: opens the link from a text, and fills in the inbox's forms as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urljoin

import httpx


@dataclass
class Form:
    """A form of the page: where it goes, and the fields that it comes with."""

    action: str
    fields: dict[str, str] = field(default_factory=dict[str, str])


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag in {"input", "textarea", "select"} and self.forms and "name" in given:
            self.forms[-1].fields[given["name"]] = given.get("value", "")


@dataclass
class Phone:
    """A browser with one cookie jar. The session cookie is `Secure`; on loopback it is sent all the same."""

    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))
    url: str = ""
    html: str = ""
    cookies: dict[str, str] = field(default_factory=dict[str, str])

    def open(self, url: str) -> int:
        """Follow a link; return the status."""
        return self._send("GET", url)

    def submit(self, action: str, **filled: str) -> int:
        """Send the first form whose action ends in *action*, with what the page put into it; return the status."""
        parser = _Forms()
        parser.feed(self.html)
        form = next((form for form in parser.forms if form.action.split("?")[0].endswith(action)), None)
        if form is None:
            found = ", ".join(form.action for form in parser.forms) or "none"
            raise LookupError(f"the page has no form {action!r}; its forms: {found}")
        return self._send("POST", urljoin(self.url, form.action), form.fields | filled)

    def _send(self, method: str, url: str, data: dict[str, str] | None = None) -> int:
        for _ in range(5):
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": cookie} if cookie else {}
            response = self.client.request(method, url, data=data, headers=headers)
            for header in response.headers.get_list("set-cookie"):
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
            self.url, self.html = url, response.text
            if response.status_code not in {301, 302, 303, 307}:
                return response.status_code
            method, url, data = "GET", urljoin(url, response.headers["location"]), None
        raise LookupError(f"more than five redirects, the last to {url}")
