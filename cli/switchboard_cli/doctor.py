"""`switchboard doctor`: whether each channel can be heard, and what to mend where it cannot."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import FAILED, AsJson, BadInput, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.config import AutomationConfig
    from switchboard.domain.polling import PollState
    from switchboard.ports import Channel, ChannelSecret, ChannelSecrets, Finding

_MARKS = {"ok": "ok", "warning": "look", "failure": "BROKEN"}
_LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One finding of one channel."""

    channel: str
    platform: str
    check: str
    state: Literal["ok", "warning", "failure"]
    detail: str
    remedy: str = ""


def doctor(
    *,
    channel: Annotated[list[str] | None, typer.Option("--channel", help="Only this one; may be repeated.")] = None,
    platform_urls: Annotated[
        str, typer.Option(envvar="SWITCHBOARD_PLATFORM_URLS", help="Platform to URL, as JSON; for tests.")
    ] = "{}",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Check each channel: secret, credentials, token, subscription, last message, last poll, clock; and the sending.

    Texts and emails: limits, sandboxes, opt-outs, the sender; not with --channel, nor where AWS is not in the cloud.
    Exits 1 if something is broken; what is only to be looked at does not count.
    """
    examined = Stack.find(stack, region, endpoint_url)
    found = list(_diagnoses(examined, channel or [], {**examined.platform_urls, **_urls(platform_urls)}))
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        rows = [(one.channel, one.platform, one.check, _MARKS[one.state], one.detail) for one in found]
        print_table(("channel", "platform", "check", "", "finding"), rows, empty="the config has no channels")
        for one in found:
            if one.state != "ok" and one.remedy:
                typer.echo(f"{one.channel}, {one.check}: {one.remedy}")
    if any(one.state == "failure" for one in found):
        raise typer.Exit(FAILED)


def _urls(told: str) -> dict[str, str]:
    try:
        found: object = json.loads(told)
    except ValueError as exc:
        raise BadInput('--platform-urls is not JSON; write {"<platform>": "http://…"}') from exc
    if not isinstance(found, dict):
        raise BadInput("--platform-urls must be an object, platform to URL")
    return {name: str(url) for name, url in cast("dict[str, object]", found).items()}


def _diagnoses(stack: Stack, wanted: list[str], urls: dict[str, str]) -> Iterator[Diagnosis]:
    from switchboard.adapters.channel_states import DynamoChannelStates  # noqa: PLC0415 - starts slowly
    from switchboard.adapters.secrets import SecretsManagerSecrets  # noqa: PLC0415
    from switchboard.config import check  # noqa: PLC0415
    from switchboard.ports import Channel  # noqa: PLC0415
    from switchboard_cli.config_push import in_force  # noqa: PLC0415

    config, problems = check(in_force(stack))
    if config is None:
        raise BadInput(f"the config in force is not valid any more ({len(problems)} problems); push it again")
    unknown = sorted(set(wanted) - set(config.channels))
    if unknown:
        raise BadInput(f"the config has no channel {unknown[0]!r}; use one of: {', '.join(sorted(config.channels))}")
    states = DynamoChannelStates(stack.client("dynamodb"), stack.tables["posts"])
    secrets = SecretsManagerSecrets(stack.client("secretsmanager"), f"{stack.name}/channels/")
    for name, part in config.channels.items():
        if wanted and name not in wanted:
            continue
        known = Channel(name=name, platform=part.platform, account_id=part.account_id)
        state = states.load(name)
        findings = [
            *_examined(known, secrets, urls),
            *_heard(state, states.last_heard(name), part.quiet_after),
            *_polled(state, known),
        ]
        for one in findings:
            yield Diagnosis(
                channel=name,
                platform=part.platform,
                check=one.name,
                state=one.state,
                detail=one.detail[:1].upper() + one.detail[1:],
                remedy=one.remedy,
            )

    if not wanted and not stack.endpoint_url:
        yield from _sending(stack, config)


def _sending(stack: Stack, config: AutomationConfig) -> Iterator[Diagnosis]:
    from switchboard_cli.doctor_sending import emails, texts  # noqa: PLC0415 - starts slowly

    for what, look, by in (("texts", texts, stack.sms_provider), ("emails", emails, "ses")):
        for one in look(stack, config):
            yield Diagnosis(
                channel=what, platform=by, check=one.name, state=one.state, detail=one.detail, remedy=one.remedy
            )


def _examined(channel: Channel, secrets: ChannelSecrets, urls: dict[str, str]) -> Iterator[Finding]:
    """Yield what the secret and the platform say; one channel that cannot be examined hides no other."""
    from switchboard.errors import Misconfigured, Unavailable  # noqa: PLC0415 - starts slowly
    from switchboard.ports import Finding  # noqa: PLC0415

    try:
        secret = secrets.of(channel.name)
    except (Misconfigured, Unavailable) as error:
        mend = f"Mend the secret of channel {channel.name}; docs/deploying.md shows what stands in it."
        remedy = mend if isinstance(error, Misconfigured) else "Use credentials that may read it, and try again."
        yield Finding(name="secret", state="failure", detail=f"{error}.", remedy=remedy)
        return
    try:
        yield from _platforms(channel, secret, urls)
    except Exception as error:  # noqa: BLE001 - its text may hold words or a token
        detail = f"The platform could not be examined ({type(error).__name__})."
        remedy = "Examine it again; if it stays so, report it with this line."
        yield Finding(name="credentials", state="failure", detail=detail, remedy=remedy)


def _platforms(channel: Channel, secret: ChannelSecret, urls: dict[str, str]) -> Iterator[Finding]:
    """Yield what the channel's own secret and the platform say."""
    from switchboard.domain.platform import PLATFORMS  # noqa: PLC0415 - starts slowly
    from switchboard.platforms import checks  # noqa: PLC0415
    from switchboard.ports import Finding  # noqa: PLC0415

    closed = PLATFORMS[channel.platform].hears and not (secret.signing_secrets or secret.push_audience)
    if closed:
        yield Finding(
            name="secret",
            state="failure",
            detail="There is no signing secret: every delivery is refused.",
            remedy=f"Put signing_secrets into the secret of channel {channel.name}; docs/deploying.md says how.",
        )
    elif PLATFORMS[channel.platform].hears:
        several = len(secret.signing_secrets)
        detail = f"{several} signing secrets: one is being rotated out." if several > 1 else "A signing secret is set."
        yield Finding(name="secret", state="ok", detail=detail)
    platform = checks(channel.platform, urls.get(channel.platform, ""))
    if platform is None:
        return
    if not (secret.access_token or secret.refresh_token):
        yield Finding(
            name="credentials",
            state="failure",
            detail="There is no access token: nothing can be read back or answered.",
            remedy=f"Connect the account and put the token into the secret of channel {channel.name}.",
        )
        return
    yield from platform.check(channel, secret, now=datetime.now(UTC))


def _heard(state: PollState | None, heard_at: datetime | None, quiet_after: timedelta) -> Iterator[Finding]:
    from switchboard.domain.polling import is_silent  # noqa: PLC0415 - starts slowly
    from switchboard.ports import Finding  # noqa: PLC0415

    now = datetime.now(UTC)
    if state is not None and is_silent(state, heard_at, quiet_after, now=now):
        yield Finding(
            name="last message",
            state="warning",
            detail=f"{_ago(heard_at, now)}; longer than quiet_after allows.",
            remedy="Write as a visitor; if it does not ring, look at the subscription in the platform's console.",
        )
    else:
        yield Finding(name="last message", state="ok", detail=f"{_ago(heard_at, now)}.")


def _polled(state: PollState | None, channel: Channel) -> Iterator[Finding]:
    from switchboard.domain.platform import PLATFORMS  # noqa: PLC0415 - starts slowly
    from switchboard.platforms import polled  # noqa: PLC0415
    from switchboard.ports import Finding  # noqa: PLC0415

    if polled(channel.platform) is None:
        return
    now = datetime.now(UTC)
    name = "reconciliation" if PLATFORMS[channel.platform].hears else "poll"
    if state is None:
        remedy = "Look at the alarms and the log of poll_channels: it runs every minute."
        yield Finding(name=name, state="warning", detail="The channel was never looked at.", remedy=remedy)
    elif state.dead_since is not None:
        remedy = "Renew the token or the permission, as the other findings say."
        yield Finding(name=name, state="failure", detail=f"Refused since {_ago(state.dead_since, now)}.", remedy=remedy)
    elif state.failures and state.next_poll_at is not None and now - state.next_poll_at < _LATE:
        remedy = "It is tried again by itself; look at the platform's status page if it lasts."
        yield Finding(name=name, state="warning", detail=f"Failed {state.failures} times in a row.", remedy=remedy)
    elif state.polled_at is None or (state.next_poll_at is not None and now - state.next_poll_at > _LATE):
        remedy = "Look at the alarms and the log of poll_channels, and whether the secret has a token."
        yield Finding(name=name, state="warning", detail=f"{_ago(state.polled_at, now)}; it is late.", remedy=remedy)
    else:
        yield Finding(name=name, state="ok", detail=f"{_ago(state.polled_at, now)}{_missed(state, now)}.")


def _missed(state: PollState, now: datetime) -> str:
    return f"; the webhook missed {state.missed}, last {_ago(state.last_missed_at, now)}" if state.missed else ""


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "Never"
    minutes = int((now - moment).total_seconds() // 60)
    for unit, length in (("day", 1440), ("hour", 60)):
        if minutes >= 2 * length:
            return f"{minutes // length} {unit}s ago"
    return f"{minutes} minutes ago" if minutes > 1 else "just now"
