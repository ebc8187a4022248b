"""Methods by which an administrator keeps order: bans, restrictions, what everybody may, closed topics."""

from typing import TYPE_CHECKING

from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.errors import ApiError, bad_request
from tests.fakes.telegram.groups import member_of
from tests.fakes.telegram.model import PERMISSIONS, Bot, Member
from tests.fakes.telegram.params import Params, flag, integer, mapping
from tests.fakes.telegram.registry import find_chat, method, need_right

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

RESTRICT_DENIED = "not enough rights to restrict/unrestrict chat member"
ONLY_SUPERGROUPS = "method is available only for supergroups"
# "If user is banned for more than 366 days or less than 30 seconds from the current time they are considered to be
# banned forever": so a duration passed as until_date bans for ever.
_SHORTEST, _LONGEST = 30, 366 * 24 * 3600
# Without use_independent_chat_permissions, these imply those of `_IMPLIED`, and polls imply messages.
_IMPLYING = ("can_send_other_messages", "can_add_web_page_previews")
_IMPLIED = PERMISSIONS[:7]


def _target(tg: "FakeTelegram", bot: Bot, params: Params) -> tuple[Chat, Member]:
    chat = find_chat(tg, bot, params)
    if chat.person is not None:
        raise bad_request("can't restrict members in private chats" if "permissions" in params else "chat not found")
    need_right(chat, bot, "can_restrict_members", RESTRICT_DENIED)
    member = member_of(tg, chat, params)
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    if member.user is bot.user:
        raise bad_request("can't restrict self")
    if member.admin:
        raise bad_request("user is an administrator of the chat")
    return chat, member


def _until(tg: "FakeTelegram", params: Params) -> int:
    until = integer(params, "until_date")
    return until if _SHORTEST <= until - tg.now() <= _LONGEST else 0


def _permissions(params: Params) -> frozenset[str]:
    """Those granted, with what is implied and what an omitted one defaults to. Raises ApiError 400 for no object."""
    given = mapping(params, "permissions", "chat permissions")
    if given is None:
        raise bad_request("can't parse ChatPermissions: permissions are empty")
    for name, value in given.items():
        if name in PERMISSIONS and not isinstance(value, bool):
            raise bad_request(f'can\'t parse ChatPermissions: field "{name}" must be of type Boolean')
    granted = {name for name in PERMISSIONS if given.get(name)}
    if not flag(params, "use_independent_chat_permissions"):
        if granted.intersection(_IMPLYING):
            granted.update(_IMPLIED)
        if "can_send_polls" in granted:
            granted.add("can_send_messages")
    for name, other in (
        ("can_react_to_messages", "can_send_messages"),
        ("can_edit_tag", "can_pin_messages"),
        ("can_manage_topics", "can_pin_messages"),
    ):
        if name not in given and other in granted:
            granted.add(name)
    return frozenset(granted)


@method("banChatMember")
def ban_chat_member(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """Out, and in supergroups kept out until until_date (0: for ever); basic groups keep no bans.

    What they wrote goes if so asked.
    """
    chat, member = _target(tg, bot, params)
    if chat.kind == "supergroup":
        chat.set_status(member.user, "kicked", by=bot.user, until_date=_until(tg, params))
    elif member.present:
        chat.set_status(member.user, "left", by=bot.user)
    if flag(params, "revoke_messages"):
        for message in chat.messages:
            if message.sender is member.user:
                message.deleted = True
    chat.changed()
    return True


@method("unbanChatMember")
def unban_chat_member(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """Lift a ban; removes someone who is present unless only_if_banned, which asks nothing of who is not banned."""
    chat = find_chat(tg, bot, params)
    if chat.kind != "supergroup":
        raise bad_request("method is available for supergroup and channel chats only")
    if flag(params, "only_if_banned") and member_of(tg, chat, params).status != "kicked":
        return True
    chat, member = _target(tg, bot, params)
    if member.status == "kicked" or member.present:
        chat.set_status(member.user, "left", by=bot.user)
    return True


@method("restrictChatMember")
def restrict_chat_member(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """Take rights away until until_date (0: for ever); all rights given back make an ordinary member.

    Someone who is not there is restricted for when they come; for someone banned that ends the ban.
    """
    granted = _permissions(params)
    if find_chat(tg, bot, params).kind == "group":
        raise bad_request(ONLY_SUPERGROUPS)
    chat, member = _target(tg, bot, params)
    if granted == set(PERMISSIONS):
        chat.set_status(member.user, "member" if member.present else "left", by=bot.user)
        return True
    chat.set_status(
        member.user,
        "restricted",
        by=bot.user,
        rights=granted,
        until_date=_until(tg, params),
        inside=member.present,
    )
    return True


@method("setChatPermissions")
def set_chat_permissions(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """What ordinary members may do: a lock of the whole group and its end."""
    granted = _permissions(params)
    chat = find_chat(tg, bot, params)
    need_right(chat, bot, "can_restrict_members", "not enough rights to change chat permissions")
    wanted = {name: name in granted for name in PERMISSIONS}
    if wanted == chat.permissions():
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.default_permissions = wanted
    chat.changed()
    return True


def _close(tg: "FakeTelegram", bot: Bot, params: Params, *, closed: bool) -> bool:
    chat = find_chat(tg, bot, params)
    thread = integer(params, "message_thread_id")
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    if thread not in chat.topics:
        raise bad_request("TOPIC_ID_INVALID")
    if chat.topics[thread].sender is not bot.user:
        need_right(chat, bot, "can_manage_topics", "not enough rights to close or reopen the topic")
    if (thread in chat.closed_topics) is closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.close_topic(bot.user, thread, closed=closed)
    return True


@method("closeForumTopic")
def close_forum_topic(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """From now on only those who manage topics, and the one who made it, write in the topic."""
    return _close(tg, bot, params, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """… and everybody again."""
    return _close(tg, bot, params, closed=False)


def may_send(chat: Chat, bot: Bot, right: str, what: str, thread: int | None) -> None:
    """Refuse what a restricted bot, or one that is an ordinary member of a locked group, wants to send."""
    if chat.person is not None:
        return
    problem = chat.kept_from(bot.user, right, thread)
    if problem == "TOPIC_CLOSED":
        raise bad_request(problem)
    if problem:
        raise ApiError(400, f"Bad Request: not enough rights to send {what} to the chat")
