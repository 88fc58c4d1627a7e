"""Jobs side by side: each has an outcome, also one that raises, hangs, or whose turn does not come."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from functions.poll_channels.side_by_side import Unfinished, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable


def raises(error: BaseException) -> Any:
    raise error


def test_each_has_what_it_returned_or_raised() -> None:
    error = ValueError("wrong")
    jobs: dict[str, Callable[[], Any]] = {"fine": lambda: 1, "wrong": partial(raises, error), "none": lambda: None}

    assert side_by_side(jobs, at_once=2, seconds=5) == {"fine": 1, "wrong": error, "none": None}
    assert side_by_side({}, at_once=2, seconds=5) == {}


def test_a_timeout_of_a_job_is_its_own_error_and_no_hanging() -> None:
    found = side_by_side({"slow": partial(raises, TimeoutError())}, at_once=1, seconds=5)

    assert isinstance(found["slow"], TimeoutError)


def test_nobody_waits_for_one_that_hangs_and_what_stood_behind_it_never_begins() -> None:
    over, begun = threading.Event(), threading.Event()
    jobs: dict[str, Callable[[], Any]] = {"quick": lambda: 1, "hangs": lambda: over.wait(10), "behind": begun.set}
    since = time.monotonic()
    found = side_by_side(jobs, at_once=1, seconds=0.2)
    took = time.monotonic() - since
    over.set()

    assert found == {"quick": 1, "hangs": Unfinished.HANGS, "behind": Unfinished.WAITS}
    assert took < 5
    assert not begun.wait(0.2)


def test_what_ends_the_process_is_not_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        side_by_side({"stop": partial(raises, KeyboardInterrupt())}, at_once=1, seconds=5)
