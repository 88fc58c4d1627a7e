"""`switchboard stale`: what would be held, and why, on JSON lines or on exported calendars, with a picture."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from switchboard_cli.moments import moment
from switchboard_cli.offline import Lines, checked, identity_of, write
from switchboard_cli.posts import accounts
from switchboard_cli.terminal import BAD_INPUT, AsJson, BadInput, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from switchboard.config import Staleness
    from switchboard.domain.post import Post
    from switchboard.domain.staleness import Staleness as Verdict
    from switchboard.domain.staleness import Thresholds


def stale(  # noqa: PLR0913 - its options
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Exported calendars, CSV or JSON; left out: JSON lines from stdin."),
    ] = None,
    *,
    at: Annotated[str, typer.Option("--at", help="The moment to judge at: ISO 8601.", show_default=False)],
    config: Annotated[Path | None, typer.Option(help="Thresholds and zone from this config file.")] = None,
    zone: Annotated[str, typer.Option(help="The zone of times without an offset. Default: the config's.")] = "",
    channel: Annotated[str, typer.Option(help="The channel of exported posts that name none.")] = "",
    account: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=CHANNEL", help="Which channel an account of the export is; may be repeated."),
    ] = None,
    date_order: Annotated[
        Literal["", "mdy", "dmy"], typer.Option(help="What comes first in 03/04/2026: mdy or dmy.")
    ] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Say it in words, with the evidence.")] = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw the coming two weeks.")] = None,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw them as PNG; needs Chromium.")] = None,
    narrow: Annotated[bool, typer.Option("--narrow", help="Draw them for a phone, one day below the other.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say of each post whether it is stale.

    Reads JSON lines {"id","text"} from stdin, or exported calendars of Buffer and Hootsuite; writes JSON lines.
    Offline; a bad line or row makes it exit 2. All are read first: whether a post is a repetition depends on the rest.
    """
    from switchboard.domain.staleness import judge_all  # noqa: PLC0415 - only what is needed

    default, by_channel = _thresholds(config, zone)
    now = moment(at, default.zone)
    lines = Lines()
    posts: list[tuple[str | int, Post]] = []
    for file in files or ():
        read = _exported(file, default.zone, channel, accounts(account or ()), date_order)
        posts += [(post.post_id, post) for post in read]
    if not files:
        posts = _from_lines(lines, default.zone, now)
    judged = judge_all([post for _, post in posts], now=now, thresholds=default, thresholds_by_channel=by_channel)
    if svg is not None or png is not None:
        both = [(post, found) for (_, post), found in zip(posts, judged, strict=True)]
        _draw(svg, png, both, now, default.zone, narrow=narrow)
    for (identity, post), found in zip(posts, judged, strict=True):
        if explain and not as_json:
            typer.echo("\n".join(_in_words(post, found, default.zone)))
            continue
        rule = found.rule.value if found.rule else None
        more = {"evidence": list(found.evidence)} if explain else {}
        write({"id": identity, "hold": found.hold, "rule": rule, "reason": found.reason, **more})
    lines.end()


def _from_lines(lines: Lines, zone: str, now: datetime) -> list[tuple[str | int, Post]]:
    from switchboard.domain.post import post_from_json  # noqa: PLC0415 - only what is needed

    return list(lines.read(lambda fields: (identity_of(fields), post_from_json(fields, zone=zone, publish_at=now))))


def _exported(
    file: Path, zone: str, channel: str, channels: Mapping[str, str], date_order: Literal["", "mdy", "dmy"]
) -> Sequence[Post]:
    from switchboard.domain.post_export import decoded, read_export  # noqa: PLC0415 - only what is needed

    if file.suffix.lower() in {".yaml", ".yml"}:
        from switchboard_cli.post_store import posts_in  # noqa: PLC0415 - starts slowly

        own, problems = posts_in(file, zone)
        for problem in problems:
            say(problem)
        if problems:
            raise typer.Exit(BAD_INPUT)
        return own
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise BadInput(f"{file}: cannot be read: {exc.strerror}") from exc
    found = read_export(decoded(content), zone=zone, channel=channel, channels=channels, date_order=date_order)
    for wrong in found.wrong:
        say(f"{file}: {wrong}")
    if found.wrong:
        raise typer.Exit(BAD_INPUT)
    return found.posts


def _in_words(post: Post, found: Verdict, zone: str) -> list[str]:
    local = post.publish_at.astimezone(ZoneInfo(zone))
    word = "HOLD" if found.hold else "keep"
    head = f"{word}  {local:%a} {local.day} {local:%b %H:%M}  {post.channel or '-'}  {' '.join(post.text.split())[:70]}"
    rule = f"{found.rule}: " if found.rule else ""
    return [head, f"      {rule}{found.reason}", *(f"      - {line}" for line in found.evidence)]


def _draw(
    svg: Path | None,
    png: Path | None,
    judged: Sequence[tuple[Post, Verdict]],
    now: datetime,
    zone: str,
    *,
    narrow: bool,
) -> None:
    from switchboard_cli.png import write_png  # noqa: PLC0415 - only what is needed
    from switchboard_cli.posts_svg import svg as picture  # noqa: PLC0415

    drawing = picture(judged, at=now, zone=zone, title="The coming two weeks", narrow=narrow)
    if svg is not None:
        try:
            svg.write_text(drawing, encoding="utf-8")
        except OSError as exc:
            raise BadInput(f"{svg}: cannot be written: {exc.strerror}") from exc
        say(f"switchboard: wrote {svg}")
    if png is not None:
        write_png(drawing, png)
        say(f"switchboard: wrote {png}")


def _thresholds(config: Path | None, zone: str) -> tuple[Thresholds, dict[str, Thresholds]]:
    """Return the thresholds of *config*, or the built-in ones, and those of channels that have their own."""
    from switchboard.domain.staleness_facts import Mode, Rule, Thresholds  # noqa: PLC0415 - only what is needed

    if zone:
        try:
            ZoneInfo(zone)
        except (ValueError, LookupError, OSError) as exc:
            raise BadInput(f"--zone {zone!r} is not a time zone; use an IANA name such as America/New_York") from exc
    if config is None:
        return (Thresholds(zone=zone) if zone else Thresholds()), {}
    written = checked(config)
    where = zone or written.zone

    def of(staleness: Staleness) -> Thresholds:
        fields = {name: value for name, value in dict(staleness).items() if name not in {"rules", "link_hosts"}}
        rules: dict[Rule, Mode] = {
            rule: Mode(getattr(staleness.rules, rule.value)) for rule in Rule if rule is not Rule.CRISIS
        }
        return Thresholds(**fields, zone=where, rules=rules)

    own = {name: of(channel.staleness) for name, channel in written.channels.items() if channel.staleness}
    return of(written.staleness), own
