"""What the adapters of the webhook path do when AWS does not answer, and what they never do."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.response import StreamingBody

from switchboard.adapters.channels import AppConfigChannels
from switchboard.adapters.configuration import ConfigurationDocument
from switchboard.adapters.last_good import DynamoLastGood
from switchboard.adapters.messages import DynamoMessages
from switchboard.adapters.metrics import EmbeddedMetrics
from switchboard.adapters.quarantine import S3Quarantine
from switchboard.adapters.secrets import SecretsManagerSecrets
from switchboard.domain.message import Ignored
from switchboard.errors import Misconfigured, Unavailable
from switchboard.ports import ChannelSecret
from switchboard.settings import Settings
from tests.fakes.automation import FakeDocument, FakeLastGood
from tests.fakes.hospital import NOON, message

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = Settings(appconfig_application="a", appconfig_environment="e", appconfig_profile="p", posts_table="posts")


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {}}, "Operation")  # type: ignore[typeddict-item]


FAULTS = [
    refusal("ThrottlingException"),
    refusal("InternalServerError"),
    refusal("AccessDeniedException"),
    refusal("ProvisionedThroughputExceededException"),
    EndpointConnectionError(endpoint_url="http://x"),
    ConnectTimeoutError(endpoint_url="http://x"),
    ReadTimeoutError(endpoint_url="http://x"),
    NoCredentialsError(),
]


class Client:
    """An AWS client whose every operation raises *fault*, or answers with what *answers* says, in order."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[str] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**_: Any) -> Any:
            self.calls.append(operation)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__ + str(fault)[:40])
def test_whatever_aws_raises_is_unavailable(fault: Exception) -> None:
    client = Client(fault)
    calls: list[Callable[[], object]] = [
        lambda: DynamoMessages(client, "t").put([message()]),
        lambda: DynamoMessages(client, "t").put([message(1), message(2)]),
        lambda: DynamoMessages(client, "t").put_ignored("c", [Ignored(reason="r", event="{}")], now=NOON),
        lambda: S3Quarantine(lambda: client, "b").keep("c", b"", {}, reason="r", now=NOON),
        lambda: SecretsManagerSecrets(client, "p/").of("c"),
        lambda: ConfigurationDocument(client, SETTINGS).text(),
        lambda: DynamoLastGood(client, "t").load(),
        lambda: DynamoLastGood(client, "t").save("{}", now=NOON),
    ]

    for call in calls:
        with pytest.raises(Unavailable):
            call()


def test_what_fails_in_a_batch_does_not_keep_the_others_from_being_stored() -> None:
    client = Client(*([{}] * 20), refusal("ThrottlingException"), *([{}] * 29), {})

    with pytest.raises(Unavailable, match="1 of 50"):
        DynamoMessages(client, "t").put([message(number) for number in range(50)])

    assert len(client.calls) == 50


# --- the config's document -------------------------------------------------------------------------------------


def session() -> dict[str, str]:
    return {"InitialConfigurationToken": "t0"}


def document(content: str) -> dict[str, Any]:
    body = StreamingBody(io.BytesIO(content.encode()), len(content))
    return {"Configuration": body, "NextPollConfigurationToken": "t1", "NextPollIntervalInSeconds": 30}


def test_the_document_is_asked_for_once_in_thirty_seconds_and_an_empty_answer_means_unchanged() -> None:
    clock, client = Clock(), Client(session(), document("one"), document(""), document("two"))
    reader = ConfigurationDocument(client, SETTINGS, clock=clock)
    read = []

    for clock.seconds in (0, 1, 29, 31, 62):
        read.append(reader.text())

    assert read == ["one", "one", "one", "one", "two"]
    assert client.calls == ["start_configuration_session", *["get_latest_configuration"] * 3]


def test_fresh_asks_past_the_cache_and_says_when_nobody_answers() -> None:
    client = Client(session(), document("one"), session(), document("two"), refusal("ThrottlingException"))
    reader = ConfigurationDocument(client, SETTINGS, clock=Clock())

    assert (reader.text(), reader.text(fresh=True), reader.text()) == ("one", "two", "two")
    with pytest.raises(Unavailable):
        reader.text(fresh=True)
    assert reader.text() == "two"


def test_while_appconfig_is_away_it_is_not_asked_for_every_delivery() -> None:
    clock, client = Clock(), Client(refusal("ThrottlingException"), session(), document("one"))
    reader = ConfigurationDocument(client, SETTINGS, clock=clock)

    for _ in range(3):
        with pytest.raises(Unavailable):
            reader.text()
    asked = len(client.calls)
    clock.seconds = 6

    assert asked == 1
    assert reader.text() == "one"


def test_without_a_deployed_config_the_remedy_is_named() -> None:
    reader = ConfigurationDocument(Client(session(), document("")), SETTINGS)

    with pytest.raises(Unavailable, match="switchboard config push"):
        reader.text()


# --- the channels ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", "{}", '{"channels": []}', '{"channels": {"a": {}}}', '{"channels":{"a":5}}']
)
def test_a_broken_config_leaves_the_channels_as_they_were(broken: str) -> None:
    source = FakeDocument('{"channels": {"facebook": {"platform": "facebook"}}}')
    channels = AppConfigChannels(source, FakeLastGood())

    before = channels.find("facebook")
    source.content = broken

    assert before is not None
    assert channels.find("facebook") == before


@pytest.mark.parametrize("last_good", [None, "", "{"])
def test_without_any_readable_config_a_delivery_is_sent_again(last_good: str | None) -> None:
    with pytest.raises(Unavailable):
        AppConfigChannels(FakeDocument(None), FakeLastGood(last_good)).find("facebook")


# --- the secrets -----------------------------------------------------------------------------------------------


def secret(*signing: str) -> dict[str, str]:
    return {"SecretString": json.dumps({"signing_secrets": signing})}


def test_a_secret_is_asked_for_once_in_five_minutes_and_fresh_at_most_once_a_minute() -> None:
    clock, client = Clock(), Client(secret("a"))
    secrets = SecretsManagerSecrets(client, "p/", clock=clock)

    for clock.seconds in (0, 30, 59):
        secrets.of("c", fresh=True)
    early = len(client.calls)
    for clock.seconds in (61, 62, 120):
        secrets.of("c", fresh=True)
    fresh = len(client.calls)
    for clock.seconds in (121, 360, 362):
        secrets.of("c")

    assert (early, fresh, len(client.calls)) == (1, 2, 3)


def test_the_last_known_secret_stays_in_use_while_secrets_manager_is_away() -> None:
    clock, client = Clock(), Client(secret("a"), refusal("ThrottlingException"))
    secrets = SecretsManagerSecrets(client, "p/", clock=clock)

    secrets.of("c")
    clock.seconds = 400

    assert secrets.of("c") == ChannelSecret(signing_secrets=("a",))


def test_an_absent_secret_is_closed() -> None:
    client = Client(refusal("ResourceNotFoundException"))

    assert SecretsManagerSecrets(client, "p/").of("c") == ChannelSecret()


@pytest.mark.parametrize("value", ["s3cret", '"s3cret"', "[]", '{"signing_secrets": "s3cret"}', ""])
def test_a_secret_of_another_shape_is_misconfigured_and_never_shown(value: str) -> None:
    with pytest.raises(Misconfigured) as problem:
        SecretsManagerSecrets(Client({"SecretString": value}), "p/").of("c")

    assert "s3cret" not in str(problem.value)
    assert problem.value.__cause__ is None


# --- metrics ---------------------------------------------------------------------------------------------------


def test_counts_are_summed_and_written_once_by_dimension_and_over_all() -> None:
    out = io.StringIO()
    metrics = EmbeddedMetrics("Switchboard", out)

    for _ in range(3):
        metrics.count("WebhookRefused", reason="no_secret", channel="facebook")
    metrics.count("MessagesStored", 5)
    metrics.flush()
    metrics.flush()

    refused, stored = (json.loads(line) for line in out.getvalue().splitlines())
    assert (refused["WebhookRefused"], refused["reason"], refused["channel"]) == (3, "no_secret", "facebook")
    assert refused["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [[], ["channel", "reason"]]
    assert stored["_aws"]["CloudWatchMetrics"][0] == {
        "Namespace": "Switchboard",
        "Dimensions": [[]],
        "Metrics": [{"Name": "MessagesStored", "Unit": "Count"}],
    }
