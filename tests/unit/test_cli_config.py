"""`switchboard config`: check, schema, show and push, against an AppConfig in memory."""

# ruff: noqa: N803 - the fake has the names of AWS's arguments

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from switchboard_cli import config_push
from switchboard_cli.config_schema import text
from switchboard_cli.main import app
from switchboard_cli.stack import Stack

RUN = CliRunner()
DEMO = str(Path(__file__).parents[2] / "config" / "demo.yaml")
EXAMPLE = str(Path(__file__).parents[2] / "config" / "example.yaml")
IDS = {"application": "app", "environment": "env", "profile": "pro", "strategy": "str"}


class FakeAppConfig:
    """AppConfig's two APIs, as far as they are used; a deployment advances by one of *states* a look."""

    def __init__(self) -> None:
        self.versions: list[bytes] = []
        self.deployments: list[dict[str, Any]] = []
        self.states = ["DEPLOYING", "BAKING", "COMPLETE"]
        self.conflict = ""

    def list_hosted_configuration_versions(self, NextToken: str = "", **ids: str) -> dict[str, Any]:
        assert ids == {"ApplicationId": "app", "ConfigurationProfileId": "pro"}
        number = len(self.versions) - int(NextToken or 0)  # one a page, the newest first
        items = [{"VersionNumber": number}] if number else []
        return {"Items": items} | ({"NextToken": str(int(NextToken or 0) + 1)} if number > 1 else {})

    def get_hosted_configuration_version(self, VersionNumber: int, **_: str) -> dict[str, Any]:
        return {"Content": BytesIO(self.versions[VersionNumber - 1])}

    def create_hosted_configuration_version(
        self, Content: bytes, ContentType: str, LatestVersionNumber: int = 0, **_: str
    ) -> dict[str, Any]:
        assert ContentType == "application/json"
        if self.conflict == "version" or LatestVersionNumber != len(self.versions):
            raise conflict("CreateHostedConfigurationVersion")
        self.versions.append(Content)
        return {"VersionNumber": len(self.versions)}

    def list_deployments(self, **ids: str) -> dict[str, Any]:
        assert ids == {"ApplicationId": "app", "EnvironmentId": "env"}
        return {"Items": [{"DeploymentNumber": one["DeploymentNumber"]} for one in reversed(self.deployments)]}

    def start_deployment(self, DeploymentStrategyId: str, **given: str) -> dict[str, Any]:
        assert DeploymentStrategyId == "str"
        if self.conflict == "deployment":
            raise conflict("StartDeployment")
        self.deployments.append({**given, "DeploymentNumber": len(self.deployments) + 1, "looks": 0})
        return self._shown(self.deployments[-1])

    def get_deployment(self, DeploymentNumber: int, **_: str) -> dict[str, Any]:
        deployment = self.deployments[DeploymentNumber - 1]
        deployment["looks"] = min(deployment["looks"] + 1, len(self.states) - 1)
        return self._shown(deployment)

    def _shown(self, deployment: dict[str, Any]) -> dict[str, Any]:
        return {**deployment, "State": self.states[deployment["looks"]], "PercentageComplete": 50.0}

    def start_configuration_session(self, **ids: str) -> dict[str, str]:
        assert set(ids.values()) == {"app", "env", "pro"}
        return {"InitialConfigurationToken": "token"}

    def get_latest_configuration(self, ConfigurationToken: str) -> dict[str, Any]:
        return {"Configuration": BytesIO(self.versions[-1] if self.versions else b"")}


def conflict(operation: str) -> ClientError:
    return ClientError({"Error": {"Code": "ConflictException", "Message": "busy"}}, operation)


@pytest.fixture
def appconfig(monkeypatch: pytest.MonkeyPatch) -> FakeAppConfig:
    made = FakeAppConfig()

    class Local(Stack):
        def client(self, service: str) -> Any:
            return made

    stack = Local(name="mercy", region="r", endpoint_url="", api_url="", tables={}, appconfig=IDS)
    monkeypatch.setattr(Stack, "find", lambda *_: stack)
    monkeypatch.setattr(config_push, "_LOOK_EVERY_SECONDS", 0)
    return made


def test_a_config_without_problems_exits_0() -> None:
    result = RUN.invoke(app, ["config", "check", DEMO, EXAMPLE])

    assert result.exit_code == 0
    assert result.stdout == f"{DEMO}, {EXAMPLE}: no problems\n"
    assert RUN.invoke(app, ["config", "check", DEMO, "--json"]).stdout == "[]\n"


def test_problems_name_file_line_and_column_and_exit_2(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(Path(DEMO).read_text().replace("team: front-desk", "team: nurses"))

    result = RUN.invoke(app, ["config", "check", DEMO, str(wrong)])
    as_json = RUN.invoke(app, ["config", "check", DEMO, str(wrong), "--json"])

    line = 1 + wrong.read_text()[: wrong.read_text().index("team: nurses")].count("\n")
    where = "there is no team 'nurses'; add it, or use one of: front-desk, social"
    assert result.exit_code == as_json.exit_code == 2
    assert result.stdout == f"{wrong}:{line}:11: routes.2.team: {where}\n"
    assert json.loads(as_json.stdout) == [
        {
            "file": str(wrong),
            "line": line,
            "column": 11,
            "path": "routes.2.team",
            "message": "there is no team 'nurses'",
            "remedy": "add it, or use one of: front-desk, social",
        }
    ]


@pytest.mark.parametrize("name", ["/nowhere.yaml", "/"])
def test_a_file_that_cannot_be_read_exits_2(name: str) -> None:
    result = RUN.invoke(app, ["config", "check", name])

    assert result.exit_code == 2
    assert result.stderr.startswith(f"switchboard: {name}: cannot be read: ")


def test_the_schema_is_printed() -> None:
    assert RUN.invoke(app, ["config", "schema"]).stdout == text()


def test_a_config_is_pushed_and_put_in_force(appconfig: FakeAppConfig) -> None:
    result = RUN.invoke(app, ["config", "push", DEMO, "--wait"])

    assert result.exit_code == 0, result.stderr
    assert result.stdout == "version 1 is in force\n"
    assert result.stderr == "50 % deploying\n50 % baking\n"
    assert json.loads(appconfig.versions[0])["organisation"] == "Mercy"
    assert appconfig.deployments[0]["ConfigurationVersion"] == "1"


def test_without_wait_it_says_that_it_is_on_its_way(appconfig: FakeAppConfig) -> None:
    result = RUN.invoke(app, ["config", "push", DEMO])

    assert result.stdout == "version 1 is on its way (deployment 1, deploying)\n"


def test_what_is_in_force_already_is_not_deployed_again(appconfig: FakeAppConfig) -> None:
    RUN.invoke(app, ["config", "push", DEMO, "--wait"])

    result = RUN.invoke(app, ["config", "push", DEMO, "--json"])

    assert json.loads(result.stdout) == {"version": 1, "deployment": None, "state": "COMPLETE", "percentage": 100.0}
    assert len(appconfig.deployments) == 1


def test_another_config_is_another_version_and_the_first_can_come_back(appconfig: FakeAppConfig) -> None:
    for name in (DEMO, EXAMPLE, DEMO):
        assert RUN.invoke(app, ["config", "push", name, "--wait"]).exit_code == 0

    assert len(appconfig.versions) == len(appconfig.deployments) == 3


def test_a_version_that_was_stored_but_never_deployed_is_deployed(appconfig: FakeAppConfig) -> None:
    appconfig.conflict = "deployment"
    first = RUN.invoke(app, ["config", "push", DEMO])
    appconfig.conflict = ""

    second = RUN.invoke(app, ["config", "push", DEMO, "--wait"])

    assert first.exit_code == 1
    assert first.stderr == "switchboard: another deployment is under way; wait for it, then push again\n"
    assert second.stdout == "version 1 is in force\n"
    assert len(appconfig.versions) == 1


def test_somebody_else_who_pushes_at_the_same_time_is_not_overwritten(appconfig: FakeAppConfig) -> None:
    appconfig.conflict = "version"

    result = RUN.invoke(app, ["config", "push", DEMO])

    assert result.exit_code == 1
    assert "somebody else has pushed" in result.stderr


def test_a_deployment_that_is_taken_back_exits_1(appconfig: FakeAppConfig) -> None:
    appconfig.states = ["DEPLOYING", "ROLLING_BACK", "ROLLED_BACK"]

    result = RUN.invoke(app, ["config", "push", DEMO, "--wait"])

    assert result.exit_code == 1
    assert result.stdout == "version 1 was taken back (deployment 1, rolled_back)\n"


def test_a_config_with_problems_is_not_pushed(appconfig: FakeAppConfig, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(Path(DEMO).read_text().replace("last_resort: maria", "last_resort: nobody"))

    result = RUN.invoke(app, ["config", "push", str(wrong)])

    assert result.exit_code == 2
    assert "last_resort: there is no staff member 'nobody'" in result.stderr
    assert appconfig.versions == []


def test_what_is_in_force_is_shown_and_can_be_pushed_again(appconfig: FakeAppConfig, tmp_path: Path) -> None:
    RUN.invoke(app, ["config", "push", EXAMPLE, "--wait"])

    shown = RUN.invoke(app, ["config", "show"])
    as_json = RUN.invoke(app, ["config", "show", "--json"])

    again = tmp_path / "again.yaml"
    again.write_text(shown.stdout)
    assert json.loads(as_json.stdout) == json.loads(appconfig.versions[-1])
    assert "in force already" in RUN.invoke(app, ["config", "push", str(again)]).stdout


def test_a_stack_without_any_config_says_how_to_push_one(appconfig: FakeAppConfig) -> None:
    result = RUN.invoke(app, ["config", "show"])

    assert result.exit_code == 1
    assert "switchboard config push FILE" in result.stderr
