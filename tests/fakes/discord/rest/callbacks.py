"""The first answer to an interaction: once, within three seconds, of a type that fits."""

from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.interaction import (
    ACK_SECONDS,
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    SUBMIT,
    UPDATE,
    Interaction,
    read_modal,
)
from tests.fakes.discord.model import EPHEMERAL, LOADING, Message
from tests.fakes.discord.rest.bodies import change_message, check_body, make_message
from tests.fakes.discord.rest.command_forms import check_choice
from tests.fakes.discord.rest.messages import merged
from tests.fakes.discord.rest.registry import Call, route
from tests.fakes.discord.validate import check_modal
from tests.fakes.wire import Json

_FITTING = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    SUBMIT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}


@route("POST", "/interactions/{interaction_id}/{token}/callback", public=True)
def callback(call: Call) -> Json | None:
    """Acknowledge. Raises 10062 (unknown or too late), 40060 (a second time), 50035."""
    found = call.world.interactions.get(call.id("interaction_id"))
    if found is None or found.token != call.path["token"]:
        raise refusal(10062)
    elapsed = call.world.clock.now() - found.created
    if found.ack_type is not None:
        raise refusal(40060)
    if elapsed > ACK_SECONDS:
        raise refusal(10062)
    kind, form = call.data.get("type"), Form()
    allowed = _FITTING[found.kind]
    if found.kind == SUBMIT and found.message is None:
        allowed = (MESSAGE, DEFERRED)
    if not form.one_of("type", kind, allowed):
        form.finish()
    assert isinstance(kind, int)
    data = call.data.get("data") or {}
    message = _answered(call, found, kind, data)
    found.ack_type, found.ack_seconds = kind, elapsed
    call.world.happened(found.channel)
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return None
    return _resource(found, kind, message)


def _answered(call: Call, found: Interaction, kind: int, data: Json) -> Message | None:
    form = Form("data")
    if kind == CHOICES:
        typed = _focused(found.data.get("options") or [])
        for index, choice in enumerate(form.listed("choices", data.get("choices"), 25)):
            check_choice(form, f"choices.{index}", choice, typed)
        form.finish()
        found.choices = list(data.get("choices") or [])
    elif kind == MODAL:
        check_modal(form, data)
        form.finish()
        found.shown = read_modal(data)
    elif kind in (MESSAGE, DEFERRED):
        if kind == MESSAGE:
            check_body(data, call.files, form)
        found.original = post(call, found, data, loading=kind == DEFERRED)
        found.ephemeral = found.original.ephemeral
    elif found.message is not None:
        found.original = found.message
        if kind == UPDATE:
            check_body(merged(found.message, data), call.files, form, old_flags=found.message.flags)
            change_message(call, found.message, data)
            found.updates += 1
    return found.original


def _focused(options: list[Json]) -> int:
    for one in options:
        if one.get("focused"):
            return int(one["type"])
        if one.get("options"):
            return _focused(one["options"])
    return 3


def post(call: Call, found: Interaction, data: Json, *, loading: bool = False) -> Message:
    """A message of an interaction: in the channel, or with flag 64 for the person alone; `loading` is still empty."""
    ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
    message = make_message(
        call,
        found.channel,
        {"flags": data.get("flags")} if loading else data,
        app=found.app,
        ephemeral_for=found.user if ephemeral else None,
        interaction=found,
        type=_message_type(found),
        reply_to=None if found.kind == COMMAND or ephemeral else found.message,
    )
    if loading:
        message.flags |= LOADING
    found.channel.add(message)
    found.channel.announce("MESSAGE_CREATE", message)
    return message


def _message_type(found: Interaction) -> int:
    """The API's message type: of a command or of a menu's command, or a reply to the message of a component."""
    if found.kind == COMMAND:
        return 20 if found.data["type"] == 1 else 23
    return 19 if found.message is not None else 0


def _resource(found: Interaction, kind: int, message: Message | None) -> Json:
    about: Json = {"id": str(found.id), "type": found.kind, "channel_id": str(found.channel.id)}
    if found.channel.guild is not None:
        about["guild_id"] = str(found.channel.guild.id)
    body: Json = {"interaction": about}
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.loading
        about["response_message_ephemeral"] = message.ephemeral
        if kind in (MESSAGE, UPDATE):
            body["resource"] = {"type": kind, "message": message.json()}
    return body
