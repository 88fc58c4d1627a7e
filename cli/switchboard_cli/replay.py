"""`switchboard replay`: send bodies to a webhook, signed as the platform would sign them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import FAILED, AsJson, BadInput, print_json, say

META = ("facebook", "instagram", "messenger", "whatsapp")
STANDARD_WEBHOOKS = ("web_form",)
SIGNED = (*META, "linkedin", *STANDARD_WEBHOOKS, "x")
"""Google's reviews are missing: only Google can sign their tokens."""
_FIRST_REFUSAL = 300

Files = Annotated[
    list[str],
    typer.Argument(help="Files with one body each, or samples of events/; - is standard input.", show_default=False),
]


def replay(  # noqa: PLR0913 - a command's options
    files: Files,
    *,
    channel: Annotated[
        str, typer.Option("--channel", help="The channel of the automation config.", show_default=False)
    ],
    platform: Annotated[
        str, typer.Option(help="How to sign: facebook, x, linkedin, … Default: as the config says.")
    ] = "",
    secret: Annotated[
        str, typer.Option(envvar="SWITCHBOARD_SECRET", help="The signing secret. Default: from Secrets Manager.")
    ] = "",
    url: Annotated[str, typer.Option(help="The webhook's whole URL. Default: the stack's, for the channel.")] = "",
    message_id: Annotated[
        str, typer.Option("--id", help="The webhook-id (Standard Webhooks). Default: a fresh one.")
    ] = "",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Send files to a channel's webhook, signed as by the platform.

    Exits 1 if any was refused. With --url, --secret and --platform it needs no AWS.
    """
    bodies = [(name, _read(name)) for name in files]
    found = None if url and secret and platform else Stack.find(stack, region, endpoint_url)
    platform = platform or _platform(found, channel)
    if platform not in SIGNED:
        raise BadInput(f"platform {platform!r} is not known; use one of: {', '.join(SIGNED)}")
    secret = secret or _secret(found, channel)
    url = url or (found.api_url.rstrip("/") + f"/webhooks/{channel}" if found else "")
    sent = [{"file": name, **_send(url, body, _signed(platform, secret, body, message_id))} for name, body in bodies]
    if as_json:
        print_json(sent)
    else:
        for one in sent:
            typer.echo(f"{one['file']}: {one['status'] or 'no answer'} {one['answer']}".rstrip())
    if any(not one["accepted"] for one in sent):
        raise typer.Exit(FAILED)


def _read(name: str) -> bytes:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as exc:
        raise BadInput(f"{name}: cannot be read: {exc.strerror}") from exc
    return _body_of_event(content) or content


def _body_of_event(content: bytes) -> bytes | None:
    """Return the body that stands in a sample of `events/`, an API Gateway event; None when *content* is none."""
    try:
        event = json.loads(content)
        body = event["body"] if "httpMethod" in event else None
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if not isinstance(body, str):
        return None
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")


def _signed(platform: str, secret: str, body: bytes, message_id: str) -> dict[str, str]:
    """Return the headers that prove to the webhook that *platform* sent exactly *body*."""
    if platform in META:
        # https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"}
    if platform == "x":
        # https://docs.x.com/x-api/webhooks/introduction
        signature = base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
        return {"content-type": "application/json", "x-twitter-webhooks-signature": f"sha256={signature}"}
    if platform == "linkedin":
        # https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation
        digest = hmac.new(secret.encode(), b"hmacsha256=" + body, hashlib.sha256).hexdigest()
        return {"content-type": "application/json", "x-li-signature": digest}
    from standardwebhooks import Webhook  # noqa: PLC0415 - only for this platform

    now, identity = datetime.now(UTC), message_id or f"msg_{uuid.uuid4().hex}"
    try:
        signature = Webhook(secret).sign(identity, now, body.decode())
    except UnicodeDecodeError as exc:
        raise BadInput("a body that is not UTF-8 cannot be signed as Standard Webhooks sign") from exc
    except ValueError as exc:
        raise BadInput("the secret is no Standard Webhooks secret: whsec_ and base64") from exc
    return {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


def _send(url: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    import httpx  # noqa: PLC0415 - slow to import

    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=30)
    except (httpx.TransportError, httpx.InvalidURL) as exc:
        say(f"switchboard: {url} does not answer: {exc}")
        return {"status": 0, "accepted": False, "answer": ""}
    accepted = answer.status_code < _FIRST_REFUSAL
    return {"status": answer.status_code, "accepted": accepted, "answer": answer.text.strip()[:200]}


def _platform(stack: Stack | None, channel: str) -> str:
    from switchboard_cli.config_push import in_force  # noqa: PLC0415 - starts slowly

    channels: dict[str, dict[str, str]] = in_force(cast("Stack", stack))["channels"]
    if channel not in channels:
        raise BadInput(f"the config has no channel {channel!r}; use one of: {', '.join(sorted(channels))}")
    return channels[channel]["platform"]


def _secret(stack: Stack | None, channel: str) -> str:
    found = cast("Stack", stack)
    name = f"{found.name}/channels/{channel}"
    client = found.client("secretsmanager")
    try:
        answer = client.get_secret_value(SecretId=name)
    except client.exceptions.ResourceNotFoundException:
        raise BadInput(f"there is no secret {name}; create it, or give --secret") from None
    try:
        secrets = json.loads(answer["SecretString"])["signing_secrets"]
        return str(secrets[0])
    except (ValueError, LookupError, TypeError):
        shape = '{"signing_secrets": ["…"]}'
        raise BadInput(f"secret {name} holds no signing secret; put {shape} into it, or give --secret") from None
