"""The stack on this machine: the embedded AWS, with the real template built and deployed by SAM.

`python -m local.stack up|down|status|build`; from Python: `from local.stack import Stack, up, down`.

One working tree has one stack. What is known of it stands in `.local/stack.json`; SWITCHBOARD_LOCAL names another
folder, and SWITCHBOARD_PORT another port, for a second one beside it.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from local import toolchain

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

NAME = "switchboard"
REGION = "us-east-1"
PORT = 4566
GRAPH_URL = "http://127.0.0.1:4570/v23.0"
SENDER = "switchboard@hospital.example"

BUILT = toolchain.ROOT / ".aws-sam" / "build"
STARTS_WITHIN_SECONDS = 20.0
STOPS_WITHIN_SECONDS = 10.0


class StackFailed(Exception):
    """The stack did not come up; the message ends with what the tool said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A deployed stack, as `.local/stack.json` tells it."""

    stack_name: str
    region: str
    endpoint_url: str
    """Where the embedded AWS answers for every service."""
    api_url: str
    """Without a slash at the end; `/webhooks/{channel}` and `/inbox` follow."""
    inbox_url: str
    graph_url: str
    tables: dict[str, str]
    """Physical names of `questions`, `posts` and `short_lived`."""
    quarantine_bucket: str
    appconfig: dict[str, str]
    """Ids of `application`, `environment`, `profile` and `strategy`."""
    topics: dict[str, str]
    """ARNs of `replies` (what staff text back) and `receipts`."""
    secrets: dict[str, str]
    """Secret names by channel kind: `facebook`, `web_form`."""
    functions: dict[str, str]
    """Physical names by logical id, `NotifyStaffFunction` and so on."""
    failure_queues: dict[str, str]
    """Queue URLs by logical id, `NotifyStaffFailures` and so on."""
    pid: int
    digest: str
    """Of everything that went into the deploy; another digest means deploy again."""

    def client(self, service: str, **options: Any) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        """Return a boto3 client for *service*, as the account's root."""
        return _client(service, self.endpoint_url, **options)

    @classmethod
    def load(cls) -> Self | None:
        """Return the stack that is running now, or None."""
        try:
            stack = cls(**json.loads(_file("stack.json").read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        return stack if _is_ours(stack.pid) and _ready(stack.endpoint_url) else None


def up(
    *,
    port: int | None = None,
    graph_url: str = GRAPH_URL,
    say: Callable[[str], None] = print,
) -> Stack:
    """Return the stack, deployed from what lies in the working tree; does only what is needed.

    *say* gets a line for each step. Raises StackFailed with the end of the log when a step fails.
    """
    port = port or int(os.environ.get("SWITCHBOARD_PORT", str(PORT)))
    with _lock():
        began = time.monotonic()
        digest = toolchain.inputs_digest()
        running = Stack.load()
        if running and (running.endpoint_url, running.graph_url) != (_endpoint(port), graph_url):
            say("the stack that runs is another one, stopping it")
            _stop()
            running = None
        if running and running.digest == digest:
            return running
        pid = running.pid if running else _start(port, say)
        build(say, digest=digest)
        _deploy(port, graph_url, say)
        stack = _describe(port, graph_url, pid, digest)
        _expire_items(stack)
        _write("stack.json", json.dumps(asdict(stack), indent=2) + "\n")
        say(f"up in {time.monotonic() - began:.1f} s: {stack.api_url}")
        return stack


def down(say: Callable[[str], None] | None = None) -> None:
    """Stop the embedded AWS; what was in it is gone. Harmless when nothing runs."""
    with _lock():
        stopped = _stop()
    if say:
        say("stopped" if stopped else "nothing was running")


def build(say: Callable[[str], None] = print, *, digest: str = "") -> None:
    """Run `sam build` for this machine, unless the same was built before."""
    digest = digest or toolchain.inputs_digest()
    mark = BUILT.parent / "built.txt"
    if BUILT.is_dir() and mark.is_file() and mark.read_text() == digest:
        return
    say("sam build")
    mark.unlink(missing_ok=True)
    _run([str(toolchain.SAM), "build", *_overrides()], toolchain.build_environment(), "build.log")
    mark.write_text(digest)


# --- the embedded AWS ------------------------------------------------------------------------------------------------


def _start(port: int, say: Callable[[str], None]) -> int:
    _stop()
    if _ready(_endpoint(port)):
        raise StackFailed(f"something else answers on port {port}; stop it, or choose another: --port")
    say(f"starting the embedded AWS on port {port}")
    environment = toolchain.environment(
        GATEWAY_PORT=str(port),
        BIND_HOST="127.0.0.1",
        AUTH="true",  # the functions' roles bite, as on AWS
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        PERSIST_STATE="0",
        LOG_LEVEL="INFO",
        # Lambdas import the layer's bytecode and never write any into it.
        PYTHONDONTWRITEBYTECODE="1",
    )
    folder = _file("run")
    folder.mkdir(parents=True, exist_ok=True)
    with _file("ministack.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own tool
            [toolchain.MINISTACK],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _write("ministack.pid", str(process.pid))
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise StackFailed(f"the embedded AWS ended at once:\n{_tail('ministack.log')}")
        if _ready(_endpoint(port)):
            return process.pid
        time.sleep(0.05)
    _stop()
    raise StackFailed(f"the embedded AWS was not ready in {STARTS_WITHIN_SECONDS:.0f} s:\n{_tail('ministack.log')}")


def _stop() -> bool:
    _file("stack.json").unlink(missing_ok=True)
    try:
        pid = int(_file("ministack.pid").read_text())
    except (OSError, ValueError):
        return False
    _file("ministack.pid").unlink(missing_ok=True)
    if not _is_ours(pid):
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            # Its session holds the Lambda workers too.
            os.killpg(pid, number)
        until = time.monotonic() + STOPS_WITHIN_SECONDS
        while time.monotonic() < until:
            if not _is_ours(pid):
                return True
            time.sleep(0.05)
    return True


def _is_ours(pid: int) -> bool:
    """Tell whether *pid* is alive and our ministack: numbers are given out again."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # when it is our own child, a dead one would linger
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return os.fsencode(toolchain.MINISTACK) in command


def _ready(endpoint_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint_url}/_ministack/ready", timeout=2) as answer:  # noqa: S310 - our own URL
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's OK
    except OSError:
        return False


# --- build and deploy ------------------------------------------------------------------------------------------------


def _overrides(**more: str) -> list[str]:
    values = {
        "Organisation": "Mercy Hospital",
        "SenderEmail": SENDER,
        "Runtime": toolchain.runtime(),
        "Architecture": toolchain.architecture(),
        "Local": "true",
        **more,
    }
    return ["--parameter-overrides", *(f"{name}={value}" for name, value in values.items())]


def _deploy(port: int, graph_url: str, say: Callable[[str], None]) -> None:
    say("sam deploy")
    environment = toolchain.environment(
        AWS_ENDPOINT_URL=_endpoint(port),
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106 - the embedded AWS's root
        AWS_DEFAULT_REGION=REGION,
        AWS_REGION=REGION,
        AWS_EC2_METADATA_DISABLED="true",
        SAM_CLI_TELEMETRY="0",
        SAM_CLI_POLL_DELAY="0.5",
    )
    overrides = _overrides(GraphUrl=graph_url, LocalEndpoint=_endpoint(port), SmsReplies="true")
    config = ["--config-file", str(toolchain.ROOT / "samconfig.toml"), "--no-progressbar"]
    command = ["deploy", "--template-file", str(BUILT / "template.yaml"), "--stack-name", NAME, *overrides, *config]
    _run([str(toolchain.SAM), *command], environment, "deploy.log")


def _describe(port: int, graph_url: str, pid: int, digest: str) -> Stack:
    cloudformation = _client("cloudformation", _endpoint(port))
    stack = cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    resources = [
        (resource["ResourceType"], resource["LogicalResourceId"], resource["PhysicalResourceId"])
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=NAME)
        for resource in page["StackResourceSummaries"]
    ]
    return Stack(
        stack_name=NAME,
        region=REGION,
        endpoint_url=_endpoint(port),
        api_url=outputs["ApiUrl"],
        inbox_url=outputs["InboxUrl"],
        graph_url=graph_url,
        tables={
            "questions": outputs["QuestionsTableName"],
            "posts": outputs["PostsTableName"],
            "short_lived": outputs["ShortLivedTableName"],
        },
        quarantine_bucket=outputs["QuarantineBucketName"],
        appconfig={
            "application": outputs["ConfigApplicationId"],
            "environment": outputs["ConfigEnvironmentId"],
            "profile": outputs["ConfigProfileId"],
            "strategy": outputs["ConfigStrategyId"],
        },
        topics={"replies": outputs["RepliesTopicArn"], "receipts": outputs["ReceiptsTopicArn"]},
        secrets={"facebook": outputs["FacebookSecretName"], "web_form": outputs["WebFormSecretName"]},
        functions={logical: name for kind, logical, name in resources if kind == "AWS::Lambda::Function"},
        failure_queues={logical: name for kind, logical, name in resources if kind == "AWS::SQS::Queue"},
        pid=pid,
        digest=digest,
    )


def _expire_items(stack: Stack) -> None:
    """Turn on TTL by API: the embedded AWS does not apply it from a template."""
    dynamodb = stack.client("dynamodb")
    for table in stack.tables.values():
        told = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if told.get("TimeToLiveStatus") != "ENABLED":
            dynamodb.update_time_to_live(
                TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
            )


def _client(service: str, endpoint_url: str, **options: Any) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    import boto3  # noqa: PLC0415 - slow to import, and `status` needs none

    root = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
    return boto3.client(service, **{"endpoint_url": endpoint_url, **root, **options})  # type: ignore[call-overload]


def _run(command: list[str], environment: dict[str, str], log: str) -> None:
    """Run *command*; its words go into *log*, and into the error when it fails."""
    _file(log).parent.mkdir(parents=True, exist_ok=True)
    with _file(log).open("wb") as out:
        done = subprocess.run(  # noqa: S603 - our own tools
            command,
            cwd=toolchain.ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise StackFailed(f"{Path(command[0]).name} {command[1]} failed:\n{_tail(log)}")


# --- files -----------------------------------------------------------------------------------------------------------


def _file(name: str) -> Path:
    return Path(os.environ.get("SWITCHBOARD_LOCAL") or toolchain.TOOLS) / name


def _write(name: str, text: str) -> None:
    file = _file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def _tail(name: str, lines: int = 25) -> str:
    return "\n".join(_file(name).read_text(errors="replace").splitlines()[-lines:])


def _endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@contextmanager
def _lock() -> Generator[None]:
    """Let one process at a time build, deploy or stop in this working tree."""
    toolchain.TOOLS.mkdir(exist_ok=True)
    with (toolchain.TOOLS / "stack.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.stack", description="The stack on this machine.")
    parser.add_argument("command", choices=("up", "down", "status", "build"))
    parser.add_argument("--port", type=int, help=f"of the embedded AWS (default: {PORT})")
    parser.add_argument("--graph-url", default=GRAPH_URL, help="Meta's Graph API or its simulator")
    chosen = parser.parse_args()

    def say(line: str) -> None:
        print(f"· {line}", flush=True)

    try:
        match chosen.command:
            case "up":
                _show(up(port=chosen.port, graph_url=chosen.graph_url, say=say))
            case "down":
                down(say)
            case "build":
                with _lock():
                    build(say)
            case _:
                stack = Stack.load()
                if not stack:
                    print("nothing is running; make up starts it")
                    return 1
                _show(stack)
    except StackFailed as failure:
        print(f"✗ {failure}", file=sys.stderr)
        return 1
    return 0


def _show(stack: Stack) -> None:
    print(f"  inbox     {stack.inbox_url}")
    print(f"  webhooks  {stack.api_url}/webhooks/…")
    print(f"  AWS       {stack.endpoint_url}  (pid {stack.pid}, credentials test/test)")
    print(f"  Graph     {stack.graph_url}")


if __name__ == "__main__":
    sys.exit(main())
