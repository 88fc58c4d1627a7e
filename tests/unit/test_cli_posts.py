"""`switchboard stale` on exported calendars, and what `posts` and `crisis` refuse before they ask AWS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from switchboard_cli.main import app

if TYPE_CHECKING:
    from pathlib import Path

CALENDAR = """Text,Posting Time
Our health fair is on Sat Oct 10 from 9 to 1,2026-10-13 09:00
Flu shots in the lobby until December,2026-10-14 09:00
<script>alert(1)</script> & more on Oct 16,2026-10-15 09:00
"""
AT = ["--at", "2026-10-12T12:00:00Z", "--zone", "America/New_York"]


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "buffer.csv"
    path.write_text(CALENDAR)
    return path


def test_an_exported_calendar_is_judged_and_explained_in_words(calendar: Path) -> None:
    done = CliRunner().invoke(app, ["stale", *AT, "--explain", "--channel", "facebook", str(calendar)])

    assert done.exit_code == 0
    held, *kept = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert held.startswith("HOLD  Tue 13 Oct 09:00  facebook  Our health fair")
    assert all(line.startswith("keep") for line in kept)
    assert "event_over: The event in this post ended on" in done.stdout


def test_without_explaining_it_answers_json_lines(calendar: Path) -> None:
    done = CliRunner().invoke(app, ["stale", *AT, str(calendar)])

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["hold"] for line in lines] == [True, False, False]
    assert set(lines[0]) == {"id", "hold", "rule", "reason"}


def test_the_two_weeks_are_drawn_with_what_would_be_held_and_nothing_is_markup(calendar: Path, tmp_path: Path) -> None:
    picture = tmp_path / "weeks.svg"

    done = CliRunner().invoke(app, ["stale", *AT, "--svg", str(picture), "--channel", "facebook", str(calendar)])

    assert done.exit_code == 0
    root = ET.fromstring(picture.read_text())  # noqa: S314 - our own picture
    words = [element.text or "" for element in root.iter() if element.tag.endswith("}text")]
    assert "the event is over" in words
    assert "3 posts in two weeks, 1 would be held. Times of America/New_York." in words
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert sum(word.startswith("Mon 12 Oct") for word in words) == 1


def test_a_bad_row_of_a_calendar_is_named_and_exits_2(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("Text,Posting Time\nFlu shots,soon\n")

    done = CliRunner().invoke(app, ["stale", *AT, str(broken)])

    assert done.exit_code == 2
    assert "row 2, time: 'soon' is not a time" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["posts", "import", "nowhere.csv"], "cannot be read"),
        (["posts", "resume"], "give either the id of a post or --rule"),
        (["crisis", "start", "--why", "a storm", "--for", "soon", "--yes"], "is not a duration"),
        (["crisis", "start", "--why", "a storm", "--until", "2026-10-12", "--yes"], "is not a time"),
        (["crisis", "start", "--why", "a storm", "--until", "2020-10-12T08:00", "--yes"], "is past"),
        (["crisis", "start", "--why", "a", "--until", "2126-10-12T08:00", "--for", "2d"], "either --for or --until"),
        (["stale", "--at", "2026-10-12T09:00:00Z", "nowhere.csv"], "cannot be read"),
    ],
)
def test_what_cannot_be_used_exits_2_with_the_remedy(words: list[str], said: str) -> None:
    done = CliRunner().invoke(app, words)

    assert done.exit_code == 2
    assert said in done.stderr


def test_an_import_of_rows_that_name_no_channel_says_so(calendar: Path) -> None:
    done = CliRunner().invoke(app, ["posts", "import", str(calendar), "--dry-run"])

    assert done.exit_code == 2
    assert "name one: --channel" in done.stderr


def test_a_dry_run_shows_what_would_be_added(calendar: Path) -> None:
    done = CliRunner().invoke(app, ["posts", "import", str(calendar), "--channel", "facebook", "--dry-run"])

    assert done.exit_code == 0
    assert done.stdout.count("import-") == 3
    assert "draft" in done.stdout


IMPORT = ["posts", "import", "--dry-run", "--json", "--as", "scheduled"]


def test_only_what_was_scheduled_and_is_to_come_is_scheduled_by_an_import(tmp_path: Path) -> None:
    exported = tmp_path / "planner.csv"
    exported.write_text(
        "Text,Profile,Posting Time,Status\n"
        "To come,mercy,2999-10-24 14:00,Scheduled\n"
        "Not approved,mercy,2999-10-25 14:00,Pending approval\n"
        "Late,mercy,2020-10-24 14:00,Scheduled\n"
        "Refused,mercy,2999-10-26 14:00,Rejected\n"
        "Sent,mercy,2020-10-20 14:00,Sent\n"
    )

    done = CliRunner().invoke(app, [*IMPORT, "--account", "mercy=facebook", str(exported)])

    posts = json.loads(done.stdout)
    assert [(post["text"], post["state"], post["channel"]) for post in posts] == [
        ("To come", "scheduled", "facebook"),
        ("Not approved", "draft", "facebook"),
        ("Late", "draft", "facebook"),
    ]
    assert "1 whose time has gone by come in as drafts" in done.stderr


def test_our_own_yaml_is_imported_with_all_that_it_says(tmp_path: Path) -> None:
    own = tmp_path / "posts.yaml"
    own.write_text(
        "- {id: fair, channel: blog, text: Fair, publish_at: 2999-10-12T10:00, event_ends_at: 2999-10-17T16:00}\n"
    )

    (post,) = json.loads(CliRunner().invoke(app, [*IMPORT, str(own)]).stdout)

    assert (post["post_id"], post["state"], post["channel"]) == ("fair", "scheduled", "blog")
    assert post["event_ends_at"].startswith("2999-10-17T16:00")


def test_an_account_without_a_channel_is_refused(calendar: Path) -> None:
    done = CliRunner().invoke(app, [*IMPORT, "--account", "mercy", str(calendar)])

    assert done.exit_code == 2
    assert "--account mercy=facebook" in done.stderr


def test_a_picture_for_a_phone_is_no_wider_than_one(calendar: Path, tmp_path: Path) -> None:
    picture = tmp_path / "phone.svg"

    done = CliRunner().invoke(app, ["stale", *AT, "--svg", str(picture), "--narrow", str(calendar)])

    assert done.exit_code == 0
    assert 'width="360"' in picture.read_text()


def test_a_png_without_a_browser_names_the_remedy(
    calendar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    done = CliRunner().invoke(app, ["stale", *AT, "--png", str(tmp_path / "weeks.png"), str(calendar)])

    assert done.exit_code == 2
    assert "write --svg instead" in done.stderr


def test_our_own_yaml_is_judged_by_all_that_it_says(tmp_path: Path) -> None:
    own = tmp_path / "posts.yaml"
    own.write_text(
        "- {id: fair, channel: blog, text: Fair, publish_at: 2026-10-13T10:00, event_ends_at: 2026-10-11T16:00}\n"
    )

    done = CliRunner().invoke(app, ["stale", *AT, str(own)])

    assert json.loads(done.stdout)["rule"] == "event_over"
