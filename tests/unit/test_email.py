"""Emails: what leaves, with what its receipt must name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.session import Session
from botocore.stub import Stubber
from moto import mock_aws

from switchboard.adapters.email import SesMail
from switchboard.errors import Misconfigured, Rejected, SwitchboardError, Unavailable

CONTENT = {
    "Simple": {
        "Subject": {"Data": "Waiting", "Charset": "UTF-8"},
        "Body": {"Text": {"Data": "Open it.", "Charset": "UTF-8"}},
    }
}


@pytest.fixture
def ses() -> Any:
    return Session().create_client("sesv2", region_name="us-east-1")


def test_an_email_carries_its_configuration_set_and_what_it_is_about(ses: Any) -> None:
    expected = {
        "FromEmailAddress": "desk@example.org",
        "Destination": {"ToAddresses": ["maria@example.org"]},
        "Content": CONTENT,
        "EmailTags": [{"Name": "question_id", "Value": "AAAA"}, {"Name": "step", "Value": "2"}],
        "ConfigurationSetName": "switchboard",
    }

    with Stubber(ses) as stub:
        stub.add_response("send_email", {"MessageId": "mail-1"}, expected)
        mail = SesMail(ses, "desk@example.org", configuration_set="switchboard")
        provider_id = mail.send(
            "maria@example.org", "Waiting", "Open it.", about={"question_id": "AAAA", "step": "2", "staff_id": ""}
        )

    assert provider_id == "mail-1"


def test_without_either_it_is_a_plain_email(ses: Any) -> None:
    expected = {
        "FromEmailAddress": "desk@example.org",
        "Destination": {"ToAddresses": ["maria@example.org"]},
        "Content": CONTENT,
    }

    with Stubber(ses) as stub:
        stub.add_response("send_email", {"MessageId": "mail-1"}, expected)
        SesMail(ses, "desk@example.org").send("maria@example.org", "Waiting", "Open it.")
        stub.assert_no_pending_responses()


def test_a_tag_holds_only_what_ses_takes(ses: Any) -> None:
    sent: list[dict[str, Any]] = []
    ses.meta.events.register("provide-client-params.sesv2.SendEmail", lambda params, **_: sent.append(params))

    with Stubber(ses) as stub:
        stub.add_response("send_email", {"MessageId": "mail-1"})
        SesMail(ses, "desk@example.org").send("m@example.org", "S", "T", about={"staff_id": "ma.ría " + "x" * 300})

    assert sent[0]["EmailTags"] == [{"Name": "staff_id", "Value": "ma-r-a-" + "x" * 249}]


def test_moto_takes_the_email_from_a_verified_address_only() -> None:
    with mock_aws():
        ses: Any = Session().create_client("sesv2", region_name="us-east-1")
        mail = SesMail(ses, "desk@example.org", configuration_set="switchboard")
        with pytest.raises(Rejected):
            mail.send("maria@example.org", "Waiting", "Open it.", about={"step": "1"})

        ses.create_email_identity(EmailIdentity="desk@example.org")

        assert mail.send("maria@example.org", "Waiting", "Open it.", about={"step": "1"})


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "MessageRejected", Rejected),
        (400, "BadRequestException", Rejected),
        (429, "TooManyRequestsException", Unavailable),
        (400, "LimitExceededException", Unavailable),
        (400, "SendingPausedException", Misconfigured),
        (400, "AccountSuspendedException", Misconfigured),
        (400, "MailFromDomainNotVerifiedException", Misconfigured),
        (404, "NotFoundException", Misconfigured),
        (403, "AccessDeniedException", Misconfigured),
    ],
)
def test_what_ses_answers_is_refused_a_pause_or_a_matter_for_a_person(
    ses: Any, monkeypatch: pytest.MonkeyPatch, status: int, code: str, expected: type[SwitchboardError]
) -> None:
    class Raw:
        def stream(self, *_: Any, **__: Any) -> Any:
            yield json.dumps({"message": "words"}).encode()

    def answer(request: Any, **_: Any) -> AWSResponse:
        headers: Any = {"x-amzn-errortype": code}
        return AWSResponse(request.url, status, headers, Raw())

    ses.meta.events.register("before-send", answer)
    monkeypatch.setattr("time.sleep", lambda _: None)

    with pytest.raises(expected) as caught:
        SesMail(ses, "desk@example.org").send("maria@example.org", "Waiting", "Open it.")

    assert type(caught.value) is expected
    assert "maria" not in str(caught.value)
