"""Response URLs: five answers within 30 minutes, without a token; and the answers inside an acknowledgement."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.slack.chat import content
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.model import Message, User
from tests.fakes.slack.params import Params, flag, text
from tests.fakes.slack.rooms import valid_thread
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.channel import Channel

USES = 5
LIFE_SECONDS = 30 * 60


@dataclass(slots=True)
class ResponseUrl:
    """Where it leads: a conversation, the person who acted, and the message they acted on."""

    channel: "Channel"
    user: User
    message: Message | None = None
    made: float = 0.0
    uses: int = 0

    def answer(self, now: float, params: Params) -> Json:
        """Carry out one answer. Raises SlackError `used_url`, `expired_url`, or what posting a message raises."""
        if self.uses >= USES:
            raise SlackError("used_url", status=404)
        if now - self.made > LIFE_SECONDS:
            raise SlackError("expired_url", status=404)
        if self.channel.team.bot_token_state != "active":
            raise SlackError("no_service", status=404)
        if flag(params, "delete_original"):
            if self.message is None:
                raise SlackError("no_original_message", status=404)
            self.channel.remove(self.message)
        elif flag(params, "replace_original") and self.message is not None:
            words, blocks, attachments = content(params)
            self.channel.change(self.message, words, blocks, attachments=attachments)
        else:
            post_answer(self.channel, self.user, params)
        self.uses += 1
        return {"ok": True}


def post_answer(channel: "Channel", user: User, params: Params) -> Message:
    """A message for the person alone, or with `response_type` "in_channel" for all. Raises SlackError."""
    words, blocks, attachments = content(params)
    kind = text(params, "response_type") or "ephemeral"
    if kind not in ("ephemeral", "in_channel"):
        raise SlackError("invalid_response_type", status=400)
    thread_ts = text(params, "thread_ts")
    valid_thread(channel, thread_ts)
    return channel.add(
        channel.team.bot,
        words,
        blocks=blocks,
        thread_ts=thread_ts,
        ephemeral_to=user if kind == "ephemeral" else None,
        attachments=attachments,
    )


def take_command_answer(channel: "Channel", user: User, body: Json | None) -> None:
    """Show what came with the acknowledgement of a slash command. Raises AssertionError for what Slack refuses."""
    if not body:
        return
    try:
        post_answer(channel, user, body)
    except SlackError as error:
        raise AssertionError(f"the acknowledgement holds no good message: {error.json()}") from None
