"""Pages and redirects: templates, and the headers that every answer carries."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_lambda_powertools.shared.cookies import Cookie

    from functions.inbox.request import Request

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
STATIC = {"style.css": "text/css; charset=utf-8"}
_HERE = Path(__file__).parent


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    template: str, request: Request, *, status: int = 200, cookies: Sequence[Cookie] = (), **values: object
) -> Response[str]:
    """Return the page *template* with *values*; its links are relative to *request*."""
    body = _templates().get_template(template).render(up=request.up, **values)
    return Response(status, content_type="text/html; charset=utf-8", body=body, headers=HEADERS, cookies=list(cookies))


def message(
    request: Request, *, status: int, title: str, text: str, cookies: Sequence[Cookie] = (), **more: object
) -> Response[str]:
    """Return a page that says what happened and what to do.

    *kept* is what the visitor wrote, so that it is not lost; *inbox* says whether to offer the way there.
    """
    said: dict[str, object] = {"title": title, "text": text, "kept": "", "inbox": False} | more
    return page("message.html", request, status=status, cookies=cookies, **said)


def redirect(request: Request, to: str, cookies: Sequence[Cookie] = ()) -> Response[str]:
    """Send the browser on to *to* ("inbox/…") by GET."""
    return Response(303, body="", headers={**HEADERS, "Location": request.up + to}, cookies=list(cookies))


def static(name: str) -> Response[str] | None:
    """Return the file, or None when it is none of ours."""
    if name not in STATIC:
        return None
    headers = {**HEADERS, "Cache-Control": "public, max-age=300"}
    return Response(200, STATIC[name], (_HERE / "static" / name).read_text("utf-8"), headers)
