"""Who may approve a post: whom the config names for its category, and never its author."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Post


def needs_approval(post: Post, config: AutomationConfig) -> bool:
    """Return whether the category of *post* asks for it."""
    return post.category is not None and post.category in config.posts.approvals


def may_go_out(post: Post, config: AutomationConfig) -> bool:
    """Return whether *post* needs no approval, or has that of somebody who may give it, and who did not write it."""
    if not needs_approval(post, config):
        return True
    return post.approved_by is not None and may_approve(post, post.approved_by, config)


def may_approve(post: Post, staff_id: str, config: AutomationConfig) -> bool:
    """Return whether *staff_id* may approve *post*."""
    approvers = config.posts.approvals.get(post.category or "", ())
    return staff_id in approvers and staff_id in config.staff and staff_id != post.author


def approvers_of(post: Post, config: AutomationConfig) -> tuple[str, ...]:
    """Return who may approve *post*."""
    known = config.posts.approvals.get(post.category or "", ())
    return tuple(one for one in known if may_approve(post, one, config))
