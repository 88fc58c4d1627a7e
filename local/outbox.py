"""What the embedded AWS delivered: texts by phone and emails by address, the latest last."""

from __future__ import annotations

import httpx


def texts(endpoint_url: str, phone: str) -> list[str]:
    """Return the texts that *phone* got."""
    found = httpx.get(f"{endpoint_url}/_ministack/sns/sms-messages", params={"phoneNumber": phone}).json()
    return [str(text.get("Message", text.get("message"))) for text in found["sms_messages"].get(phone, ())]


def emails(endpoint_url: str, address: str) -> list[str]:
    """Return the emails that *address* got, each with its subject above its body."""
    found = httpx.get(f"{endpoint_url}/_ministack/ses/messages").json()["messages"]
    return [
        f"Subject: {email['Subject']}\n\n{email['BodyText']}"
        for account in found.values()
        for email in account
        if address in email["To"]
    ]
