"""Email by SES."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from switchboard.adapters.sending import sending
from switchboard.ports import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNTAGGABLE = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_TAG = 256


class SesMail:
    """`ports.Mail` on SES v2; *sender* is a verified address, *configuration_set* says where receipts go."""

    def __init__(self, client: Any, sender: str, *, configuration_set: str = "") -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._sender = sender
        self._fixed: dict[str, str] = {"ConfigurationSetName": configuration_set} if configuration_set else {}

    def send(self, to: str, subject: str, text: str, *, about: Mapping[str, str] = NOTHING) -> str:
        """Send a plain-text email; what SES takes may still bounce. *about* comes back as the receipt's tags."""
        tags = [{"Name": _tag(name), "Value": _tag(value)} for name, value in about.items() if name and value]
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
                **({"EmailTags": tags} if tags else {}),
                **self._fixed,
            )
        message_id: str = response["MessageId"]
        return message_id


def _tag(value: str) -> str:
    """Return *value* as SES takes it: ASCII letters, digits, _ and -, at most 256 of them."""
    return _UNTAGGABLE.sub("-", value)[:_LONGEST_TAG]
