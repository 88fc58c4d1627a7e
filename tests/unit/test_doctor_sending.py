"""The doctor on texts and emails: what AWS would drop without a word is told before it is."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session
from botocore.stub import Stubber

from switchboard_cli.doctor_sending import emails, texts
from switchboard_cli.stack import Stack
from tests.fakes.hospital import NOON, config

MARIA = "+12025550101"


class Asked:
    """A stack whose clients are stubbed."""

    def __init__(self, service: str, provider: str = "sns") -> None:
        self.aws: Any = Session().create_client(service, region_name="us-east-1")
        self.stub = Stubber(self.aws)
        self.stub.activate()
        self.sms_provider, self.sender_email = provider, "alerts@example.org"

    def client(self, _: str) -> Any:
        return self.aws


def found(asked: Asked, look: Any, **changes: Any) -> dict[str, tuple[str, str]]:
    return {one.name: (one.state, one.detail) for one in look(asked, config(**changes))}


def sns(limit: str, *, sandbox: bool = False, opted_out: tuple[str, ...] = ()) -> Asked:
    asked = Asked("sns")
    asked.stub.add_response("get_sms_attributes", {"attributes": {"MonthlySpendLimit": limit}})
    asked.stub.add_response("get_sms_sandbox_account_status", {"IsInSandbox": sandbox})
    asked.stub.add_response("list_phone_numbers_opted_out", {"phoneNumbers": list(opted_out)})
    return asked


def test_the_first_limit_of_sns_is_a_failure() -> None:
    told = found(sns("1", sandbox=True, opted_out=(MARIA,)), texts)

    assert told["limit"] == ("failure", "The monthly limit is $1.00.")
    assert told["sandbox"][0] == "failure"
    assert told["opt-outs"] == ("warning", "Opted out: maria.")
    assert MARIA not in str(told)


@pytest.mark.parametrize(("limit", "state"), [("50", "failure"), ("100", "ok"), ("2000", "ok")])
def test_a_limit_below_the_budget_is_a_failure(limit: str, state: str) -> None:
    told = found(sns(limit), texts, sms={"monthly_budget_usd": 100})

    assert told["limit"][0] == state
    assert told["sandbox"][0] == told["opt-outs"][0] == "ok"


def test_what_aws_does_not_say_hides_nothing_else() -> None:
    asked = Asked("sns")
    asked.stub.add_client_error("get_sms_attributes", "AuthorizationError")
    asked.stub.add_response("get_sms_sandbox_account_status", {"IsInSandbox": False})
    asked.stub.add_client_error("list_phone_numbers_opted_out", "AuthorizationError")

    told = found(asked, texts)

    assert [told[name][0] for name in ("limit", "sandbox", "opt-outs")] == ["warning", "ok", "warning"]


def test_end_user_messaging_is_asked_likewise() -> None:
    asked = Asked("pinpoint-sms-voice-v2", "end_user_messaging")
    limit = {"Name": "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", "EnforcedLimit": 1, "MaxLimit": 1, "Overridden": False}
    asked.stub.add_response("describe_spend_limits", {"SpendLimits": [limit]})
    asked.stub.add_response(
        "describe_account_attributes", {"AccountAttributes": [{"Name": "ACCOUNT_TIER", "Value": "PRODUCTION"}]}
    )
    asked.stub.add_response(
        "describe_opt_out_lists",
        {"OptOutLists": [{"OptOutListArn": "a", "OptOutListName": "Default", "CreatedTimestamp": NOON}]},
    )
    asked.stub.add_response("describe_opted_out_numbers", {"OptedOutNumbers": []})

    told = found(asked, texts)

    assert [told[name][0] for name in ("limit", "sandbox", "opt-outs")] == ["failure", "ok", "ok"]


@pytest.mark.parametrize(
    ("account", "state"),
    [
        ({"SendingEnabled": True, "ProductionAccessEnabled": True}, "ok"),
        ({"SendingEnabled": True, "ProductionAccessEnabled": False}, "failure"),
        ({"SendingEnabled": False, "ProductionAccessEnabled": True}, "failure"),
    ],
)
def test_ses_in_its_sandbox_reaches_nobody(account: dict[str, bool], state: str) -> None:
    asked = Asked("sesv2")
    asked.stub.add_response("get_account", account)
    asked.stub.add_client_error("get_email_identity", "NotFoundException")
    asked.stub.add_response("get_email_identity", {"VerifiedForSendingStatus": True})

    told = found(asked, emails)

    assert told["sandbox"][0] == state
    assert told["sender"][0] == "ok"


def test_a_stack_says_who_sends() -> None:
    fields: dict[str, Any] = {
        "name": "s",
        "region": "",
        "endpoint_url": "",
        "api_url": "",
        "tables": {},
        "appconfig": {},
    }

    assert Stack(**fields).sms_provider == "sns"
