"""The automation config in AppConfig: what is in force, and putting another in its place."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from switchboard.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.config import AutomationConfig
    from switchboard_cli.stack import Stack

_LOOK_EVERY_SECONDS = 1.0
_ON_THE_WAY = {"BAKING", "VALIDATING", "DEPLOYING", "ROLLING_BACK"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of a push. *deployment* is None when the config was in force already."""

    version: int
    deployment: int | None
    state: str
    percentage: float = 0.0

    def sentence(self) -> str:
        """Return the outcome for a person."""
        if self.deployment is None:
            return f"version {self.version} is in force already; nothing to do"
        if self.state == "COMPLETE":
            return f"version {self.version} is in force"
        if self.state in _ON_THE_WAY - {"ROLLING_BACK"}:
            return f"version {self.version} is on its way (deployment {self.deployment}, {self.state.lower()})"
        return f"version {self.version} was taken back (deployment {self.deployment}, {self.state.lower()})"


def document_of(config: AutomationConfig) -> str:
    """Return the JSON document that AppConfig stores: every default written out."""
    return json.dumps(config.model_dump(mode="json", exclude_none=True), ensure_ascii=False, separators=(",", ":"))


def in_force(stack: Stack) -> Any:  # noqa: ANN401 - any JSON
    """Return the document that functions read now."""
    client = stack.client("appconfigdata")
    session = client.start_configuration_session(
        ApplicationIdentifier=stack.appconfig["application"],
        EnvironmentIdentifier=stack.appconfig["environment"],
        ConfigurationProfileIdentifier=stack.appconfig["profile"],
    )
    answer = client.get_latest_configuration(ConfigurationToken=session["InitialConfigurationToken"])
    content = answer["Configuration"].read()
    if not content:
        raise Misconfigured("no config was ever pushed to this stack; push one: switchboard config push FILE")
    return json.loads(content)


def push(stack: Stack, config: AutomationConfig, *, wait: bool, tell: Callable[[str], None]) -> Pushed:
    """Store *config* as a new version unless it is the latest, and deploy it unless it is in force.

    Doing it again is safe. Raises Unavailable when somebody else is pushing at the same time.
    """
    client, content = stack.client("appconfig"), document_of(config)
    with_ids = {"ApplicationId": stack.appconfig["application"]}
    version = _store(client, with_ids | {"ConfigurationProfileId": stack.appconfig["profile"]}, content)
    environment = with_ids | {"EnvironmentId": stack.appconfig["environment"]}
    if _deployed(client, environment, stack.appconfig["profile"]) == version:
        return Pushed(version=version, deployment=None, state="COMPLETE", percentage=100.0)
    try:
        started = client.start_deployment(
            **environment,
            ConfigurationProfileId=stack.appconfig["profile"],
            ConfigurationVersion=str(version),
            DeploymentStrategyId=stack.appconfig["strategy"],
        )
    except ClientError as exc:
        raise _translated(exc, "another deployment is under way; wait for it, then push again") from exc
    pushed = _progress(version, started)
    while wait and pushed.state in _ON_THE_WAY:
        tell(f"{pushed.percentage:.0f} % {pushed.state.lower()}")
        time.sleep(_LOOK_EVERY_SECONDS)
        pushed = _progress(version, client.get_deployment(**environment, DeploymentNumber=started["DeploymentNumber"]))
    return pushed


def _store(client: Any, profile: dict[str, str], content: str) -> int:  # noqa: ANN401 - botocore's client
    """Return the number of the version that holds *content*: the latest, or a new one after it."""
    versions = [
        item["VersionNumber"]
        for page in _pages(client.list_hosted_configuration_versions, profile)
        for item in page["Items"]
    ]
    after: dict[str, int] = {}
    if versions:
        latest = client.get_hosted_configuration_version(**profile, VersionNumber=max(versions))
        if latest["Content"].read() == content.encode():
            return int(max(versions))
        after = {"LatestVersionNumber": max(versions)}
    try:
        created = client.create_hosted_configuration_version(
            **profile, **after, Content=content.encode(), ContentType="application/json"
        )
    except ClientError as exc:
        raise _translated(exc, "somebody else has pushed a config just now; look at it, then push again") from exc
    return int(created["VersionNumber"])


def _deployed(client: Any, environment: dict[str, str], profile: str) -> int | None:  # noqa: ANN401 - botocore's client
    """Return the version that the latest deployment of *profile* put in force completely, or None."""
    items = [item for page in _pages(client.list_deployments, environment) for item in page["Items"]]
    for item in sorted(items, key=lambda item: -int(item["DeploymentNumber"])):
        deployment = client.get_deployment(**environment, DeploymentNumber=item["DeploymentNumber"])
        if deployment.get("ConfigurationProfileId") == profile:
            return int(deployment["ConfigurationVersion"]) if deployment["State"] == "COMPLETE" else None
    return None


def _pages(call: Callable[..., dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    pages = [call(**names)]
    while token := pages[-1].get("NextToken"):
        pages.append(call(**names, NextToken=token))
    return pages


def _progress(version: int, deployment: dict[str, Any]) -> Pushed:
    return Pushed(
        version=version,
        deployment=int(deployment["DeploymentNumber"]),
        state=str(deployment["State"]),
        percentage=float(deployment.get("PercentageComplete") or 0),
    )


def _translated(error: ClientError, conflict: str) -> Exception:
    return Unavailable(conflict) if error.response.get("Error", {}).get("Code") == "ConflictException" else error
