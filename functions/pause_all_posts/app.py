"""pause_all_posts: while a crisis is in force, everything that can be paused is, and what cannot is listed.

The stream of the Posts table wakes it as soon as somebody turns the switch; every minute it holds what was scheduled
meanwhile and tries again what failed. There is no cap: that is what the switch is for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.domain.crisis import RULE, NotPaused, dropped, end_to_tell, in_force, listed, sentence
from switchboard.domain.outside import Step
from switchboard.domain.post import HoldState, PostState
from switchboard.errors import Conflict, Rejected, SwitchboardError
from switchboard.verbs.crisis import end_lines
from switchboard.verbs.holding import hold, settle
from switchboard.verbs.outside_calendar import read_outside
from switchboard.verbs.tell_admins import tell_admins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig
    from switchboard.domain.crisis import Crisis
    from switchboard.domain.post import Hold, Post
    from switchboard.ports import CrisisStore, Mail
    from switchboard.verbs.holding import HoldingRoom

logger = Logger()

AHEAD = timedelta(days=28)
"""So far ahead posts are held; what is due later is held when it comes nearer, as long as the crisis lasts."""
AT_ONCE = 16
"""So many schedulers are spoken to at the same time,"""
EACH = 4
"""and in each of them so many posts are paused: Hootsuite takes 20 requests in a second."""
LEAVE_MS = 15_000
"""So much of the function's time one post may need."""
READ_WITHIN = 15.0
"""Seconds after which a scheduler that has not told its posts is on the list, and the others are paused."""
RESTS_AFTER = 3
"""So many failures in one run, and a scheduler rests until the next: it must not take the others' time."""


def pause_all_posts(
    *,
    room: HoldingRoom,
    crises: CrisisStore,
    config: AutomationConfig,
    mail: Mail,
    remaining_ms: Callable[[], int] = lambda: LEAVE_MS + 1,
) -> dict[str, int]:
    """Hold every scheduled post while a crisis is in force; return how many are held and how many are not.

    The soonest due first. What a person gave back since the crisis began is left alone. Safe to repeat.
    """
    now = room.clock()
    stored = crises.current()
    crisis = in_force(stored, config, now)
    if crisis is None:
        _keep(crises, dropped(stored, config, now))
        _tell_end(crises, config, mail, now)
        return {"held": 0, "not_paused": 0}
    if crisis is not stored:  # the config's, seen for the first time, or with another end
        _keep(crises, crisis)
    calendar = read_outside(room.schedulers, room.posts, start=now, end=now + AHEAD, within=READ_WITHIN)
    own = room.posts.in_state([PostState.SCHEDULED])
    outside = [post for post in calendar.posts if post.state is PostState.SCHEDULED]
    posts = sorted([*own, *outside], key=lambda post: (post.publish_at, post.post_id))
    why = sentence(crisis, config.zone)

    failed: Counter[str] = Counter()

    def one(post: Post) -> NotPaused | None:
        if post.outside is not None and failed[post.outside.scheduler] >= RESTS_AFTER:
            return _not_paused(post, f"{post.outside.scheduler} does not answer; the next run tries it.")
        return _pause(room, post, crisis, why, remaining_ms, failed)

    def all_of(theirs: Sequence[Post]) -> list[NotPaused]:
        with ThreadPoolExecutor(max_workers=EACH) as pool:
            return [found for found in pool.map(one, theirs) if found is not None]

    by_scheduler: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_scheduler[post.outside.scheduler if post.outside is not None else ""].append(post)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        open_posts = [found for theirs in pool.map(all_of, by_scheduler.values()) for found in theirs]
    open_posts += [
        NotPaused(post_id="", scheduler=name, channel="", why=said) for name, said in calendar.unread.items()
    ]
    held = sum(_is_held_for(crisis, one) for one in room.posts.holds())
    if crisis.listed_at is None and crisis.via in ("config", "cli"):  # the others told when they started it
        tell_admins("all automatic posts are stopped", [why], config=config, mail=mail)
    _list(crises, held, open_posts, now)
    for found in open_posts:
        room.metrics.count("NotPausedInCrisis", scheduler=found.scheduler or "own")
    return {"held": held, "not_paused": len(open_posts)}


def _pause(
    room: HoldingRoom,
    post: Post,
    crisis: Crisis,
    why: str,
    remaining_ms: Callable[[], int],
    failed: Counter[str],
) -> NotPaused | None:
    """Hold one post; return what it is and why if it is not held."""
    if remaining_ms() <= LEAVE_MS:
        return _not_paused(post, "There was no time left in this run; the next tries it.")
    try:
        done = _hold(room, post, crisis, why)
    except Exception as error:  # noqa: BLE001 - one odd post must not keep the others, nor the list
        logger.warning("not_paused", post_id=post.post_id, error=type(error).__name__)
        if post.outside is not None and not isinstance(error, Rejected):
            failed[post.outside.scheduler] += 1
        ours = isinstance(error, SwitchboardError)
        return _not_paused(post, str(error) if ours else f"It is not understood ({type(error).__name__}).")
    if done is None or done.state in (HoldState.RESUMED, HoldState.DISCARDED):
        return None
    if done.state is HoldState.HELD:
        comes_back = done.step is Step.RESUMING and _since(done.released_at, crisis)
        is_right = comes_back or done.step in (None, Step.PAUSED)
        return None if is_right else _not_paused(post, done.problem or "It is still under way.")
    return _not_paused(post, done.problem)


def _hold(room: HoldingRoom, post: Post, crisis: Crisis, why: str) -> Hold | None:
    """Return the hold of *post* as it is after this, or the one with which a person gave it back."""
    before = room.posts.load(post.post_id)
    latest = before[1][-1] if before is not None and before[1] else None
    if latest is not None and latest.state is HoldState.HELD and latest.step is not None:
        # It is shown as scheduled: it is still under way, or somebody scheduled it again there.
        was_paused = latest.step is Step.PAUSED
        latest = settle(room, post.post_id)
        if latest is None or latest.state is not HoldState.RESUMED:
            return latest
        if was_paused and crisis.listed_at is None:  # that was before the crisis began
            return hold(room, post, rule=RULE, reason=why, by=crisis.started_by)
    if latest is not None and (_was_given_back(latest, crisis) or _is_known_to_stay(latest, post, crisis)):
        return latest
    return hold(room, post, rule=RULE, reason=why, by=crisis.started_by)


def _is_held_for(crisis: Crisis, one: Hold) -> bool:
    return one.rule == RULE and one.held_at >= crisis.started_at and one.step in (None, Step.PAUSED)


def _was_given_back(latest: Hold, crisis: Crisis) -> bool:
    return latest.state is HoldState.RESUMED and _since(latest.released_at, crisis)


def _since(moment: datetime | None, crisis: Crisis) -> bool:
    return moment is not None and moment >= crisis.started_at


def _is_known_to_stay(latest: Hold, post: Post, crisis: Crisis) -> bool:
    """Whether this very post could not be paused in this crisis already, for good."""
    return (
        latest.state is HoldState.NOT_HELD
        and latest.rule == RULE
        and latest.held_at >= crisis.started_at
        and latest.snapshot.publish_at == post.publish_at
    )


def _not_paused(post: Post, why: str) -> NotPaused:
    scheduler = post.outside.scheduler if post.outside is not None else ""
    return NotPaused(
        post_id=post.post_id, scheduler=scheduler, channel=post.channel, publish_at=post.publish_at, why=why
    )


def _list(crises: CrisisStore, held: int, open_posts: Sequence[NotPaused], now: datetime) -> None:
    """Keep the list with the crisis; whoever turned the switch meanwhile is not overwritten."""
    stored = crises.current()
    after = listed(stored, held=held, not_paused=open_posts, now=now) if stored is not None else None
    _keep(crises, after)


def _keep(crises: CrisisStore, crisis: Crisis | None) -> None:
    """Store *crisis*, if it is one; whoever turned the switch meanwhile is not overwritten."""
    if crisis is None:
        return
    try:
        crises.save(crisis)
    except Conflict:
        logger.info("switched_meanwhile")


def _tell_end(crises: CrisisStore, config: AutomationConfig, mail: Mail, now: datetime) -> None:
    """Tell the admins, once, that it is over, however it ended; who keeps that they were told tells them."""
    stored = crises.current()
    after = end_to_tell(stored, now)
    if stored is None or after is None:
        return
    try:
        crises.save(after)
    except Conflict:
        return
    tell_admins("the stop of all posts is over", end_lines(stored), config=config, mail=mail)


def is_own_list(event: dict[str, Any], crises: CrisisStore) -> bool:
    """Whether the stream tells of the list that was kept here: else each list would be followed by another run."""
    current = crises.current() if "Records" in event else None
    return current is not None and current.listed_at is not None and current.ended_at is None


def _run(found: settings.PauseAllPosts, remaining_ms: Callable[[], int]) -> dict[str, int]:
    config = wiring.automation(found).current()
    return pause_all_posts(
        room=wiring.holding_room(found, config, clock=lambda: datetime.now(UTC)),
        crises=wiring.crises(found.posts_table),
        config=config,
        mail=wiring.mail(found.sender_email, found.receipts_set),
        remaining_ms=remaining_ms,
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run once."""
    found, metrics = settings.PauseAllPosts.read(), wiring.metrics()
    if is_own_list(event, wiring.crises(found.posts_table)):
        return {"held": 0, "not_paused": 0}
    try:
        return _run(found, context.get_remaining_time_in_millis)
    finally:
        metrics.flush()
