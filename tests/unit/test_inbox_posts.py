"""The pages of posts: what is held and why, what a person decides, writing and approving; forged forms do nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from functions.inbox import post_words
from functions.inbox.request import Request
from switchboard.domain.crisis import started
from switchboard.domain.delivery import in_state
from switchboard.domain.outside import Pausing, Step
from switchboard.domain.post import HoldState, PostState
from switchboard.domain.staleness import Rule
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import config
from tests.fakes.posted import TEXT, held, held_outside, waiting
from tests.fakes.visitor import House, Page, Phone

CLINICAL = {"approvals": {"clinical": ["maria", "james"]}}
BLOG = {"blog": {"kind": "wordpress", "channel": "facebook", "owner": "james"}}
FORM = {"channel": "facebook", "text": "Walk-in flu shots.", "publish_at": "2026-10-16T09:00"}


@pytest.fixture
def house() -> House:
    return House(automation=FakeAutomation(config(posts=CLINICAL, schedulers=BLOG, admins=["james"])))


@pytest.fixture
def maria(house: House) -> Phone:
    return house.phone("maria")


def at(post_id: str, action: str = "") -> str:
    return f"/inbox/posts/{quote(post_id, safe='')}" + (f"/{action}" if action else "")


def do(phone: Phone, post_id: str, action: str, **fields: str) -> Page:
    """Open the post, fill in the form of *action* and send it."""
    return phone.post(at(post_id, action), phone.get(at(post_id)).form(action) | fields)


def write(phone: Phone, **fields: str) -> Page:
    return phone.post("/inbox/posts/new", phone.get("/inbox/posts/new").form("new") | FORM | fields)


# --- the list ------------------------------------------------------------------------------------------------------


def test_what_is_held_comes_first_with_reason_evidence_and_who_decides(house: House, maria: Phone) -> None:
    held(house, waiting())
    house.posts.put(waiting("p2", publish_at=house.now + timedelta(days=1)))

    page = maria.get("/inbox/posts")

    assert page.status == 200
    for words in (
        "The event is over",
        "Sat 10 Oct is over when this would go out.",
        "In the text:",
        "Maria Lopez decides",
    ):
        assert words in page.text
    assert page.text.index("The event is over") < page.text.index("The next two weeks") < page.text.index("Wed 14 Oct")


def test_the_two_weeks_are_days_on_the_hospitals_wall(house: House, maria: Phone) -> None:
    midnight = house.now.replace(hour=4, minute=0)  # 00:00 in New York
    house.posts.put(waiting("early", text="Just after midnight", publish_at=midnight + timedelta(days=2)))
    house.posts.put(waiting("late", text="Just before midnight", publish_at=midnight + timedelta(days=2, minutes=-1)))
    house.posts.put(waiting("far", text="In three weeks", publish_at=midnight + timedelta(days=21)))

    page = maria.get("/inbox/posts").text

    assert page.index("Just before midnight") < page.index("Thu 15 Oct") < page.index("Just after midnight")
    assert "In three weeks" not in page


def test_a_day_full_of_posts_says_how_many_more(house: House, maria: Phone) -> None:
    for number in range(15):
        house.posts.put(waiting(f"p{number}"))

    assert "And 3 more." in maria.get("/inbox/posts").text


def test_a_post_that_could_not_be_paused_is_shown_loudest(house: House, maria: Phone) -> None:
    held(house, waiting())
    held_outside(house, state=HoldState.NOT_HELD, step=None, problem="blog can only be read: pause it there by hand.")

    page = maria.get("/inbox/posts").text

    assert page.index("Not paused") < page.index("The event is over")
    assert "James Okafor decides" in page


def test_series_wait_for_approval_once_and_not_once_a_post(house: House, maria: Phone) -> None:
    write(house.phone("james"), category="clinical", repeat_every="1", repeat_unit="weeks", repeat_count="4")

    page = maria.get("/inbox/posts").text

    waits = page[page.index('id="to-approve"') : page.index('id="calendar"')]
    assert waits.count('class="card"') == 1


# --- one held post -------------------------------------------------------------------------------------------------


def test_a_held_post_is_given_back(house: House, maria: Phone) -> None:
    held(house, waiting())
    page = maria.get(at("p1")).text
    assert "Give it back for Fri 16 Oct, 12:00" in page
    assert '<button type="submit" class="second">Store it</button>' in page

    answer = do(maria, "p1", "give-back")

    assert (answer.status, answer.header("location")) == (303, "../../../inbox/posts/p1")
    assert (house.posts["p1"].state, house.posts["p1"].kept_by) == (PostState.SCHEDULED, "maria")
    assert "You gave it back. It goes out Fri 16 Oct, 12:00." in maria.get(at("p1")).text


def test_of_two_people_who_decide_at_once_one_wins_and_the_other_is_told(house: House, maria: Phone) -> None:
    held(house, waiting())
    james = house.phone("james")
    hers, his = maria.get(at("p1")).form("discard"), james.get(at("p1")).form("give-back")

    assert james.post(at("p1", "give-back"), his).status == 303
    told = maria.post(at("p1", "discard"), hers | {"sure": "yes"})

    assert told.status == 409
    assert "Somebody changed it at the same moment" in told.text
    assert house.posts["p1"].state is PostState.SCHEDULED


def test_a_post_whose_time_has_passed_offers_another_time(house: House, maria: Phone) -> None:
    held(house, waiting(publish_at=house.now - timedelta(hours=1)))

    page = maria.get(at("p1"))
    assert "Its time has passed: choose another below." in page.text
    assert "Give it back for" not in page.text
    stored = do(maria, "p1", "edit", **FORM)

    assert stored.status == 303
    assert (house.posts["p1"].state, house.posts["p1"].text) == (PostState.SCHEDULED, "Walk-in flu shots.")
    assert house.posts.holds() == []


def test_an_edit_with_problems_keeps_what_was_written(house: House, maria: Phone) -> None:
    held(house, waiting())

    page = do(maria, "p1", "edit", text="New words", publish_at="2026-10-13T11:00")

    assert page.status == 400
    assert "Has passed; choose a time at least 15 minutes ahead." in page.text
    assert "New words" in page.text
    assert house.posts["p1"].state is PostState.HELD


def test_discarding_is_asked_twice(house: House, maria: Phone) -> None:
    held(house, waiting())

    assert do(maria, "p1", "discard").status == 409
    assert house.posts["p1"].state is PostState.HELD
    assert do(maria, "p1", "discard", sure="yes").status == 303
    assert house.posts["p1"].state is PostState.DISCARDED
    assert "You discarded it." in maria.get(at("p1")).text


def test_what_may_be_out_is_given_another_time_by_its_hold(house: House, maria: Phone) -> None:
    post = waiting()
    held(house, post, rule="unknown", reason="It may have been published: look on the platform.")
    house.posts.commit(in_state(house.posts["p1"], PostState.UNKNOWN), now=house.now)

    assert do(maria, "p1", "reschedule", text="Other words", publish_at="2026-10-20T09:00").status == 303
    assert (house.posts["p1"].state, house.posts["p1"].text) == (PostState.SCHEDULED, "Other words")


def test_a_scheduled_post_is_held_by_hand_with_a_reason(house: House, maria: Phone) -> None:
    house.posts.put(waiting())

    assert do(maria, "p1", "hold", why=" ").status == 409
    assert do(maria, "p1", "hold", why="The clinic is closed.").status == 303
    page = maria.get(at("p1")).text
    assert "Held by hand" in page
    assert "The clinic is closed." in page


# --- schedulers outside --------------------------------------------------------------------------------------------


def test_the_id_of_a_post_outside_may_hold_anything_and_come_decoded(house: House, maria: Phone) -> None:
    hold = held_outside(house)
    assert hold.post_id == "blog:posts/12#3"

    page = maria.get(at(hold.post_id))
    assert "It is a draft in WordPress." in page.text
    assert "https://blog.example.org/wp-admin/12" in page.text
    assert [link for link in maria.get("/inbox/posts").links if link.endswith("/inbox/posts/blog%3Aposts%2F12%233")]

    assert do(maria, hold.post_id, "give-back").status == 303
    assert [one.step for one in house.posts.moving()] == [Step.RESUMING]
    under_way = maria.get(at(hold.post_id))
    assert "It is being given back in WordPress." in under_way.text
    assert "give-back" not in under_way.text


def test_a_post_outside_is_given_back_for_another_time_with_other_words(house: House, maria: Phone) -> None:
    hold = held_outside(house)

    assert do(maria, hold.post_id, "reschedule", text="", publish_at="2026-10-20T09:00").status == 409
    assert do(maria, hold.post_id, "reschedule", text="New", publish_at="soon").status == 409
    assert do(maria, hold.post_id, "reschedule", text="New", publish_at="2026-10-20T09:00").status == 303

    (moving,) = house.posts.moving()
    assert (moving.snapshot.text, moving.resume_at and moving.resume_at.hour) == ("New", 13)


def test_a_scheduler_that_can_only_be_read_says_what_to_do_there(house: House, maria: Phone) -> None:
    hold = held_outside(house, state=HoldState.NOT_HELD, step=None, problem="blog can only be read.")

    page = maria.get(at(hold.post_id)).text

    assert "Open it in WordPress, and make it a draft or delete it there." in page
    assert 'href="https://blog.example.org/wp-admin/12"' in page
    assert "<button" not in page


def test_every_step_and_way_has_words(house: House) -> None:
    for step in Step:
        for how in Pausing:
            hold = held_outside(house, f"{step}-{how}", step=step, how=how, parked_until=house.now)
            assert post_words.where_it_stands(hold, house.automation.current(), house.now).endswith(".")


def test_every_rule_has_words() -> None:
    assert {rule.value for rule in Rule} <= set(post_words.RULES)


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_post_is_written_and_the_same_form_sent_twice_is_one(house: House, maria: Phone) -> None:
    form = maria.get("/inbox/posts/new").form("new") | FORM

    first, second = (maria.post("/inbox/posts/new", form) for _ in range(2))

    assert (first.status, first.header("location")) == (303, f"../../inbox/posts/{form['post_id']}")
    assert second.header("location") == first.header("location")
    (post,) = house.posts.in_state([PostState.SCHEDULED])
    assert (post.text, post.author) == ("Walk-in flu shots.", "maria")


def test_everything_that_is_wrong_is_told_at_its_field_and_nothing_is_lost(house: House, maria: Phone) -> None:
    page = write(maria, text="My words", publish_at="", image_url="https://img.example.org/1.jpg", repeat_every="1")

    assert page.status == 400
    assert "3 things are to mend" in page.text
    for field in ("publish_at", "image_alt", "repeat_until"):
        assert f'href="#{field}"' in page.text
        assert f'id="{field}-wrong"' in page.text
    assert "My words</textarea>" in page.text
    assert 'value="https://img.example.org/1.jpg"' in page.text
    assert house.posts.in_state(list(PostState)) == []


def test_a_draft_is_kept_and_stands_among_the_drafts(house: House, maria: Phone) -> None:
    write(maria, as_draft="yes")

    (post,) = house.posts.in_state([PostState.DRAFT])
    page = maria.get("/inbox/posts").text
    assert page.index('id="drafts"') < page.index(post.post_id)


def test_a_series_is_written_and_ended(house: House, maria: Phone) -> None:
    location = write(maria, repeat_every="1", repeat_unit="weeks", repeat_count="4").header("location")
    series_id = location.rpartition("/")[2]
    first = f"{series_id}#2026-10-16"

    assert "Every week, until Fri 6 Nov 2026" in maria.get(at(series_id)).text
    assert f"inbox/posts/{series_id}" in maria.get(at(first)).text
    assert "Every week" in maria.get(at(first)).text
    assert do(maria, series_id, "discard", sure="yes").status == 303
    assert house.posts.in_state([PostState.SCHEDULED, PostState.SERIES]) == []


@pytest.mark.parametrize("post_id", ["", "p-short", "blog:12", "../p", "p1"])
def test_a_form_cannot_choose_any_id(house: House, maria: Phone, post_id: str) -> None:
    assert write(maria, post_id=post_id).status == 400
    assert house.posts.in_state(list(PostState)) == []


# --- approving -----------------------------------------------------------------------------------------------------


def test_a_clinical_post_is_approved_by_somebody_else(house: House, maria: Phone) -> None:
    location = write(maria, category="clinical").header("location")
    post_id = location.rpartition("/")[2]

    own = maria.get(at(post_id)).text
    assert "It waits for approval by James Okafor." in own
    assert "Approve it" not in own
    assert "Approve it" not in house.phone("chen").get(at(post_id)).text
    james = house.phone("james")
    assert do(james, post_id, "approve").status == 303

    assert house.posts[post_id].approved_by == "james"
    assert "You approved it. It goes out Fri 16 Oct, 09:00." in james.get(at(post_id)).text


@pytest.mark.parametrize("staff_id", ["maria", "chen"])
def test_who_may_not_approve_cannot_by_a_form_of_their_own(house: House, maria: Phone, staff_id: str) -> None:
    post_id = write(maria, category="clinical").header("location").rpartition("/")[2]
    phone = house.phone(staff_id)
    form = phone.get(at(post_id)).form("discard")

    assert phone.post(at(post_id, "approve"), form).status == 409
    assert house.posts[post_id].state is PostState.TO_APPROVE


def test_a_refused_post_is_a_draft_and_says_why(house: House, maria: Phone) -> None:
    post_id = write(maria, category="clinical").header("location").rpartition("/")[2]

    assert do(house.phone("james"), post_id, "refuse", why="").status == 409
    assert do(house.phone("james"), post_id, "refuse", why="The dose is wrong.").status == 303

    page = maria.get(at(post_id)).text
    assert "It was not approved: The dose is wrong." in page
    assert "Clinical posts need approval: edit it, and it waits for that." in page


# --- how it is guarded ---------------------------------------------------------------------------------------------

ACTIONS = ("give-back", "edit", "reschedule", "hold", "discard", "approve", "refuse")
ALL_FIELDS = {"seen": "2", "sure": "yes", "why": "because", **FORM}


@pytest.mark.parametrize("path", ["/inbox/posts/new", *(at("p1", action) for action in ACTIONS)])
@pytest.mark.parametrize("csrf", [None, "", "forged"])
def test_a_forged_form_does_nothing(house: House, maria: Phone, path: str, csrf: str | None) -> None:
    held(house, waiting())
    before, events = house.posts["p1"], list(house.posts.events)
    fields = ALL_FIELDS | {"post_id": "p-" + "A" * 22} | ({} if csrf is None else {"csrf": csrf})

    assert maria.post(path, fields).status == 403
    assert (house.posts["p1"], house.posts.events) == (before, events)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_form_of_another_site_does_nothing(house: House, maria: Phone, action: str) -> None:
    held(house, waiting())
    form = maria.get(at("p1")).form("discard") | ALL_FIELDS

    assert maria.post(at("p1", action), form, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert house.posts["p1"].state is PostState.HELD


@pytest.mark.parametrize("path", ["/inbox/posts", "/inbox/posts/new", "/inbox/posts/p1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing_and_needs_a_session(house: House, maria: Phone, path: str, method: str) -> None:
    held(house, waiting())
    before, events = house.posts["p1"], list(house.posts.events)

    page = maria.get(path, method)

    assert page.status == 200
    assert (house.posts["p1"], house.posts.events) == (before, events)
    assert page.header("cache-control") == "no-store"
    assert "script" not in page.header("content-security-policy")
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert house.phone().get(path, method).status == 401


@pytest.mark.parametrize("action", [None, *ACTIONS])
def test_there_is_no_such_post(house: House, maria: Phone, action: str | None) -> None:
    held(house, waiting())
    form: dict[str, Any] = maria.get(at("p1")).form("discard") | ALL_FIELDS

    page = maria.get(at("other")) if action is None else maria.post(at("other", action), form)

    assert page.status == 404


def test_the_words_of_a_post_are_escaped(house: House, maria: Phone) -> None:
    held(house, waiting(text="<script>alert(1)</script>", campaign='"><b>x'), reason="<i>over</i>")

    for path in ("/inbox/posts", at("p1")):
        page = maria.get(path).text
        assert "<script" not in page
        assert "<i>" not in page
        assert "<b>" not in page


def test_only_https_links_of_a_scheduler_are_shown(house: House, maria: Phone) -> None:
    held(house, waiting(image_url="javascript:alert(1)", image_alt="x"))

    assert "javascript:" not in maria.get(at("p1")).text.partition("<form")[0]


def test_the_log_has_no_word_of_a_post(house: House, maria: Phone, caplog: pytest.LogCaptureFixture) -> None:
    held(house, waiting())
    do(maria, "p1", "edit", **FORM | {"text": "Secretwords"})
    write(maria, text="Secretwords")

    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "edited" in logged
    assert "Secretwords" not in logged
    assert TEXT not in logged


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/inbox/posts/blog:posts/12#3/give-back", "/inbox/posts/{post_id}/give-back"),
        ("/inbox/posts/blog%3Aposts%2F12%233/give-back", "/inbox/posts/{post_id}/give-back"),
        ("/live/inbox/posts/blog%3Aposts%2F12%233/give-back", "/inbox/posts/{post_id}/give-back"),
    ],
)
def test_an_address_of_a_post_is_read_however_the_gateway_passes_it_on(path: str, resource: str) -> None:
    request = Request.of({"httpMethod": "POST", "path": path, "resource": resource})

    assert request.path == "/inbox/posts/blog%3Aposts%2F12%233/give-back"
    assert request.up == "../../../"


def test_a_link_of_an_email_opens_its_post(house: House) -> None:
    hold = held_outside(house)
    phone = house.phone()
    link = house.link("james", question_id=f"posts/{quote(hold.post_id, safe='')}")

    shown = phone.get(link)
    assert "Open the post" in shown.text
    assert "blog" not in shown.text
    opened = phone.post(link, {})

    assert opened.header("location") == "../inbox/posts/blog%3Aposts%2F12%233"
    assert phone.get("/inbox/posts/blog%3Aposts%2F12%233").status == 200


def test_whoever_writes_while_posts_are_stopped_is_told(house: House, maria: Phone) -> None:
    assert "All posts are stopped" not in maria.get("/inbox/posts/new").text
    crisis = started(None, reason="A storm", by="james", via="cli", until=None, now=house.now)
    assert crisis is not None
    house.crises.save(crisis)

    assert "All posts are stopped" in maria.get("/inbox/posts/new").text
