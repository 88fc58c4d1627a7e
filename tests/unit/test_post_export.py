"""Calendars that people export from Buffer and Hootsuite, as spreadsheets and APIs write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from switchboard.domain.post import PostState
from switchboard.domain.post_export import decoded, read_export

ZONE = "America/New_York"
TWO = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)
BUFFER = """Text,Image URL,Tags,Posting Time
"Flu shots, no appointment needed",https://example.org/flu.png,flu,2026-10-24 14:00
Health fair on Saturday,,,2026-10-25T09:30:00-04:00
"""
BULK = """10/24/2026 14:00,Flu shots in the lobby,https://example.org/flu
10/25/2026 2:30 PM,Health fair
"""
PLANNER = """Date;Time;Social Profile;Message;Status
24/10/2026;14:00;mercy;Flu shots;Scheduled
03/04/2026;09:00;mercy;Spring walk;Sent
"""


def test_a_table_with_a_header_is_read_by_the_names_of_its_columns() -> None:
    found = read_export(BUFFER, zone=ZONE, channel="facebook")

    assert found.wrong == ()
    first, second = found.posts
    assert (first.text, first.publish_at, first.channel) == ("Flu shots, no appointment needed", TWO, "facebook")
    assert first.image_url == "https://example.org/flu.png"
    assert second.publish_at == datetime(2026, 10, 25, 13, 30, tzinfo=UTC)
    assert first.state is PostState.SCHEDULED


def test_the_bulk_composer_has_no_header_and_its_link_belongs_to_the_text() -> None:
    first, second = read_export(BULK, zone=ZONE, channel="facebook").posts

    assert (first.text, first.publish_at) == ("Flu shots in the lobby https://example.org/flu", TWO)
    assert second.publish_at == datetime(2026, 10, 25, 18, 30, tzinfo=UTC)


def test_one_row_shows_which_comes_first_the_day_or_the_month() -> None:
    first, second = read_export(PLANNER, zone=ZONE, channels={"mercy": "facebook"}).posts

    assert first.publish_at == TWO
    assert second.publish_at == datetime(2026, 4, 3, 13, 0, tzinfo=UTC)
    assert (second.channel, second.state) == ("facebook", PostState.PUBLISHED)


def test_a_day_that_could_be_two_is_wrong_until_somebody_says_which() -> None:
    table = "Text,Date,Time\nSpring walk,03/04/2026,09:00\n"

    (wrong,) = read_export(table, zone=ZONE).wrong
    assert "03/04/2026 09:00 could be two days" in str(wrong)
    assert "--date-order" in wrong.remedy
    (post,) = read_export(table, zone=ZONE, date_order="dmy").posts
    assert post.publish_at == datetime(2026, 4, 3, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("Text,Posting Time\n,2026-10-24 14:00\n", "row 2, text: is empty"),
        ("Text,Posting Time\nFlu shots,\n", "row 2, time: is empty"),
        ("Text,Posting Time\nFlu shots,soon\n", "row 2, time: 'soon' is not a time"),
        ("Text,Posting Time\nFlu shots,31/31/2026 10:00\n", "row 2, time"),
        ("", "row 1, file: holds no post"),
        ("{", "row 1, file: is not JSON"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column_with_the_remedy(table: str, said: str) -> None:
    found = read_export(table, zone=ZONE)

    assert found.posts == ()
    assert said in str(found.wrong[0])
    assert found.wrong[0].remedy


def test_the_json_of_the_apis_is_read_wherever_the_posts_stand() -> None:
    node = {
        "id": "b1",
        "text": "Flu shots",
        "dueAt": "2026-10-24T18:00:00.000Z",
        "channelId": "c1",
        "status": "scheduled",
    }
    buffer = json.dumps({"data": {"posts": {"edges": [{"node": node}]}}})
    message = {
        "id": "h1",
        "text": "Flu shots",
        "scheduledSendTime": "2026-10-24T18:00:00Z",
        "socialProfile": {"id": "c1"},
        "state": "SCHEDULED",
    }

    for text in (buffer, json.dumps({"data": [message]}), json.dumps([message])):
        (post,) = read_export(text, zone=ZONE, channels={"c1": "facebook"}).posts
        assert (post.text, post.publish_at, post.channel) == ("Flu shots", TWO, "facebook")
        assert post.post_id in {"b1", "h1"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_a_spreadsheet_writes_is_read_whatever_its_encoding(encoding: str) -> None:
    table = "Text,Posting Time\nVacuna contra la gripe mañana,2026-10-24 14:00\n"

    (post,) = read_export(decoded(table.encode(encoding)), zone=ZONE).posts

    assert post.text == "Vacuna contra la gripe mañana"


def test_a_row_without_an_id_has_the_same_one_each_time() -> None:
    once, again = (read_export(BUFFER, zone=ZONE, channel="facebook").posts for _ in range(2))

    assert [post.post_id for post in once] == [post.post_id for post in again]
    assert len({post.post_id for post in once}) == 2


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("Text,Posting Time\nFlu shots,2026-10-24\n", "row 2, time: '2026-10-24' has no time of day"),
        ("Text,Posting Time\nFlu shots,2026-03-08 02:30\n", "an hour that the clocks of America/New_York skip"),
        ("Text,Posting Time\nFlu shots,0001-01-01 00:00+14:00\n", "is not a time"),
        ("Text,Posting Time,Status\nFlu shots,2026-10-24 14:00,odd\n", "row 2, status: 'odd' is no state of a post"),
        ("Body,Posting Time\nFlu shots,2026-10-24 14:00\n", "row 1, file: no column is named Text or Message"),
        ('[{"id": 1, "text": "Flu", "publish_at": "soon"}]', "row 1, publish_at: is not a time"),
        ('[null, "Flu shots"]', "row 1, file: is no post"),
        ('{"edges": [{"node": null}]}', "row 1, file: is no post"),
    ],
)
def test_what_would_be_read_wrongly_is_refused(table: str, said: str) -> None:
    found = read_export(table, zone=ZONE)

    assert found.posts == ()
    assert said in str(found.wrong[0])
    assert found.wrong[0].remedy


@pytest.mark.parametrize(
    "when", ["2026-10-24 2:00 PM", "Oct 24, 2026 14:00", "Saturday, October 24, 2026 2:00 PM", "1792864800"]
)
def test_a_day_that_can_only_be_one_is_read_in_the_ways_it_is_written(when: str) -> None:
    (post,) = read_export(f'Text,Posting Time\nFlu shots,"{when}"\n', zone=ZONE).posts

    assert post.publish_at == TWO


def test_the_account_of_a_row_is_not_overruled_by_the_channel_of_those_that_name_none() -> None:
    table = "Text,Profile,Posting Time\n" + "".join(
        f"Flu shots,{name},2026-10-24 14:00\n" for name in ("mercy", "clinic", "")
    )

    posts = read_export(table, zone=ZONE, channel="blog", channels={"mercy": "facebook"}).posts

    assert [post.channel for post in posts] == ["facebook", "clinic", "blog"]
    assert len({post.post_id for post in posts}) == 3


@pytest.mark.parametrize("state", ["Rejected", "SEND_FAILED_PERMANENTLY", "Sent", "sending"])
def test_what_a_scheduler_refused_or_sent_is_not_taken_for_scheduled(state: str) -> None:
    (post,) = read_export(f"Text,Posting Time,Status\nFlu shots,2026-10-24 14:00,{state}\n", zone=ZONE).posts

    assert post.state not in {PostState.SCHEDULED, PostState.DRAFT}


def test_posts_of_our_own_keep_what_they_are_judged_by() -> None:
    own = {"id": "fair", "text": "Fair", "publish_at": "2026-10-24T14:00", "event_ends_at": "2026-10-23", "owner": "m"}

    for text in (json.dumps([own]), json.dumps({"posts": [own]}), f"{json.dumps(own)}\n{json.dumps(own)}\n"):
        post = read_export(text, zone=ZONE, channel="facebook").posts[0]
        assert (post.post_id, post.publish_at, post.channel, post.owner) == ("fair", TWO, "facebook", "m")
        assert post.event_ends_at == datetime(2026, 10, 24, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_quotes_commas_and_lines_within_a_cell_stay_in_it(delimiter: str) -> None:
    cell = 'He said ""hello""; come, and\nbring a friend,\tor two'
    table = delimiter.join(("Text", "Posting Time")) + f'\r\n"{cell}"{delimiter}2026-10-24 14:00\r\n'

    (post,) = read_export(table, zone=ZONE).posts

    assert post.text == cell.replace('""', '"')


def test_no_bytes_bring_it_down() -> None:
    for content in (b"\xff\xfea", b"\x00\x01,\x00", b'Text,Posting Time\n"open', b"Text\n" + b"x" * 200_000):
        assert read_export(decoded(content), zone=ZONE).wrong
