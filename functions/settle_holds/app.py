"""settle_holds: every minute, what is under way in a scheduler outside is brought to its end, and owners are told.

A hold that a person released in the inbox is carried out here, and one that a crash left half-way is finished. Nothing
is decided here: the journal says what was begun, the scheduler what is there.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.errors import Rejected, SwitchboardError
from switchboard.verbs.holding import settle
from switchboard.verbs.tell_owners import tell_owners

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Hold
    from switchboard.verbs.holding import HoldingRoom
    from switchboard.verbs.tell_owners import Letters

logger = Logger()

AT_ONCE = 8
"""So many schedulers are spoken to at the same time; each is spoken to in turn."""
LEAVE_MS = 20_000
"""So much of the function's time one post may need."""


def settle_holds(
    *,
    room: HoldingRoom,
    config: AutomationConfig,
    letters: Letters,
    remaining_ms: Callable[[], int] = lambda: LEAVE_MS + 1,
) -> dict[str, int]:
    """Go on with every hold that is under way; return how many were `settled`, `left` for the next run, and `told`.

    A scheduler that does not answer rests until the next run, and does not keep the others. Safe to repeat.
    """
    moving = room.posts.moving()
    by_scheduler: dict[str, list[Hold]] = {}
    for hold in sorted(moving, key=lambda hold: hold.resume_at or hold.snapshot.publish_at):
        name = hold.snapshot.outside.scheduler if hold.snapshot.outside is not None else ""
        by_scheduler.setdefault(name, []).append(hold)

    def one(holds: Sequence[Hold]) -> int:
        return _settle_all(room, holds, remaining_ms)

    settled = 0
    if by_scheduler:
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            settled = sum(pool.map(one, by_scheduler.values()))
    told = tell_owners(room.posts.untold(), posts=room.posts, config=config, letters=letters, now=room.clock())
    return {"settled": settled, "left": len(moving) - settled, "told": told}


def _settle_all(room: HoldingRoom, holds: Sequence[Hold], remaining_ms: Callable[[], int]) -> int:
    """Settle the holds of one scheduler, the soonest first, until it fails or time is up."""
    settled = 0
    for hold in holds:
        if remaining_ms() <= LEAVE_MS:
            break
        try:
            after = settle(room, hold.post_id)
        except Rejected:
            logger.warning("not_shown", post_id=hold.post_id)  # this one post; the others are tried
            continue
        except SwitchboardError as error:
            outside = hold.snapshot.outside
            name = outside.scheduler if outside is not None else ""
            logger.warning("scheduler_rests", scheduler=name, error=type(error).__name__)
            room.metrics.count("SchedulerFailed", scheduler=name, why=type(error).__name__)
            break
        settled += after is None or after.step is None or not after.step.is_under_way
    return settled


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run once."""
    found, metrics = settings.SettleHolds.read(), wiring.metrics()
    try:
        config = wiring.automation(found).current()
        return settle_holds(
            room=wiring.holding_room(found, config, clock=lambda: datetime.now(UTC)),
            config=config,
            letters=wiring.letters(found),
            remaining_ms=context.get_remaining_time_in_millis,
        )
    finally:
        metrics.flush()
