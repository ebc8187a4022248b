"""Telegram's rights and permissions by name, and how what somebody may do is kept until it is given back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# What administrators may, as Telegram's apps call it.
BAN, DELETE, TOPICS = "can_restrict_members", "can_delete_messages", "can_manage_topics"
RIGHTS = {BAN: "Ban users", DELETE: "Delete messages", TOPICS: "Manage topics"}

# `ChatPermissions`: what everybody else may. A lock takes the first group away, a timeout all of them.
WRITING = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_manage_topics",
)
PERMISSIONS = (
    *WRITING,
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
)

_ALLOWED, _LIMITED, _UNTIL = "allowed", "limited", "limited_until"
_SOON = 60  # seconds; a limit that ends sooner is as good as over, and Telegram would take it for one without end


def present(member: Json) -> bool:
    """Whether a `ChatMember` is in the chat now."""
    status = member["status"]
    return bool(member.get("is_member")) if status == "restricted" else status not in ("left", "kicked")


def muted(member: Json) -> bool:
    """Whether a `ChatMember` is kept from writing, beyond what holds for everybody."""
    return member["status"] == "restricted" and not any(member.get(name) for name in WRITING)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an administrator left to one person: the permissions granted, until when (Unix time, 0: without end)."""

    granted: frozenset[str]
    until: int

    @property
    def permissions(self) -> Json:
        """As `restrictChatMember` takes them."""
        return {name: name in self.granted for name in PERMISSIONS}

    @property
    def silence(self) -> bool:
        """Whether they leave nothing to write: a timeout."""
        return self.granted.isdisjoint(WRITING)

    def running(self, now: int) -> bool:
        """Whether they still hold at `now` (ms since epoch)."""
        return not self.until or self.until > now // 1000 + _SOON


def limits(member: Json) -> Limits | None:
    """Those of a `ChatMember`; None if there are none."""
    if member["status"] != "restricted":
        return None
    return Limits(frozenset(name for name in PERMISSIONS if member.get(name)), int(member.get("until_date") or 0))


def keep_limits(found: Limits | None) -> dict[str, str]:
    """As `Act.before`."""
    return {_LIMITED: " ".join(sorted(found.granted)), _UNTIL: str(found.until)} if found else {}


def kept_limits(before: Mapping[str, str]) -> Limits | None:
    """What `keep_limits` kept."""
    if _LIMITED not in before:
        return None
    return Limits(frozenset(before[_LIMITED].split()), int(before.get(_UNTIL) or 0))


def keep_writing(permissions: Json) -> dict[str, str]:
    """What a lock will take away, as `Act.before`."""
    return {_ALLOWED: " ".join(name for name in WRITING if permissions.get(name))}


def kept_writing(before: Mapping[str, str]) -> Json | None:
    """The permissions that `keep_writing` kept; None if nothing was kept."""
    if _ALLOWED not in before:
        return None
    granted = before[_ALLOWED].split()
    return {name: name in granted for name in WRITING}
