"""Texts by SNS, or by AWS End User Messaging, which has numbers of its own, answers and receipts.

Both say yes to bad numbers and long texts here and there, so both are checked before anything leaves. What they take
is not yet delivered: escalation goes by the missing claim.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from switchboard.adapters.sending import sending
from switchboard.domain.alert_text import fits
from switchboard.errors import Rejected, SwitchboardError, Unreachable
from switchboard.ports import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_MOST_CONTEXT = 5


class SnsTexts:
    """`ports.Texts` on SNS: transactional, one GSM-7 segment. SNS brings nothing back, so *about* stays here."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - botocore's client
        self._client = client

    def send(self, phone: str, text: str, *, about: Mapping[str, str] = NOTHING) -> str:  # noqa: ARG002 - the port's
        """Publish to the phone. SNS refuses a number that has opted out like any other: it is asked which it is."""
        _check(phone, text)
        try:
            with sending("SNS"):
                response = self._client.publish(
                    PhoneNumber=phone,
                    Message=text,
                    MessageAttributes={
                        "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
                    },
                )
        except Unreachable:
            raise
        except Rejected as refused:
            if self._has_opted_out(phone):
                raise Unreachable("SNS: the phone has opted out", reason="opted_out") from refused
            raise
        message_id: str = response["MessageId"]
        return message_id

    def opted_out(self, phone: str) -> bool:
        """Return whether the phone stands on SNS's opt-out list. Raises as `send` does; changes nothing."""
        with sending("SNS"):
            return bool(self._client.check_if_phone_number_is_opted_out(phoneNumber=phone)["isOptedOut"])

    def opted_out_phones(self) -> set[str]:
        """Return every phone on SNS's opt-out list."""
        with sending("SNS"):
            pages = self._client.get_paginator("list_phone_numbers_opted_out").paginate()
            return {phone for page in pages for phone in page["phoneNumbers"]}

    def _has_opted_out(self, phone: str) -> bool:
        try:
            return self.opted_out(phone)
        except SwitchboardError:
            return False


class EndUserMessagingTexts:
    """`ports.Texts` on AWS End User Messaging (`pinpoint-sms-voice-v2`): transactional, one GSM-7 segment.

    *origination* is the number, pool or sender id that texts come from; *configuration_set* says where receipts go.
    """

    def __init__(self, client: Any, *, origination: str, configuration_set: str = "") -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._fixed: dict[str, str] = {"OriginationIdentity": origination, "MessageType": "TRANSACTIONAL"}
        if configuration_set:
            self._fixed["ConfigurationSetName"] = configuration_set

    def send(self, phone: str, text: str, *, about: Mapping[str, str] = NOTHING) -> str:
        """Send to the phone; *about* comes back as the receipt's `context`."""
        _check(phone, text)
        context = [(name, value.strip()) for name, value in about.items() if value.strip()]
        with sending("End User Messaging"):
            response = self._client.send_text_message(
                DestinationPhoneNumber=phone, MessageBody=text, Context=dict(context[:_MOST_CONTEXT]), **self._fixed
            )
        message_id: str = response["MessageId"]
        return message_id

    def opted_out_phones(self) -> set[str]:
        """Return every phone on the account's opt-out lists."""
        with sending("End User Messaging"):
            lists = self._client.get_paginator("describe_opt_out_lists").paginate()
            names = [found["OptOutListName"] for page in lists for found in page["OptOutLists"]]
            pages = [
                self._client.get_paginator("describe_opted_out_numbers").paginate(OptOutListName=one) for one in names
            ]
            return {found["OptedOutNumber"] for each in pages for page in each for found in page["OptedOutNumbers"]}


def _check(phone: str, text: str) -> None:
    if not _E164.fullmatch(phone):
        raise Unreachable("the phone is not a number in E.164", reason="invalid_number")
    if not fits(text):
        raise Rejected("the text is not one segment of GSM-7")
