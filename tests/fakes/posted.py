"""Posts as they stand in the queue of the inbox's tests: scheduled, held, and those of schedulers outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.outside import Outside, Pausing, Step
from switchboard.domain.post import Hold, HoldState, Post, PostState
from tests.fakes.hospital import NOON

if TYPE_CHECKING:
    from tests.fakes.visitor import House

TEXT = "Free flu shots this Saturday, 9 to 12, in the lobby of the North building. No appointment needed."


def waiting(post_id: str = "p1", **changes: Any) -> Post:
    """Return a scheduled post, due in three days, as the queue holds it after its first write."""
    fields: dict[str, Any] = {
        "post_id": post_id,
        "channel": "facebook",
        "text": TEXT,
        "publish_at": NOON + timedelta(days=3),
        "author": "maria",
        "owner": "maria",
        "created_at": NOON,
        "version": 1,
    }
    return Post(**fields | changes)


def held(house: House, post: Post, **changes: Any) -> Hold:
    """Hold *post* of our own queue in *house*, because its event is over."""
    house.posts.put(post)
    hold = replace(
        hold_of(
            post,
            rule="event_over",
            reason="Sat 10 Oct is over when this would go out.",
            evidence=("In the text: “this Saturday”", "It would go out on Fri 16 Oct, 12:00"),
            by="pause_stale_posts",
            now=house.now,
        ),
        **changes,
    )
    house.posts.commit(in_state(post, PostState.HELD), hold, event="held", by="pause_stale_posts", now=house.now)
    return hold


def held_outside(house: House, external_id: str = "posts/12#3", **changes: Any) -> Hold:
    """Hold a post in the scheduler `blog`; *changes* are of the hold."""
    post = waiting(
        f"blog:{external_id}",
        outside=Outside(scheduler="blog", external_id=external_id, link="https://blog.example.org/wp-admin/12"),
        author=None,
        owner=None,
        version=0,
    )
    marks: dict[str, Any] = {"step": Step.PAUSED, "how": Pausing.NATIVE}
    hold = replace(
        hold_of(
            post, rule="repeated", reason="The same message for the 12th day.", by="pause_stale_posts", now=house.now
        ),
        **marks | changes,
    )
    state = PostState.SCHEDULED if hold.state is HoldState.NOT_HELD else PostState.HELD
    house.posts.commit(in_state(post, state), hold, event="held", by="pause_stale_posts", now=house.now)
    return hold
