"""What the server says of itself, in the old way and the new.

https://docs.joinmastodon.org/entities/Instance/ and https://docs.joinmastodon.org/entities/V1_Instance/
"""

from simulators.mastodon.wire import Json
from simulators.mastodon.world import World

_MEDIA = {
    "supported_mime_types": ["image/png"],
    "image_size_limit": 10_485_760,
    "image_matrix_limit": 16_777_216,
    "video_size_limit": 41_943_040,
    "video_frame_rate_limit": 60,
    "video_matrix_limit": 2_304_000,
}
_POLLS = {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746}
_STATUSES = {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23}


def instance_entity(world: World, address: str) -> Json:
    """Give the answer of /api/v2/instance."""
    return {
        "domain": address.partition("://")[2],
        "title": "A simulated server",
        "version": world.kind.version,
        "source_url": "https://social.example.org/source",
        "description": "",
        "usage": {"users": {"active_month": 1}},
        "thumbnail": {"url": "https://social.example.org/thumbnail.png"},
        "icon": [],
        "languages": ["en"],
        "configuration": {
            "urls": {},
            "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
            "statuses": _STATUSES,
            "media_attachments": _MEDIA | {"description_limit": 1500},
            "polls": _POLLS,
            "translation": {"enabled": False},
        },
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "api_versions": {"mastodon": 7},
        "contact": {"email": "admin@social.example.org", "account": None},
        "rules": [],
    }


def old_instance_entity(world: World, address: str) -> Json:
    """Give the answer of /api/v1/instance."""
    return {
        "uri": address.partition("://")[2],
        "title": "A simulated server",
        "short_description": "",
        "description": "",
        "email": "admin@social.example.org",
        "version": world.kind.version,
        "urls": {"streaming_api": "wss://social.example.org"},
        "stats": {"user_count": len(world.accounts), "status_count": len(world.statuses), "domain_count": 1},
        "thumbnail": None,
        "languages": ["en"],
        "registrations": False,
        "approval_required": False,
        "invites_enabled": False,
        "configuration": {
            "accounts": {"max_featured_tags": 10},
            "statuses": _STATUSES,
            "media_attachments": _MEDIA,
            "polls": _POLLS,
        },
        "contact_account": None,
        "rules": [],
    }
