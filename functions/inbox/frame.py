"""A page with its frame: the hospital, who is signed in, and the secret that its forms carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.inbox import pages, views, words

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from functions.inbox.desk import Visit


def framed(template: str, visit: Visit, *, status: int = 200, **values: object) -> Response[str]:
    """Return the page *template* for *visit*, with *values*."""
    return pages.page(
        template,
        visit.request,
        status=status,
        cookies=(),
        organisation=visit.config.organisation,
        me=words.person(visit.me, views.names_of(visit.config)),
        csrf=visit.session.csrf_token,
        **values,
    )
