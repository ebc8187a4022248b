"""What people are told about an act that was not done, or not quite as asked. Pure."""

from __future__ import annotations

from telegram.error import TelegramError

from adapters.contract import Act, Gone, Power
from adapters.telegram.refusals import Refused, contract_error
from adapters.telegram.rights import BAN, DELETE, RIGHTS, TOPICS

NOT_HERE = {
    Power.SLOW: (
        "A bot cannot set slow mode on Telegram. An administrator can, in the group's settings under “Permissions”."
    ),
    Power.CLOSE_DOOR: (
        "A bot cannot close a group on Telegram: it has no power over the links of others, nor over a public address. "
        "An administrator can revoke the links, or have newcomers approved, in the group's settings."
    ),
    Power.OPEN_DOOR: "A bot can neither close nor open a group on Telegram. An administrator can, in its settings.",
}
NO_GROUP = "On Telegram that is done in a group, and none was named."
NO_PERSON = (
    "That is not a person: an administrator who stays anonymous, or a channel. "
    "On Telegram an administrator has to deal with it."
)
UNKNOWN = "Telegram does not tell me of such an account in this chat."
BANNED_ANYWAY = "They are banned from this chat, so they cannot write in any case."
BANNED_ALREADY = "They are banned from this chat already, and a kick does not change that."
OVER = "That time is over already."
LIMITED_AGAIN = "They have the limits again that an administrator had set for them before."
STILL_LIMITED = "The limits that they had in this chat before still hold."
TOO_OLD = (
    "{left} of {asked} messages could not be deleted: Telegram lets a bot delete only what is less than 48 hours old."
)
CHANNEL = "In a channel nobody but its administrators writes anyway."
BEFORE_UNKNOWN = (
    "I do not know what people were allowed here before it was locked. "
    "An administrator can set it in the group's settings under “Permissions”."
)
NO_BAN_KEPT = (
    "They were removed. But this is still a small group, and in those Telegram keeps nobody out: "
    "they can come back by a link. It becomes a supergroup once its owner lets newcomers see earlier messages, "
    "in the group's settings."
)
_SMALL_GROUP = (
    "Telegram can do that in a supergroup only, and this is still a small group. "
    "It becomes one once its owner lets newcomers see earlier messages, in the group's settings."
)
_MOVED = "This group has become a supergroup since then, and what was written before that is beyond a bot's reach."
_LEFT = "I am not in that chat any more."

NOBODY_THERE = (
    "participant_id_invalid",
    "user not found",
    "member not found",
    "invalid user_id",
    "user_id_invalid",
    "user_not_participant",
)
_RIGHTLESS = ("not enough rights", "need administrator rights", "chat_admin_required")
_NO_TOPIC = ("topic_id_invalid", "topic_deleted", "message thread not found", "topic not found")


def keeps_bans(chat: int) -> bool:
    """Whether a chat is a supergroup or channel: their ids are -100… in front of a number of their own."""
    return chat < -1_000_000_000_000


def refused(act: Act, error: TelegramError) -> tuple[str, str]:
    """Why Telegram did not carry out an act, and the right that we lack for it ("" if it is not that)."""
    if not isinstance(error, Refused):
        return _plainly(error), ""
    if error.moved_to:
        return _MOVED, ""
    if error.says("administrator of the chat", "user_admin_invalid"):
        return "They are an administrator of this chat.", ""
    if error.says("chat owner"):
        return "They are the owner of this chat.", ""
    if error.says(*_RIGHTLESS):
        right = RIGHTS[_needed(act)]
        return f"I lack the right “{right}” in this chat.", right
    if error.says("only for supergroups", "for supergroup and channel"):
        return (CHANNEL if keeps_bans(int(act.place_id)) else _SMALL_GROUP), ""
    if error.says(*NOBODY_THERE):
        return UNKNOWN, ""
    if error.says(*_NO_TOPIC):
        return "That topic is not there any more.", ""
    return (_LEFT if isinstance(contract_error(error), Gone) else _plainly(error)), ""


def _needed(act: Act) -> str:
    if act.power is Power.DELETE:
        return DELETE
    return TOPICS if act.thread and act.power in (Power.LOCK, Power.UNLOCK) else BAN


def _plainly(error: TelegramError) -> str:
    return f"Telegram did not do it, for what it calls “{error.message}”."
