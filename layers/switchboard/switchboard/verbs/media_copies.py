"""Our copies of the media that a delete in a scheduler would lose: made before it, and read when the post comes back.

A film may be as large as a good part of a function's memory, so few are in memory at once, whatever else is going on.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from switchboard.errors import Rejected
from switchboard.ports import MediaFile

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from datetime import datetime

    from switchboard.domain.outside import Media
    from switchboard.ports import MediaStore

CARRIED = 2
"""So many media, of 64 MB at most, fit into a function's memory beside all else."""
COPIED_WITHIN = timedelta(seconds=15)
"""A post whose media take longer would use up the time of the others, run after run."""


@dataclass(frozen=True, slots=True)
class MediaCopies:
    """The copies in *store*; one of these for all posts of a run, whatever their schedulers.

    *carrying* is how many more media there is room for in memory.
    """

    store: MediaStore
    clock: Callable[[], datetime]
    carrying: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(CARRIED), repr=False, compare=False)

    def make(self, post_id: str, files: Iterable[MediaFile]) -> tuple[Media, ...]:
        """Copy *files* of a post and return its media with `kept_as`; making them again is harmless.

        Raises as whoever has them does, and Rejected when they take too long.
        """
        kept: list[Media] = []
        ends = self.clock() + COPIED_WITHIN
        with closing(self._one_by_one(files)) as coming:
            for number, file in enumerate(coming):
                key = f"{post_id}/{number}"
                self.store.keep(key, file)
                if self.clock() > ends:
                    raise Rejected("Its media take too long to be copied: pause it there by hand.", reason="media")
                kept.append(replace(file.media, kept_as=key))
        return tuple(kept)

    @contextmanager
    def of(self, media: Iterable[Media]) -> Generator[Iterator[MediaFile]]:
        """Give our copies of *media*, each read when it is asked for; what was not kept is left out."""
        kept = (MediaFile(media=one, content=self.store.load(one.kept_as)) for one in media if one.kept_as)
        with closing(self._one_by_one(kept)) as coming:  # whoever fails half-way makes room for others at once
            yield coming

    def _one_by_one(self, files: Iterable[MediaFile]) -> Generator[MediaFile]:
        """Yield *files*, each fetched when there is room in memory for it, which it leaves when the next is fetched."""
        coming = iter(files)
        while True:
            with self.carrying:
                if (file := next(coming, None)) is None:
                    return
                yield file
                del file
