"""Link tokens and sessions in memory: `ports.Sessions`."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.session import LinkToken, Session


class FakeSessions:
    """`ports.Sessions` in memory."""

    def __init__(self) -> None:
        self.tokens: dict[str, LinkToken] = {}
        self.sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def put_token(self, token: LinkToken) -> None:
        self.tokens[token.digest] = token

    def find_token(self, digest: str, *, now: datetime) -> LinkToken | None:
        token = self.tokens.get(digest)
        return token if token is not None and token.expires_at > now else None

    def consume_token(self, digest: str, *, now: datetime) -> LinkToken | None:
        with self._lock:
            token = self.find_token(digest, now=now)
            if token is not None:
                del self.tokens[digest]
            return token

    def put_session(self, session: Session) -> None:
        self.sessions[session.digest] = session

    def find_session(self, digest: str, *, now: datetime) -> Session | None:
        session = self.sessions.get(digest)
        return session if session is not None and session.expires_at > now else None

    def end_session(self, digest: str) -> None:
        self.sessions.pop(digest, None)
