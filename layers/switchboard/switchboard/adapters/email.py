"""Email by SES."""

from __future__ import annotations

from typing import Any

from switchboard.adapters.sending import sending


class SesMail:
    """`ports.Mail` on SES v2; *sender* is a verified address."""

    def __init__(self, client: Any, sender: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._sender = sender

    def send(self, to: str, subject: str, text: str) -> str:
        """Send a plain-text email; what SES takes may still bounce."""
        with sending("SES"):
            response = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
                    },
                },
            )
        message_id: str = response["MessageId"]
        return message_id
