"""Buffer, by its GraphQL API and an API key.

https://developers.buffer.com

Every answer is HTTP 200; what went wrong stands in `errors`, or in the mutation's own type. An edit that leaves out the
assets and the metadata keeps them. 100 requests in 15 minutes: what stands in the headers says when to come back.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from switchboard.domain.outside import Abilities, Media, Outside, Pausing, outside_id
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of
from switchboard.schedulers.calling import Caller, bearer, listed, moment_in, payload_of, stamp, the_one, told_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import httpx

    from switchboard.platforms.http import Reply
    from switchboard.ports import MediaFile, SchedulerAccount, SchedulerSecrets

MOST_PAGES = 40
_PAGE = 100
_POST = """id text status dueAt sentAt createdAt updatedAt channelId schedulingType shareMode externalLink
 allowedActions assets { __typename source mimeType }"""
_LIST = f"""query Posts($input: PostsInput!, $first: Int, $after: String) {{
 posts(input: $input, first: $first, after: $after) {{
 edges {{ node {{ {_POST} }} }} pageInfo {{ hasNextPage endCursor }} }}
}}"""
_READ = f"query Post($input: PostInput!) {{ post(input: $input) {{ {_POST} }} }}"
_EDIT = """mutation Edit($input: EditPostInput!) { editPost(input: $input) {
 __typename ... on PostActionSuccess { post { id status dueAt } } ... on MutationError { message } } }"""
_DELETE = """mutation Delete($input: DeletePostInput!) { deletePost(input: $input) {
 __typename ... on MutationError { message } } }"""
_STATES = {
    "scheduled": PostState.SCHEDULED,
    "sending": PostState.PUBLISHING,
    "sent": PostState.PUBLISHED,
    "draft": PostState.DRAFT,
    "needs_approval": PostState.DRAFT,
    "error": PostState.FAILED,
}
_NOT_FOUND = 404
_DEAD = {"UNAUTHORIZED", "UNAUTHENTICATED", "FORBIDDEN"}


def opened(
    account: SchedulerAccount,
    secrets: SchedulerSecrets,
    *,
    url: str = "https://api.buffer.com",
    transport: httpx.BaseTransport | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Buffer:
    """Return the organisation of *account*."""
    return Buffer(
        Caller(
            account,
            secrets,
            name="Buffer",
            headers=bearer(account),
            url=url,
            meaning=_meaning,
            transport=transport,
            clock=clock,
        )
    )


class Buffer:
    """`ports.Scheduler` for one organisation."""

    abilities = Abilities(pausing=(Pausing.NATIVE,))

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def posts(self, *, start: datetime, end: datetime) -> Sequence[Post]:
        """Return scheduled and sent posts with a time in [*start*, *end*)."""
        account = self._caller.account
        wanted = {
            "status": ["scheduled", "sent"],
            "dueAt": {"start": stamp(start), "end": stamp(end)},
            **({"channelIds": sorted(account.profiles)} if account.profiles else {}),
        }
        asked: dict[str, Any] = {"input": {"organizationId": account.account_id, "filter": wanted}, "first": _PAGE}
        found: list[Post] = []
        for _ in range(MOST_PAGES):
            page = dict_of(self._ask(_LIST, asked).get("posts"))
            found += [self._post(dict_of(edge.get("node"))) for edge in listed(page.get("edges"), "Buffer")]
            told = dict_of(page.get("pageInfo"))
            if not told.get("hasNextPage") or not told.get("endCursor"):
                break
            asked["after"] = told["endCursor"]
        return [post for post in found if start <= post.publish_at < end]

    def read(self, external_id: str) -> Post | None:
        """Return the post, or None when it is not there."""
        try:
            entry = dict_of(self._ask(_READ, {"input": {"id": external_id}}).get("post"))
        except Rejected as refusal:
            if refusal.reason == "deleted":
                return None
            raise
        return self._post(the_one(entry, external_id, "Buffer"))

    def pause(self, post: Post, how: Pausing, *, parked_until: datetime) -> None:
        """Save it as a draft, with its words; what is left out stays as it was."""
        self._edit(post, {"text": post.text, "saveToDraft": True})

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Sequence[MediaFile]) -> str:
        """Schedule it for *due_at*; its words are sent only if they were edited here."""
        told = told_in(post)
        change: dict[str, Any] = {"mode": "customScheduled", "dueAt": stamp(due_at), "saveToDraft": False}
        if post.text != str(told.get("text") or ""):
            change["text"] = post.text
        return self._edit(post, change)

    def remove(self, external_id: str) -> None:
        """Delete it."""
        self._change(_DELETE, "deletePost", {"id": external_id})

    def media_of(self, post: Post) -> Sequence[MediaFile]:
        """A draft keeps its media."""
        return ()

    def _edit(self, post: Post, change: Mapping[str, Any]) -> str:
        external_id = post.outside.external_id if post.outside is not None else ""
        kind = told_in(post).get("schedulingType")
        self._change(_EDIT, "editPost", {"id": external_id, **({"schedulingType": kind} if kind else {}), **change})
        return external_id

    def _ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        try:
            reply = self._caller.send("POST", "/", body={"query": query, "variables": dict(variables)})
        except OutcomeUnknown as exc:
            raise Unavailable("Buffer did not answer") from exc
        return dict_of(dict_of(reply.json).get("data"))

    def _change(self, mutation: str, name: str, given: Mapping[str, Any]) -> None:
        reply = self._caller.send("POST", "/", body={"query": mutation, "variables": {"input": dict(given)}})
        done = dict_of(dict_of(dict_of(reply.json).get("data")).get(name))
        kind = str(done.get("__typename") or "")
        if kind.endswith("Success"):
            return
        if kind == "NotFoundError":
            raise Rejected("Buffer says that it is not there any more.", reason="deleted")
        if kind in {"UnexpectedError", ""}:
            raise OutcomeUnknown("Buffer does not say whether it was done")
        raise Rejected(f"Buffer does not take it ({kind}).", reason="refused")

    def _post(self, entry: Mapping[str, Any]) -> Post:
        account = self._caller.account
        external_id, profile = id_of(entry.get("id")), id_of(entry.get("channelId"))
        state = _STATES.get(str(entry.get("status")), PostState.UNKNOWN)
        may = list_of(entry.get("allowedActions"))
        due = moment_in(entry.get("sentAt") if state is PostState.PUBLISHED else None) or moment_in(entry.get("dueAt"))
        return Post(
            post_id=outside_id(account.name, external_id),
            channel=account.channel_of(profile),
            text=str(entry.get("text") or ""),
            publish_at=due or self._caller.clock(),
            state=state,
            created_at=moment_in(entry.get("createdAt")),
            reviewed_at=moment_in(entry.get("updatedAt")),
            outside=Outside(
                scheduler=account.name,
                external_id=external_id,
                profile=profile,
                payload=payload_of(entry),
                media=tuple(
                    Media(url=str(one.get("source") or ""), media_type=str(one.get("mimeType") or ""))
                    for one in map(dict_of, list_of(entry.get("assets")))
                ),
                link=str(entry.get("externalLink") or "")[:2000],
                cannot_pause=""
                if state is not PostState.SCHEDULED or "movePostToDraft" in may
                else "Buffer does not let this account move the post to its drafts; do it there by hand.",
            ),
        )


def _meaning(reply: Reply) -> SwitchboardError | None:
    """Return what `errors` in an answer mean; their words are not kept."""
    told = [dict_of(one) for one in list_of(dict_of(reply.json).get("errors"))]
    codes = {str(dict_of(one.get("extensions")).get("code") or "UNKNOWN") for one in told}
    if not codes:
        nowhere = reply.status == _NOT_FOUND
        return Misconfigured("Buffer's API is not at its address; look at SchedulerUrls") if nowhere else None
    if codes & _DEAD:
        return Misconfigured("Buffer does not take the API key, or it lacks a permission; make a new one")
    if "RATE_LIMIT_EXCEEDED" in codes:
        waits = [dict_of(dict_of(one.get("extensions"))).get("retryAfter") for one in told]
        seconds = [float(wait) for wait in waits if isinstance(wait, int | float)]
        return Unavailable("Buffer asks to wait", retry_after=max(seconds, default=60.0))
    if "NOT_FOUND" in codes:
        return Rejected("Buffer says that it is not there any more.", reason="deleted")
    if "INTERNAL_SERVER_ERROR" in codes or "UNEXPECTED" in codes:
        return OutcomeUnknown("Buffer does not say whether it was done")
    return Rejected(f"Buffer does not take it ({', '.join(sorted(codes))[:80]}).", reason="refused")
