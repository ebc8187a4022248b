"""What Discord checks in messages: embeds, components, allowed mentions. Each finds all faults of its part."""

import re
from typing import Any

from tests.fakes.discord.errors import Form
from tests.fakes.wire import Json

_URL = re.compile(r"https?://\S+|attachment://\S+")
_SELECTS = (3, 5, 6, 7, 8)
# What may stand at the top of a message of the new style (components v2).
_TOP_V2 = (1, 9, 10, 12, 13, 14, 17)


def check_embeds(form: Form, embeds: Any) -> None:
    """At most 10, 6000 characters together, and the limits of every part."""
    total = 0
    for index, embed in enumerate(form.listed("embeds", embeds, 10)):
        at = f"embeds.{index}"
        form.text(f"{at}.title", embed.get("title"), 256)
        form.text(f"{at}.description", embed.get("description"), 4096)
        form.number(f"{at}.color", embed.get("color"), 0, 0xFFFFFF)
        _url(form, f"{at}.url", embed.get("url"))
        total += _size(embed.get("title")) + _size(embed.get("description"))
        for name in ("image", "thumbnail"):
            if embed.get(name):
                _url(form, f"{at}.{name}.url", embed[name].get("url"))
        footer, author = embed.get("footer") or {}, embed.get("author") or {}
        form.text(f"{at}.footer.text", footer.get("text"), 2048)
        form.text(f"{at}.author.name", author.get("name"), 256, required=bool(author))
        total += _size(footer.get("text")) + _size(author.get("name"))
        for number, one in enumerate(form.listed(f"{at}.fields", embed.get("fields"), 25)):
            form.text(f"{at}.fields.{number}.name", one.get("name"), 256, 1, required=True)
            form.text(f"{at}.fields.{number}.value", one.get("value"), 1024, 1, required=True)
            total += _size(one.get("name")) + _size(one.get("value"))
    if total > 6000:
        form.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _size(text: Any) -> int:
    return len(text) if isinstance(text, str) else 0


def _url(form: Form, path: str, value: Any) -> None:
    if value is not None and (not isinstance(value, str) or not _URL.fullmatch(value)):
        form.wrong(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    form.text(path, value, 2048)


def check_mentions(form: Form, allowed: Any) -> None:
    """parse, users, roles and replied_user of allowed_mentions."""
    if allowed is None:
        return
    at = "allowed_mentions"
    if not isinstance(allowed, dict):
        form.wrong(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    parse = allowed.get("parse") or []
    for index, one in enumerate(parse):
        form.one_of(f"{at}.parse.{index}", one, ("users", "roles", "everyone"))
    for name in ("users", "roles"):
        listed = allowed.get(name) or []
        if len(listed) > 100:
            form.wrong(f"{at}.{name}", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
        if listed and name in parse:
            text = f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
            form.wrong(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)


def check_components(form: Form, components: Any, *, new_style: bool = False) -> None:
    """5 rows of 5 buttons or of one menu; with `new_style` up to 40 components of all kinds."""
    rows = form.listed("components", components, 40 if new_style else 5)
    taken: set[str] = set()
    for index, row in enumerate(rows):
        at = f"components.{index}"
        if form.one_of(f"{at}.type", row.get("type"), _TOP_V2 if new_style else (1,)):
            _component(form, at, row, taken)
    if new_style:
        count, words = _weigh(rows)
        if count > 40:
            form.wrong(
                "components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components exceeds 40"
            )
        if words > 4000:
            text = "The total length of text displays exceeds 4000"
            form.wrong("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", text)


def _weigh(components: list[Json]) -> tuple[int, int]:
    count = words = 0
    for one in components:
        inner = [part for part in one.get("components") or () if isinstance(part, dict)]
        inner += [one["accessory"]] if isinstance(one.get("accessory"), dict) else []
        more, text = _weigh(inner)
        count, words = count + 1 + more, words + text + (_size(one.get("content")) if one.get("type") == 10 else 0)
    return count, words


def _component(form: Form, at: str, one: Json, taken: set[str]) -> None:
    kind = one.get("type")
    if kind == 1:
        inner = form.listed(f"{at}.components", one.get("components"), 5, 1)
        menus = sum(part.get("type") in _SELECTS for part in inner)
        if menus and len(inner) > 1:
            text = "The specified component exceeds the maximum width"
            form.wrong(f"{at}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", text)
        for number, part in enumerate(inner):
            if form.one_of(f"{at}.components.{number}.type", part.get("type"), (2, *_SELECTS)):
                _component(form, f"{at}.components.{number}", part, taken)
    elif kind == 2:
        _button(form, at, one, taken)
    elif kind in _SELECTS:
        _menu(form, at, one, taken)
    elif kind == 9:
        for number, part in enumerate(form.listed(f"{at}.components", one.get("components"), 3, 1)):
            if form.one_of(f"{at}.components.{number}.type", part.get("type"), (10,)):
                _component(form, f"{at}.components.{number}", part, taken)
        accessory = one.get("accessory")
        if not isinstance(accessory, dict):
            form.missing(f"{at}.accessory")
        elif form.one_of(f"{at}.accessory.type", accessory.get("type"), (2, 11)):
            _component(form, f"{at}.accessory", accessory, taken)
    elif kind == 10:
        form.text(f"{at}.content", one.get("content"), 4000, 1, required=True)
    elif kind == 17:
        form.number(f"{at}.accent_color", one.get("accent_color"), 0, 0xFFFFFF)
        for number, part in enumerate(form.listed(f"{at}.components", one.get("components"), 40, 1)):
            if form.one_of(f"{at}.components.{number}.type", part.get("type"), (1, 9, 10, 12, 13, 14)):
                _component(form, f"{at}.components.{number}", part, taken)


def custom_id(form: Form, at: str, one: Json, taken: set[str]) -> None:
    """1 to 100 characters, and no other component has it."""
    value = one.get("custom_id")
    form.text(f"{at}.custom_id", value, 100, 1, required=True)
    if isinstance(value, str):
        if value in taken:
            text = "Component custom id cannot be duplicated"
            form.wrong(f"{at}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", text)
        taken.add(value)


def _button(form: Form, at: str, one: Json, taken: set[str]) -> None:
    if not form.one_of(f"{at}.style", one.get("style"), (1, 2, 3, 4, 5, 6)):
        return
    form.text(f"{at}.label", one.get("label"), 80)
    if one["style"] != 6 and not one.get("label") and not one.get("emoji"):
        form.wrong(at, "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI", "A button must have a label or an emoji")
    if one["style"] == 5:
        form.text(f"{at}.url", one.get("url"), 512, 1, required=True)
        if one.get("url") and not re.fullmatch(r"(https?|discord)://\S+", str(one["url"])):
            form.wrong(f"{at}.url", "URL_TYPE_INVALID_SCHEME", 'Scheme must be one of ("http", "https", "discord").')
        if one.get("custom_id"):
            text = "A custom id and url cannot both be specified"
            form.wrong(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", text)
    elif one["style"] != 6:
        custom_id(form, at, one, taken)


def _menu(form: Form, at: str, one: Json, taken: set[str]) -> None:
    custom_id(form, at, one, taken)
    form.text(f"{at}.placeholder", one.get("placeholder"), 150)
    form.number(f"{at}.min_values", one.get("min_values"), 0, 25)
    form.number(f"{at}.max_values", one.get("max_values"), 1, 25)
    if one["type"] == 3:
        check_options(form, at, one)


def check_options(form: Form, at: str, one: Json) -> None:
    """The 1 to 25 options of a menu, each value once."""
    if one.get("options") is None:
        form.missing(f"{at}.options")
        return
    values: set[str] = set()
    for number, option in enumerate(form.listed(f"{at}.options", one["options"], 25, 1)):
        place = f"{at}.options.{number}"
        form.text(f"{place}.label", option.get("label"), 100, 1, required=True)
        form.text(f"{place}.value", option.get("value"), 100, 1, required=True)
        form.text(f"{place}.description", option.get("description"), 100)
        if option.get("value") in values:
            text = "The specified option value is already used"
            form.wrong(f"{place}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", text)
        values.add(str(option.get("value")))
    most = one.get("max_values")
    if isinstance(most, int) and isinstance(one["options"], list) and most > len(one["options"]):
        form.wrong(f"{at}.options", "BASE_TYPE_BAD_LENGTH", f"Must be between {most} and 25 in length.")


def check_modal(form: Form, data: Any) -> None:
    """A form: custom_id, a title of 1 to 45 characters, 1 to 5 inputs in rows or labels."""
    if not isinstance(data, dict):
        form.missing("data")
        return
    form.text("custom_id", data.get("custom_id"), 100, 1, required=True)
    form.text("title", data.get("title"), 45, 1, required=True)
    if data.get("components") is None:
        form.missing("components")
        return
    taken: set[str] = set()
    for index, row in enumerate(form.listed("components", data["components"], 5, 1)):
        at = f"components.{index}"
        if not form.one_of(f"{at}.type", row.get("type"), (1, 10, 18)):
            continue
        if row["type"] == 1:
            inner = form.listed(f"{at}.components", row.get("components"), 1, 1)
            for number, one in enumerate(inner):
                place = f"{at}.components.{number}"
                form.text(f"{place}.label", one.get("label"), 45, 1, required=True)
                if form.one_of(f"{place}.type", one.get("type"), (4,)):
                    _input(form, place, one, taken)
        elif row["type"] == 18:
            form.text(f"{at}.label", row.get("label"), 45, 1, required=True)
            form.text(f"{at}.description", row.get("description"), 100, 1)
            part: Any = row.get("component")
            if not isinstance(part, dict):
                form.missing(f"{at}.component")
            elif form.one_of(f"{at}.component.type", part.get("type"), (4, *_SELECTS, 19, 21, 22, 23)):
                _input(form, f"{at}.component", part, taken)
        else:
            form.text(f"{at}.content", row.get("content"), 4000, 1, required=True)


def _input(form: Form, at: str, one: Json, taken: set[str]) -> None:
    if one["type"] in _SELECTS:
        _menu(form, at, one, taken)
        return
    custom_id(form, at, one, taken)
    if one["type"] != 4:
        return
    form.one_of(f"{at}.style", one.get("style"), (1, 2))
    form.text(f"{at}.value", one.get("value"), 4000)
    form.text(f"{at}.placeholder", one.get("placeholder"), 100)
    form.number(f"{at}.min_length", one.get("min_length"), 0, 4000)
    form.number(f"{at}.max_length", one.get("max_length"), 1, 4000)
    value, most = one.get("value"), one.get("max_length")
    if isinstance(value, str) and isinstance(most, int) and len(value) > most:
        form.wrong(f"{at}.value", "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
