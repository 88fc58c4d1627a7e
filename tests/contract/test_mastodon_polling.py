"""Asking a server over real HTTP finds everything, once, on either kind of server, and fails by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from simulators.mastodon import DEMO, HOSPITAL, Application, MastodonSimulator
from switchboard.domain.message import Ignored
from switchboard.errors import Misconfigured, Unavailable
from switchboard.platforms.mastodon import MastodonNotifications
from switchboard.platforms.mastodon_checks import MastodonChecks
from switchboard.ports import Channel, ChannelSecret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.domain.message import Message
    from switchboard.ports import Page

CHANNEL = Channel(name="mercy-mastodon", platform="mastodon", account_id=HOSPITAL.id)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["mastodon", "gotosocial"])
def server(request: pytest.FixtureRequest) -> Iterator[MastodonSimulator]:
    with MastodonSimulator(request.param, now=lambda: NOW) as simulator:
        yield simulator


def secret_of(server: MastodonSimulator) -> ChannelSecret:
    return ChannelSecret(access_token=DEMO.token, server=server.url)


def page(server: MastodonSimulator, older_than: str = "") -> Page:
    return MastodonNotifications().page(CHANNEL, secret_of(server), older_than=older_than, now=server.now())


def everything(server: MastodonSimulator) -> list[Page]:
    pages = [page(server)]
    while pages[-1].older:
        pages.append(page(server, pages[-1].older))
    return pages


def messages(pages: list[Page]) -> list[Message]:
    return [message for one in pages for message in one.delivery.messages]


def test_130_notifications_are_found_page_by_page_the_newest_first(server: MastodonSimulator) -> None:
    said = []
    for number in range(130):
        server.advance(timedelta(seconds=7))
        said.append(server.says(f"person{number % 3}", f"@mercy question {number}?"))
        if not number % 10:
            server.reacts("cleo", status_id=said[-1])

    pages = everything(server)

    assert [message.message_id for message in messages(pages)] == said[::-1]
    assert [len(one.delivery.messages) for one in pages] == [40, 40, 40, 10, 0]
    reached = [one.reaches_to for one in pages if one.reaches_to]
    assert reached == sorted(reached, reverse=True)
    assert reached[0] == NOW + timedelta(seconds=7 * 91)


def test_what_comes_in_between_two_pages_moves_no_other_message_away(server: MastodonSimulator) -> None:
    said = [server.says("ana", f"@mercy question {number}?") for number in range(50)]

    first = page(server)
    server.says("ben", "@mercy hello?")
    second = page(server, first.older)

    assert [message.message_id for message in messages([first, second])] == said[::-1]


def test_a_conversation_joins_by_what_each_answers_to(server: MastodonSimulator) -> None:
    question = server.says("ana", "@mercy open on Saturday?", visibility="direct")
    answer = server.says("mercy", "@ana yes, from 9.", in_reply_to_id=question, visibility="direct")
    server.says("mercy", "Our flu clinic opens on Saturday.")
    more = server.says("ana", "@mercy and on Sunday?", in_reply_to_id=answer, visibility="direct")

    found = messages([page(server)])

    ana = found[0].author_id
    assert [(one.message_id, one.thread_id, one.reply_to, one.by_us) for one in found] == [
        (more, f"{answer}/{ana}", answer, False),
        (question, f"{question}/{ana}", "", False),
        (answer, question, question, True),
    ]
    assert {one.kind for one in found} == {"direct_message"}


def test_an_edit_is_found_on_either_kind_of_server(server: MastodonSimulator) -> None:
    question = server.says("ana", "@mercy open on Saturday?")
    before = messages([page(server)])
    server.advance(timedelta(minutes=2))
    server.edits(question, "@mercy open on Sunday?")

    after = messages([page(server)])

    assert [(one.change, one.text) for one in before] == [("new", "@mercy open on Saturday?")]
    assert {(one.change, one.message_id, one.text, one.changed_at, one.sent_at) for one in after} == {
        ("edited", question, "@mercy open on Sunday?", NOW + timedelta(minutes=2), NOW)
    }


def test_a_dead_token_is_a_persons_to_mend(server: MastodonSimulator) -> None:
    server.kill_token()

    with pytest.raises(Misconfigured):
        page(server)


def test_a_rate_limit_names_how_long_to_wait(server: MastodonSimulator) -> None:
    server.says("ana", "@mercy hello?")
    page(server)
    server.advance(timedelta(minutes=1))
    server.fail(status=429)

    with pytest.raises(Unavailable) as caught:
        page(server)

    assert caught.value.retry_after == 240


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"status": 502, "html": True}, {"timeout": 0.01}])
def test_a_server_that_fails_is_asked_again(server: MastodonSimulator, fault: dict[str, object]) -> None:
    server.says("ana", "@mercy hello?")
    server.fail(path="/notifications$", **fault)

    with pytest.raises(Unavailable):
        page(server)

    assert len(messages([page(server)])) == 1


def test_questions_flow_when_only_our_own_answers_fail(server: MastodonSimulator) -> None:
    server.says("ana", "@mercy hello?")
    server.fail(path="/statuses$", timeout=0.01)

    delivery = page(server).delivery

    assert len(delivery.messages) == 1
    assert delivery.ignored == (Ignored(reason="own_answers_unread"),)


def test_nobody_listening_is_unavailable() -> None:
    with MastodonSimulator() as simulator:
        gone = secret_of(simulator)

    with pytest.raises(Unavailable):
        MastodonNotifications().page(CHANNEL, gone, older_than="", now=NOW)


def test_the_doctor_finds_a_healthy_account_healthy(server: MastodonSimulator) -> None:
    found = MastodonChecks().check(CHANNEL, secret_of(server), now=server.now() + timedelta(seconds=30))

    assert {finding.state for finding in found} == {"ok"}
    assert {"credentials", "subscription", "clock"} <= {finding.name for finding in found}


def test_the_doctor_finds_a_dead_token_a_wrong_clock_and_a_missing_scope(server: MastodonSimulator) -> None:
    late = MastodonChecks().check(CHANNEL, secret_of(server), now=server.now() + timedelta(minutes=2))
    server.kill_token()
    dead = MastodonChecks().check(CHANNEL, secret_of(server), now=server.now())

    assert {finding.name: finding.state for finding in late}["clock"] == "warning"
    assert [(finding.name, finding.state) for finding in dead] == [("credentials", "failure")]
    with MastodonSimulator(application=Application(token=DEMO.token, scopes=("read:accounts",))) as narrow:
        found = MastodonChecks().check(CHANNEL, secret_of(narrow), now=narrow.now())
    assert {one.name: one.state for one in found} == {
        "credentials": "ok",
        "clock": "ok",
        "fields": "failure",
        "subscription": "failure",
    }
