"""Texts: what leaves, and what each thing means that the two services answer in their own wire formats."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore import exceptions
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.session import Session
from botocore.stub import Stubber
from moto import mock_aws

from switchboard.adapters import aws
from switchboard.adapters.sending import sending
from switchboard.adapters.sms import EndUserMessagingTexts, SnsTexts
from switchboard.errors import (
    Misconfigured,
    OutcomeUnknown,
    Rejected,
    SwitchboardError,
    Unavailable,
    Unreachable,
)
from tests.fakes.hook_server import hook_server

if TYPE_CHECKING:
    from collections.abc import Callable

PHONE = "+12025550101"
ABOUT = {"question_id": "AAAABBBBCCCCDDDDEEEEFFFF22", "step": "2", "staff_id": "maria"}
KINDS = sorted(
    (found for _, found in inspect.getmembers(exceptions, inspect.isclass) if issubclass(found, BotoCoreError)),
    key=lambda found: found.__name__,
)


def client(service: str) -> Any:
    once = Config(retries={"total_max_attempts": 1, "mode": "standard"})
    return Session().create_client(service, region_name="us-east-1", config=once)


def answering(service: str, *answers: tuple[int, Any]) -> Any:
    """A client that gets *answers* one after the other, as bytes off the wire, and opens no socket."""
    made, rest = client(service), list(answers)

    def answer(request: Any, **_: Any) -> AWSResponse:
        status, body = rest.pop(0)
        text = body if isinstance(body, str) else json.dumps(body)
        headers: Any = {}
        return AWSResponse(request.url, status, headers, Raw(text.encode()))

    made.meta.events.register("before-send", answer)
    return made


class Raw:
    """A body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._content


def sns_error(code: str, message: str = "words of theirs") -> str:
    return (
        '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>'
        f"<Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    )


def sns_says_opted_out(answer: str) -> str:
    return (
        '<CheckIfPhoneNumberIsOptedOutResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">'
        f"<CheckIfPhoneNumberIsOptedOutResult><isOptedOut>{answer}</isOptedOut></CheckIfPhoneNumberIsOptedOutResult>"
        "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></CheckIfPhoneNumberIsOptedOutResponse>"
    )


def own(fake: Any) -> EndUserMessagingTexts:
    return EndUserMessagingTexts(fake, origination="+12025550190", configuration_set="switchboard")


def test_a_text_leaves_by_end_user_messaging_with_what_its_receipt_must_name() -> None:
    made = client("pinpoint-sms-voice-v2")
    expected = {
        "DestinationPhoneNumber": PHONE,
        "OriginationIdentity": "+12025550190",
        "MessageBody": "Ring.",
        "MessageType": "TRANSACTIONAL",
        "ConfigurationSetName": "switchboard",
        "Context": ABOUT,
    }

    with Stubber(made) as stub:
        stub.add_response("send_text_message", {"MessageId": "text-1"}, expected)
        provider_id = own(made).send(PHONE, "Ring.", about=ABOUT)

    assert provider_id == "text-1"


def test_without_a_configuration_set_none_is_named_and_an_empty_id_is_left_out() -> None:
    made = client("pinpoint-sms-voice-v2")
    expected = {
        "DestinationPhoneNumber": PHONE,
        "OriginationIdentity": "pool-1",
        "MessageBody": "Ring.",
        "MessageType": "TRANSACTIONAL",
        "Context": {"staff_id": "maria"},
    }

    with Stubber(made) as stub:
        stub.add_response("send_text_message", {"MessageId": "text-1"}, expected)
        EndUserMessagingTexts(made, origination="pool-1").send(
            PHONE, "Ring.", about={"question_id": "", "step": "  ", "staff_id": "maria"}
        )
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("status", "code", "more", "expected", "reason"),
    [
        (400, "ConflictException", {"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}, Unreachable, "opted_out"),
        (
            400,
            "ValidationException",
            {"Reason": "INVALID_PARAMETER", "Fields": [{"Name": "DestinationPhoneNumber", "Message": "words"}]},
            Unreachable,
            "invalid_number",
        ),
        (
            400,
            "ValidationException",
            {"Reason": "INVALID_PARAMETER", "Fields": [{"Name": "MessageBody", "Message": "words"}]},
            Rejected,
            "invalid_parameter",
        ),
        (400, "ValidationException", {}, Rejected, "refused"),
        (
            400,
            "ConflictException",
            {"Reason": "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"},
            Rejected,
            "destination_phone_number_blocked_by_protect_number_override",
        ),
        (400, "ThrottlingException", {}, Unavailable, None),
        (500, "InternalServerException", {"RequestId": "1"}, OutcomeUnknown, None),
        (503, "ServiceUnavailable", {}, OutcomeUnknown, None),
        (400, "ServiceQuotaExceededException", {"Reason": "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"}, Misconfigured, None),
        (400, "AccessDeniedException", {"Reason": "ACCOUNT_DISABLED"}, Misconfigured, None),
        (400, "ResourceNotFoundException", {"ResourceType": "phone-number"}, Misconfigured, None),
        (400, "ConflictException", {"Reason": "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"}, Misconfigured, None),
        (400, "ConflictException", {"Reason": "NO_ORIGINATION_IDENTITIES_FOUND"}, Misconfigured, None),
        (400, "ValidationException", {"Reason": "DESTINATION_COUNTRY_BLOCKED"}, Misconfigured, None),
        (400, "ValidationException", {"Reason": "SENDER_ID_NOT_SUPPORTED"}, Misconfigured, None),
    ],
)
def test_what_end_user_messaging_answers_means_a_dead_phone_a_pause_or_a_matter_for_a_person(
    status: int, code: str, more: dict[str, Any], expected: type[SwitchboardError], reason: str | None
) -> None:
    texts = own(answering("pinpoint-sms-voice-v2", (status, {"__type": f"x#{code}", "Message": "words", **more})))

    with pytest.raises(expected) as caught:
        texts.send(PHONE, "Ring.", about=ABOUT)

    assert type(caught.value) is expected
    assert getattr(caught.value, "reason", None) == reason
    assert "words" not in str(caught.value)
    assert PHONE not in str(caught.value)


def test_every_error_and_reason_of_the_services_own_model_is_one_of_ours() -> None:
    """Whatever a future release of the model adds is found here as an error that means nothing to us."""
    seen = set()
    for service, operation in (
        ("pinpoint-sms-voice-v2", "SendTextMessage"),
        ("sns", "Publish"),
        ("sesv2", "SendEmail"),
    ):
        shapes: list[Any] = Session().get_service_model(service).operation_model(operation).error_shapes
        for shape in shapes:
            wire = shape.metadata.get("error", {})
            status = wire.get("httpStatusCode", 500 if "Internal" in shape.name else 400)
            for reason in getattr(shape.members.get("Reason"), "enum", None) or [""]:
                response: Any = {
                    "Error": {"Code": wire.get("code", shape.name), "Message": "words"},
                    "ResponseMetadata": {"HTTPStatusCode": status},
                    "Reason": reason,
                }
                error = exceptions.ClientError(response, operation)
                with pytest.raises(SwitchboardError) as caught, sending(service):
                    raise error
                seen.add((shape.name, reason, type(caught.value)))

    unreachable = {(name, reason) for name, reason, kind in seen if kind is Unreachable}
    unknown = {name for name, _, kind in seen if kind is OutcomeUnknown}
    later = {name for name, _, kind in seen if kind is Unavailable}
    assert unreachable == {("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT")}
    assert unknown == {"InternalServerException", "InternalErrorException"}
    assert later == {
        "ThrottlingException",
        "KMSThrottlingException",
        "TooManyRequestsException",
        "LimitExceededException",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_of_botocore_is_one_of_ours(kind: type[BotoCoreError]) -> None:
    error = kind.__new__(kind)

    with pytest.raises(SwitchboardError) as caught, sending("SNS"):
        raise error

    assert isinstance(caught.value, (Unavailable, OutcomeUnknown, Misconfigured))
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exceptions.ConnectTimeoutError(endpoint_url="https://x.example"), Unavailable),
        (exceptions.EndpointConnectionError(endpoint_url="https://x.example"), Unavailable),
        (exceptions.ReadTimeoutError(endpoint_url="https://x.example"), OutcomeUnknown),
        (exceptions.ConnectionClosedError(endpoint_url="https://x.example"), OutcomeUnknown),
        (exceptions.ResponseStreamingError(error="cut"), OutcomeUnknown),
        (exceptions.NoCredentialsError(), Misconfigured),
    ],
)
def test_a_lost_answer_is_an_unknown_outcome_and_a_lost_request_none(
    error: BotoCoreError, expected: type[SwitchboardError]
) -> None:
    made = client("pinpoint-sms-voice-v2")

    def fail(**_: Any) -> None:
        raise error

    made.meta.events.register("before-send", fail)
    with pytest.raises(expected) as caught:
        own(made).send(PHONE, "Ring.")

    assert type(caught.value) is expected


def test_a_text_whose_answer_was_lost_is_not_sent_twice_by_the_client_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client of production, against a server on this machine: the phone must not ring once a retry."""
    with hook_server(status=500, body=b"{}") as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2", server.url)
        made = aws.client.__wrapped__("pinpoint-sms-voice-v2", once=True)
        with pytest.raises(OutcomeUnknown):
            own(made).send(PHONE, "Ring.", about=ABOUT)

        ((_, headers, body),) = server.seen
        assert headers["x-amz-target"] == "PinpointSMSVoiceV2.SendTextMessage"
        assert body["Context"] == ABOUT


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "OptedOut", Unreachable),
        (400, "Throttling", Unavailable),
        (429, "Throttled", Unavailable),
        (500, "InternalError", OutcomeUnknown),
        (403, "AuthorizationError", Misconfigured),
        (403, "InvalidSecurity", Misconfigured),
    ],
)
def test_what_sns_answers_means_the_same(status: int, code: str, expected: type[SwitchboardError]) -> None:
    texts = SnsTexts(answering("sns", (status, sns_error(code))))

    with pytest.raises(expected) as caught:
        texts.send(PHONE, "Ring.", about=ABOUT)

    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ((200, sns_says_opted_out("true")), Unreachable),
        ((200, sns_says_opted_out("false")), Rejected),
        ((429, sns_error("Throttled")), Rejected),
        ((403, sns_error("AuthorizationError")), Rejected),
    ],
)
def test_sns_refuses_who_has_opted_out_like_a_bad_number_so_it_is_asked_which(
    second: tuple[int, str], expected: type[SwitchboardError]
) -> None:
    texts = SnsTexts(answering("sns", (400, sns_error("InvalidParameter")), second))

    with pytest.raises(expected) as caught:
        texts.send(PHONE, "Ring.")

    assert type(caught.value) is expected


def test_sns_tells_whether_a_phone_has_opted_out() -> None:
    """Moto says of numbers that end in 99 that they have."""
    with mock_aws():
        texts = SnsTexts(client("sns"))

        assert texts.opted_out("+12025550199")
        assert not texts.opted_out(PHONE)


def test_a_text_leaves_by_sns_as_transactional() -> None:
    with mock_aws():
        made, sent = client("sns"), []
        made.meta.events.register("provide-client-params.sns.Publish", lambda params, **_: sent.append(params))
        provider_id = SnsTexts(made).send(PHONE, "Ring.", about=ABOUT)

    assert provider_id
    assert sent == [
        {
            "PhoneNumber": PHONE,
            "Message": "Ring.",
            "MessageAttributes": {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}},
        }
    ]


@pytest.mark.parametrize("made", [SnsTexts, own], ids=["sns", "end_user_messaging"])
@pytest.mark.parametrize(
    ("phone", "text", "expected"),
    [
        ("2025550101", "Ring.", Unreachable),
        ("+1", "Ring.", Unreachable),
        ("+1202555010100000", "Ring.", Unreachable),
        ("+12025550101\n", "Ring.", Unreachable),
        ("", "Ring.", Unreachable),
        (PHONE, "x" * 161, Rejected),
        (PHONE, "Ring ✆", Rejected),
    ],
)
def test_a_number_or_a_text_that_cannot_arrive_never_leaves(
    made: Callable[[Any], Any], phone: str, text: str, expected: type[SwitchboardError]
) -> None:
    with pytest.raises(expected) as caught:
        made(None).send(phone, text)

    assert type(caught.value) is expected
