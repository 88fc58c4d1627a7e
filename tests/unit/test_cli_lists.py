"""What waits, and for whom: the list commands over the real adapters on an in-process DynamoDB."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from switchboard.adapters.posts import DynamoPosts
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.message import question_id_of
from switchboard.domain.outside import Outside, Step
from switchboard.domain.post import Hold, Post, PostState
from switchboard.domain.question import Alert, AlertState, Change, Event, Question, QuestionState
from switchboard.domain.vocabulary import Urgency
from switchboard_cli.main import app
from switchboard_cli.stack import Stack
from tests.fakes.hospital import NOON, message
from tests.fakes.tables import POSTS, QUESTIONS, create_posts_table, create_questions_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN = CliRunner()


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    found = Stack(
        name="mercy",
        region="us-east-1",
        endpoint_url="",
        api_url="",
        tables={"questions": QUESTIONS, "posts": POSTS},
        appconfig={},
    )
    monkeypatch.setattr(Stack, "find", lambda *_: found)
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        create_questions_table(client)
        create_posts_table(client)
        yield found


def ask(stack: Stack, thread: str, urgency: Urgency, minutes: int = 0) -> str:
    """Store an open question with one message and one alert; return its id."""
    at = NOON + timedelta(minutes=minutes)
    question = Question(
        question_id=question_id_of("facebook", thread),
        channel="facebook",
        platform="facebook",
        kind="comment",
        thread_id=thread,
        author_id="author-1",
        state=QuestionState.OPEN,
        urgency=urgency,
        team="social",
        opened_at=at,
        last_message_at=at,
        next_action_at=at,
        version=1,
    )
    alert = Alert(
        question_id=question.question_id, step=1, staff_id="maria", contact="sms", state=AlertState.SENT, at=at
    )
    event = Event(question_id=question.question_id, kind="opened", by="notify_staff", at=at)
    DynamoQuestions(stack.client("dynamodb"), QUESTIONS).commit(
        Change(question=question, messages=(message(1, thread_id=thread),), alerts=(alert,), events=(event,))
    )
    return question.question_id


def run_json(*words: str) -> Any:
    result = RUN.invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_questions_come_the_most_urgent_first_then_the_oldest(stack: Stack) -> None:
    late = ask(stack, "t1", Urgency.NORMAL, 5)
    early = ask(stack, "t2", Urgency.NORMAL, 1)
    emergency = ask(stack, "t3", Urgency.EMERGENCY, 9)

    found = run_json("questions")

    assert [one["question_id"] for one in found] == [emergency, early, late]
    assert run_json("questions", "list") == found
    assert found[0]["opened_at"] == "2026-10-13T16:09:00Z"


@pytest.mark.parametrize("words", [["questions"], ["questions", "show", "{ref}"], ["alerts"]])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_no_word_of_an_author_and_no_name_is_shown(stack: Stack, words: list[str], form: list[str]) -> None:
    question_id = ask(stack, "t1", Urgency.NORMAL)

    result = RUN.invoke(app, [word.format(ref=question_id[:4]) for word in words] + form)

    assert result.exit_code == 0
    assert question_id in result.stdout
    for hidden in ("visiting", "Pat Example", "author-1"):
        assert hidden not in result.stdout


def test_a_question_is_shown_with_its_text_when_it_is_asked_for(stack: Stack) -> None:
    question_id = ask(stack, "t1", Urgency.NORMAL)

    found = run_json("questions", "show", question_id, "--text")

    assert found["messages"][0]["text"] == "What are your visiting hours?"
    assert found["alerts"][0]["staff_id"] == "maria"
    assert found["events"][0]["kind"] == "opened"
    assert run_json("questions", "show", question_id[:4].lower(), "--text") == found


@pytest.mark.parametrize("wanted", ["ZZZZ", "A" * 26])
def test_a_question_that_is_not_there_exits_2(stack: Stack, wanted: str) -> None:
    result = RUN.invoke(app, ["questions", "show", wanted])

    assert result.exit_code == 2
    assert "`switchboard questions`" in result.stderr or "switchboard questions" in result.stderr


def test_alerts_come_the_newest_first(stack: Stack) -> None:
    first, second = ask(stack, "t1", Urgency.NORMAL, 1), ask(stack, "t2", Urgency.NORMAL, 2)

    assert [one["question_id"] for one in run_json("alerts")] == [second, first]
    assert [one["question_id"] for one in run_json("alerts", "list", "--question", first)] == [first]


@pytest.mark.parametrize(
    ("words", "said"),
    [(["questions"], "no question waits"), (["posts"], "the queue is empty"), (["alerts"], "nobody was rung")],
)
def test_nothing_is_said_in_words_and_is_an_empty_list_in_json(stack: Stack, words: list[str], said: str) -> None:
    assert RUN.invoke(app, words).stdout == f"{said}\n"
    assert run_json(*words) == []


# --- posts -----------------------------------------------------------------------------------------------------

POSTS_YAML = """\
- id: flu
  channel: facebook
  text: Flu clinic on Saturday
  publish_at: 2026-10-17 09:00
- id: fair
  channel: facebook
  text: Health fair
  publish_at: 2026-10-18T09:00:00Z
"""


def add(tmp_path: Path, content: str = POSTS_YAML, *words: str) -> Any:
    file = tmp_path / "posts.yaml"
    file.write_text(content)
    return RUN.invoke(app, ["posts", "add", str(file), *words])


def hold(stack: Stack, post_id: str, publish_at: datetime) -> None:
    store = DynamoPosts(stack.client("dynamodb"), POSTS)
    found = store.load(post_id)
    assert found is not None
    post = replace(found[0], publish_at=publish_at)
    held = Hold(
        hold_id=f"h-{post_id}",
        post_id=post_id,
        channel=post.channel,
        rule="repeated",
        reason="The same again.",
        evidence=("3 times",),
        snapshot=post,
        held_at=NOON,
        held_by="pause_stale_posts",
    )
    store.commit(replace(post, state=PostState.HELD, version=post.version + 1), held, event="held", by="x", now=NOON)


def load(stack: Stack, post_id: str) -> tuple[Post, tuple[Hold, ...]]:
    found = DynamoPosts(stack.client("dynamodb"), POSTS).load(post_id)
    assert found is not None
    return found


def test_posts_are_added_once_and_listed_the_newest_first(stack: Stack, tmp_path: Path) -> None:
    first = add(tmp_path, POSTS_YAML, "--zone", "America/New_York")
    second = add(tmp_path)

    assert first.stdout == "flu: added\nfair: added\n"
    assert second.stdout == "flu: is there already\nfair: is there already\n"
    assert [one["post_id"] for one in run_json("posts")] == ["fair", "flu"]
    assert load(stack, "flu")[0].publish_at == datetime(2026, 10, 17, 13, 0, tzinfo=UTC)


def test_what_is_held_comes_first_with_the_reason(stack: Stack, tmp_path: Path) -> None:
    add(tmp_path)
    hold(stack, "flu", NOON)

    found = run_json("posts", "list")

    assert [(one["post_id"], one["state"], one["rule"]) for one in found] == [
        ("flu", "held", "repeated"),
        ("fair", "scheduled", ""),
    ]
    assert "The same again." in RUN.invoke(app, ["posts"]).stdout


def test_a_post_whose_time_is_to_come_is_scheduled_again(stack: Stack, tmp_path: Path) -> None:
    add(tmp_path)
    hold(stack, "flu", datetime.now(UTC) + timedelta(days=1))

    result = RUN.invoke(app, ["posts", "resume", "flu", "--by", "maria"])

    post, holds = load(stack, "flu")
    assert result.exit_code == 0
    assert result.stdout.startswith("flu: scheduled. ")
    assert (post.state, post.kept_by) == (PostState.SCHEDULED, "maria")
    assert (holds[-1].state, holds[-1].released_by) == ("resumed", "maria")
    assert DynamoPosts(stack.client("dynamodb"), POSTS).holds() == []


def test_a_post_whose_time_has_passed_comes_back_as_a_draft(stack: Stack, tmp_path: Path) -> None:
    add(tmp_path)
    hold(stack, "flu", datetime.now(UTC) - timedelta(hours=1))

    assert run_json("posts", "resume", "flu")["state"] == "draft"
    assert load(stack, "flu")[0].state is PostState.DRAFT


def test_all_that_a_rule_holds_comes_back_but_what_is_on_its_way(stack: Stack, tmp_path: Path) -> None:
    add(tmp_path)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    hold(stack, "flu", tomorrow)
    hold(stack, "fair", tomorrow)
    post, (held,) = load(stack, "flu")
    on_its_way = replace(held, step=Step.PARKING)
    DynamoPosts(stack.client("dynamodb"), POSTS).commit(
        replace(post, version=post.version + 1), on_its_way, event="parking", by="x", now=NOON
    )

    done = RUN.invoke(app, ["posts", "resume", "--rule", "repeated", "--by", "maria", "--json"])

    assert done.exit_code == 1
    assert {one["post_id"]: one["state"] for one in json.loads(done.stdout)} == {"flu": "held", "fair": "scheduled"}
    assert load(stack, "fair")[0].state is PostState.SCHEDULED


def test_a_post_is_shown_with_its_hold_and_who_did_what(stack: Stack, tmp_path: Path) -> None:
    add(tmp_path)
    hold(stack, "flu", datetime.now(UTC) + timedelta(days=1))
    RUN.invoke(app, ["posts", "resume", "flu", "--by", "maria"])

    found = run_json("posts", "show", "flu")

    assert found["holds"][0]["evidence"] == ["3 times"]
    assert [(one["kind"], one["by"]) for one in found["events"]] == [("held", "x"), ("resumed", "maria")]
    assert "maria" in RUN.invoke(app, ["posts", "show", "flu"]).stdout


def test_no_list_carries_what_a_scheduler_told_of_a_post(stack: Stack) -> None:
    outside = Outside(scheduler="blog", external_id="7", payload='{"secret": "words"}', link="https://example.org/7")
    post = Post(post_id="blog:7", channel="blog", text="Fair", publish_at=NOON, outside=outside)
    DynamoPosts(stack.client("dynamodb"), POSTS).put(post)

    (row,) = run_json("posts", "list", "--scheduler", "blog")

    assert row["outside_link"] == "https://example.org/7"
    assert "secret" not in json.dumps(row)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--at", "2026-10-12"], "is not a time"),
        (["--at", "0001-01-01T00:00+14:00"], "is not a time"),
        (["--at", "2027-03-14T02:30", "--zone", "America/New_York"], "that the clocks of America/New_York skip"),
        (["--at", "2027-03-14T12:30", "--zone", "Nowhere/Land"], "is not a time zone"),
    ],
)
def test_a_time_that_is_none_is_refused_before_anything_is_given_back(
    stack: Stack, tmp_path: Path, words: list[str], said: str
) -> None:
    add(tmp_path)
    hold(stack, "flu", datetime.now(UTC) + timedelta(days=1))

    done = RUN.invoke(app, ["posts", "resume", "flu", *words])

    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert load(stack, "flu")[0].state is PostState.HELD


@pytest.mark.parametrize("post_id", ["flu", "nothing"])
def test_what_is_not_held_cannot_be_resumed(stack: Stack, tmp_path: Path, post_id: str) -> None:
    add(tmp_path)

    result = RUN.invoke(app, ["posts", "resume", post_id])

    assert result.exit_code == 2
    assert result.stderr.startswith("switchboard: ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- id: a\n  channel: f\n  text: x\n- id: b\n  channel: f\n", "posts.yaml:4: text: missing"),
        ("posts:\n  - id: a\n    text: x\n    publish_at: 2026-10-17\n", "posts.yaml:2: channel: missing in post a"),
        ("- just words\n", "posts.yaml:1: is no post"),
        ("hello", "posts.yaml:1: is no list of posts"),
        ("- id: [", "posts.yaml:1: the file: is not YAML here"),
        ("- id: a\n  id: b\n", "posts.yaml:2: 0.id: stands twice"),
    ],
)
def test_one_wrong_post_and_none_is_added(stack: Stack, tmp_path: Path, content: str, said: str) -> None:
    result = add(tmp_path, content)

    assert result.exit_code == 2
    assert said in result.stderr
    assert run_json("posts") == []
