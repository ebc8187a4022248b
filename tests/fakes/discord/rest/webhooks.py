"""What comes after the first answer: follow-ups and changes, for fifteen minutes, by the interaction's token."""

from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.interaction import Interaction
from tests.fakes.discord.model import Message
from tests.fakes.discord.rest.bodies import change_message, check_body
from tests.fakes.discord.rest.callbacks import post
from tests.fakes.discord.rest.messages import merged
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.wire import Json

_HOOK = "/webhooks/{webhook_id}/{token}"
_ONE = _HOOK + "/messages/{message_id}"


def _interaction(call: Call) -> Interaction:
    """The interaction of a token. Raises 50027 when it is wrong or too old, 10015 before the first answer."""
    found = call.world.tokens.get(call.path["token"])
    if all(app.id != call.id("webhook_id") for app in call.world.apps):
        raise refusal(10015)
    if found is None or found.app.id != call.id("webhook_id") or found.expired:
        raise refusal(50027)
    if found.ack_type is None:
        raise refusal(10015)
    return found


def _message(call: Call, found: Interaction) -> Message:
    number = call.path["message_id"]
    listed = [found.original] if number == "@original" else [found.original, *found.followups]
    for one in listed:
        if one is not None and not one.deleted and number in ("@original", str(one.id)):
            return one
    raise refusal(10008)


@route("POST", _HOOK, public=True)
def follow_up(call: Call) -> Json:
    """A further message. After "thinking…" the first one takes its place, and its being ephemeral or not."""
    found = _interaction(call)
    check_body(call.data, call.files, Form())
    if found.original is not None and found.original.loading and not found.original.deleted:
        change_message(call, found.original, call.data)
        return found.original.json()
    made = post(call, found, call.data)
    found.followups.append(made)
    call.world.happened(found.channel)
    return made.json()


@route("GET", _ONE, public=True)
def get_message(call: Call) -> Json:
    """One of its messages."""
    return _message(call, _interaction(call)).json()


@route("PATCH", _ONE, public=True)
def edit_message(call: Call) -> Json:
    """Change one; the original of a press is the message the button stands in."""
    found = _interaction(call)
    message = _message(call, found)
    check_body(merged(message, call.data), call.files, Form(), old_flags=message.flags)
    change_message(call, message, call.data)
    if message is found.message:
        found.updates += 1
        call.world.happened(found.channel)
    return message.json()


@route("DELETE", _ONE, public=True)
def delete_message(call: Call) -> None:
    """Delete one."""
    message = _message(call, _interaction(call))
    message.channel.delete(message)
