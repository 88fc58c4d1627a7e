"""Links from alerts and the sessions that they open. Secrets are never stored: only their SHA-256."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

LINK_LIFETIME = timedelta(minutes=30)
SESSION_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkToken:
    """The right to open one question as one staff member, once. *digest* is the SHA-256 of the 128-bit token."""

    digest: str
    question_id: str
    staff_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A staff member's session in the inbox; *csrf_token* must come back with every form."""

    digest: str
    staff_id: str
    csrf_token: str
    expires_at: datetime


def digest_of(secret: str) -> str:
    """Return the hexadecimal SHA-256 under which *secret* is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()
