"""Buffer, by its GraphQL API and an API key.

https://developers.buffer.com

Every answer is HTTP 200 but that of a limit; what went wrong stands in `errors`, or in the mutation's own type. An edit
must say when the post is due and how it is published, and keeps the assets that it leaves out; of the metadata it sends
again what the network asks for. 100 requests in 15 minutes.
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
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import httpx

    from switchboard.platforms.http import Reply
    from switchboard.ports import MediaFile, SchedulerAccount, SchedulerSecrets

MOST_PAGES = 40
_WAIT = 300.0
_PAGE = 100
_POST = """id text status dueAt sentAt createdAt updatedAt channelId schedulingType shareMode externalLink
 allowedActions assets { __typename source mimeType }
 metadata { __typename ... on FacebookPostMetadata { type firstComment }
 ... on InstagramPostMetadata { type firstComment shouldShareToFeed } ... on LinkedInPostMetadata { firstComment } }"""
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
    "sending": PostState.PUBLISHED,
    "sent": PostState.PUBLISHED,
    "draft": PostState.DRAFT,
    "needs_approval": PostState.DRAFT,
    "error": PostState.FAILED,
}
_NOT_FOUND, _TOO_MANY = 404, 429
_NETWORKS = {
    "FacebookPostMetadata": "facebook",
    "InstagramPostMetadata": "instagram",
    "LinkedInPostMetadata": "linkedin",
}
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
                return [post for post in found if start <= post.publish_at < end]
            asked["after"] = told["endCursor"]
        raise Unavailable("Buffer has too many posts to look through")

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
        self._edit(post, {"text": post.text, "dueAt": stamp(post.publish_at), "saveToDraft": True})

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        """Schedule it for *due_at*, with its words."""
        return self._edit(post, {"text": post.text, "dueAt": stamp(due_at), "saveToDraft": False})

    def remove(self, external_id: str) -> None:
        """Delete it."""
        self._change(_DELETE, "deletePost", {"id": external_id})

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        """A draft keeps its media."""
        return ()

    def _edit(self, post: Post, change: Mapping[str, Any]) -> str:
        external_id = post.outside.external_id if post.outside is not None else ""
        told = told_in(post)
        asked = {
            "id": external_id,
            "mode": "customScheduled",
            "schedulingType": told.get("schedulingType") or "automatic",
        }
        metadata = _metadata(dict_of(told.get("metadata")))
        self._change(_EDIT, "editPost", {**asked, **({"metadata": metadata} if metadata else {}), **change})
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


def _metadata(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the network of a post asks for with each edit, as it was told; nothing for the others."""
    network = _NETWORKS.get(str(told.get("__typename")))
    fields = {name: value for name, value in told.items() if name != "__typename" and value is not None}
    return {network: fields} if network and fields else {}


def _meaning(reply: Reply) -> SwitchboardError | None:
    """Return what `errors` in an answer mean; their words are not kept. HTTP 429 says when to come back itself."""
    if reply.status == _TOO_MANY:
        return None
    told = [dict_of(one) for one in list_of(dict_of(reply.json).get("errors"))]
    codes = {str(dict_of(one.get("extensions")).get("code") or "UNKNOWN") for one in told}
    if not codes:
        nowhere = reply.status == _NOT_FOUND
        return Misconfigured("Buffer's API is not at its address; look at SchedulerUrls") if nowhere else None
    if codes & _DEAD:
        return Misconfigured("Buffer does not take the API key, or it lacks a permission; make a new one")
    if "RATE_LIMIT_EXCEEDED" in codes:
        return Unavailable("Buffer asks to wait", retry_after=_WAIT)
    if "NOT_FOUND" in codes:
        return Rejected("Buffer says that it is not there any more.", reason="deleted")
    if "INTERNAL_SERVER_ERROR" in codes or "UNEXPECTED" in codes:
        return OutcomeUnknown("Buffer does not say whether it was done")
    return Rejected(f"Buffer does not take it ({', '.join(sorted(codes))[:80]}).", reason="refused")
