"""What the list commands read from the tables, and the two things that they write: through the ports' adapters."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from switchboard.adapters.posts import DynamoPosts
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.post import PostState, post_from_json
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Rejected
from switchboard.verbs.giving_back import GivenBack
from switchboard.verbs.giving_back import resume as give_back
from switchboard_cli.terminal import BadInput
from switchboard_cli.yaml_source import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from switchboard import ports
    from switchboard.domain.post import Hold, Post
    from switchboard.domain.question import Alert, Question
    from switchboard_cli.stack import Stack

Row = dict[str, Any]
_URGENCIES = list(Urgency)
_HIDDEN = frozenset({"text", "author_name", "author_id", "thread_id", "permalink"})
"""What says who wrote or what was written: shown with --text only."""
_FULL_ID = 26


def question_rows(stack: Stack) -> list[Row]:
    """Return the unfinished questions, the most urgent first, then the one that waits longest."""
    found = sorted(_questions(stack).unfinished(), key=lambda one: (_URGENCIES.index(one.urgency), one.opened_at))
    return [_without(one, _HIDDEN | {"steps"}) for one in found]


def conversation(stack: Stack, question_id: str, *, text: bool) -> Row:
    """Return one question and all that belongs to it."""
    store = _questions(stack)
    found = store.load(_full_id(store, question_id))
    if found.question is None:
        raise BadInput(f"there is no question {question_id!r}; list them: switchboard questions")
    hidden: frozenset[str] = frozenset() if text else _HIDDEN
    messages = [*found.messages, *found.pending]
    return {
        "question": _without(found.question, hidden | {"steps"}),
        "messages": [_without(message, hidden) for message in messages],
        "alerts": [_without(alert) for alert in found.alerts],
        "answers": [_without(answer, hidden) for answer in found.answers],
        "events": [_without(event) for event in found.events],
    }


def author_of(stack: Stack, question_id: str, channel: str) -> tuple[str, str]:
    """Return the author of a question, and the channel to look at: the question's own unless one is given."""
    store = _questions(stack)
    found = store.load(_full_id(store, question_id)).question
    if found is None or not found.author_id:
        raise BadInput(f"there is no question {question_id!r} of a known author; list them: switchboard questions")
    return found.author_id, channel or found.channel


def alert_rows(stack: Stack, question_id: str) -> list[Row]:
    """Return the alerts of one question, or of all unfinished ones, the newest first."""
    store = _questions(stack)
    ids = [_full_id(store, question_id)] if question_id else [one.question_id for one in store.unfinished()]
    found: list[Alert] = [alert for one in ids for alert in store.load(one).alerts]
    found.sort(key=lambda alert: alert.at, reverse=True)
    return [{"ref": alert.question_id[:4], **_without(alert)} for alert in found]


def post_rows(stack: Stack) -> list[Row]:
    """Return all posts: what is held first, then the newest; with the rule and the reason of its hold."""
    store = _posts(stack)
    holds: dict[str, Hold] = {hold.post_id: hold for hold in reversed(store.holds())}
    found = sorted(store.in_state(list(PostState)), key=lambda post: post.publish_at, reverse=True)
    found.sort(key=lambda post: post.state is not PostState.HELD)
    return [_post_row(post, holds.get(post.post_id)) for post in found]


def posts_in(path: Path, zone: str) -> tuple[list[Post], list[str]]:
    """Return the posts in *path*, and a sentence for each that is wrong."""
    try:
        source = read(path)
        ZoneInfo(zone)
    except (LookupError, ValueError) as exc:
        raise BadInput(f"--zone {zone!r} is not a time zone; use an IANA name such as America/New_York") from exc
    except OSError as exc:
        raise BadInput(f"{path}: cannot be read: {exc.strerror}; give a YAML or JSON file") from exc
    problems = [
        f"{path}:{source.place_of(one).line}: {one.path}: {one.message}; {one.remedy}" for one in source.problems
    ]
    if problems:
        return [], problems
    value: object = source.value
    if isinstance(value, dict):
        value = cast("dict[str, object]", value).get("posts")
    if not isinstance(value, list):
        return [], [f"{path}:1: is no list of posts; begin each with `- id: …`"]
    found: list[Post] = []
    for number, fields in enumerate(cast("list[object]", value)):
        try:
            found.append(_post(fields, zone))
        except ValueError as error:
            line = next((source.values[at].line for at in (f"posts.{number}", str(number)) if at in source.values), 1)
            problems.append(f"{path}:{line}: {error}")
    return found, problems


def add(stack: Stack, posts: list[Post]) -> list[Row]:
    """Put *posts* into the queue and say of each whether it is new. Doing it again is harmless."""
    store = _posts(stack)
    return [{"post_id": post.post_id, "added": store.put(post)} for post in posts]


def resume(stack: Stack, post_id: str, by: str) -> GivenBack:
    """Give a held post back as *by*, and say how it comes back."""
    try:
        return give_back(post_id, by=by or getpass.getuser(), now=datetime.now(UTC), posts=_posts(stack))
    except Rejected as refusal:
        raise BadInput(f"{refusal} List them: switchboard posts") from refusal


def _questions(stack: Stack) -> ports.QuestionStore:
    return DynamoQuestions(stack.client("dynamodb"), stack.tables["questions"])


def _posts(stack: Stack) -> ports.PostStore:
    return DynamoPosts(stack.client("dynamodb"), stack.tables["posts"])


def _full_id(store: ports.QuestionStore, given: str) -> str:
    """Return the id that *given* begins, among the unfinished questions, unless it is a whole one."""
    wanted = given.upper()
    if len(wanted) >= _FULL_ID:
        return wanted
    fitting: list[Question] = [one for one in store.unfinished() if one.question_id.startswith(wanted)]
    if len(fitting) == 1:
        return fitting[0].question_id
    many = "several unfinished questions begin so" if fitting else "no unfinished question begins so"
    raise BadInput(f"{given!r}: {many}; give the whole id, as `switchboard questions` shows it")


def _post(fields: object, zone: str) -> Post:
    if not isinstance(fields, dict):
        raise ValueError("is no post; write `- id: …`, and text, channel and publish_at below")  # noqa: TRY004 - as `post_from_json`
    post = post_from_json(cast("Mapping[str, Any]", fields), zone=zone)
    if not post.channel:
        raise ValueError(f"channel: missing in post {post.post_id}; name a channel of the config")
    return post


def _post_row(post: Post, hold: Hold | None) -> Row:
    row = asdict(post)
    told = (
        {"rule": hold.rule, "reason": hold.reason, "evidence": hold.evidence, "held_at": hold.held_at} if hold else {}
    )
    return {**row, "rule": "", "reason": "", **told}


def _without(record: Any, hidden: frozenset[str] | set[str] = frozenset()) -> Row:  # noqa: ANN401 - any dataclass
    """Return the fields of *record*, a question also with its ref, except the *hidden* ones."""
    fields = {name: value for name, value in asdict(record).items() if name not in hidden}
    return {"ref": record.ref, **fields} if hasattr(record, "ref") else fields
