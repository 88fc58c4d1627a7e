"""The automation config's text, from AppConfig's data API, cached in the process.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_Operations_AWS_AppConfig_Data.html: a session gives
a token, each token is good for one poll, and a poll that finds nothing new answers with an empty body.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.settings import Settings

KEEP_SECONDS = 30.0
"""So long the cached document is handed out without asking."""
RETRY_SECONDS = 5.0
"""So long after a failure nobody asks again: callers turn to their last good copy at once."""


class ConfigurationDocument:
    """The document in force. *client* is botocore's for "appconfigdata"; *clock* gives monotonic seconds."""

    def __init__(self, client: Any, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:  # noqa: ANN401 - botocore makes its clients at run time
        self._client = client
        self._settings = settings
        self._clock = clock
        self._token = ""
        self._document = ""
        self._ask_after = 0.0
        self._failure: Unavailable | None = None

    def text(self, *, fresh: bool = False) -> str:
        """Return the JSON document, at most `KEEP_SECONDS` old or *fresh* past every cache.

        Raises Unavailable when AppConfig cannot be read. Without *fresh* a document that was read earlier is handed
        out instead, however old.
        """
        if not fresh and self._clock() < self._ask_after:
            return self._cached()
        try:
            self._poll(anew=fresh)
        except (BotoCoreError, ClientError) as exc:
            self._token = ""  # it may be used up, and a new session is always allowed
            self._ask_after = self._clock() + RETRY_SECONDS
            self._failure = Unavailable(f"AppConfig could not be read ({type(exc).__name__})")
            if fresh:
                raise self._failure from exc
        return self._cached()

    def _cached(self) -> str:
        if self._document:
            return self._document
        raise self._failure or Unavailable("AppConfig has no deployed configuration; push one: switchboard config push")

    def _poll(self, *, anew: bool) -> None:
        if anew or not self._token:
            self._token = self._client.start_configuration_session(
                ApplicationIdentifier=self._settings.appconfig_application,
                EnvironmentIdentifier=self._settings.appconfig_environment,
                ConfigurationProfileIdentifier=self._settings.appconfig_profile,
                RequiredMinimumPollIntervalInSeconds=int(KEEP_SECONDS),
            )["InitialConfigurationToken"]
        answer = self._client.get_latest_configuration(ConfigurationToken=self._token)
        content = answer["Configuration"].read().decode("utf-8", "replace")
        self._token = answer["NextPollConfigurationToken"]
        self._document = content or self._document
        self._failure = None
        self._ask_after = self._clock() + max(KEEP_SECONDS, answer.get("NextPollIntervalInSeconds", 0))
