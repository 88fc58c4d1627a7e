"""Polling a real Bluesky network: real accounts, real posts, real sessions; `make network` runs it."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from functions.poll_channels.app import poll_channels
from functions.poll_channels.look import Room
from switchboard.domain.question import QuestionState
from switchboard.errors import Misconfigured, Unavailable
from switchboard.platforms import checks, polled
from switchboard.platforms.bluesky import BlueskyNotifications
from switchboard.ports import Channel, ChannelSecret
from switchboard.verbs.attend import attend
from tests.fakes.channel_states import FakeChannelStates
from tests.fakes.hospital import config
from tests.fakes.house import House
from tests.fakes.inbound import FakeSecrets
from tests.network.servers import Network, missing, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from switchboard.domain.message import Message
    from switchboard.ports import Finding

pytestmark = pytest.mark.network
PASSWORD = "sample-password"
DEEP = "nested 1,500 deep"
"""Stands for such a thing: Python itself writes none."""


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    if gone := missing():
        assert "CI" not in os.environ, f"not installed: {gone}"
        pytest.skip(f"not installed: {gone}; make network installs it")
    with running() as found:
        yield found


@dataclass
class Account:
    """Somebody on the network, who posts with an independent, plain client."""

    network: Network
    handle: str
    did: str
    token: str

    @classmethod
    def made(cls, network: Network, name: str) -> Account:
        handle = f"{name}-{uuid.uuid4().hex[:6]}.test"
        body = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD}
        found = _call(network, "com.atproto.server.createAccount", body)
        return cls(network, handle, found["did"], found["accessJwt"])

    def does(self, collection: str, record: dict[str, Any]) -> dict[str, str]:
        body = {
            "repo": self.did,
            "collection": collection,
            "record": {"$type": collection, "createdAt": datetime.now(UTC).isoformat(), **record},
        }
        found: dict[str, str] = _call(self.network, "com.atproto.repo.createRecord", body, self.token)
        return {"uri": found["uri"], "cid": found["cid"]}

    def posts(self, text: str, **record: Any) -> dict[str, str]:
        return self.does("app.bsky.feed.post", {"text": text, **record})

    def deletes(self, post: dict[str, str]) -> None:
        body = {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": post["uri"].rpartition("/")[2]}
        _call(self.network, "com.atproto.repo.deleteRecord", body, self.token)

    def app_password(self, name: str = "switchboard") -> str:
        body = {"name": name}
        password: str = _call(self.network, "com.atproto.server.createAppPassword", body, self.token)["password"]
        return password

    def revokes(self, name: str = "switchboard") -> None:
        _call(self.network, "com.atproto.server.revokeAppPassword", {"name": name}, self.token)


def _call(network: Network, method: str, body: dict[str, Any], token: str = "", *, authorization: str = "") -> Any:
    headers = {"Authorization": authorization or f"Bearer {token}"} if authorization or token else {}
    content = json.dumps(body).replace(f'"{DEEP}"', '{"x":' * 1500 + "1" + "}" * 1500)
    headers["Content-Type"] = "application/json"
    answer = httpx.post(f"{network.pds}/xrpc/{method}", content=content, headers=headers, timeout=30)
    assert answer.is_success, (method, answer.text)
    return answer.json() if answer.content else None


def mention(of: Account, text: str) -> dict[str, Any]:
    written = f"@{of.handle} {text}"
    facet = {
        "index": {"byteStart": 0, "byteEnd": len(f"@{of.handle}".encode())},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": of.did}],
    }
    return {"text": written, "facets": [facet]}


def under(root: dict[str, str], parent: dict[str, str] | None = None) -> dict[str, Any]:
    return {"reply": {"root": root, "parent": parent or root}}


@dataclass
class Hospital:
    """The hospital's account as a channel of ours, with an app password."""

    account: Account
    channel: Channel
    secret: ChannelSecret

    def hears(self) -> list[Message]:
        self.account.network.settle()
        platform = polled("bluesky")
        assert platform is not None
        page = platform.page(self.channel, self.secret, older_than="", now=datetime.now(UTC))
        return list(page.delivery.messages)


@pytest.fixture
def hospital(network: Network) -> Hospital:
    account = Account.made(network, "mercy")
    return Hospital(
        account=account,
        channel=Channel(name="bluesky", platform="bluesky", account_id=account.did),
        secret=ChannelSecret(access_token=account.app_password(), server=network.pds),
    )


@pytest.fixture
def rosa(network: Network) -> Account:
    return Account.made(network, "rosa")


def test_what_people_write_to_us_is_heard_and_nothing_else(hospital: Hospital, rosa: Account) -> None:
    ours = hospital.account.posts("Our new walk-in clinic opens on Monday")
    asked = rosa.posts(**mention(hospital.account, "do you treat children? 🤒"))
    answered = rosa.posts("What are the opening hours?", **under(ours))
    quoted = rosa.posts("At last", embed={"$type": "app.bsky.embed.record", "record": ours})
    rosa.does("app.bsky.feed.like", {"subject": ours})
    rosa.does("app.bsky.feed.repost", {"subject": ours})
    rosa.does("app.bsky.graph.follow", {"subject": hospital.account.did})
    rosa.posts("Nothing to do with anybody")

    heard = {one.message_id: one for one in hospital.hears()}

    assert set(heard) == {asked["uri"], answered["uri"], quoted["uri"]}
    assert heard[asked["uri"]].text == f"@{hospital.account.handle} do you treat children? 🤒"
    assert heard[answered["uri"]].kind == "comment"
    assert heard[answered["uri"]].thread_id == f"{ours['uri']}/{rosa.did}"
    assert heard[answered["uri"]].reply_to == ours["uri"]
    assert heard[quoted["uri"]].attachments == ("post",)
    assert {one.author_id for one in heard.values()} == {rosa.did}
    assert all(abs(one.sent_at - datetime.now(UTC)) < timedelta(minutes=5) for one in heard.values())


def test_our_answer_in_the_app_is_ours_and_stands_in_the_thread_of_who_asked(hospital: Hospital, rosa: Account) -> None:
    asked = rosa.posts(**mention(hospital.account, "where do I park?"))
    answer = hospital.account.posts("Behind the east wing.", **under(asked))

    theirs, ours = sorted(hospital.hears(), key=lambda one: one.by_us)

    assert (theirs.message_id, ours.message_id) == (asked["uri"], answer["uri"])
    assert theirs.thread_id == ours.thread_id == f"{asked['uri']}/{rosa.did}"


def test_a_post_that_was_deleted_is_not_heard(hospital: Hospital, rosa: Account) -> None:
    gone = rosa.posts(**mention(hospital.account, "never mind"))
    stays = rosa.posts(**mention(hospital.account, "when do you open?"))
    hospital.account.network.settle()
    rosa.deletes(gone)

    assert [one.message_id for one in hospital.hears()] == [stays["uri"]]


def test_pages_bring_everything_once(hospital: Hospital, rosa: Account) -> None:
    written = [rosa.posts(**mention(hospital.account, f"question {number}"))["uri"] for number in range(60)]
    hospital.account.network.settle()
    platform = polled("bluesky")
    assert platform is not None
    heard: list[str] = []
    mark = ""
    for _ in range(4):
        page = platform.page(hospital.channel, hospital.secret, older_than=mark, now=datetime.now(UTC))
        heard += [one.message_id for one in page.delivery.messages]
        mark = page.older
        if not mark:
            break

    assert sorted(heard) == sorted(written)
    assert len(heard) == 60


def test_what_is_dated_back_or_ahead_is_heard_and_never_in_the_future(hospital: Hospital, rosa: Account) -> None:
    now = datetime.now(UTC)
    back, ahead = now - timedelta(days=2), now + timedelta(days=2)
    late = rosa.posts(**mention(hospital.account, "from a slow clock"), createdAt=back.isoformat())
    early = rosa.posts(**mention(hospital.account, "from a fast clock"), createdAt=ahead.isoformat())

    heard = {one.message_id: one.sent_at for one in hospital.hears()}

    assert abs(heard[late["uri"]] - back) < timedelta(seconds=1), "the list's time is the earlier of both clocks"
    assert abs(heard[early["uri"]] - now) < timedelta(minutes=1)


def test_an_answer_in_several_posts_is_heard_and_a_thread_of_our_own_is_not(hospital: Hospital, rosa: Account) -> None:
    asked = rosa.posts(**mention(hospital.account, "how do I prepare?"))
    first = hospital.account.posts("Eat nothing from midnight on.", **under(asked))
    second = hospital.account.posts("Water is fine.", **under(asked, first))
    fair = hospital.account.posts("Our health fair")
    hospital.account.posts("starts at ten", **under(fair))

    ours = [one for one in hospital.hears() if one.by_us]

    assert [one.message_id for one in ours] == [second["uri"], first["uri"]]
    assert {one.thread_id for one in ours} == {f"{asked['uri']}/{rosa.did}"}


def test_whom_we_do_not_follow_is_heard_though_the_account_is_set_to_hide_them(
    hospital: Hospital, rosa: Account
) -> None:
    _call(hospital.account.network, "app.bsky.notification.putPreferences", {"priority": True}, hospital.account.token)
    asked = rosa.posts(**mention(hospital.account, "anybody there?"))

    assert [one.message_id for one in hospital.hears()] == [asked["uri"]]


def test_what_one_person_nested_too_deep_hides_nobody_elses_words(hospital: Hospital, rosa: Account) -> None:
    rosa.posts(**mention(hospital.account, "when do you open?"))
    rosa.posts(**mention(hospital.account, "deep"), x=DEEP)

    assert [one.text.split(" ", 1)[1] for one in hospital.hears()] == ["deep", "when do you open?"]


# --- sessions --------------------------------------------------------------------------------------------------


class Recording(httpx.HTTPTransport):
    """The network, with a note of what was asked and what came back."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, int]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        self.seen.append((request.url.path.rpartition(".")[2], answer.status_code))
        return answer


def looks(hospital: Hospital, platform: BlueskyNotifications) -> None:
    platform.page(hospital.channel, hospital.secret, older_than="", now=datetime.now(UTC))


def test_a_session_that_expired_is_refreshed_without_a_login(hospital: Hospital) -> None:
    network, transport = hospital.account.network, Recording()
    platform = BlueskyNotifications(transport=transport)
    looks(hospital, platform)
    transport.seen.clear()

    with network.ahead(timedelta(hours=3)):
        looks(hospital, platform)
        refreshed = list(transport.seen)
        looks(hospital, platform)

    assert refreshed[:3] == [("listNotifications", 400), ("refreshSession", 200), ("listNotifications", 200)]
    assert [name for name, _ in transport.seen].count("refreshSession") == 1
    assert "createSession" not in [name for name, _ in transport.seen]


def test_a_session_that_was_lost_altogether_is_opened_again(hospital: Hospital) -> None:
    network, transport = hospital.account.network, Recording()
    platform = BlueskyNotifications(transport=transport)
    looks(hospital, platform)
    transport.seen.clear()

    with network.ahead(timedelta(days=200)):
        looks(hospital, platform)

    assert transport.seen[:3] == [("listNotifications", 400), ("refreshSession", 400), ("createSession", 200)]


def test_an_app_password_that_was_revoked_is_a_dead_token_when_the_session_ends(hospital: Hospital) -> None:
    network, platform = hospital.account.network, BlueskyNotifications()
    looks(hospital, platform)
    hospital.account.revokes()

    with network.ahead(timedelta(hours=3)), pytest.raises(Misconfigured):
        looks(hospital, platform)
    with pytest.raises(Misconfigured):
        looks(hospital, BlueskyNotifications())


def test_too_many_logins_tell_how_long_to_wait(hospital: Hospital) -> None:
    body = {"identifier": hospital.account.did, "password": "aaaa-bbbb-cccc-dddd"}
    url = f"{hospital.account.network.pds}/xrpc/com.atproto.server.createSession"
    refused = [httpx.post(url, json=body, timeout=30).status_code for _ in range(31)]

    with pytest.raises(Unavailable) as told:
        looks(hospital, BlueskyNotifications())

    assert refused[-1] == httpx.codes.TOO_MANY_REQUESTS
    assert told.value.retry_after is not None
    assert 0 < told.value.retry_after <= timedelta(minutes=5).total_seconds()


def test_an_account_that_was_taken_down_must_be_mended_by_a_person(hospital: Hospital) -> None:
    network, platform = hospital.account.network, BlueskyNotifications()
    looks(hospital, platform)
    subject = {"$type": "com.atproto.admin.defs#repoRef", "did": hospital.account.did}
    body = {"subject": subject, "takedown": {"applied": True, "ref": "sample"}}
    _call(network, "com.atproto.admin.updateSubjectStatus", body, authorization=network.admin)

    with pytest.raises(Misconfigured):
        looks(hospital, BlueskyNotifications())
    with network.ahead(timedelta(hours=3)), pytest.raises(Misconfigured):
        looks(hospital, platform)  # the session that is open goes on until then


def test_the_doctor_finds_the_account_healthy_and_another_ones_not(hospital: Hospital, rosa: Account) -> None:
    examines = checks("bluesky")
    assert examines is not None
    well = examines.check(hospital.channel, hospital.secret, now=datetime.now(UTC))
    of_rosa = Channel(name="bluesky", platform="bluesky", account_id=rosa.handle)
    secret = ChannelSecret(access_token=rosa.app_password(), server=hospital.secret.server)
    other = examines.check(of_rosa, secret, now=datetime.now(UTC))
    main = replace(hospital.secret, access_token=PASSWORD)
    too_much = examines.check(hospital.channel, main, now=datetime.now(UTC))
    behind = examines.check(hospital.channel, hospital.secret, now=datetime.now(UTC) - timedelta(minutes=5))

    assert states(well) == {"credentials": "ok", "subscription": "ok", "clock": "ok"}
    assert states(other)["credentials"] == "failure", "a handle is no DID"
    assert states(too_much)["credentials"] == "warning", "the main password may do everything"
    assert states(behind)["clock"] == "warning"


def states(findings: Sequence[Finding]) -> dict[str, str]:
    return {finding.name: finding.state for finding in findings}


def test_from_a_post_on_the_network_to_a_phone_that_rings(hospital: Hospital, rosa: Account) -> None:
    found = config(channels={"bluesky": {"platform": "bluesky", "account_id": hospital.account.did}})
    house = House(channels={"bluesky": {"platform": "bluesky", "account_id": hospital.account.did}})
    room = Room(
        states=FakeChannelStates(),
        secrets=FakeSecrets({"bluesky": hospital.secret}),
        messages=house.questions,
        metrics=house.metrics,
        polled=polled,
    )
    asked = rosa.posts(**mention(hospital.account, "When do you open?"))
    hospital.account.network.settle()
    results = [poll_channels(room=room, config=found, now=datetime.now(UTC) + timedelta(minutes=n)) for n in (0, 3)]
    (heard,) = hospital.hears()
    attend(heard.question_id, house.room, now=datetime.now(UTC))
    rung = len(house.phones())

    hospital.account.posts("At ten.", **under(asked))
    hospital.account.network.settle()
    poll_channels(room=room, config=found, now=datetime.now(UTC) + timedelta(minutes=6))
    attend(heard.question_id, house.room, now=datetime.now(UTC))

    assert [one["new"] for one in results] == [1, 0]
    assert rung == 1
    question = house.conversation(heard.question_id).question
    assert question is not None
    assert question.state is QuestionState.ANSWERED_ELSEWHERE
