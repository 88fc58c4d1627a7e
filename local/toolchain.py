"""Where the tools are that `make setup` installs, and what this machine is in Lambda's words."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".local"
UV_PYTHON = TOOLS / "uv" / "bin" / "python"
SAM = TOOLS / "tools" / "sam" / "bin" / "sam"
MINISTACK = TOOLS / "tools" / "ministack" / "bin" / "ministack"
MINISTACK_PYTHON = MINISTACK.with_name("python")

# Whatever changes what is built or deployed.
_INPUTS = (
    "template.yaml",
    "samconfig.toml",
    "config/automation.validator.json",
    "functions",
    "layers",
    "local/locks/ministack.txt",
)
_NOT_SHIPPED = frozenset({"__pycache__"})


def runtime() -> str:
    """Return the runtime to build for ("python3.11"): that of the embedded AWS, which runs every Lambda itself."""
    ask = [str(MINISTACK_PYTHON), "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"]
    return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our own tool


def architecture() -> str:
    """Return this machine's processor as Lambda names it."""
    machine = platform.machine()
    return {"aarch64": "arm64", "arm64": "arm64"}.get(machine, "x86_64")


def environment(**more: str) -> dict[str, str]:
    """Return a clean environment for a tool, plus *more*: nothing of a virtual environment or an AWS profile leaks in.

    What the embedded AWS has in its environment, every Lambda has.
    """
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy", "NO_PROXY")
    clean = {name: os.environ[name] for name in kept if name in os.environ}
    own = str(ROOT / ".venv" / "bin")
    path = [folder for folder in clean.get("PATH", os.defpath).split(os.pathsep) if folder != own]
    return {**clean, "PATH": os.pathsep.join(path), **more}


def build_environment() -> dict[str, str]:
    """Return the environment in which `sam build` builds for this machine, with a cache for the dependencies."""
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return environment(
        **pip,
        SAM_CLI_TELEMETRY="0",
        SWITCHBOARD_RUNTIME=runtime(),
        SWITCHBOARD_ARCHITECTURE=architecture(),
        SWITCHBOARD_PYTHON=str(MINISTACK_PYTHON),
        SWITCHBOARD_PIP=f"{UV_PYTHON} -m pip",
        SWITCHBOARD_BUILD_CACHE=str(TOOLS / "cache"),
    )


def inputs_digest() -> str:
    """Return a digest of everything that is built or deployed."""
    digest = hashlib.sha256()
    for name in _INPUTS:
        top = ROOT / name
        files = sorted(top.rglob("*")) if top.is_dir() else [top]
        for file in files:
            if file.is_file() and not _NOT_SHIPPED.intersection(file.parts):
                digest.update(f"{file.relative_to(ROOT)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
