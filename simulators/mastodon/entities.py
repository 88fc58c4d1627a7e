"""Objects as the server spells them.

https://docs.joinmastodon.org/entities/Status/ and its neighbours; GoToSocial has fields of its own and lacks others.
"""

import html
import re
from datetime import datetime

from simulators.mastodon.objects import Account, Notification, Scheduled, Status
from simulators.mastodon.wire import Json
from simulators.mastodon.world import World

_WORD = re.compile(r"@([A-Za-z0-9_]+)|(https?://)(\S+)")
_PICTURE = "https://social.example.org/avatars/missing.png"


def account_entity(world: World, address: str, account: Account) -> Json:
    """Give an account."""
    entity: Json = {
        "id": account.id,
        "username": account.username,
        "acct": account.username,
        "display_name": account.display_name,
        "locked": False,
        "discoverable": True,
        "bot": False,
        "group": False,
        "created_at": "2025-03-01T00:00:00.000Z",
        "note": "",
        "url": f"{address}/@{account.username}",
        "avatar": _PICTURE,
        "avatar_static": _PICTURE,
        "header": _PICTURE,
        "header_static": _PICTURE,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": len(world.by(account.id)),
        "last_status_at": None,
        "emojis": [],
        "fields": [],
    }
    if world.kind.name == "mastodon":
        return entity | {"uri": f"{address}/users/{account.username}", "indexable": False, "noindex": False}
    described = {"avatar_description": "A drawing of a sloth.", "header_description": "A flat gray field."}
    return entity | described


def credential_entity(world: World, address: str) -> Json:
    """Give our own account, as only we see it."""
    source: Json = {
        "privacy": "public",
        "sensitive": False,
        "language": "en",
        "note": "",
        "fields": [],
        "follow_requests_count": 0,
        "indexable": False,
        "hide_collections": False,
        "discoverable": True,
    }
    role = {"id": "-99", "name": "", "permissions": "0", "color": "", "highlighted": False}
    return account_entity(world, address, world.us) | {"source": source, "role": role}


def status_entity(world: World, address: str, status: Status) -> Json:
    """Give a status as it reads now."""
    parent = world.statuses.get(status.in_reply_to_id or "")
    entity: Json = {
        "id": status.id,
        "created_at": moment(status.created_at),
        "edited_at": moment(status.edited_at) if status.edited_at else None,
        "in_reply_to_id": status.in_reply_to_id,
        "in_reply_to_account_id": parent.account.id if parent else None,
        "sensitive": bool(status.spoiler_text),
        "spoiler_text": status.spoiler_text,
        "visibility": status.visibility,
        "language": "en",
        "uri": f"{address}/users/{status.account.username}/statuses/{status.id}",
        "url": f"{address}/@{status.account.username}/{status.id}",
        "replies_count": sum(other.in_reply_to_id == status.id for other in world.statuses.values()),
        "reblogs_count": int(status.id in world.boosted),
        "favourites_count": 0,
        "favourited": False,
        "reblogged": status.id in world.boosted,
        "muted": False,
        "bookmarked": False,
        "content": content(world, address, status),
        "reblog": None,
        "application": {"name": world.application.name, "website": None} if status.by_api else None,
        "account": account_entity(world, address, status.account),
        "media_attachments": [_medium(status, number, kind) for number, kind in enumerate(status.media)],
        "mentions": [
            {"id": who.id, "username": who.username, "url": f"{address}/@{who.username}", "acct": who.username}
            for who in status.mentioned
        ],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": _poll(status) if status.poll else None,
    }
    if world.kind.name == "gotosocial":
        rule = {"automatic_approval": ["public", "me"], "manual_approval": [], "always": ["public", "me"]}
        policy = {f"can_{verb}": rule | {"with_approval": []} for verb in ("favourite", "reblog", "reply")}
        return entity | {
            "pinned": False,
            "text": status.text,
            "content_type": "text/plain",
            "interaction_policy": policy,
        }
    return entity | {"quotes_count": 0}


def notification_entity(world: World, address: str, told: Notification) -> Json:
    """Give a notification, with its status as it reads now."""
    entity: Json = {
        "id": told.id,
        "type": told.type,
        "created_at": moment(told.created_at),
        "account": account_entity(world, address, told.account),
    }
    if told.status_id is not None:
        entity["status"] = status_entity(world, address, world.statuses[told.status_id])
    if world.kind.name == "mastodon":
        return entity | {"group_key": f"ungrouped-{told.id}"}
    return entity | {"created_at": moment(told.created_at.replace(microsecond=0))}


def scheduled_entity(world: World, scheduled: Scheduled) -> Json:
    """Give a status that is published later."""
    params: Json = {"text": scheduled.text, "visibility": scheduled.visibility, "language": "en", "scheduled_at": None}
    if world.kind.name == "mastodon":
        parent = int(scheduled.in_reply_to_id) if scheduled.in_reply_to_id else None
        params |= {
            "application_id": 1,
            "with_rate_limit": False,
            "idempotency": None,
            "in_reply_to_id": parent,
            "media_ids": None,
            "poll": None,
            "sensitive": None,
            "spoiler_text": None,
        }
    return {
        "id": scheduled.id,
        "scheduled_at": moment(scheduled.scheduled_at),
        "params": params,
        "media_attachments": [],
    }


def moment(when: datetime) -> str:
    """Give a time as the server writes it: UTC, with milliseconds."""
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


def content(world: World, address: str, status: Status) -> str:
    """Give the HTML of a status: paragraphs, line breaks, handles and links of accounts that are known."""
    known = {account.username for account in world.accounts.values()}

    def word(found: re.Match[str]) -> str:
        if found[1]:
            if found[1] not in known:
                return found[0]
            link = f'<a href="{address}/@{found[1]}" class="u-url mention" rel="nofollow">@<span>{found[1]}</span></a>'
            return f'<span class="h-card">{link}</span>'
        shown = f'<span class="invisible">{found[2]}</span>{found[3]}' if world.kind.name == "mastodon" else found[0]
        return f'<a href="{found[0]}" rel="nofollow noopener">{shown}</a>'

    paragraphs = html.escape(status.text, quote=False).split("\n\n")
    lines = (_WORD.sub(word, paragraph).replace("\n", "<br />") for paragraph in paragraphs)
    return "".join(f"<p>{line}</p>" for line in lines)


def _medium(status: Status, number: int, kind: str) -> Json:
    address = f"https://social.example.org/media/{status.id}/{number}"
    return {
        "id": f"{status.id}{number}",
        "type": kind,
        "url": address,
        "preview_url": address,
        "remote_url": None,
        "meta": {},
        "description": None,
        "blurhash": None,
    }


def _poll(status: Status) -> Json:
    return {
        "id": status.id,
        "expires_at": None,
        "expired": False,
        "multiple": False,
        "votes_count": 0,
        "voters_count": 0,
        "voted": False,
        "own_votes": [],
        "options": [{"title": title, "votes_count": 0} for title in status.poll],
        "emojis": [],
    }
