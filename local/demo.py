"""`make demo`: a hospital's day on the embedded AWS, with the real template, a real build and a real deploy."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.credentials import CommandFailed, give, switchboard
from local.stack import StackFailed, down, up
from local.story import Day, NotHappened
from local.timeline import Timeline
from simulators.graph import GraphSimulator
from simulators.mastodon import DEMO, MastodonSimulator
from simulators.schedulers.postiz import PostizSimulator

ROOT = Path(__file__).parents[1]
REPORT = ROOT / ".local" / "demo.json"
GRAPH_PORT = 4570


def play(day: Day, mastodon: MastodonSimulator) -> None:
    """Live the day until the evening; raise NotHappened when something is missing."""
    timeline = day.timeline
    timeline.scene("Morning: a question on the Page, delivered twice, answered by the first person rung")
    hours = day.comment(1, "Pat Rivers", "What are the visiting hours on Sunday? Can kids come?", again=True)
    link = day.rung(hours, "maria")
    phone = day.claim(hours, "maria", link)
    day.answer(hours, "maria", phone, "Good morning! 9 to 5 on Sundays, and children are welcome with an adult.")

    timeline.scene("Praise and forgery ring nobody")
    day.quiet(day.comment(2, "Lee Park", "Thank you to the wonderful nurses on 4 West!"))
    day.forgery()
    timeline.happened("a delivery that was not signed with our secret: 401, kept for a week, counted")

    timeline.scene("Noon: a direct message; Maria does not answer, so James is rung, and claims it by a text")
    day.phones_rest("it is noon")
    ride = day.direct_message("900001", "Sam Ortiz", "Hi, how do I get a copy of my discharge papers?")
    day.rung(ride, "maria")
    timeline.happened("nobody claims it …")
    link = day.rung(ride, "james")
    day.claimed_by_text(ride, "james")
    phone = day.opened("james", link)
    day.answer(ride, "james", phone, "Hello Sam, our records office can help: please call 202-555-0140.")

    timeline.scene("WhatsApp rings too, and somebody answers on the phone at the desk")
    day.phones_rest("it is one o'clock")
    visit = day.whatsapp("12025550188", "Robin Vale", "Can I bring flowers to the intensive care unit?")
    day.rung(visit, "maria")
    day.whatsapp_app("maria", "12025550188", "Sorry, no flowers there: they can carry mould. Cards are welcome!")
    day.answered_elsewhere(visit)

    timeline.scene("Mastodon calls nobody, so it is asked")
    day.phones_rest("it is two o'clock")
    parking = day.mention(mastodon, "kim", "@mercy is the parking garage open on Saturday?")
    link = day.rung(parking, "maria")
    phone = day.claim(parking, "maria", link)
    day.close("maria", phone, "done")

    timeline.scene("Afternoon: the web form, answered by telephone")
    form = day.form("Noor Haddad", "Do you take walk-ins at the flu clinic? Please call me back.")
    link = day.rung(form, "ana", "email")
    phone = day.claim(form, "ana", link)
    day.close("ana", phone, "done")


def play_evening(day: Day, planner: PostizSimulator) -> None:
    """Live the rest of the day."""
    timeline = day.timeline
    timeline.scene("An emergency rings everyone at once")
    day.phones_rest("it is four o'clock")
    emergency = day.comment(3, "Chris Doe", "my dad collapsed in your parking lot and is not breathing")
    day.unused_link = day.rung(emergency, "maria")
    link = day.rung(emergency, "james")
    phone = day.claim(emergency, "james", link)
    day.answer(emergency, "james", phone, "Call 911 now. Our emergency team is on its way to the parking lot.")

    timeline.scene("Evening: the recording is stopped")
    stale = queue_posts(day)
    gone = datetime.now(UTC) - timedelta(days=2)
    walk = f"Join our heart walk on {gone:%B} {gone.day} at 10 am in the park."
    planned = planner.add_post(walk, planner.now + timedelta(hours=5))
    garden = planner.add_post("Our roof garden has new benches.", planner.now + timedelta(hours=6))
    day.hold_stale_posts(stale | {f"planner:{planned}"})
    if (planner.state_of(planned), planner.state_of(garden)) != ("draft", "scheduled"):
        raise NotHappened("the scheduler was not paused")
    timeline.happened("the one in the scheduler is a draft there now, and its owner is told")
    day.owner_told("james")
    switchboard("posts", "resume", "health-fair-4", "--by", "maria")
    day.resumed += 1
    timeline.did("maria", "looks at one of them and resumes it: it was meant")
    day.publish("pharmacy")

    timeline.scene("Something has happened: two texts stop every automatic post, everywhere")
    day.phones_rest("it is eight o'clock")
    asked_for = day.texts_back("maria", "PAUSE ALL shooting downtown")
    day.texts_back("maria", f"CONFIRM {re.findall('[0-9]{4}', asked_for)[0]}")
    day.all_paused()
    if planner.state_of(garden) != "draft":
        raise NotHappened("the scheduler was not paused in the crisis")
    timeline.happened(switchboard("crisis", "show").splitlines()[-1])
    switchboard("crisis", "end", "--by", "maria", "--yes")
    timeline.did("maria", "ends it two hours later; what was held stays held until somebody has read it")

    timeline.scene("A flood: eight questions in a moment are two texts, not eight")
    day.phones_rest("it is night")
    asked = "Can I reschedule my appointment? I have tried to call."
    flood = [day.comment(10 + number, f"Visitor {number}", asked) for number in range(8)]
    day.flood(flood, "maria", "7 questions waiting")
    if not day.texts_back("maria", "?").startswith("8 questions: "):
        raise NotHappened("the list has not all eight questions")
    day.texts_back("maria", "AWAY 1h")


def queue_posts(day: Day) -> set[str]:
    """Put the posts of the week into our queue; return the ids of the stale ones."""
    now = datetime.now(UTC)
    fair = "Free health fair in the lobby! Blood pressure, flu shots and cookies. Come and say hello."
    posts: list[dict[str, Any]] = [
        {
            "id": f"health-fair-{number}",
            "text": fair,
            "publish_at": (now - timedelta(days=4 - number)).isoformat(),
            "published_at": (now - timedelta(days=4 - number)).isoformat(),
            "state": "published",
        }
        for number in (1, 2, 3)
    ]
    gone = now - timedelta(days=3)
    posts += [
        {"id": "health-fair-4", "text": fair, "publish_at": (now + timedelta(hours=20)).isoformat()},
        {
            "id": "flu-clinic",
            "text": f"Walk-in flu clinic on {gone:%B} {gone.day}, 9am to 1pm, no appointment needed.",
            "publish_at": (now + timedelta(hours=3)).isoformat(),
        },
        {
            "id": "pharmacy",
            "text": "Our pharmacy is now open until 9 in the evening, every day.",
            "publish_at": (now - timedelta(minutes=1)).isoformat(),
        },
    ]
    for post in posts:
        post |= {"channel": "facebook", "reviewed_at": (now - timedelta(days=5)).isoformat()}
    file = ROOT / ".local" / "demo-posts.json"
    file.write_text(json.dumps(posts))
    switchboard("posts", "add", str(file))
    day.timeline.happened(f"{len(posts)} posts are in the queue, three of them already published")
    return {"health-fair-4", "flu-clinic"}


def main() -> int:
    """Set up, play, report; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument("--stay", action="store_true", help="stay up until Ctrl-C, also without a terminal")
    arguments = parser.parse_args()
    timeline = Timeline()
    began = time.monotonic()
    report: dict[str, Any] = {"ok": False}
    planner = PostizSimulator(datetime.now(UTC))
    with (
        GraphSimulator(port=GRAPH_PORT) as graph,
        MastodonSimulator() as mastodon,
        closing(planner.serve()) as desk,
    ):
        try:
            down()
            stack = up(graph_url=f"{graph.url}/v23.0", say=timeline.progress)
            timeline.progress("giving the channels their credentials, pushing config/demo.yaml")
            give(stack, mastodon=mastodon.url, token=DEMO.token, planner=f"http://127.0.0.1:{desk.port}")
            day = Day(stack, graph, timeline)
            play(day, mastodon)
            play_evening(day, planner)
            report = {
                "ok": True,
                **day.counts(),
                "seconds": round(time.monotonic() - began, 1),
                "urls": {"inbox": stack.inbox_url, "api": stack.api_url, "graph": graph.url},
            }
            timeline.scene("The day in numbers")
            timeline.happened(
                "{messages} messages, {questions} questions, {alerts} alerts ({texts} texts, {emails} emails), "
                "{held_back} held back and summed up, "
                "{claims} claims, {answers} answers, {holds} posts held, {resumed} resumed".format(**report)
            )
            timeline.happened(f"the inbox: {stack.inbox_url}, by the link from a text; Maria's last one is unused:")
            timeline.happened(day.unused_link)
            if arguments.stay or sys.stdin.isatty():
                stay(timeline)
        except KeyboardInterrupt:
            timeline.progress("stopped")
        except (NotHappened, CommandFailed, StackFailed) as missing:
            timeline.console.print(f"[red]✗ {missing}[/red]")
            report["missing"] = str(missing)
        finally:
            REPORT.parent.mkdir(exist_ok=True)
            REPORT.write_text(json.dumps(report, indent=2) + "\n")
            down()
    return 0 if report["ok"] else 1


def stay(timeline: Timeline) -> None:
    """Keep everything up until Ctrl-C."""
    timeline.progress("everything stays up; Ctrl-C ends it")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        timeline.progress("ending")


if __name__ == "__main__":
    sys.exit(main())
