"""Methods about groups: members and administrators, leaving, pins, topics."""

from typing import TYPE_CHECKING

from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.errors import bad_request
from tests.fakes.telegram.model import ADMIN_RIGHTS, Bot, Member, Message
from tests.fakes.telegram.params import Params, flag, integer, string
from tests.fakes.telegram.registry import find_chat, method, need_right
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram


def member_of(tg: "FakeTelegram", chat: Chat, params: Params) -> Member:
    """Someone's place in the chat; a known person who never was there has status "left"."""
    user_id = integer(params, "user_id")
    user = tg.users.get(user_id)
    if user is None:
        raise bad_request("invalid user_id specified" if user_id <= 0 else "PARTICIPANT_ID_INVALID")
    return chat.standing(user)


@method("getChatMember")
def get_chatmember_of(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """One member. Of others than itself, a bot is sure to be told as an administrator only; the fake always tells."""
    chat = find_chat(tg, bot, params)
    if chat.person is not None:
        return Member(chat.person if integer(params, "user_id") == chat.id else bot.user).json()
    return member_of(tg, chat, params).json()


@method("getChatAdministrators")
def get_chat_administrators(tg: "FakeTelegram", bot: Bot, params: Params) -> list[Json]:
    """Administrators that are no other bots."""
    chat = find_chat(tg, bot, params)
    if chat.person is not None:
        raise bad_request("there are no administrators in the private chat")
    return [m.json() for m in chat.members.values() if m.admin and (not m.user.is_bot or m.user is bot.user)]


@method("getChatMemberCount")
def get_chat_member_count(tg: "FakeTelegram", bot: Bot, params: Params) -> int:
    """How many are there now, bots included."""
    chat = find_chat(tg, bot, params)
    return 2 if chat.person is not None else sum(m.present for m in chat.members.values())


@method("leaveChat")
def leave_chat(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """The bot goes; it is told so itself by my_chat_member."""
    chat = find_chat(tg, bot, params)
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    chat.set_status(bot.user, "left")
    return True


@method("promoteChatMember")
def promote_chatmember_of(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """Give admin rights, or with none of them take all."""
    chat = find_chat(tg, bot, params)
    need_right(chat, bot, "can_promote_members", "not enough rights")
    member = member_of(tg, chat, params)
    if member.status == "creator":
        raise bad_request("can't remove chat owner")
    rights = {right for right in ADMIN_RIGHTS if flag(params, right)}
    chat.set_status(member.user, "administrator" if rights else "member", by=bot.user, rights=rights)
    return True


@method("pinChatMessage")
def pin_chat_message(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """Pin a message; a service line tells everyone."""
    chat = find_chat(tg, bot, params)
    if chat.person is None:
        need_right(chat, bot, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    message = chat.message(integer(params, "message_id"))
    if message is None or message.deleted:
        raise bad_request("message to pin not found")
    chat.add(Message(chat, chat.next_id(), bot.user, extra={"pinned_message": message.json(nested=True)}))
    return True


@method("createForumTopic")
def create_forum_topic(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """A new topic; its message_thread_id, name and colour."""
    chat = find_chat(tg, bot, params)
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    need_right(chat, bot, "can_manage_topics", "not enough rights to create a topic")
    name = string(params, "name")
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    thread = chat.topic(bot.user, name)
    return {"message_thread_id": thread, "name": name, "icon_color": 7322096}
