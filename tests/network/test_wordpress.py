"""A real WordPress: future posts are listed, paused, read back and given back; a person's change is the last word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.domain.outside import Pausing, Step
from switchboard.domain.post import HoldState, PostState
from switchboard.errors import Misconfigured, Rejected
from switchboard.ports import SchedulerAccount, SchedulerSecret
from switchboard.schedulers.wordpress import opened
from switchboard.verbs.giving_back import discard, resume
from switchboard.verbs.holding import HoldingRoom, hold, settle
from switchboard.verbs.media_copies import MediaCopies
from switchboard.verbs.outside_calendar import read_outside
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.schedulers import FakeMedia, FakeSchedulers
from tests.network.wordpress_site import PRETTY, missing, wordpress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.domain.post import Hold
    from switchboard.schedulers.wordpress import WordPress
    from tests.network.wordpress_site import Site

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(bool(missing()), reason=f"{missing()} not installed; run make network"),
]

DAY = timedelta(days=1)
WORDS = "<!-- wp:paragraph --><p>Flu shots &amp; more in the lobby, <b>no</b> appointment.</p><!-- /wp:paragraph -->"


@dataclass
class Secrets:
    """`ports.SchedulerSecrets` with one secret."""

    secret: SchedulerSecret
    kept: list[SchedulerSecret] = field(default_factory=list[SchedulerSecret])

    def of(self, name: str, *, fresh: bool = False) -> SchedulerSecret:
        return self.secret

    def keep(self, name: str, secret: SchedulerSecret) -> None:
        self.kept.append(secret)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with wordpress() as found:
        yield found


def next_autumn(now: datetime) -> datetime:
    """Return midnight, UTC, of the next first Sunday of a November."""
    first = datetime(now.year + (now.month > 10), 11, 1, tzinfo=UTC)
    return first + (6 - first.weekday()) % 7 * DAY


def scheduler(site: Site, **secret: str) -> WordPress:
    known = {"server": site.url, "username": site.username, "token": site.password} | secret
    return opened(SchedulerAccount(name="blog", kind="wordpress"), Secrets(SchedulerSecret(**known)))


class House:
    """What holding needs, around the real site."""

    def __init__(self, site: Site, title: str, *, due: datetime | None = None) -> None:
        self.site = site
        self.wordpress = scheduler(site)
        self.posts = FakePosts()
        self.room = HoldingRoom(
            posts=self.posts,
            schedulers=FakeSchedulers({"blog": self.wordpress}),
            media=MediaCopies(FakeMedia(), lambda: datetime.now(UTC)),
            metrics=FakeMetrics(),
            clock=lambda: datetime.now(UTC),
        )
        self.due = due or (datetime.now(UTC) + DAY).replace(microsecond=0)
        self.id = site.write(title, WORDS, at=self.due)

    def hold(self) -> Hold:
        post = self.wordpress.read(self.id)
        assert post is not None
        held = hold(self.room, post, rule="event_over", reason="It is over.")
        assert held is not None
        return held

    def settle(self) -> Hold:
        held = settle(self.room, f"blog:{self.id}")
        assert held is not None
        return held

    def resume(self, **changes: Any) -> Hold:
        resume(f"blog:{self.id}", by="maria", now=datetime.now(UTC), posts=self.posts, **changes)
        return self.settle()

    @property
    def status(self) -> str:
        return str(self.site.look(self.id)["status"])


def test_future_and_published_posts_are_listed_as_text_with_their_time(site: Site) -> None:
    now = datetime.now(UTC)
    future = site.write("Flu clinic", WORDS, at=now + DAY)
    past = site.write("Open day", WORDS, at=now - DAY, status="publish")
    site.write("Not yet", WORDS, at=now + DAY, status="draft")

    found = {post.post_id: post for post in scheduler(site).posts(start=now - 2 * DAY, end=now + 2 * DAY)}

    assert {f"blog:{future}", f"blog:{past}"} <= set(found)
    assert "Not yet" not in {post.text.split("\n")[0] for post in found.values()}
    listed = found[f"blog:{future}"]
    assert listed.text == "Flu clinic\nFlu shots & more in the lobby, no appointment."
    assert abs(listed.publish_at - (now + DAY)) < timedelta(seconds=2)
    assert (listed.state, found[f"blog:{past}"].state) == (PostState.SCHEDULED, PostState.PUBLISHED)


def test_a_post_is_paused_and_given_back_at_the_time_it_had(site: Site) -> None:
    house = House(site, "Paused and given back")

    assert house.hold().step is Step.PAUSED
    assert house.status == "draft"
    held = house.resume()

    assert (held.state, held.released_by) == (HoldState.RESUMED, "maria")
    entry = site.look(house.id)
    assert (entry["status"], entry["date_gmt"]) == ("future", f"{house.due:%Y-%m-%dT%H:%M:%S}")
    assert entry["content"]["raw"] == WORDS


def test_what_a_person_gave_back_is_known_as_theirs_in_the_calendar(site: Site) -> None:
    house = House(site, "Maria's now", due=(datetime.now(UTC) + 9 * DAY).replace(microsecond=0))
    window = {"start": house.due - DAY, "end": house.due + DAY}
    house.hold()
    paused = read_outside(house.room.schedulers, house.posts, **window)
    house.resume()

    shown = read_outside(house.room.schedulers, house.posts, **window)

    assert f"blog:{house.id}" not in {post.post_id for post in paused.posts}
    assert {post.post_id: post.kept_by for post in shown.posts}[f"blog:{house.id}"] == "maria"
    assert not shown.unread


@pytest.mark.parametrize("hour", [5, 6])
def test_the_hour_that_a_wall_clock_has_twice_is_kept_apart(site: Site, hour: int) -> None:
    """New York has 01:15 twice on that Sunday, at 05:15 and at 06:15 UTC."""
    autumn = next_autumn(datetime.now(UTC)) + timedelta(hours=hour, minutes=15)
    house = House(site, f"Twice, {hour}", due=autumn)
    house.hold()

    assert house.resume().state is HoldState.RESUMED

    assert site.look(house.id)["date_gmt"] == f"{autumn:%Y-%m-%dT%H:%M:%S}"
    window = {"start": autumn - timedelta(minutes=5), "end": autumn + timedelta(minutes=5)}
    assert [post.post_id for post in house.wordpress.posts(**window)] == [f"blog:{house.id}"]


def test_what_is_paused_does_not_go_out_when_its_time_comes(site: Site) -> None:
    house = House(site, "Does not go out")
    other = site.write("Goes out", WORDS, at=datetime.now(UTC) + DAY)
    house.hold()
    for each in (house.id, other):  # its time comes, though it is a draft
        site.change(each, date_gmt=f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}")

    site.publish_due()

    assert (house.status, site.look(other)["status"]) == ("draft", "publish")
    assert house.settle().state is HoldState.HELD


def test_what_a_person_edits_while_it_is_a_draft_is_what_goes_out(site: Site) -> None:
    house = House(site, "Edited meanwhile")
    house.hold()
    site.change(house.id, content="<p>The new hours.</p>")

    house.resume(at=house.due + DAY)

    entry = site.look(house.id)
    assert (entry["status"], entry["content"]["raw"]) == ("future", "<p>The new hours.</p>")
    assert entry["date_gmt"] == f"{house.due + DAY:%Y-%m-%dT%H:%M:%S}"


def test_what_a_person_schedules_again_there_stays_scheduled(site: Site) -> None:
    house = House(site, "Scheduled again")
    house.hold()
    site.change(house.id, status="future", date_gmt=f"{house.due:%Y-%m-%dT%H:%M:%S}")

    held = house.settle()

    assert (held.state, held.released_by) == (HoldState.RESUMED, "somebody in blog")
    assert house.status == "future"


def test_what_a_person_trashes_there_is_gone_and_what_it_said_is_kept(site: Site) -> None:
    house = House(site, "Trashed")
    house.hold()
    site.trash(house.id)

    held = house.settle()

    assert held.state is HoldState.DISCARDED
    assert "Trashed" in held.snapshot.text
    assert house.wordpress.read(house.id) is None


def test_a_discarded_post_stays_a_draft(site: Site) -> None:
    house = House(site, "Discarded")
    house.hold()

    discard(f"blog:{house.id}", by="maria", now=datetime.now(UTC), posts=house.posts)

    assert house.settle().state is HoldState.DISCARDED
    assert house.status == "draft"


def test_a_future_date_less_than_a_minute_ahead_publishes_at_once_and_is_refused_here(site: Site) -> None:
    """The trap is shown on the site, then that nothing of ours falls into it."""
    soon = datetime.now(UTC) + timedelta(seconds=50)
    trapped = site.write("Trapped", WORDS, at=datetime.now(UTC) + DAY, status="draft")
    site.change(trapped, status="future", date_gmt=f"{soon:%Y-%m-%dT%H:%M:%S}")
    assert site.look(trapped)["status"] == "publish"

    house = House(site, "Not trapped")
    house.hold()
    post = house.wordpress.read(house.id)
    assert post is not None
    with pytest.raises(Rejected, match="at once"):
        house.wordpress.resume(post, Pausing.NATIVE, due_at=soon, media=())
    decided = resume(f"blog:{house.id}", by="maria", now=datetime.now(UTC), posts=house.posts, at=soon)
    assert decided.state is PostState.DRAFT
    house.settle()
    assert house.status == "draft"


def test_more_than_a_page_of_posts_is_listed(site: Site) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + 30 * DAY
    written = {
        f"blog:{site.write(f'Class {number}', WORDS, at=start + timedelta(hours=number))}" for number in range(104)
    }

    found = scheduler(site).posts(start=start, end=start + 10 * DAY)

    assert {post.post_id for post in found} == written


def test_who_sees_only_their_own_posts_is_told_so_and_an_editor_sees_all(site: Site) -> None:
    """WordPress leaves out what a person may not edit, and says nothing of it."""
    start = datetime.now(UTC).replace(microsecond=0) + 60 * DAY
    others = site.write("Somebody else's", WORDS, at=start)
    author = scheduler(site, username="author", token=site.person("author", "author"))
    editor = scheduler(site, username="editor", token=site.person("editor", "editor"))

    with pytest.raises(Misconfigured, match="role Editor"):
        author.posts(start=start, end=start + DAY)
    with pytest.raises(Misconfigured, match="role Editor"):
        author.read(others)
    assert [post.post_id for post in editor.posts(start=start, end=start + DAY)] == [f"blog:{others}"]
    reader = scheduler(site, username="reader", token=site.person("reader", "subscriber"))
    with pytest.raises(Misconfigured, match="role Editor"):
        reader.posts(start=start, end=start + DAY)


def test_a_site_with_plain_permalinks_is_paused_and_given_back_too(site: Site) -> None:
    house = House(site, "Plain permalinks")
    gone = site.write("Gone", WORDS, at=house.due)
    site.trash(gone)
    site.permalinks("")
    try:
        assert house.hold().step is Step.PAUSED
        paused = house.wordpress.read(house.id)
        assert house.resume().state is HoldState.RESUMED
        assert (house.wordpress.read(gone), house.wordpress.read("999999")) == (None, None)
        assert f"blog:{house.id}" in {
            post.post_id for post in house.wordpress.posts(start=house.due - DAY, end=house.due + DAY)
        }
    finally:
        site.permalinks(PRETTY)
    assert paused is not None
    assert paused.state is PostState.DRAFT
    assert house.status == "future"


def test_a_plugin_that_takes_the_api_away_ends_no_hold(site: Site) -> None:
    """A hold whose post is not there is over: a site without its API must not look like that."""
    house = House(site, "Without the API")
    house.hold()

    with site.without_the_api(), pytest.raises(Misconfigured, match="REST API"):
        house.settle()

    assert (house.settle().state, house.status) == (HoldState.HELD, "draft")


def test_a_picture_and_what_belongs_to_a_post_come_through_a_pause(site: Site) -> None:
    house = House(site, "With all that belongs to it")
    site.change(
        house.id,
        featured_media=site.picture(),
        excerpt="Shots, free.",
        sticky=True,
        comment_status="closed",
        slug="shots",
    )
    before = site.look(house.id)
    house.hold()

    house.resume()

    after = site.look(house.id)
    assert after["featured_media"]
    same = ("date", "date_gmt", "slug", "excerpt", "content", "title", "sticky", "comment_status", "categories", "tags",
            "featured_media", "author", "format", "template", "meta")  # fmt: skip
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_a_wrong_password_names_the_remedy(site: Site) -> None:
    with pytest.raises(Misconfigured, match="connect the account"):
        scheduler(site, token="wrong wrong").read("1")


def test_who_may_not_edit_posts_is_told_so(site: Site) -> None:
    with pytest.raises(Misconfigured, match="username"):
        scheduler(site, username="").read("1")


def test_what_is_not_there_is_not_there(site: Site) -> None:
    assert scheduler(site).read("999999") is None
