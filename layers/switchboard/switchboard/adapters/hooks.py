"""The webhooks of staff: a chat or a pager, by the contact's name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from switchboard.adapters.chat import ChatWebhook
    from switchboard.adapters.pagerduty import PagerDuty
    from switchboard.ports import ContactSecret, HookAlert


class StaffHooks:
    """`ports.Hooks`: rings whichever of the three is asked for."""

    def __init__(self, chat: ChatWebhook, pagerduty: PagerDuty) -> None:
        self._chat = chat
        self._pagerduty = pagerduty

    def send(self, contact: Literal["slack", "teams", "pagerduty"], secret: ContactSecret, alert: HookAlert) -> str:
        """Post the alert; return the provider's id."""
        if contact == "pagerduty":
            return self._pagerduty.send(secret, alert)
        return self._chat.send(contact, secret, alert)

    def settle(self, secret: ContactSecret, question_id: str, *, done: bool) -> None:
        """Acknowledge the question's incident, or resolve it when it is *done*."""
        (self._pagerduty.resolve if done else self._pagerduty.acknowledge)(secret, question_id)


class LazyHooks:
    """`ports.Hooks` that imports the HTTP client when somebody is first rung by it: most hospitals never do."""

    def send(self, contact: Literal["slack", "teams", "pagerduty"], secret: ContactSecret, alert: HookAlert) -> str:
        """Post the alert; return the provider's id."""
        return _hooks().send(contact, secret, alert)

    def settle(self, secret: ContactSecret, question_id: str, *, done: bool) -> None:
        """Acknowledge the question's incident, or resolve it when it is *done*."""
        _hooks().settle(secret, question_id, done=done)


@cache
def _hooks() -> StaffHooks:
    from switchboard.adapters.chat import ChatWebhook  # noqa: PLC0415 - brings httpx
    from switchboard.adapters.pagerduty import PagerDuty  # noqa: PLC0415
    from switchboard.adapters.posting import Poster  # noqa: PLC0415

    poster = Poster()
    return StaffHooks(ChatWebhook(poster), PagerDuty(poster))
