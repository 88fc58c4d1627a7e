"""Texts by SNS. It says yes to bad numbers and long texts here and there, so both are checked before they leave."""

from __future__ import annotations

import re
from typing import Any

from switchboard.adapters.sending import sending
from switchboard.domain.alert_text import fits
from switchboard.errors import Rejected

_E164 = re.compile(r"\+[1-9]\d{6,14}")


class SnsTexts:
    """`ports.Texts` on SNS: transactional, one GSM-7 segment."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - botocore's client
        self._client = client

    def send(self, phone: str, text: str) -> str:
        """Publish to the phone. What SNS takes is not yet delivered: escalation goes by the missing claim."""
        if not _E164.fullmatch(phone):
            raise Rejected("the phone is not a number in E.164")
        if not fits(text):
            raise Rejected("the text is not one segment of GSM-7")
        with sending("SNS"):
            response = self._client.publish(
                PhoneNumber=phone,
                Message=text,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
                },
            )
        message_id: str = response["MessageId"]
        return message_id
