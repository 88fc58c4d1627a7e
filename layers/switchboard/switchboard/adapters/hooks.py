"""The webhooks of staff: a chat or a pager, by the contact's name."""

from __future__ import annotations

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
