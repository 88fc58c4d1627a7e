"""The Posts table as the commands see it: rows to show, files to take in, and what a person does."""

from __future__ import annotations

import getpass
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast
from zoneinfo import ZoneInfo

from switchboard.adapters.posts import DynamoPosts
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.measures import measure
from switchboard.domain.post import PostState, post_from_json
from switchboard.domain.post_export import Imported, decoded, read_export
from switchboard.errors import Conflict, Rejected
from switchboard.verbs import giving_back
from switchboard.verbs.giving_back import GivenBack
from switchboard_cli.moments import moment
from switchboard_cli.terminal import BadInput
from switchboard_cli.yaml_source import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from switchboard import ports
    from switchboard.domain.measures import Measured
    from switchboard.domain.post import Hold, Post
    from switchboard_cli.stack import Stack

Row = dict[str, Any]

LOOKED_BACK = timedelta(days=14)
"""A message counts as said before for so long."""


def post_rows(stack: Stack, *, held: bool = False, channel: str = "", scheduler: str = "") -> list[Row]:
    """Return posts: what is held first, then the newest; with the rule and the reason of its hold."""
    store = _posts(stack)
    holds: dict[str, Hold] = {hold.post_id: hold for hold in reversed(store.holds())}
    everything = [*store.in_state(list(PostState)), *store.outside(list(PostState))]
    found = sorted(everything, key=lambda post: post.publish_at, reverse=True)
    found.sort(key=lambda post: post.state is not PostState.HELD)
    return [
        _post_row(post, holds.get(post.post_id))
        for post in found
        if (not held or post.post_id in holds)
        and (not channel or post.channel == channel)
        and (not scheduler or (post.outside is not None and post.outside.scheduler == scheduler))
    ]


def post_with_holds(stack: Stack, post_id: str) -> Row:
    """Return one post, its holds, the latest first, and who did what with it, the latest last."""
    found = _posts(stack).load(post_id)
    if found is None:
        raise BadInput(f"there is no post {post_id!r}; list them: switchboard posts")
    post, holds = found
    return {
        "post": _flat(asdict(post)),
        "holds": [
            {name: value for name, value in asdict(hold).items() if name != "snapshot"}
            | {"was_due": hold.snapshot.publish_at}
            for hold in reversed(holds)
        ],
        "events": _events(stack, post_id),
    }


def _events(stack: Stack, post_id: str) -> list[Row]:
    from switchboard.adapters.items import moment_of  # noqa: PLC0415 - for this alone

    pages = (
        stack.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=stack.tables["posts"],
            KeyConditionExpression="post_id = :id AND begins_with(#item, :event)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues={":id": {"S": post_id}, ":event": {"S": "event#"}},
        )
    )
    items: Iterator[Any] = (item for page in pages for item in page["Items"])
    return [{"at": moment_of(item["at"]["S"]), "kind": item["kind"]["S"], "by": item["by"]["S"]} for item in items]


def posts_exported(
    path: Path,
    *,
    zone: str,
    channel: str,
    channels: Mapping[str, str],
    date_order: Literal["", "mdy", "dmy"],
    state: str,
) -> tuple[list[Post], list[str]]:
    """Return what is to come in an exported calendar, for our queue, and a sentence for each row that is wrong.

    Only what was scheduled there, and whose time is to come, is ever more than a draft.
    """
    try:
        ZoneInfo(zone)
        content = path.read_bytes()
    except (LookupError, ValueError) as exc:
        raise BadInput(f"--zone {zone!r} is not a time zone; use an IANA name such as America/New_York") from exc
    except OSError as exc:
        raise BadInput(f"{path}: cannot be read: {exc.strerror}; give a CSV or JSON file") from exc
    if path.suffix.lower() in {".yaml", ".yml"}:
        read_posts, problems = posts_in(path, zone)
        found = Imported(posts=tuple(read_posts), wrong=())
    else:
        found = read_export(decoded(content), zone=zone, channel=channel, channels=channels, date_order=date_order)
        problems = [str(wrong) for wrong in found.wrong]
    coming = [post for post in found.posts if post.state in (PostState.SCHEDULED, PostState.DRAFT)]
    nameless = [post.post_id for post in coming if not post.channel]
    if nameless:
        problems.append(f"{len(nameless)} posts name no channel; name one: --channel facebook")
    now = _now()
    return [
        replace(
            post,
            state=PostState(state) if post.state is PostState.SCHEDULED and post.publish_at > now else PostState.DRAFT,
            created_at=now,
            kept_by=None,
        )
        for post in coming
    ], problems


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


def pause(stack: Stack, post_id: str, by: str, why: str) -> GivenBack:
    """Hold a scheduled post of our own queue by hand."""
    return _done(lambda: giving_back.pause_by_hand(post_id, by=_who(by), why=why, now=_now(), posts=_posts(stack)))


def resume(stack: Stack, post_id: str, by: str, *, at: str = "", text: str = "", zone: str = "UTC") -> GivenBack:
    """Give a held post back as *by*, and say how it comes back."""
    when = moment(at, zone, needs_hour=True) if at else None
    return _done(
        lambda: giving_back.resume(post_id, by=_who(by), now=_now(), posts=_posts(stack), at=when, text=text or None)
    )


def resume_all(stack: Stack, rule: str, by: str) -> list[GivenBack]:
    """Give back everything that *rule* holds, the soonest first, spaced out.

    One that cannot be given back now is told with its reason, and the others are still done.
    """
    store = _posts(stack)
    held = sorted((one for one in store.holds() if one.rule == rule), key=lambda one: one.snapshot.publish_at)
    if not held:
        raise BadInput(f"rule {rule!r} holds nothing; list what is held: switchboard posts list --held")
    done: list[GivenBack] = []
    for one in held:
        try:
            done.append(resume(stack, one.post_id, by))
        except BadInput as refusal:
            done.append(GivenBack(post_id=one.post_id, state=PostState.HELD, reason=str(refusal)))
    return done


def discard(stack: Stack, post_id: str, by: str) -> GivenBack:
    """Take a held post or a draft out for good."""
    return _done(lambda: giving_back.discard(post_id, by=_who(by), now=_now(), posts=_posts(stack)))


def measured(stack: Stack, days: int) -> list[Measured]:
    """Return how much was broadcast and how much was conversation in the last *days*."""
    now = _now()
    since = now - timedelta(days=days)
    questions: ports.QuestionStore = DynamoQuestions(stack.client("dynamodb"), stack.tables["questions"])
    store = _posts(stack)
    unfinished = questions.unfinished()
    out = [PostState.PUBLISHED]
    return measure(
        [*store.in_state(out, since=since - LOOKED_BACK), *store.outside(out, since=since - LOOKED_BACK)],
        answered=_answered(stack, since),
        waiting=Counter(question.channel for question in unfinished),
        waiting_since={
            question.channel: question.opened_at
            for question in sorted(unfinished, key=lambda one: one.opened_at, reverse=True)
        },
        since=since,
        now=now,
        within=LOOKED_BACK,
    )


def _answered(stack: Stack, since: datetime) -> Counter[str]:
    """Count the answers that reached somebody since, by channel: the whole table is read, for a report now and then."""
    from switchboard.adapters.items import moment_of  # noqa: PLC0415 - for this alone

    client, table = stack.client("dynamodb"), stack.tables["questions"]
    channels: dict[str, str] = {}
    answers: list[str] = []
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="#item = :question OR begins_with(#item, :answer)",
        ExpressionAttributeNames={"#item": "item"},
        ExpressionAttributeValues={":question": {"S": "question"}, ":answer": {"S": "answer#"}},
    )
    items: Iterator[Any] = (item for page in pages for item in page["Items"])
    for item in items:
        question_id = item["question_id"]["S"]
        if item["item"]["S"] == "question":
            channels[question_id] = item.get("channel", {}).get("S", "")
        elif "sent_at" in item and moment_of(item["sent_at"]["S"]) >= since:
            answers.append(question_id)
    return Counter(channels.get(question_id, "") for question_id in answers)


def _done(act: Callable[[], GivenBack]) -> GivenBack:
    try:
        return act()
    except Conflict as conflict:
        raise BadInput("somebody else was quicker; look again: switchboard posts") from conflict
    except Rejected as refusal:
        raise BadInput(f"{refusal} List them: switchboard posts") from refusal


def _who(by: str) -> str:
    return by or getpass.getuser()


def _now() -> datetime:
    return datetime.now(UTC)


def _flat(fields: Row) -> Row:
    outside: Row = fields.pop("outside", None) or {}
    return fields | {f"outside_{name}": value for name, value in outside.items() if name != "payload"}


def _posts(stack: Stack) -> ports.PostStore:
    return DynamoPosts(stack.client("dynamodb"), stack.tables["posts"])


def _post(fields: object, zone: str) -> Post:
    if not isinstance(fields, dict):
        raise ValueError("is no post; write `- id: …`, and text, channel and publish_at below")  # noqa: TRY004 - as `post_from_json`
    post = post_from_json(cast("Mapping[str, Any]", fields), zone=zone)
    if not post.channel:
        raise ValueError(f"channel: missing in post {post.post_id}; name a channel of the config")
    return post


def _post_row(post: Post, hold: Hold | None) -> Row:
    row = _flat(asdict(post))
    told = (
        {"rule": hold.rule, "reason": hold.reason, "evidence": hold.evidence, "held_at": hold.held_at} if hold else {}
    )
    return {**row, "rule": "", "reason": "", **told}
