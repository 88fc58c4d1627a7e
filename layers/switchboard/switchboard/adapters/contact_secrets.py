"""Contacts that are secrets, from Secrets Manager: the secret `<prefix><staff id>`, one JSON object.

{"slack_url": "https://hooks.slack.com/…", "teams_url": "https://…", "pagerduty_key": "…"}: see `ports.ContactSecret`.
"""

from __future__ import annotations

import dataclasses
import json
import time
from typing import TYPE_CHECKING, Any

from switchboard.adapters.secret_documents import SecretDocuments
from switchboard.errors import Misconfigured
from switchboard.ports import ContactSecret

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES = tuple(field.name for field in dataclasses.fields(ContactSecret))


class SecretsManagerContacts:
    """`ports.ContactSecrets`. *client* is botocore's for "secretsmanager"; *clock* gives monotonic seconds."""

    def __init__(self, client: Any, prefix: str, *, clock: Callable[[], float] = time.monotonic) -> None:  # noqa: ANN401 - botocore's client
        self._documents = SecretDocuments(client, prefix, _parse, what="a contact", clock=clock)

    def of(self, staff_id: str) -> ContactSecret:
        """Return the secret; an absent one is empty. Raises Misconfigured when it is not the JSON above."""
        return self._documents.of(staff_id)


def _parse(_staff_id: str, document: str) -> ContactSecret:
    try:
        fields: dict[str, Any] = json.loads(document)
        return ContactSecret(**{name: str(fields.get(name) or "").strip() for name in _NAMES})
    except (ValueError, TypeError, AttributeError, RecursionError):
        wanted = ", ".join(f'"{name}": "…"' for name in _NAMES)
        raise Misconfigured(f"a contact's secret must be JSON: {{{wanted}}}") from None  # the cause would show it
