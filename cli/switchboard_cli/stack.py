"""The deployed stack that a command speaks to: by CloudFormation's outputs, or `.local/stack.json` of `make up`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self, cast
from urllib.parse import urlsplit

import typer

from switchboard_cli.terminal import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

StackName = Annotated[
    str,
    typer.Option("--stack", envvar="SWITCHBOARD_STACK", help="The CloudFormation stack. Default: that of make up"),
]
Region = Annotated[str, typer.Option("--region", envvar=["AWS_REGION", "AWS_DEFAULT_REGION"], help="The AWS region.")]
Endpoint = Annotated[
    str, typer.Option("--endpoint-url", envvar="AWS_ENDPOINT_URL", help="Where AWS is, when it is not in the cloud.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What the commands need to know of a deployed stack. An empty *endpoint_url* is AWS itself."""

    name: str
    region: str
    endpoint_url: str
    api_url: str
    tables: dict[str, str]
    appconfig: dict[str, str]
    platform_urls: Mapping[str, str] = field(default_factory=dict[str, str])
    sms_provider: str = "sns"
    sender_email: str = ""

    @classmethod
    def find(cls, name: str = "", region: str = "", endpoint_url: str = "") -> Self:
        """Return the stack *name*, or the local one; raise BadInput that says how to name one."""
        if name:
            return cls._deployed(name, region, endpoint_url)
        local = Path(os.environ.get("SWITCHBOARD_LOCAL", ".local")) / "stack.json"
        if local.is_file():
            return cls._local(local, region, endpoint_url)
        raise BadInput("which stack? Give --stack NAME (or SWITCHBOARD_STACK), or start the local one: make up")

    @classmethod
    def _local(cls, path: Path, region: str, endpoint_url: str) -> Self:
        try:
            told = json.loads(path.read_bytes())
            return cls(
                name=told["stack_name"],
                region=told["region"] or region,
                endpoint_url=told["endpoint_url"] or endpoint_url,
                api_url=told["api_url"],
                tables=dict(told["tables"]),
                appconfig=dict(told["appconfig"]),
                platform_urls=_urls(told.get("graph_url", ""), "{}"),
            )
        except (OSError, ValueError, LookupError, TypeError) as exc:
            raise BadInput(f"{path} is not what `make up` writes ({type(exc).__name__}: {exc}); run make up") from exc

    @classmethod
    def _deployed(cls, name: str, region: str, endpoint_url: str) -> Self:
        cloudformation = _client("cloudformation", region, endpoint_url)
        found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
        given = {one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", [])}
        try:
            return cls(
                name=name,
                region=region,
                endpoint_url=endpoint_url,
                api_url=outputs["ApiUrl"],
                tables={
                    "questions": outputs["QuestionsTableName"],
                    "posts": outputs["PostsTableName"],
                    "short_lived": outputs["ShortLivedTableName"],
                },
                appconfig={
                    "application": outputs["ConfigApplicationId"],
                    "environment": outputs["ConfigEnvironmentId"],
                    "profile": outputs["ConfigProfileId"],
                    "strategy": outputs["ConfigStrategyId"],
                },
                platform_urls=_urls(given.get("GraphUrl", ""), given.get("PlatformUrls") or "{}"),
                sms_provider=given.get("SmsProvider", "sns"),
                sender_email=given.get("SenderEmail", ""),
            )
        except KeyError as exc:
            raise BadInput(f"stack {name} has no output {exc}: is it Switchboard, and of this version?") from exc

    def client(self, service: str) -> Any:  # noqa: ANN401 - botocore makes its clients at run time
        """Return a client for *service*."""
        return _client(service, self.region, self.endpoint_url)


def _urls(graph_url: str, platform_urls: str) -> dict[str, str]:
    """Return where the stack reaches platforms, by name, if not where everybody does."""
    from switchboard.domain.platform import GRAPH, PLATFORMS  # noqa: PLC0415 - not for --help

    on_graph = {name: graph_url for name, entry in PLATFORMS.items() if graph_url and entry.url == GRAPH}
    told: object = json.loads(platform_urls)
    return on_graph | (cast("dict[str, str]", told) if isinstance(told, dict) else {})


def _client(service: str, region: str, endpoint_url: str) -> Any:  # noqa: ANN401 - botocore makes its clients at run time
    from botocore.session import Session  # noqa: PLC0415 - slow to import

    given: dict[str, Any] = {"region_name": region} if region else {}
    if endpoint_url:
        given["endpoint_url"] = endpoint_url
        if urlsplit(endpoint_url).hostname in {"127.0.0.1", "localhost"} and "AWS_ACCESS_KEY_ID" not in os.environ:
            given |= {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return Session().create_client(service, **given)
