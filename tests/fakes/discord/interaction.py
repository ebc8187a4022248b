"""An interaction: what a person did (command, press, choice, form), and what the bot made of it within its time."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import permissions
from tests.fakes.discord.model import App, Message, User, flat
from tests.fakes.discord.options import chosen
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.channel import Channel

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
# Answers: a message, "thinking…", nothing yet (components), an update, choices, a form.
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ACK_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0


@dataclass(slots=True)
class Modal:
    """A form shown to a person; `fields` are its inputs as the API has them, `label` added where a Label gave it."""

    title: str
    custom_id: str
    components: list[Json]
    fields: list[Json]

    @property
    def labels(self) -> list[str]:
        """What stands above the inputs."""
        return [field["label"] for field in self.fields]

    def field(self, name: str) -> Json:
        """The input with that label or custom_id. Raises LookupError."""
        for one in self.fields:
            if name in (one["label"], one["custom_id"]):
                return one
        raise LookupError(f"no input {name!r} among {self.labels}")


def read_modal(data: Json) -> Modal:
    """The form of a callback of type 9, old (action rows) and new (labels) style."""
    fields = []
    for row in data["components"]:
        if row["type"] == 18:
            fields.append({**row["component"], "label": row["label"]})
        elif row["type"] == 1:
            fields += [{"label": "", **one} for one in row["components"]]
    return Modal(data["title"], data["custom_id"], data["components"], fields)


class Interaction:
    """One interaction. Times are in seconds of the fake's clock; `ack_seconds` is None until the bot acknowledged.

    `original` is the bot's first answer (or the message a component stands in), `responses` all its messages of this
    interaction that have content, `updates` counts changes of the message the component stands in.
    """

    def __init__(
        self,
        app: App,
        kind: int,
        user: User,
        channel: "Channel",
        data: Json,
        *,
        message: Message | None = None,
        trigger: "Interaction | None" = None,
        name: str = "",
    ) -> None:
        self.world = channel.world
        self.app = app
        self.kind = kind
        self.user = user
        self.channel = channel
        self.data = data
        self.message = message
        self.trigger = trigger
        self.name = name
        self.id = self.world.ids.new()
        self.token = f"aW50ZXJhY3Rpb246{self.id}fakefakefakefakefakefakefakefake"
        self.created = self.world.clock.now()
        self.sequence = self.world.tick()
        self.world.last_doing = self.sequence
        self.ack_type: int | None = None
        self.ack_seconds: float | None = None
        self.ephemeral = False
        self.original: Message | None = None
        self.followups: list[Message] = []
        self.choices: list[Json] | None = None
        self.shown: Modal | None = None
        self.updates = 0

    def __repr__(self) -> str:
        return f"<Interaction {self.kind} {self.name!r} by {self.user.username}>"

    # -- what a test asks ----------------------------------------------------------------------------------

    @property
    def deferred(self) -> bool:
        """Acknowledged with "thinking…" or, for a component, with nothing yet."""
        return self.ack_type in (DEFERRED, DEFERRED_UPDATE)

    @property
    def failed(self) -> bool:
        """Not acknowledged within three seconds: the person reads that the application did not respond."""
        return self.ack_type is None and self.world.clock.now() - self.created > ACK_SECONDS

    @property
    def responses(self) -> list[Message]:
        """Messages of this interaction that stand: the first answer once it has content, then follow-ups."""
        first = [] if self.original is None or self.original is self.message else [self.original]
        return [one for one in [*first, *self.followups] if not one.deleted and not one.loading]

    def acknowledged(self, timeout: float = 5.0) -> Awaitable[float]:
        """The seconds until the bot acknowledged, once it did. Raises AssertionError."""
        return self.world.until(lambda: self.ack_seconds, timeout, f"an acknowledgement of {self!r}", self.channel)

    def answered(self, timeout: float = 5.0) -> Awaitable[Message]:
        """The message that answers, once it stands: a response with content, or the component's message changed."""

        def find() -> Message | None:
            if self.responses:
                return self.responses[0]
            return self.message if self.updates else None

        return self.world.until(find, timeout, f"an answer to {self!r}", self.channel)

    def modal(self, timeout: float = 5.0) -> Awaitable[Modal]:
        """The form the bot shows, once it does."""
        return self.world.until(lambda: self.shown, timeout, f"a form after {self!r}", self.channel)

    def completions(self, timeout: float = 5.0) -> Awaitable[list[Json]]:
        """The choices of an autocomplete, once they came."""
        return self.world.until(lambda: self.choices, timeout, f"choices for {self!r}", self.channel)

    def submit(self, values: Mapping[str, Any] | None = None) -> "Interaction":
        """The person fills in the form (by label or custom_id) and sends it; the new interaction.

        Inputs not named keep what the form put there. Raises ValueError for what Discord's client would not send.
        """
        if self.shown is None:
            raise LookupError("no form was shown")
        modal, filled = self.shown, {}
        for name, value in (values or {}).items():
            filled[modal.field(name)["custom_id"]] = value
        resolved: Json = {}
        answers: Json = {}
        for field in modal.fields:
            answers[field["custom_id"]] = self._filled(field, filled.get(field["custom_id"]), resolved)
        components = []
        for row in modal.components:
            if row["type"] == 1:
                inner = [answers[one["custom_id"]] for one in row["components"]]
                components.append({"type": 1, "id": row.get("id", 1), "components": inner})
            elif row["type"] == 18:
                answer = answers[row["component"]["custom_id"]]
                components.append({"type": 18, "id": row.get("id", 1), "component": answer})
            else:
                components.append({"type": row["type"], "id": row.get("id", 1)})
        data: Json = {"custom_id": modal.custom_id, "components": components}
        if resolved:
            data["resolved"] = resolved
        made = Interaction(
            self.app, SUBMIT, self.user, self.channel, data, message=self.message, trigger=self, name=modal.custom_id
        )
        self.shown = None
        return made.send()

    def _filled(self, field: Json, value: Any, resolved: Json) -> Json:
        name, kind = field["label"] or field["custom_id"], field["type"]
        answer: Json = {"type": kind, "id": field.get("id", 1), "custom_id": field["custom_id"]}
        required = field.get("required", True)
        if kind == 4:
            text = field.get("value") or "" if value is None else str(value)
            if required and not text.strip():
                raise ValueError(f"{name!r} must be filled in")
            least, most = field.get("min_length") or 0, field.get("max_length") or 4000
            if text and not least <= len(text) <= most:
                raise ValueError(f"{name!r} takes {least} to {most} characters, not {len(text)}")
            return answer | {"value": text}
        given = [] if value is None else value if isinstance(value, (list, tuple)) else [value]
        if value is None and kind == 3:
            given = [one["value"] for one in field["options"] if one.get("default")]
        if required and not given:
            raise ValueError(f"{name!r} must be chosen")
        return answer | {"values": chosen(self.channel, field, given, resolved) if given else []}

    # -- the wire ------------------------------------------------------------------------------------------

    def send(self) -> "Interaction":
        """Tell the bot (INTERACTION_CREATE); also once more, as after a resume."""
        self.world.interactions[self.id] = self.world.tokens[self.token] = self
        guild_id = self.channel.guild.id if self.channel.guild else None
        self.world.gateway.tell(self.app, guild_id, "INTERACTION_CREATE", self.json(), private=guild_id is None)
        self.world.happened(self.channel)
        return self

    @property
    def expired(self) -> bool:
        """Its token is too old for anything."""
        return self.world.clock.now() - self.created > TOKEN_SECONDS

    def json(self) -> Json:
        """The API's Interaction."""
        channel, guild = self.channel, self.channel.guild
        data: Json = {
            "id": str(self.id),
            "application_id": str(self.app.id),
            "type": self.kind,
            "data": self.data,
            "token": self.token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": channel.json(),
            "locale": self.user.locale,
            "app_permissions": str(channel.rights(self.app.user)),
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": 10_485_760,
        }
        if guild is None:
            data |= {
                "user": self.user.json(),
                "context": 1,
                "authorizing_integration_owners": {"0": "0"},
            }
        else:
            data["channel"] |= {"permissions": str(channel.rights(self.user))}
            data |= {
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
                "guild_locale": guild.locale,
                "member": guild.member(self.user).json() | {"permissions": str(channel.rights(self.user))},
                "context": 0,
                "authorizing_integration_owners": {"0": str(guild.id)},
            }
        if self.message is not None and self.kind in (COMPONENT, SUBMIT):
            data["message"] = self.message.json()
        return data

    def metadata(self) -> Json:
        """The API's interaction_metadata of the messages it made."""
        data: Json = {
            "id": str(self.id),
            "type": self.kind,
            "user": self.user.json(),
            "authorizing_integration_owners": {"0": str(self.channel.guild.id) if self.channel.guild else "0"},
        }
        if self.kind == COMMAND:
            data |= {"name": self.name, "command_type": self.data["type"]}
        elif self.kind == COMPONENT and self.message is not None:
            data["interacted_message_id"] = str(self.message.id)
        elif self.kind == SUBMIT and self.trigger is not None:
            data["triggering_interaction_metadata"] = self.trigger.metadata()
        return data

    def allowed(self, name: str) -> bool:
        """Whether the person holds a permission here."""
        return bool(self.channel.rights(self.user) & permissions.BITS[name])


def component(message: Message, name: str, kinds: tuple[int, ...]) -> Json:
    """The component of a message with that label, placeholder or custom_id. Raises LookupError."""
    parts = [one for one in flat(message.components) if one["type"] in kinds]
    for key in ("label", "placeholder", "custom_id"):
        fitting = [one for one in parts if one.get(key) == name]
        if fitting:
            return fitting[0]
    shown = [one.get("label") or one.get("placeholder") or one.get("custom_id") for one in parts]
    raise LookupError(f"nothing called {name!r} among {shown}")
