"""Doing the same for many channels at once, without waiting for one that never comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

Done = TypeVar("Done")


class Unfinished(Enum):
    """Why a job has no outcome: it hangs, or its turn did not come."""

    HANGS = "hangs"
    WAITS = "waits"


def side_by_side(
    jobs: Mapping[str, Callable[[], Done]], *, at_once: int, seconds: float
) -> dict[str, Done | Exception | Unfinished]:
    """Do *jobs*, *at_once* at a time and in their order; return what each returned or raised within *seconds*.

    What still runs then is left behind in its thread, and what it does later must be harmless.
    """
    if not jobs:
        return {}
    pool = ThreadPoolExecutor(min(at_once, len(jobs)))
    futures = {name: pool.submit(job) for name, job in jobs.items()}
    wait(futures.values(), timeout=max(seconds, 0))
    pool.shutdown(wait=False, cancel_futures=True)
    outcomes: dict[str, Done | Exception | Unfinished] = {}
    for name, future in futures.items():
        outcome = _outcome(future)
        outcomes[name] = outcome
    return outcomes


def _outcome(future: Future[Done]) -> Done | Exception | Unfinished:
    if future.cancelled():
        return Unfinished.WAITS
    if not future.done():
        return Unfinished.HANGS
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, Exception):
        return error
    raise error
