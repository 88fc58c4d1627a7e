"""Whether texts and emails can leave: limits, sandboxes, opt-outs, the sender. What AWS drops makes no error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from switchboard.config import AutomationConfig
    from switchboard_cli.stack import Stack

_LIMIT_NAME = "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT"


def texts(stack: Stack, config: AutomationConfig) -> Iterator[Finding]:
    """Yield what the provider of texts says: its monthly limit, its sandbox, and which of staff's phones opted out."""
    if stack.sms_provider == "sns":
        client = stack.client("sns")
        yield from _asked("limit", lambda: _limit(_sns_limit(client), config))
        yield from _asked("sandbox", lambda: _sandbox(client.get_sms_sandbox_account_status()["IsInSandbox"]))
        yield from _asked("opt-outs", lambda: _opted_out(_sns_list(client), config))
    else:
        client = stack.client("pinpoint-sms-voice-v2")
        yield from _asked("limit", lambda: _limit(_messaging_limit(client), config))
        yield from _asked("sandbox", lambda: _sandbox(_messaging_tier(client) == "SANDBOX"))
        yield from _asked("opt-outs", lambda: _opted_out(_messaging_list(client), config))


def emails(stack: Stack, config: AutomationConfig) -> Iterator[Finding]:  # noqa: ARG001 - alike
    """Yield what SES says: its sandbox, whether it sends at all, and the sender's identity."""
    client = stack.client("sesv2")
    yield from _asked("sandbox", lambda: _ses_account(client.get_account()))
    if stack.sender_email:
        yield from _asked("sender", lambda: _sender(client, stack.sender_email))


def _asked(name: str, ask: Callable[[], Finding]) -> Iterator[Finding]:
    """Yield the finding; a question that is not answered hides no other."""
    try:
        yield ask()
    except Exception as error:  # noqa: BLE001 - botocore's many; its text may hold a phone
        detail = f"AWS did not say ({type(error).__name__})."
        yield Finding(
            name=name, state="warning", detail=detail, remedy="Use credentials that may read it, and try again."
        )


def _limit(dollars: float | None, config: AutomationConfig) -> Finding:
    budget = config.sms.monthly_budget_usd
    if dollars is None:
        return Finding(name="limit", state="ok", detail="No monthly limit is told.")
    remedy = "Ask AWS for a higher monthly spending limit for texts: what goes beyond it is dropped without an error."
    told = f"The monthly limit is ${dollars:,.2f}"
    if dollars <= 1 or (budget is not None and dollars < budget):
        more = f", less than sms.monthly_budget_usd ({budget})" if budget is not None and dollars < budget else ""
        return Finding(name="limit", state="failure", detail=f"{told}{more}.", remedy=remedy)
    return Finding(name="limit", state="ok", detail=f"{told}.")


def _sandbox(inside: bool) -> Finding:  # noqa: FBT001 - what AWS says
    if inside:
        remedy = "Ask AWS to leave the SMS sandbox: until then only verified phones get texts."
        return Finding(name="sandbox", state="failure", detail="Texts are in the sandbox.", remedy=remedy)
    return Finding(name="sandbox", state="ok", detail="Texts reach every phone.")


def _opted_out(phones: set[str], config: AutomationConfig) -> Finding:
    gone = [staff_id for staff_id, member in config.staff.items() if member.phone in phones]
    if gone:
        remedy = "Let them text START to the number that alerts come from; until then their other contacts are used."
        detail = f"Opted out: {', '.join(gone)}."
        return Finding(name="opt-outs", state="warning", detail=detail, remedy=remedy)
    return Finding(name="opt-outs", state="ok", detail="No phone of the staff has opted out.")


def _ses_account(account: dict[str, Any]) -> Finding:
    if not account.get("SendingEnabled", True):
        remedy = "Look at the SES console: sending is paused, mostly after bounces or complaints."
        return Finding(name="sandbox", state="failure", detail="SES does not send.", remedy=remedy)
    if not account.get("ProductionAccessEnabled", False):
        remedy = "Ask AWS for production access of SES: until then only verified addresses get emails."
        return Finding(name="sandbox", state="failure", detail="Emails are in the sandbox.", remedy=remedy)
    return Finding(name="sandbox", state="ok", detail="Emails reach every address.")


def _sender(client: Any, sender: str) -> Finding:  # noqa: ANN401 - botocore's client
    """Return whether the sender, or its domain, is verified."""
    for identity in (sender, sender.rpartition("@")[2]):
        try:
            found = client.get_email_identity(EmailIdentity=identity)
        except client.exceptions.NotFoundException:
            continue
        if found.get("VerifiedForSendingStatus"):
            return Finding(name="sender", state="ok", detail="The sender is verified.")
    remedy = "Verify the address of SenderEmail, or its domain, in SES."
    return Finding(name="sender", state="failure", detail="The sender is not verified: no email leaves.", remedy=remedy)


def _sns_limit(client: Any) -> float | None:  # noqa: ANN401 - botocore's client
    told = client.get_sms_attributes(attributes=["MonthlySpendLimit"])["attributes"].get("MonthlySpendLimit")
    return float(told) if told else None


def _sns_list(client: Any) -> set[str]:  # noqa: ANN401 - botocore's client
    from switchboard.adapters.sms import SnsTexts  # noqa: PLC0415 - starts slowly

    return SnsTexts(client).opted_out_phones()


def _messaging_limit(client: Any) -> float | None:  # noqa: ANN401 - botocore's client
    limits = client.describe_spend_limits()["SpendLimits"]
    return next((float(one["EnforcedLimit"]) for one in limits if one["Name"] == _LIMIT_NAME), None)


def _messaging_tier(client: Any) -> str:  # noqa: ANN401 - botocore's client
    found = client.describe_account_attributes()["AccountAttributes"]
    return next((str(one["Value"]) for one in found if one["Name"] == "ACCOUNT_TIER"), "")


def _messaging_list(client: Any) -> set[str]:  # noqa: ANN401 - botocore's client
    from switchboard.adapters.sms import EndUserMessagingTexts  # noqa: PLC0415 - starts slowly

    return EndUserMessagingTexts(client, origination="").opted_out_phones()
