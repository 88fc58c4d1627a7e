"""What a cloud engineer does once after a deploy: the channels' credentials, the sender's address, the config.

`python -m local.credentials` does it for the stack of `make up`, with the demo's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from local.stack import SENDER, Stack
from simulators.schedulers.postiz import PostizSimulator

ROOT = Path(__file__).parents[1]
FACEBOOK_SECRET = "demo-app-secret"  # noqa: S105 - the demo's own, on loopback
VERIFY_TOKEN = "demo-verify-token"  # noqa: S105
FORM_SECRET = "whsec_" + "ZGVtby1mb3JtLXNlY3JldC0xMjM0NTY3OA=="


class CommandFailed(Exception):
    """The command line tool said no; the message is its own."""


def give(
    stack: Stack, *, config: str = "config/demo.yaml", mastodon: str = "", token: str = "", planner: str = ""
) -> None:
    """Make a fresh stack ready for its first question.

    *mastodon* is the address of an account's server, *planner* that of the scheduler; *token* is Mastodon's.
    """
    stack.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    facebook = {
        "signing_secrets": [FACEBOOK_SECRET],
        "verify_token": VERIFY_TOKEN,
        "access_token": "demo-page-token",
    }
    website = {"signing_secrets": [FORM_SECRET], "verify_token": "", "access_token": ""}
    for name, secret in ((stack.secrets["facebook"], facebook), (stack.secrets["web_form"], website)):
        stack.client("secretsmanager").put_secret_value(SecretId=name, SecretString=json.dumps(secret))
    further = {"whatsapp": {"signing_secrets": [FACEBOOK_SECRET], "verify_token": VERIFY_TOKEN}}
    if mastodon:
        further["mastodon"] = {"server": mastodon, "access_token": token}
    for channel, secret in further.items():
        name = f"{stack.stack_name}/channels/{channel}"
        stack.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(secret))
    if planner:
        secret = {"server": planner, "token": PostizSimulator.token}
        name = f"{stack.stack_name}/schedulers/planner"
        stack.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(secret))
    switchboard("config", "push", config, "--wait")


def switchboard(*arguments: str) -> str:
    """Run the command line tool as an admin would and return what it printed; raise CommandFailed if it fails."""
    command = [str(Path(sys.executable).with_name("switchboard")), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise CommandFailed(f"switchboard {' '.join(arguments)}: {done.stderr or done.stdout}")
    return done.stdout


def main() -> int:
    """Give the running stack the demo's; return the exit code."""
    stack = Stack.load()
    if not stack:
        print("nothing is running; make up starts it", file=sys.stderr)
        return 1
    try:
        give(stack)
    except CommandFailed as failure:
        print(f"✗ {failure}", file=sys.stderr)
        return 1
    print("the channels have the demo's secrets, and config/demo.yaml is in force")
    return 0


if __name__ == "__main__":
    sys.exit(main())
