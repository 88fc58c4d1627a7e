"""What is measured: every function that the built template names, and beside them boto3 alone."""

from __future__ import annotations

import compileall
import json
import py_compile
import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.bench.runtime import Variant
from tests.bench.samples import QUESTION_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
FLOOR = "boto3 alone"
COMPILED = "receive_webhook, compiled"
_RUNTIME = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
_BOTO3 = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
_STREAM = {
    "Records": [
        {
            "eventID": "1",
            "eventName": "INSERT",
            "eventSource": "aws:dynamodb",
            "dynamodb": {
                "Keys": {"question_id": {"S": QUESTION_ID}, "item": {"S": "message#700_1"}},
                "SequenceNumber": "1",
                "StreamViewType": "KEYS_ONLY",
            },
        }
    ]
}
_TIMER = {"version": "0", "detail-type": "Scheduled Event", "source": "aws.scheduler", "detail": {}}
_EVENTS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "receive_webhook": ("receive_webhook_facebook_comment.json", {}),
    "inbox": ("inbox_show_link.json", {}),
    "notify_staff": ("notify_staff.json", _STREAM),
    "send_answers": ("send_answers.json", _STREAM),
    "receive_sms": ("receive_sms_claim.json", {}),
    "receive_receipts": ("receive_receipts_email_delivered.json", {}),
}


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags: what only the deployment knows becomes None."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def variants(build: Path, work: Path, endpoint: str) -> Iterator[Variant]:
    """Yield boto3 alone, then each function in *build*; *work* holds what is prepared for them."""
    runtime = _packages(work / "runtime", _RUNTIME)
    boto3 = _packages(work / "boto3", _BOTO3)
    plain = ROOT / "tests/bench/peers"
    common = _common(endpoint)
    environment = {**common, "QUESTIONS_TABLE": "questions"}
    yield Variant(
        name=FLOOR,
        handler="plain.handler",
        folder=plain,
        path=(plain, boto3, runtime),
        environment=environment,
        event={},
    )
    template = yaml.load((build / "template.yaml").read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader
    functions = {k: v for k, v in template["Resources"].items() if v["Type"] == "AWS::Serverless::Function"}
    for logical_id, function in functions.items():
        handler: str = function["Properties"]["Handler"]
        name = handler.split(".")[1] if handler.startswith("functions.") else logical_id
        declared = function["Properties"].get("Environment", {}).get("Variables", {})
        folder, layer = build / logical_id, build / "SwitchboardLayer/python"
        path = (folder, layer, runtime)
        event = _event(name)
        variant = Variant(
            name=name,
            handler=handler,
            folder=folder,
            path=path,
            environment={**_values(_global(template), endpoint), **_values(declared, endpoint), **common},
            event=event,
        )
        yield variant
        if name == "receive_webhook" and folder.exists():
            yield _compiled(variant, work, layer)


def _compiled(shipped: Variant, work: Path, layer: Path) -> Variant:
    """Return *shipped* with bytecode made here: what is shipped must start as fast."""
    folder, packages = work / "compiled/function", work / "compiled/layer"
    for source, target in ((shipped.folder, folder), (layer, packages)):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        _compile(target)
    return Variant(
        name=COMPILED,
        handler=shipped.handler,
        folder=folder,
        path=(folder, packages, shipped.path[-1]),
        environment=shipped.environment,
        event=shipped.event,
    )


def _packages(target: Path, names: tuple[str, ...]) -> Path:
    """Copy packages out of this environment into *target*, compiled, so that nothing else comes along."""
    stamp = target / "from.txt"
    sources = [_origin(name) for name in names]
    wanted = "\n".join(f"{source} {source.stat().st_mtime_ns}" for source in sources)
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for source in sources:
            if source.is_dir():
                shutil.copytree(source, target / source.name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        _compile(target)
        stamp.write_text(wanted)
    return target


def _origin(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed; run make setup")
    return Path(spec.origin).parent if spec.submodule_search_locations else Path(spec.origin)


def _compile(folder: Path) -> None:
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(str(folder), quiet=2, force=True, invalidation_mode=mode)


def _common(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LAMBDA_TASK_ROOT": "/var/task",
        "PATH": "/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }


def _global(template: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = template.get("Globals", {}).get("Function", {}).get("Environment", {})
    declared: Mapping[str, Any] = found.get("Variables", {})
    return declared


def _values(declared: Mapping[str, Any], endpoint: str) -> dict[str, str]:
    known = {
        "GRAPH_URL": endpoint,
        "PLATFORM_URLS": "{}",
        "SCHEDULER_URLS": "{}",
        "PUBLIC_BASE_URL": "https://inbox.example.org/live",
        "SENDER_EMAIL": "switchboard@example.org",
        "CHANNEL_SECRETS_PREFIX": "bench/channels/",
        "CONTACT_SECRETS_PREFIX": "bench/contacts/",
        "SMS_PROVIDER": "sns",
        "SMS_ORIGINATION": "none",
        "SMS_REPLIES": "false",
    }
    return {
        name: value if isinstance(value, str) else known.get(name, name.lower().replace("_", "-"))
        for name, value in declared.items()
    }


def _event(name: str) -> Mapping[str, Any]:
    file, otherwise = _EVENTS.get(name, (f"{name}.json", _TIMER))
    path = ROOT / "events" / file
    event: Mapping[str, Any] = json.loads(path.read_text()) if path.exists() else otherwise
    return event


@cache
def config_document() -> bytes:
    """Return the automation config that the stub hands out."""
    from tests.fakes.hospital import DOCUMENT  # noqa: PLC0415 - pydantic, only when a bench runs

    channel = {"platform": "facebook", "account_id": "100200300400500"}
    document = DOCUMENT | {"channels": {"mercy-facebook": channel}}
    return json.dumps(document).encode()
