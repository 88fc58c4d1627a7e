"""Governors in DynamoDB, media in S3 and schedulers' secrets in Secrets Manager."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from botocore.session import Session
from moto import mock_aws

from switchboard.adapters.governors import DynamoGovernors
from switchboard.adapters.media import S3Media
from switchboard.adapters.posts import DynamoPosts
from switchboard.adapters.scheduler_secrets import SecretsManagerSchedulers
from switchboard.domain.outside import Media
from switchboard.domain.post import PostState
from switchboard.errors import Misconfigured, Rejected, Unavailable
from switchboard.ports import MediaFile, SchedulerSecret
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "media"
PICTURE = MediaFile(media=Media(url="https://x.example.org/1.png", media_type="image/png"), content=b"\x89PNG")
NAME = "switchboard/schedulers/blog"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield


def client(service: str) -> Any:
    return Session().create_client(service, region_name="us-east-1")


# --- governors


def test_the_governors_that_are_on_are_remembered_and_are_no_post() -> None:
    dynamodb = client("dynamodb")
    create_posts_table(dynamodb)
    governors = DynamoGovernors(dynamodb, POSTS)
    assert governors.load() == frozenset()

    governors.save(["page", "blog"])
    assert governors.load() == {"page", "blog"}
    governors.save([])
    assert governors.load() == frozenset()
    assert DynamoPosts(dynamodb, POSTS).in_state(PostState) == []


def test_an_unreadable_item_is_no_governor() -> None:
    dynamodb = client("dynamodb")
    create_posts_table(dynamodb)
    for odd in ("{", "3", "null"):
        item = {"post_id": {"S": "governors"}, "item": {"S": "governors"}, "channels": {"S": odd}}
        dynamodb.put_item(TableName=POSTS, Item=item)
        assert DynamoGovernors(dynamodb, POSTS).load() == frozenset()


# --- media


def test_a_medium_is_kept_with_its_type_and_keeping_it_again_is_harmless() -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET)
    store = S3Media(lambda: s3, BUCKET)

    for content in (b"\x89PNG", b"newer"):
        store.keep("blog:1/0", replace(PICTURE, content=content))

    assert store.load("blog:1/0") == b"newer"
    assert s3.head_object(Bucket=BUCKET, Key="blog:1/0")["ContentType"] == "image/png"
    store.keep("blog:1/1", MediaFile(media=Media(url="https://x.example.org/2"), content=b""))
    assert store.load("blog:1/1") == b""


def test_a_copy_that_is_gone_is_refused_and_one_that_cannot_be_read_is_not() -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET)

    with pytest.raises(Rejected):
        S3Media(lambda: s3, BUCKET).load("blog:1/0")
    nowhere = S3Media(lambda: s3, "no-such-bucket")
    with pytest.raises(Unavailable):
        nowhere.load("k")
    with pytest.raises(Unavailable):
        nowhere.keep("k", PICTURE)


class _Failing:
    """A client each of whose calls fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def call(**_asked: object) -> None:
            raise self._error

        return call


AWAY = ConnectTimeoutError(endpoint_url="https://aws.example.org")
DENIED = ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")


@pytest.mark.parametrize("error", [AWAY, DENIED])
def test_an_aws_that_fails_is_unavailable(error: Exception) -> None:
    media = S3Media(lambda: _Failing(error), BUCKET)
    with pytest.raises(Unavailable):
        media.load("k")
    with pytest.raises(Unavailable):
        media.keep("k", PICTURE)
    secrets = SecretsManagerSchedulers(_Failing(error), "p/")
    with pytest.raises(Unavailable):
        secrets.of("blog")
    with pytest.raises(Unavailable):
        secrets.keep("blog", SchedulerSecret())


# --- secrets


def test_a_new_pair_of_tokens_is_there_for_this_process_at_once_and_for_every_other() -> None:
    manager = client("secretsmanager")
    old = {"token": "old", "refresh_token": "once", "client_id": "id", "note": "of the admins"}
    manager.create_secret(Name=NAME, SecretString=json.dumps(old))
    ours, others = (SecretsManagerSchedulers(manager, "switchboard/schedulers/") for _ in range(2))
    assert others.of("blog").token == "old"

    ours.keep("blog", replace(ours.of("blog"), token="new", refresh_token="twice"))

    assert (ours.of("blog").token, ours.of("blog").client_id) == ("new", "id")
    assert others.of("blog").token == "old"
    assert others.of("blog", fresh=True).refresh_token == "twice"
    stored = json.loads(manager.get_secret_value(SecretId=NAME)["SecretString"])
    assert stored["note"] == "of the admins"


@pytest.mark.parametrize("there", ["{", "[]", "3", '"a"', "null"])
def test_a_new_pair_is_not_lost_because_of_what_was_there(there: str) -> None:
    manager = client("secretsmanager")
    manager.create_secret(Name=NAME, SecretString=there)
    secrets = SecretsManagerSchedulers(manager, "switchboard/schedulers/")

    secrets.keep("blog", SchedulerSecret(token="new"))

    assert secrets.of("blog").token == "new"


def test_a_secret_that_is_not_there_is_empty_and_is_not_made() -> None:
    secrets = SecretsManagerSchedulers(client("secretsmanager"), "switchboard/schedulers/")

    assert secrets.of("blog") == SchedulerSecret()
    with pytest.raises(Unavailable):
        secrets.keep("blog", SchedulerSecret(token="new"))


@pytest.mark.parametrize("document", ['{"token": ', '["tok-1"]', '"tok-1"'])
def test_an_odd_secret_says_what_it_must_be_and_shows_nothing_of_it(document: str) -> None:
    manager = client("secretsmanager")
    manager.create_secret(Name=NAME, SecretString=document)

    with pytest.raises(Misconfigured) as refused:
        SecretsManagerSchedulers(manager, "switchboard/schedulers/").of("blog")

    assert "tok-1" not in str(refused.value)
    assert refused.value.__cause__ is None
