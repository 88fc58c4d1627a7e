"""The ports that ringing needs, wired once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.ports import (
        AutomationSource,
        CalendarSpans,
        ContactSecrets,
        Hooks,
        Mail,
        Meter,
        Metrics,
        Pagers,
        QuestionStore,
        Sessions,
        Texts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Switchroom:
    """What attending, the sweep and texting back need; *two_way* says that staff can answer a text."""

    questions: QuestionStore
    sessions: Sessions
    pagers: Pagers
    meter: Meter
    calendars: CalendarSpans
    texts: Texts
    mail: Mail
    hooks: Hooks
    contact_secrets: ContactSecrets
    automation: AutomationSource
    metrics: Metrics
    base_url: str
    two_way: bool = False
    new_token: Callable[[], str] = lambda: secrets.token_urlsafe(16)
