"""`switchboard audit`: what waits and no sweep would see, by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import FAILED, AsJson, BadInput, print_json, print_table, say

if TYPE_CHECKING:
    from switchboard.domain.audit import Defect
    from switchboard.verbs.audit import Audit


def audit(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Make due at once whatever can be repaired.")] = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Look through all questions for what waits and nobody would be rung for.

    Reads the whole table; changes nothing without --repair. Exits 1 if something was found and not repaired.
    """
    found = _audit(Stack.find(stack, region, endpoint_url), repair=repair)
    rows = [
        *((one, "repaired") for one in found.repaired),
        *((one, "found") for one in found.left),
        *((one, "overdue") for one in found.late),
    ]
    if as_json:
        print_json([_row(one, state) for one, state in rows])
    else:
        table = ((one.ref, one.flaw, state, one.reason, one.partition) for one, state in rows)
        print_table(
            ("ref", "flaw", "", "reason", "question_id"), table, empty="everything that waits has a next action"
        )
    if any(one.repair is not None for one in found.left):
        say("switchboard: nothing was repaired; to do it: switchboard audit --repair")
    for failure in found.failures:
        say(f"switchboard: one question could not be audited: {type(failure).__name__}")
    if found.left or found.late or found.failures:
        raise typer.Exit(FAILED)


def _audit(stack: Stack, *, repair: bool) -> Audit:
    from switchboard.adapters.audit import DynamoAudit  # noqa: PLC0415 - starts slowly
    from switchboard.adapters.pagers import DynamoPagers  # noqa: PLC0415
    from switchboard.adapters.questions import DynamoQuestions  # noqa: PLC0415
    from switchboard.config import check  # noqa: PLC0415
    from switchboard.verbs.audit import Auditor  # noqa: PLC0415
    from switchboard_cli.config_push import in_force  # noqa: PLC0415

    config, problems = check(in_force(stack))
    if config is None:
        raise BadInput(f"the config in force is not valid any more ({len(problems)} problems); push it again")
    client, table = stack.client("dynamodb"), stack.tables["questions"]
    auditor = Auditor(
        table=DynamoAudit(client, table),
        questions=DynamoQuestions(client, table),
        pagers=DynamoPagers(client, table),
        config=config,
        now=datetime.now(UTC),
        repair=repair,
    )
    return auditor.run()


def _row(defect: Defect, state: str) -> dict[str, str]:
    return {
        "ref": defect.ref,
        "question_id": defect.partition,
        "item": defect.item,
        "flaw": defect.flaw.value,
        "state": state,
        "reason": defect.reason,
    }
