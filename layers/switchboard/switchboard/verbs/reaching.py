"""Sending one message by one contact, whatever the contact is, and what its outcome means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from switchboard.domain.question import AlertState
from switchboard.domain.roster import address_of
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, Unavailable, Unreachable
from switchboard.ports import HookAlert
from switchboard.verbs.dead_contacts import dead_contact, mark_dead
from switchboard.verbs.tell_admins import tell_admins
from switchboard.verbs.text_costs import TextCosts

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.alert_text import Wording
    from switchboard.domain.question import Question
    from switchboard.verbs.switchroom import Switchroom


class Outcome(NamedTuple):
    """What became of one try to reach somebody."""

    state: AlertState
    provider_id: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """The ports, the config and the moment of one run."""

    room: Switchroom
    config: AutomationConfig
    now: datetime

    @property
    def costs(self) -> TextCosts:
        """What texts cost now."""
        return TextCosts(meter=self.room.meter, metrics=self.room.metrics, allowed=self.config.sms, now=self.now)

    def send(self, staff_id: str, contact: str, wording: Wording, question: Question | None, link: str) -> Outcome:
        """Send *wording* to *staff_id* by *contact*; a contact that proves dead is marked. Raises nothing of ours."""
        try:
            provider_id = self._deliver(staff_id, contact, wording, question, link)
        except Unreachable as error:
            self._mark(staff_id, contact, error.reason)
            return Outcome(AlertState.FAILED, failure=type(error).__name__)
        except (Rejected, Unavailable, Misconfigured) as error:
            return Outcome(AlertState.FAILED, failure=type(error).__name__)
        except OutcomeUnknown as error:
            outcome = Outcome(AlertState.UNKNOWN, failure=type(error).__name__)
        else:
            outcome = Outcome(AlertState.SENT, provider_id=provider_id)
        if contact == "sms":
            self.costs.spent()
        return outcome

    def _deliver(self, staff_id: str, contact: str, wording: Wording, question: Question | None, link: str) -> str:
        member = self.config.staff[staff_id]
        about = {"staff_id": staff_id}
        if question is not None:
            about |= {"question_id": question.question_id, "step": str(question.step)}
        match contact:
            case "sms":
                return self.room.texts.send(member.phone or "", wording.text, about=about)
            case "email":
                return self.room.mail.send(member.email or "", wording.subject, wording.body, about=about)
            case _:
                hook = HookAlert(
                    question_id=question.question_id if question else "",
                    summary=wording.subject,
                    urgency=question.urgency if question else Urgency.NORMAL,
                    link=link,
                    organisation=self.config.organisation,
                )
                named = cast("Literal['slack', 'teams', 'pagerduty']", contact)
                return self.room.hooks.send(named, self.room.contact_secrets.of(staff_id), hook)

    def _mark(self, staff_id: str, contact: str, reason: str) -> None:
        """Mark a contact that does not work, and tell the admins, once."""
        address = address_of(self.config.staff[staff_id], contact)
        try:
            new = mark_dead(self.room.pagers, staff_id, contact, address, reason=reason, now=self.now)
        except Unavailable:
            return
        if new:
            tell_admins(*dead_contact(staff_id, contact, reason), config=self.config, mail=self.room.mail)
