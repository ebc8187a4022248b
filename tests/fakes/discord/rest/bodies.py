"""The body of a message, from whichever route it comes: checked, then made into a message or into its change."""

from typing import Any

from tests.fakes.discord.channel import Channel
from tests.fakes.discord.errors import Form, refusal
from tests.fakes.discord.mentions import find_mentions
from tests.fakes.discord.model import COMPONENTS_V2, EPHEMERAL, LOADING, SUPPRESS_EMBEDS, Attachment, Message
from tests.fakes.discord.rest.registry import Call, Upload
from tests.fakes.discord.validate import check_components, check_embeds, check_mentions
from tests.fakes.wire import Json

_SENDABLE_FLAGS = SUPPRESS_EMBEDS | EPHEMERAL | COMPONENTS_V2 | 1 << 12 | 1 << 13
_MOST_FILES, _MOST_BYTES = 10, 10_485_760


def check_body(data: Json, files: list[Upload], form: Form, *, empty_allowed: bool = False, old_flags: int = 0) -> None:
    """Raises ApiError for a body that Discord would refuse: 50035 with all field errors, 50006, 40005."""
    flags = data.get("flags")
    form.number("flags", flags, 0, (1 << 31) - 1)
    new_style = bool(((flags if isinstance(flags, int) else 0) | old_flags) & COMPONENTS_V2)
    form.text("content", data.get("content"), 2000)
    check_embeds(form, data.get("embeds"))
    check_components(form, data.get("components"), new_style=new_style)
    check_mentions(form, data.get("allowed_mentions"))
    nonce = data.get("nonce")
    if nonce is not None and not isinstance(nonce, int):
        form.text("nonce", nonce, 25)
    if new_style and (data.get("content") or data.get("embeds")):
        form.wrong(
            "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Cannot be used with components v2"
        )
    listed = form.listed("attachments", data.get("attachments"), _MOST_FILES)
    numbers = {str(one.number) for one in files}
    for index, one in enumerate(listed):
        if "id" not in one:
            form.missing(f"attachments.{index}.id")
        form.text(f"attachments.{index}.filename", one.get("filename"), 1024, 1)
        form.text(f"attachments.{index}.description", one.get("description"), 1024)
    if len(numbers) != len(files) or len(files) > _MOST_FILES:
        form.wrong("files", "BASE_TYPE_MAX_LENGTH", f"Must be {_MOST_FILES} or fewer in length.")
    form.finish()
    if any(len(one.content) > _MOST_BYTES for one in files):
        raise refusal(40005)
    full = (data.get("content") or "").strip() or data.get("embeds") or data.get("components") or files or listed
    if not full and not data.get("sticker_ids") and not data.get("poll") and not empty_allowed:
        raise refusal(50006)


def make_message(call: Call, channel: Channel, data: Json, **fields: Any) -> Message:
    """A bot's new message from a checked body; it does not stand in the channel yet."""
    app = fields.pop("app", None) or call.app
    message = Message(channel, call.world.ids.new(), app.user, (data.get("content") or "").strip(), **fields)
    message.flags |= (data.get("flags") or 0) & _SENDABLE_FLAGS
    message.tts = bool(data.get("tts"))
    fill(call, message, data, everyone=channel.may(app.user, "mention_everyone"))
    return message


def change_message(call: Call, message: Message, data: Json) -> None:
    """Apply a checked body to a message: only what it names changes. Tells the bots (MESSAGE_UPDATE)."""
    channel = message.channel
    channel.rewrite(message, (data["content"] or "").strip() if "content" in data else message.text)
    message.flags &= ~LOADING
    if data.get("flags") is not None:
        message.flags = message.flags & ~SUPPRESS_EMBEDS | data["flags"] & (SUPPRESS_EMBEDS | COMPONENTS_V2)
    fill(call, message, data, everyone=channel.may(message.author, "mention_everyone"))
    channel.touch(message)
    channel.announce("MESSAGE_UPDATE", message)


def fill(call: Call, message: Message, data: Json, *, everyone: bool) -> None:
    """Embeds, components, files and mentions of a body, as far as it names them."""
    if data.get("embeds") is not None:
        message.embeds = [{"type": "rich", **one} for one in data["embeds"]]
    if data.get("components") is not None:
        message.components = numbered(data["components"])
    if "attachments" in data or call.files:
        message.attachments = _attachments(call, message, data)
    find_mentions(message, allowed=data.get("allowed_mentions"), everyone=everyone)


def _attachments(call: Call, message: Message, data: Json) -> list[Attachment]:
    """Old files that the body names stay, new ones come."""
    listed = {str(one["id"]): one for one in data.get("attachments") or ()}
    keep = message.attachments if "attachments" not in data else []
    kept = [one for one in message.attachments if str(one.id) in listed] or keep
    for upload in call.files:
        about = listed.get(str(upload.number), {})
        name = about.get("filename") or upload.name
        kind = None if upload.mime == "application/octet-stream" else upload.mime
        made = message.channel.store(name, upload.content, mime=kind, description=about.get("description"))
        kept = [*kept, made]
    return kept


def numbered(components: list[Json]) -> list[Json]:
    """Components as Discord gives them back: each with an id of its own."""
    taken = iter(range(1, 1000))

    def copy(one: Json) -> Json:
        made = {"id": next(taken)} | {name: value for name, value in one.items() if name != "id" or value}
        for name in ("accessory", "component"):
            if isinstance(one.get(name), dict):
                made[name] = copy(one[name])
        if "components" in one:
            made["components"] = [copy(inner) for inner in one["components"]]
        return made

    return [copy(one) for one in components]
