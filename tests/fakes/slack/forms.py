"""How a person fills a form: values by label become the `state.values` that Slack sends."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.model import User
from tests.fakes.slack.views import View
from tests.fakes.wire import Json

Value = str | int | float | bool | User | list[Any] | Mapping[str, Any] | None
_TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_DEFAULT_LENGTH = 3000


class CannotSubmitError(AssertionError):
    """Slack's own client does not send the form: something required is missing, too long, or no such option."""


def filled(view: View, values: Mapping[str, Value]) -> Json:
    """`state.values` for these values by label, block_id or action_id; others keep their initial value.

    Raises CannotSubmitError, and LookupError for a field that the form does not have.
    """
    left = dict(values)
    state: Json = {}
    for block in view.inputs:
        element = block["element"]
        names = (block["label"]["text"], block["block_id"], element["action_id"])
        name = next((one for one in names if one in left), None)
        given = left.pop(name) if name is not None else initial(element)
        value = chosen(element, given)
        if is_empty(value) and not block.get("optional"):
            raise CannotSubmitError(f"{names[0]!r} is required")
        state[block["block_id"]] = {element["action_id"]: value}
    if left:
        raise LookupError(f"no field {', '.join(map(repr, left))} among {view.labels}")
    return state


def chosen(element: Json, given: Value) -> Json:
    """The state of one element. Raises CannotSubmitError."""
    kind = element["type"]
    if kind in _TYPED:
        return {"type": kind, "value": _typed(element, given)}
    if kind in ("datepicker", "timepicker", "datetimepicker"):
        field = {"datepicker": "date", "timepicker": "time", "datetimepicker": "date_time"}[kind]
        return {"type": kind, f"selected_{field}": given or None}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": given}
    if kind == "file_input":
        return {"type": kind, "files": list(given) if isinstance(given, list) else []}
    many = kind.startswith("multi_") or kind == "checkboxes"
    wanted = (given if isinstance(given, list) else [] if given in (None, "") else [given]) if many else [given]
    if (most := element.get("max_selected_items")) and len(wanted) > most:
        raise CannotSubmitError(f"at most {most} can be chosen")
    what, picked = _picked(kind, element, wanted)
    if many:
        return {"type": kind, f"selected_{what}s": picked}
    return {"type": kind, f"selected_{what}": picked[0] if picked else None}


def initial(element: Json) -> Value:
    """What an element holds before anybody touched it."""
    for name, value in element.items():
        if name.startswith("initial_"):
            return value  # type: ignore[no-any-return]
    return None


def is_empty(state: Json) -> bool:
    """Nothing typed, nothing chosen."""
    return all(not value for name, value in state.items() if name != "type")


def option_named(element: Json, wanted: Value) -> Json:
    """The option with that label or value. Raises CannotSubmitError."""
    options: list[Json] = list(element.get("options") or [])
    options += [one for group in element.get("option_groups") or [] for one in group["options"]]
    if isinstance(wanted, Mapping):
        wanted = wanted["value"]
    found = next((one for one in options if wanted in (one["text"]["text"], one["value"])), None)
    if found is None:
        raise CannotSubmitError(f"no option {wanted!r} among {[one['text']['text'] for one in options]}")
    return found


def _typed(element: Json, given: Value) -> str | None:
    if given in (None, ""):
        return None
    text = str(given)
    if len(text) > element.get("max_length", _DEFAULT_LENGTH):
        raise CannotSubmitError(f"longer than {element.get('max_length', _DEFAULT_LENGTH)} characters")
    if len(text) < element.get("min_length", 0):
        raise CannotSubmitError(f"shorter than {element['min_length']} characters")
    if element["type"] == "number_input":
        _number(element, text)
    if element["type"] == "email_text_input" and "@" not in text:
        raise CannotSubmitError("not an email address")
    if element["type"] == "url_text_input" and "://" not in text:
        raise CannotSubmitError("not a link")
    return text


def _number(element: Json, text: str) -> None:
    try:
        number = float(text) if element["is_decimal_allowed"] else int(text)
    except ValueError:
        raise CannotSubmitError("not a number") from None
    if "min_value" in element and number < float(element["min_value"]):
        raise CannotSubmitError(f"less than {element['min_value']}")
    if "max_value" in element and number > float(element["max_value"]):
        raise CannotSubmitError(f"more than {element['max_value']}")


def _picked(kind: str, element: Json, wanted: list[Any]) -> tuple[str, list[Any]]:
    present = [one for one in wanted if one not in (None, "")]
    for what in ("user", "channel", "conversation"):
        if f"{what}s_select" in kind:
            return what, [getattr(one, "id", one) for one in present]
    if "external_select" in kind:
        return "option", [
            one if isinstance(one, Mapping) else {"text": {"type": "plain_text", "text": one}, "value": one}
            for one in present
        ]
    return "option", [option_named(element, one) for one in present]
