"""Hootsuite's OAuth: access tokens live for an hour, and a refresh token works once.

https://developer.hootsuite.com/docs/api-authentication

The new pair is stored before it is used. Of two processes that refresh at once one is refused; it finds the other's
pair in the secret. If the pair was stored nowhere, a person has to connect the account again.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, Unavailable
from switchboard.platforms.fields import dict_of
from switchboard.platforms.http import Api
from switchboard.schedulers.calling import moment_in, stamp, usable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import httpx

    from switchboard.ports import SchedulerAccount, SchedulerSecret, SchedulerSecrets

EARLY = timedelta(minutes=2)
"""So long before its end a token is not used any more."""


class HootsuiteLogin:
    """The tokens of one account."""

    def __init__(
        self,
        account: SchedulerAccount,
        secrets: SchedulerSecrets,
        *,
        url: str,
        transport: httpx.BaseTransport | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._secrets = secrets
        self._clock = clock
        self._api = Api(url, name="Hootsuite", transport=transport)
        self._unstored: SchedulerSecret | None = None
        self._lock = Lock()

    def token(self, secret: SchedulerSecret) -> str:
        """Return a token that works, refreshed if it must be. Raises Misconfigured when a person has to connect."""
        with self._lock:
            secret = self._unstored or secret
            if self._unstored is not None:
                self._store(self._unstored)
            if not self._is_fresh(secret):
                secret = self._secrets.of(self._account.name, fresh=True)
            if not self._is_fresh(secret):
                secret = self._refreshed(secret)
            return usable(secret.token, "token", self._account)

    def _is_fresh(self, secret: SchedulerSecret) -> bool:
        ends = moment_in(secret.expires_at)
        return bool(secret.token) and ends is not None and ends - self._clock() > EARLY

    def _refreshed(self, secret: SchedulerSecret) -> SchedulerSecret:
        pair = f"{usable(secret.client_id, 'client_id', self._account)}:{secret.client_secret}"
        form = {
            "grant_type": "refresh_token",
            "refresh_token": usable(secret.refresh_token, "refresh_token", self._account),
        }
        try:
            reply = self._api.send(
                "POST",
                "/oauth2/token",
                headers={"Authorization": f"Basic {b64encode(pair.encode()).decode()}"},
                form=form,
                now=self._clock(),
            )
        except (Rejected, Misconfigured, OutcomeUnknown) as refusal:
            return self._anothers(secret, refusal)
        told = dict_of(reply.json)
        lives = told.get("expires_in")
        seconds = lives if isinstance(lives, int) and not isinstance(lives, bool) else 3600
        new = replace(
            secret,
            token=str(told.get("access_token") or ""),
            refresh_token=str(told.get("refresh_token") or secret.refresh_token),
            expires_at=stamp(self._clock() + timedelta(seconds=seconds)),
        )
        self._unstored = new
        self._store(new)
        return new

    def _anothers(self, secret: SchedulerSecret, refusal: Exception) -> SchedulerSecret:
        """Return the pair that another process stored meanwhile."""
        now = self._secrets.of(self._account.name, fresh=True)
        if now.refresh_token != secret.refresh_token and self._is_fresh(now):
            return now
        raise Misconfigured(
            f"Hootsuite does not take the refresh token of scheduler {self._account.name}; connect the account again"
        ) from refusal

    def _store(self, secret: SchedulerSecret) -> None:
        """Store the pair; while that fails it lives here, and every call tries again."""
        try:
            self._secrets.keep(self._account.name, secret)
        except Unavailable:
            return
        self._unstored = None
