"""What the app asks for in a workspace, and why: shown at installation, and named when it is missing."""

from __future__ import annotations

# scope: what the bot cannot do without it
REASONS: dict[str, str] = {
    "app_mentions:read": "it does not hear when somebody mentions it",
    "assistant:write": "it cannot show that it is thinking",
    "channels:history": "it does not hear what is said in public channels",
    "channels:manage": "it cannot remove anybody from public channels when a moderator decides it",
    "channels:read": "it does not know what public channels are called",
    "chat:write": "it cannot answer",
    "commands": "it has no slash commands and no shortcuts",
    "files:read": "it cannot read files that people send",
    "files:write": "it cannot send files and pictures",
    "groups:history": "it does not hear what is said in private channels",
    "groups:read": "it does not know what private channels are called and who reads along there",
    "groups:write": "it cannot remove anybody from private channels when a moderator decides it",
    "im:history": "it does not hear direct messages",
    "im:read": "it cannot tell its own direct chats from those of others",
    "im:write": "it cannot write to somebody first",
    "mpim:history": "it does not hear what is said in group chats",
    "mpim:read": "it does not know what group chats are called and who reads along there",
    "usergroups:read": "it cannot give the members of a user group their roles in the Nexus",
    "users:read": "it knows people by their ids only",
}
BOT_SCOPES: tuple[str, ...] = tuple(REASONS)

BOT_EVENTS: tuple[str, ...] = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "assistant_thread_context_changed",  # Slack wants it where assistant_view is on; we have no use for it
    "assistant_thread_started",
    "channel_left",
    "channel_rename",
    "group_left",
    "group_rename",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
)


def lacking(granted: str) -> list[tuple[str, str]]:
    """(scope, what does not work) for each scope that a comma-separated grant does not have."""
    has = {scope.strip() for scope in granted.split(",")}
    return [(scope, reason) for scope, reason in REASONS.items() if scope not in has]
