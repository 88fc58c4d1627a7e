"""An AWS that answers at once: enough of each service for the functions to go their usual way.

Runs in a process of its own, keeps connections alive, and counts: `GET /_calls` returns the operations since the last
time, and puts the Questions table back as it was. `python -m tests.bench.aws_stub CONFIG` prints its port; CONFIG is
the automation config, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from tests.bench.samples import CONVERSATION, SECRET

_NAMES = ("BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "TransactWriteItems")
_OPERATIONS = {name.lower(): name for name in (*_NAMES, "UpdateItem")}


class Stub:
    """The services behind one port."""

    def __init__(self, config: bytes) -> None:
        self._config = config
        self._calls: list[str] = []
        self._items: dict[tuple[str, str], dict[str, Any]] = {}
        self._forget()

    def answer(self, head: str, body: bytes) -> bytes:
        """Return the whole HTTP response."""
        method, path, _ = head.split(" ", 2)
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        if path == "/_calls":
            calls, self._calls = self._calls, []
            self._forget()
            return _response(json.dumps(calls).encode())
        operation, response = self._operation(method, path, headers, body)
        self._calls.append(operation)
        return response

    def _forget(self) -> None:
        self._items = {}
        for item in CONVERSATION:
            self._put(item)

    def _operation(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[str, bytes]:
        target = headers.get("x-amz-target", "")
        if target.startswith("dynamodb_"):
            return self._dynamodb(target.partition(".")[2], body)
        if target == "secretsmanager.getsecretvalue":
            return "secretsmanager:GetSecretValue", _response(json.dumps({"SecretString": SECRET}).encode())
        if path.startswith("/configurationsessions"):
            return "appconfig:Start", _response(b'{"InitialConfigurationToken":"t0"}', status="201 Created")
        if path.startswith("/configuration"):
            more = "Next-Poll-Configuration-Token: t1\r\nNext-Poll-Interval-In-Seconds: 60\r\n"
            return "appconfig:GetLatest", _response(self._config, more=more)
        if path.startswith("/v2/email"):
            return "ses:SendEmail", _response(b'{"MessageId":"e1"}')
        if b"Action=Publish" in body:
            xml = (
                b'<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>'
                b"<MessageId>s1</MessageId></PublishResult></PublishResponse>"
            )
            return "sns:Publish", _response(xml, kind="text/xml")
        if b"Action=ListPhoneNumbersOptedOut" in body:
            xml = (
                b'<ListPhoneNumbersOptedOutResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">'
                b"<ListPhoneNumbersOptedOutResult><phoneNumbers/></ListPhoneNumbersOptedOutResult>"
                b"</ListPhoneNumbersOptedOutResponse>"
            )
            return "sns:List", _response(xml, kind="text/xml")
        return f"{method} {path.partition('?')[0]}", _response(b'{"id":"100_1","data":[]}')

    def _dynamodb(self, operation: str, body: bytes) -> tuple[str, bytes]:
        name, asked = _OPERATIONS.get(operation, operation), json.loads(body)
        answer: dict[str, Any] = {}
        match name:
            case "PutItem":
                self._put(asked["Item"])
            case "TransactWriteItems":
                for write in asked["TransactItems"]:
                    self._put(write.get("Put", {}).get("Item", {}))
            case "Query":
                items = [] if "IndexName" in asked else self._partition(asked["ExpressionAttributeValues"])
                answer = {"Items": items, "Count": len(items), "ScannedCount": len(items)}
            case "BatchGetItem":
                answer = {
                    "Responses": {table: self._each(keys["Keys"]) for table, keys in asked["RequestItems"].items()}
                }
            case "UpdateItem":
                answer = {"Attributes": {"amount": {"N": "1"}}}
            case "Scan":
                answer = {"Items": [], "Count": 0, "ScannedCount": 0}
        return f"dynamodb:{name}", _response(json.dumps(answer).encode())

    def _put(self, item: dict[str, Any]) -> None:
        if "question_id" in item and "item" in item:
            self._items[item["question_id"]["S"], item["item"]["S"]] = item

    def _each(self, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
        wanted = [(key.get("question_id", {}).get("S", ""), key.get("item", {}).get("S", "")) for key in keys]
        return [self._items[one] for one in wanted if one in self._items]

    def _partition(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        wanted = {value.get("S") for value in values.values()}
        return [item for (question_id, _), item in sorted(self._items.items()) if question_id in wanted]


def _response(
    body: bytes, *, status: str = "200 OK", kind: str = "application/x-amz-json-1.0", more: str = ""
) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nx-amzn-RequestId: r\r\n{more}\r\n"
    )
    return head.encode() + body


async def _serve(stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = next((line[15:] for line in head.split("\r\n") if line.lower().startswith("content-length:")), "0")
            if "expect: 100-continue" in head.lower():
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            writer.write(stub.answer(head, await reader.readexactly(int(length))))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(config: bytes) -> None:
    """Serve until killed."""
    stub = Stub(config)
    server = await asyncio.start_server(lambda reader, writer: _serve(stub, reader, writer), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the parent reads it
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_bytes()))
