"""Permission bits, and what someone may do in a channel: roles first, then the channel's overwrites."""

from collections.abc import Iterable

_NAMES = (
    "create_instant_invite kick_members ban_members administrator manage_channels manage_guild add_reactions "
    "view_audit_log priority_speaker stream view_channel send_messages send_tts_messages manage_messages embed_links "
    "attach_files read_message_history mention_everyone use_external_emojis view_guild_insights connect speak "
    "mute_members deafen_members move_members use_vad change_nickname manage_nicknames manage_roles manage_webhooks "
    "manage_guild_expressions use_application_commands request_to_speak manage_events manage_threads "
    "create_public_threads create_private_threads use_external_stickers send_messages_in_threads "
    "use_embedded_activities moderate_members"
).split()
BITS = {name: 1 << shift for shift, name in enumerate(_NAMES)}
ALL = sum(BITS.values())


def bits(names: Iterable[str]) -> int:
    """The bits of these names. Raises KeyError for an unknown one."""
    return sum(BITS[name] for name in set(names))


def names(value: int) -> set[str]:
    """The names of these bits."""
    return {name for name, bit in BITS.items() if value & bit}


# What @everyone may do on a new server.
EVERYONE = bits(
    "create_instant_invite add_reactions stream view_channel send_messages embed_links attach_files "
    "read_message_history use_external_emojis connect speak use_vad change_nickname use_application_commands "
    "create_public_threads create_private_threads send_messages_in_threads".split()
)
# What the bot's own role carries unless a test says otherwise: enough to work and to moderate.
BOT = bits(
    "view_channel send_messages send_messages_in_threads embed_links attach_files read_message_history add_reactions "
    "create_public_threads create_private_threads manage_threads manage_messages manage_roles manage_channels "
    "kick_members ban_members moderate_members manage_nicknames view_audit_log manage_guild".split()
)


def overwritten(base: int, member_id: int, role_ids: Iterable[int], guild_id: int, table: dict[int, list[int]]) -> int:
    """`base` after a channel's overwrites: @everyone's, then those of the roles together, then the member's own.

    `table` maps the id of a role or person to [allowed bits, denied bits].
    """
    if base & BITS["administrator"]:
        return ALL
    value = _applied(base, *table.get(guild_id, (0, 0)))
    allow = deny = 0
    for role_id in role_ids:
        more, less = table.get(role_id, (0, 0))
        allow, deny = allow | more, deny | less
    value = _applied(value, allow, deny)
    value = _applied(value, *table.get(member_id, (0, 0)))
    if not value & BITS["view_channel"]:
        return 0
    if not value & BITS["send_messages"]:
        value &= ~bits(("mention_everyone", "send_tts_messages", "attach_files", "embed_links"))
    return value


def _applied(value: int, allow: int, deny: int) -> int:
    return value & ~deny | allow
