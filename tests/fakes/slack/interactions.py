"""What people do beside writing: commands, buttons, menus, forms, shortcuts, the App Home, assistant threads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.blocks import elements_of, valid_view
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.forms import Value, chosen, filled
from tests.fakes.slack.model import Message, User
from tests.fakes.slack.responses import ResponseUrl, take_command_answer
from tests.fakes.slack.views import Trigger, View
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.channel import Channel
    from tests.fakes.slack.team import Team

# Older trigger ids are forgotten, so that a long benchmark does not eat memory.
_REMEMBERED = 20_000


def _team(self: "Interactions") -> "Team":
    return self  # type: ignore[return-value]


class Interactions:
    """The part of `Team` that acts for its people."""

    def slash(self, user: User, channel: "Channel", command: str, text: str = "") -> Delivery:
        """`user` types a slash command; the app need not be in the channel. An answer in the ack is shown."""
        team = _team(self)
        payload: Json = {
            "token": team.slack.verification_token,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": team.slack.app_id,
            "is_enterprise_install": "false",
            "response_url": team.slack.response_url(ResponseUrl(channel, user)),
            "trigger_id": self.trigger(user),
        }
        delivery = team.delivery("slash_commands", payload)
        delivery.on_ack = lambda body: take_command_answer(channel, user, body)
        return team.slack.dispatch.put(delivery)

    def trigger(self, user: User, view: View | None = None) -> str:
        """A fresh trigger id."""
        slack = _team(self).slack
        trigger_id = f"{slack.ids.number()}.{slack.ids.number()}.{slack.ids.secret()}"
        if len(slack.triggers) > _REMEMBERED:
            del slack.triggers[next(iter(slack.triggers))]
        slack.triggers[trigger_id] = Trigger(_team(self), user, slack.clock.elapsed(), view)
        return trigger_id

    # -- on messages ---------------------------------------------------------------------------------------

    def press_in(self, channel: "Channel", user: User, message: Message, button: str) -> Delivery:
        """See `Channel.press`."""
        self._must_see(user, message)
        block, element = _button(message.elements, button)
        return self._act_on_message(channel, user, message, block, element, _pressed(element, button))

    def choose_in(self, channel: "Channel", user: User, message: Message, name: str, option: "str | User") -> Delivery:
        """See `Channel.choose`."""
        self._must_see(user, message)
        block, element = _menu(message.elements, name)
        return self._act_on_message(channel, user, message, block, element, chosen(element, option))

    def shortcut(self, user: User, message: Message, callback_id: str) -> Delivery:
        """A message shortcut from the context menu."""
        team = _team(self)
        channel = team.rooms[message.channel.id]
        body: Json = {
            **self._interaction("message_action", user),
            "callback_id": callback_id,
            "channel": {"id": channel.id, "name": channel.name},
            "message_ts": message.ts,
            "message": message.json(),
            "response_url": team.slack.response_url(ResponseUrl(channel, user)),
            "action_ts": team.slack.clock.ts(),
        }
        return team.slack.dispatch.put(team.delivery("interactive", body))

    def global_shortcut(self, user: User, callback_id: str) -> Delivery:
        """A shortcut from the search bar or the composer."""
        body = {**self._interaction("shortcut", user), "callback_id": callback_id}
        body["action_ts"] = _team(self).slack.clock.ts()
        return _team(self).slack.dispatch.put(_team(self).delivery("interactive", body))

    # -- in views ------------------------------------------------------------------------------------------

    def views_of(self, user: User) -> list[View]:
        """The modals this person has open, the topmost last."""
        return list(_team(self).views.stacks.get(user.id, []))

    def home_of(self, user: User) -> View | None:
        """The App Home published for this person."""
        return _team(self).views.homes.get(user.id)

    async def submit_view(
        self,
        user: User,
        view: View,
        values: Mapping[str, Value] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Json | None:
        """Fill the form (by label, block_id or action_id) and send it; the payload of the acknowledgement.

        An empty one closes the modal, "errors" keep it open, "update", "push" and "clear" are carried out. Raises
        CannotSubmitError when Slack's client would not send it, AssertionError when the app gave no good answer.
        """
        delivery = self.send_view(user, view, values)
        answer = await delivery.acked(timeout)
        self._take_view_answer(user, view, answer)
        return answer

    def send_view(self, user: User, view: View, values: Mapping[str, Value] | None = None) -> Delivery:
        """The same without waiting for the answer and acting on it."""
        if view.closed:
            raise AssertionError(f"{view.title!r} is not open any more")
        body: Json = {
            **self._interaction("view_submission", user, view),
            "view": view.json(filled(view, values or {})),
            "response_urls": [],
        }
        return _team(self).slack.dispatch.put(_team(self).delivery("interactive", body))

    def close_view(self, user: User, view: View) -> Delivery | None:
        """Close a modal by its ×; the app hears of it when it asked to (notify_on_close)."""
        _team(self).views.close(view)
        if not view.content.get("notify_on_close"):
            return None
        body = {**self._interaction("view_closed", user), "view": view.json(), "is_cleared": False}
        del body["trigger_id"]
        return _team(self).slack.dispatch.put(_team(self).delivery("interactive", body))

    def press_view(self, user: User, view: View, button: str) -> Delivery:
        """Press a button in a modal or an App Home."""
        block, element = _button(_elements(view), button)
        return self._act_on_view(user, view, block, element, _pressed(element, button))

    def choose_view(self, user: User, view: View, name: str, option: Value) -> Delivery:
        """Choose in a menu of a modal or an App Home that sends its actions at once; the choice stays in the state."""
        block, element = _menu(_elements(view), name)
        state = chosen(element, option)
        view.state[block["block_id"]] = {element["action_id"]: state}
        return self._act_on_view(user, view, block, element, state)

    async def suggest(self, user: User, view: View, name: str, typed: str) -> list[Json]:
        """Type into an external select; the options the app suggests."""
        block, element = _menu(_elements(view), name)
        body: Json = {
            **self._interaction("block_suggestion", user),
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
            "container": {"type": "view", "view_id": view.id},
            "view": view.json(),
        }
        del body["trigger_id"]
        delivery = _team(self).slack.dispatch.put(_team(self).delivery("interactive", body))
        answer = await delivery.acked() or {}
        groups: list[Json] = answer.get("option_groups") or []
        return list(answer.get("options") or []) + [one for group in groups for one in group["options"]]

    # -- inside --------------------------------------------------------------------------------------------

    def _interaction(self, kind: str, user: User, view: View | None = None) -> Json:
        team = _team(self)
        return {
            "type": kind,
            "team": {"id": team.id, "domain": team.domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
            "api_app_id": team.slack.app_id,
            "token": team.slack.verification_token,
            "trigger_id": self.trigger(user, view),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _must_see(self, user: User, message: Message) -> None:
        if message.deleted or message.ephemeral_to not in (None, user):
            raise LookupError(f"{user.name} does not see this message")

    def _act_on_message(
        self, channel: "Channel", user: User, message: Message, block: Json, element: Json, state: Json
    ) -> Delivery:
        team = _team(self)
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        body: Json = {
            **self._interaction("block_actions", user),
            "container": container,
            "channel": {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name},
            "state": {"values": {}},
            "response_url": team.slack.response_url(ResponseUrl(channel, user, message)),
            "actions": [self._action(block, element, state)],
        }
        if not message.ephemeral:
            body["message"] = message.json()
        return team.slack.dispatch.put(team.delivery("interactive", body))

    def _act_on_view(self, user: User, view: View, block: Json, element: Json, state: Json) -> Delivery:
        body: Json = {
            **self._interaction("block_actions", user, view),
            "container": {"type": "view", "view_id": view.id},
            "view": view.json(),
            "actions": [self._action(block, element, state)],
        }
        return _team(self).slack.dispatch.put(_team(self).delivery("interactive", body))

    def _action(self, block: Json, element: Json, state: Json) -> Json:
        kept = ("type", "action_id", "text", "value", "url", "style", "confirm", "placeholder")
        action = {name: element[name] for name in kept if name in element}
        action |= {name: value for name, value in state.items() if name != "type"}
        return action | {"block_id": block["block_id"], "action_ts": _team(self).slack.clock.ts()}

    def _take_view_answer(self, user: User, view: View, answer: Json | None) -> None:
        views = _team(self).views
        if not answer:
            views.close(view)
            return
        match answer.get("response_action"):
            case "errors":
                errors: Any = answer.get("errors")
                known = {block["block_id"] for block in view.inputs}
                if not isinstance(errors, dict) or not errors or not set(errors) <= known:
                    raise AssertionError(f"errors {errors!r} are not about the inputs {sorted(known)}")
            case "update":
                views.update(view, _answered_view(answer))
            case "push":
                views.push(user, _answered_view(answer), view)
            case "clear":
                views.close(view, everything=True)
            case other:
                raise AssertionError(f"no response_action {other!r}")


def _answered_view(answer: Json) -> Json:
    try:
        return valid_view(answer.get("view"), "modal")
    except SlackError as error:
        raise AssertionError(f"the acknowledgement holds no good view: {error.json()}") from None


def _elements(view: View) -> list[tuple[Json, Json]]:
    return [(block, element) for block in view.blocks for element in elements_of(block)]


def _button(elements: list[tuple[Json, Json]], name: str) -> tuple[Json, Json]:
    for block, element in elements:
        if element["type"] in ("button", "icon_button") and name in (element["text"]["text"], element["action_id"]):
            return block, element
        if element["type"] == "feedback_buttons" and name in _feedback(element):
            return block, element
    raise LookupError(f"no button {name!r} among {[e['text']['text'] for _, e in elements if 'text' in e]}")


def _feedback(element: Json) -> dict[str, Json]:
    return {element[one]["text"]["text"]: element[one] for one in ("positive_button", "negative_button")}


def _pressed(element: Json, name: str) -> Json:
    if element["type"] != "feedback_buttons":
        return {}
    pressed = _feedback(element)[name]
    return {"text": pressed["text"], "value": pressed["value"]}


def _menu(elements: list[tuple[Json, Json]], name: str) -> tuple[Json, Json]:
    for block, element in elements:
        label = block["label"]["text"] if block["type"] == "input" else ""
        placeholder = element.get("placeholder", {}).get("text", "")
        if name in (element["action_id"], block["block_id"], placeholder, label):
            return block, element
    raise LookupError(f"no menu {name!r} among {[element['action_id'] for _, element in elements]}")
