"""Modals and the App Home: views.open, push, update, publish, and the stack of modals that a person has open."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.blocks import valid_view
from tests.fakes.slack.errors import SlackError, invalid_arguments
from tests.fakes.slack.model import User
from tests.fakes.slack.params import required, text
from tests.fakes.slack.registry import Call, method
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.team import Team

TRIGGER_SECONDS = 3.0
_DEEPEST = 3


@dataclass(slots=True)
class Trigger:
    """A trigger id: whose, from when, whether it was used, and the modal it came from."""

    team: "Team"
    user: User
    made: float
    view: "View | None" = None
    used: bool = False


@dataclass(slots=True, eq=False)
class View:
    """A modal or an App Home as it is shown; `state` holds what the person has chosen so far (block actions)."""

    id: str
    team: "Team" = field(repr=False)
    user: User
    content: Json
    hash: str
    root: str = ""
    previous: str | None = None
    closed: bool = False
    updates: int = 0
    made: int = 0
    changed: int = 0
    state: Json = field(default_factory=dict)
    response_urls: list[Json] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its title; an App Home has none."""
        title: Any = self.content.get("title")
        return str(title["text"]) if title else ""

    @property
    def callback_id(self) -> str:
        """What the app calls it."""
        return str(self.content.get("callback_id", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def inputs(self) -> list[Json]:
        """Its input blocks."""
        return [block for block in self.blocks if block["type"] == "input"]

    @property
    def labels(self) -> list[str]:
        """The labels of its inputs."""
        return [block["label"]["text"] for block in self.inputs]

    def json(self, values: Json | None = None) -> Json:
        """The API's view, with the state of its inputs."""
        content = self.content
        return {
            "id": self.id,
            "team_id": self.team.id,
            "type": content["type"],
            "blocks": content["blocks"],
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": {"values": {**self.state, **(values or {})}},
            "hash": self.hash,
            "title": content.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": content.get("clear_on_close", False),
            "notify_on_close": content.get("notify_on_close", False),
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": self.team.slack.app_id,
            "external_id": content.get("external_id", ""),
            "app_installed_team_id": self.team.id,
            "bot_id": self.team.bot.bot_id,
        }


class Views:
    """The views of one workspace: stacks of modals and homes, per person."""

    def __init__(self, team: "Team") -> None:
        self.by_id: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._team = team

    def new(self, user: User, content: Json, below: View | None = None) -> View:
        """A new view; `below` is the modal it was pushed onto."""
        self._unique(content)
        slack = self._team.slack
        view = View(slack.ids.new("V"), self._team, user, content, self._hash())
        view.root = below.root if below else view.id
        view.previous = below.id if below else None
        view.made = view.changed = slack.tick()
        self.by_id[view.id] = view
        return view

    def open(self, user: User, content: Json) -> View:
        """A modal; one that was open is gone, as in Slack's client."""
        view = self.new(user, content)
        for other in self.stacks.get(user.id, []):
            other.closed = True
        self.stacks[user.id] = [view]
        return view

    def push(self, user: User, content: Json, below: View) -> View:
        """A modal above another. Raises SlackError `push_limit_reached`."""
        stack = self.stacks.get(user.id, [])
        if len(stack) >= _DEEPEST:
            raise SlackError("push_limit_reached")
        view = self.new(user, content, below)
        stack.append(view)
        return view

    def update(self, view: View, content: Json) -> None:
        """Another content."""
        self._unique(content, view)
        kept = {block["block_id"] for block in content["blocks"]}
        view.content, view.hash = content, self._hash()
        view.state = {name: value for name, value in view.state.items() if name in kept}
        view.updates += 1
        view.changed = self._team.slack.tick()

    def close(self, view: View, *, everything: bool = False) -> None:
        """A modal goes, or the whole stack."""
        stack = self.stacks.get(view.user.id, [])
        for gone in stack[:] if everything else [view]:
            gone.closed = True
            if gone in stack:
                stack.remove(gone)
        self._team.slack.tick()

    def _hash(self) -> str:
        return f"{int(self._team.slack.clock.time())}.{self._team.slack.ids.secret()[:8]}"

    def _unique(self, content: Json, own: View | None = None) -> None:
        external = content.get("external_id")
        if external and any(
            one.content.get("external_id") == external and not one.closed and one is not own
            for one in self.by_id.values()
        ):
            raise SlackError("duplicate_external_id")


def exchange(call: Call) -> Trigger:
    """Use up the trigger id. Raises SlackError: invalid, used before, or older than 3 s."""
    trigger_id = text(call.params, "trigger_id") or text(call.params, "interactivity_pointer")
    if not trigger_id:
        raise invalid_arguments("missing required field: trigger_id")
    trigger = call.slack.triggers.get(trigger_id)
    if trigger is None or trigger.team is not call.team:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if call.slack.clock.elapsed() - trigger.made > TRIGGER_SECONDS:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


@method("views.open")
def views_open(call: Call) -> Json:
    content = valid_view(call.params.get("view"), "modal")
    trigger = exchange(call)
    return {"view": call.workspace.views.open(trigger.user, content).json()}


@method("views.push")
def views_push(call: Call) -> Json:
    content = valid_view(call.params.get("view"), "modal")
    trigger = exchange(call)
    if trigger.view is None or trigger.view.closed:
        raise SlackError("not_found")
    return {"view": call.workspace.views.push(trigger.user, content, trigger.view).json()}


@method("views.update")
def views_update(call: Call) -> Json:
    views = call.workspace.views
    content = valid_view(call.params.get("view"), "modal")
    external = text(call.params, "external_id")
    if external:
        view = next((one for one in views.by_id.values() if one.content.get("external_id") == external), None)
    else:
        view = views.by_id.get(required(call.params, "view_id"))
    if view is None or view.closed:
        raise SlackError("not_found")
    _check_hash(call, view)
    views.update(view, content)
    return {"view": view.json()}


@method("views.publish")
def views_publish(call: Call) -> Json:
    views = call.workspace.views
    user = call.workspace.users.get(required(call.params, "user_id"))
    if user is None or user.bot_id:
        raise invalid_arguments("invalid user_id [json-pointer:/user_id]")
    if not call.slack.home_tab:
        raise SlackError("not_enabled")
    content = valid_view(call.params.get("view"), "home")
    home = views.homes.get(user.id)
    if home is None:
        home = views.homes[user.id] = views.new(user, content)
    else:
        _check_hash(call, home)
        views.update(home, content)
    return {"view": home.json()}


def _check_hash(call: Call, view: View) -> None:
    given = text(call.params, "hash")
    if given and given != view.hash:
        raise SlackError("hash_conflict")
