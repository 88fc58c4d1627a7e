"""The ports of the webhook path, each on its fake and on its real adapter, so that a fake cannot rot."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import Session
from moto import mock_aws

from switchboard.adapters.channels import AppConfigChannels
from switchboard.adapters.items import message_from
from switchboard.adapters.last_good import DynamoLastGood
from switchboard.adapters.messages import DynamoMessages
from switchboard.adapters.quarantine import S3Quarantine
from switchboard.adapters.secrets import SecretsManagerSecrets
from switchboard.domain.message import Ignored
from switchboard.ports import Channel, ChannelSecret
from tests.conftest import EMBEDDED
from tests.fakes.automation import FakeDocument, FakeLastGood
from tests.fakes.hospital import NOON, message
from tests.fakes.inbound import FakeChannels, FakeMessages, FakeQuarantine, FakeSecrets
from tests.fakes.tables import POSTS, QUESTIONS, create_posts_table, create_questions_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from switchboard.domain.message import Message
    from switchboard.ports import Channels, ChannelSecrets, LastGood, MessageStore, Quarantine


@pytest.fixture
def aws() -> Iterator[Callable[[str], Any]]:
    with mock_aws():
        yield lambda service: Session().create_client(service, region_name="us-east-1")


# --- MessageStore ----------------------------------------------------------------------------------------------


@dataclass
class Shelf:
    """A message store, and a look at what lies in it."""

    store: MessageStore
    messages: Callable[[], list[Message]]
    ignored: Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["fake", "dynamodb", EMBEDDED])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "fake":
        fake = FakeMessages()
        return Shelf(
            fake,
            lambda: list(fake.stored.values()),
            lambda: [(part.reason, part.event) for part in fake.ignored.values()],
        )
    client: Any = request.getfixturevalue(request.param)
    create_questions_table(client)

    def items(*, ignored: bool) -> list[Any]:
        found = client.scan(TableName=QUESTIONS)["Items"]
        return [item for item in found if item["question_id"]["S"].startswith("ignored#") == ignored]

    return Shelf(
        DynamoMessages(client, QUESTIONS),
        lambda: [message_from(item) for item in items(ignored=False)],
        lambda: [(item["reason"]["S"], item["event"]["S"]) for item in items(ignored=True)],
    )


def test_a_message_is_stored_as_it_was_put(shelf: Shelf) -> None:
    whole = message(attachments=("image",), permalink="https://example.org", expires_at=NOON + timedelta(days=90))

    assert shelf.store.put([whole]) == 1
    assert shelf.messages() == [whole]


def test_nothing_put_is_nothing_new(shelf: Shelf) -> None:
    assert shelf.store.put([]) == 0


def test_the_same_message_any_number_of_times_is_stored_once_as_it_came_first(shelf: Shelf) -> None:
    first = message(text="first")

    counts = [shelf.store.put([one]) for one in (first, message(text="again"), first)]

    assert counts == [1, 0, 0]
    assert shelf.messages() == [first]


def test_the_same_message_twice_in_one_batch_is_one(shelf: Shelf) -> None:
    assert shelf.store.put([message(1), message(2), message(1)]) == 2


def test_an_edit_and_a_removal_stand_beside_the_message(shelf: Shelf) -> None:
    edited = message(text="edited", change="edited", changed_at=NOON)
    later = message(text="later", change="edited", changed_at=NOON + timedelta(seconds=1))
    removed = message(text="", change="removed", changed_at=NOON)

    assert shelf.store.put([message(), edited, later, removed, edited]) == 4


def test_a_batch_of_a_hundred_is_stored_whole(shelf: Shelf) -> None:
    assert shelf.store.put([message(number, thread_id=f"t{number}") for number in range(100)]) == 100
    assert len(shelf.messages()) == 100


def test_an_unknown_event_is_kept_once(shelf: Shelf) -> None:
    event = Ignored(reason="unknown_field", event='{"field":"leadgen"}')

    for _ in range(2):
        shelf.store.put_ignored("facebook", [event, event, Ignored(reason="echo", event="{}")], now=NOON)

    assert sorted(shelf.ignored()) == [("echo", "{}"), ("unknown_field", '{"field":"leadgen"}')]


def test_a_stored_message_is_due_for_the_sweep_and_an_ignored_event_for_nobody(dynamodb: Any) -> None:
    create_questions_table(dynamodb)
    store = DynamoMessages(dynamodb, QUESTIONS)

    store.put([message(expires_at=NOON + timedelta(days=90))])
    store.put_ignored("facebook", [Ignored(reason="unknown_field", event="x" * 500_000)], now=NOON)

    due = dynamodb.scan(TableName=QUESTIONS, IndexName="due")["Items"]
    everything = dynamodb.scan(TableName=QUESTIONS)["Items"]
    assert [item["item"]["S"] for item in due] == ["message#m1"]
    assert all(int(item["expires_at"]["N"]) > NOON.timestamp() for item in everything)


# --- Quarantine ------------------------------------------------------------------------------------------------


@pytest.fixture(params=["fake", "s3"])
def quarantine(request: pytest.FixtureRequest, aws: Callable[[str], Any]) -> tuple[Quarantine, Callable[[str], bytes]]:
    if request.param == "fake":
        fake = FakeQuarantine()
        return fake, lambda key: fake.kept[key].body
    client = aws("s3")
    client.create_bucket(Bucket="quarantine")

    def body(key: str) -> bytes:
        found: bytes = client.get_object(Bucket="quarantine", Key=key)["Body"].read()
        return found

    return S3Quarantine(lambda: client, "quarantine"), body


def test_what_is_refused_is_kept_byte_for_byte(quarantine: tuple[Quarantine, Callable[[str], bytes]]) -> None:
    store, body = quarantine
    raw = b'\xff\x00{"h\xc3\xa9llo"}\r\n'

    key = store.keep("facebook", raw, {"x-hub-signature-256": "ü" * 500, "cookie": "x"}, reason="wrong", now=NOON)

    assert body(key) == raw
    assert re.fullmatch(r"facebook/2026-10-13/160000000000-[0-9a-f]{32}", key)


def test_only_the_headers_that_tell_of_the_signature_are_kept(aws: Callable[[str], Any]) -> None:
    client = aws("s3")
    client.create_bucket(Bucket="quarantine")
    headers = {"x-hub-signature-256": "sha256=ü", "cookie": "secret", "x-forwarded-for": "203.0.113.10"}

    key = S3Quarantine(lambda: client, "quarantine").keep("facebook", b"", headers, reason="wrong", now=NOON)

    metadata = client.head_object(Bucket="quarantine", Key=key)["Metadata"]
    assert metadata == {"x-hub-signature-256": "sha256=?", "reason": "wrong"}


# --- ChannelSecrets --------------------------------------------------------------------------------------------

SECRET = ChannelSecret(signing_secrets=("a", "b"), verify_token="v", access_token="t")


@pytest.fixture(params=["fake", "secretsmanager"])
def secrets(request: pytest.FixtureRequest, aws: Callable[[str], Any]) -> ChannelSecrets:
    if request.param == "fake":
        return FakeSecrets({"facebook": SECRET})
    client = aws("secretsmanager")
    document = {"signing_secrets": ["a", "b"], "verify_token": "v", "access_token": "t"}
    client.create_secret(Name="stack/channels/facebook", SecretString=json.dumps(document))
    return SecretsManagerSecrets(client, "stack/channels/")


@pytest.mark.parametrize("fresh", [False, True])
def test_a_channels_secret_is_found_and_an_absent_one_is_empty(secrets: ChannelSecrets, *, fresh: bool) -> None:
    assert secrets.of("facebook", fresh=fresh) == SECRET
    assert secrets.of("website", fresh=fresh) == ChannelSecret()


# --- Channels --------------------------------------------------------------------------------------------------

PAGE = Channel(name="facebook", platform="facebook", account_id="1", retention_days=90)
DOCUMENT = json.dumps({"channels": {"facebook": {"platform": "facebook", "account_id": "1"}}})


@pytest.fixture(params=["fake", "document", "last good"])
def channels(request: pytest.FixtureRequest) -> Channels:
    match request.param:
        case "fake":
            return FakeChannels({"facebook": PAGE})
        case "document":
            return AppConfigChannels(FakeDocument(DOCUMENT), FakeLastGood())
        case _:
            return AppConfigChannels(FakeDocument(None), FakeLastGood(DOCUMENT))


def test_a_channel_is_found_by_its_name(channels: Channels) -> None:
    assert channels.find("facebook") == PAGE
    assert channels.find("nobody") is None


# --- LastGood --------------------------------------------------------------------------------------------------


@pytest.fixture(params=["fake", "dynamodb"])
def last_good(request: pytest.FixtureRequest, aws: Callable[[str], Any]) -> LastGood:
    if request.param == "fake":
        return FakeLastGood()
    client = aws("dynamodb")
    create_posts_table(client)
    return DynamoLastGood(client, POSTS)


def test_the_last_good_config_is_none_then_what_was_saved_last(last_good: LastGood) -> None:
    before = last_good.load()
    for document in ('{"a":1}', '{"a":2}'):
        last_good.save(document, now=NOON)

    assert before is None
    assert last_good.load() == '{"a":2}'
