"""What Discord checks in application commands."""

import re
from typing import Any

from tests.fakes.discord.errors import Form, refusal
from tests.fakes.wire import Json

# Letters of any script, digits, "-", "_" and "'"; those with a small form must have it.
_NAME = re.compile(r"[-_'\w]{1,32}")
_MOST = {1: 100, 2: 15, 3: 15}
_MOST_CHARACTERS = 8000
_LOCALES = set(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "
    "zh-TW ko".split()
)


def check_set(form: Form, listed: list[Any]) -> None:
    """How many of each type there may be, and that no name comes twice. Raises 30032."""
    seen: set[tuple[int, Any]] = set()
    counts = {1: 0, 2: 0, 3: 0}
    for index, one in enumerate(listed):
        if not isinstance(one, dict):
            form.wrong(str(index), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            continue
        kind = one.get("type") or 1
        counts[kind] = counts.get(kind, 0) + 1
        if (kind, one.get("name")) in seen:
            text = "Application command names must be unique"
            form.wrong(str(index), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
        seen.add((kind, one.get("name")))
    if any(counts[kind] > most for kind, most in _MOST.items()):
        raise refusal(30032)


def check_command(form: Form, data: Json, at: str) -> None:
    """One command: names, descriptions, options, sizes."""
    kind = data.get("type") or 1
    if not form.one_of(f"{at}.type", kind, (1, 2, 3)):
        return
    name = data.get("name")
    form.text(f"{at}.name", name, 32, 1, required=True)
    _localised(form, f"{at}.name_localizations", data.get("name_localizations"), 32)
    if kind == 1:
        _plain_name(form, f"{at}.name", name)
        form.text(f"{at}.description", data.get("description"), 100, 1, required=True)
        _localised(form, f"{at}.description_localizations", data.get("description_localizations"), 100)
        _options(form, f"{at}.options", data.get("options"), 0)
    else:
        if data.get("description"):
            text = "Context menu commands cannot have description"
            form.wrong(f"{at}.description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", text)
        if data.get("options"):
            text = "Context menu commands cannot have options"
            form.wrong(f"{at}.options", "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS", text)
    for field in ("contexts", "integration_types"):
        allowed = (0, 1, 2) if field == "contexts" else (0, 1)
        for index, one in enumerate(data.get(field) or ()):
            form.one_of(f"{at}.{field}.{index}", one, allowed)
    permissions = data.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdigit():
        form.wrong(f"{at}.default_member_permissions", "BIT_SET_TYPE_CONVERT", "Not a bit set")
    if _size(data) > _MOST_CHARACTERS:
        text = f"Command exceeds maximum size ({_MOST_CHARACTERS})"
        form.wrong(at or "name", "APPLICATION_COMMAND_TOO_LARGE", text)


def _plain_name(form: Form, path: str, name: Any) -> None:
    if isinstance(name, str) and 1 <= len(name) <= 32 and (not _NAME.fullmatch(name) or name != name.lower()):
        form.wrong(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _localised(form: Form, path: str, table: Any, most: int) -> None:
    if table is None:
        return
    if not isinstance(table, dict):
        form.wrong(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    for locale, text in table.items():
        if locale not in _LOCALES:
            form.wrong(f"{path}.{locale}", "BASE_TYPE_CHOICES", "Value must be one of the locales.")
        form.text(f"{path}.{locale}", text, most, 1, required=True)


def _size(data: Json) -> int:
    """Characters of names, descriptions and choice values; of each the longest of its translations."""
    total = 0
    for field in ("name", "description"):
        texts = [data.get(field) or "", *(data.get(f"{field}_localizations") or {}).values()]
        total += max(len(one) for one in texts if isinstance(one, str))
    for choice in data.get("choices") or ():
        total += len(str(choice.get("name", ""))) + len(str(choice.get("value", "")))
    return total + sum(_size(one) for one in data.get("options") or () if isinstance(one, dict))


def _options(form: Form, path: str, options: Any, depth: int) -> None:
    """`depth` 0 is the command, 1 a group, 2 a sub-command."""
    listed = form.listed(path, options, 25)
    names: set[Any] = set()
    optional_before = False
    branches = [one.get("type") in (1, 2) for one in listed]
    for index, one in enumerate(listed):
        at = f"{path}.{index}"
        if one.get("type") is None:
            form.missing(f"{at}.type")
            continue
        allowed = tuple(range(1, 12)) if depth == 0 else (1,) if depth == 1 else tuple(range(3, 12))
        if not form.one_of(f"{at}.type", one["type"], allowed):
            continue
        form.text(f"{at}.name", one.get("name"), 32, 1, required=True)
        _plain_name(form, f"{at}.name", one.get("name"))
        form.text(f"{at}.description", one.get("description"), 100, 1, required=True)
        _localised(form, f"{at}.name_localizations", one.get("name_localizations"), 32)
        _localised(form, f"{at}.description_localizations", one.get("description_localizations"), 100)
        if one.get("name") in names:
            text = "Option names must be unique"
            form.wrong(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", text)
        names.add(one.get("name"))
        if one["type"] in (1, 2):
            _options(form, f"{at}.options", one.get("options"), 1 if one["type"] == 2 else 2)
            continue
        if one.get("required") and optional_before:
            text = "Required options must be placed before non-required options"
            form.wrong(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional_before = optional_before or not one.get("required")
        _value_option(form, at, one)
    if any(branches) and not all(branches):
        text = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.wrong(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)


def _value_option(form: Form, at: str, one: Json) -> None:
    kind, choices = one["type"], one.get("choices")
    if choices and one.get("autocomplete"):
        form.wrong(
            at, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Choices and autocomplete exclude each other"
        )
    if (choices or one.get("autocomplete")) and kind not in (3, 4, 10):
        form.wrong(at, "APPLICATION_COMMAND_OPTIONS_CHOICES_TYPE", "Choices and autocomplete need text or numbers")
    for number, choice in enumerate(form.listed(f"{at}.choices", choices, 25)):
        check_choice(form, f"{at}.choices.{number}", choice, kind)
    form.number(f"{at}.min_length", one.get("min_length"), 0, 6000)
    form.number(f"{at}.max_length", one.get("max_length"), 1, 6000)
    for field in ("min_value", "max_value"):
        value = one.get(field)
        if value is not None and (kind not in (4, 10) or not isinstance(value, (int, float))):
            form.wrong(f"{at}.{field}", "NUMBER_TYPE_COERCE", f'Value "{value}" is not allowed here.')


def check_choice(form: Form, at: str, choice: Json, kind: int) -> None:
    """Name of 1 to 100 characters, value of the option's type."""
    form.text(f"{at}.name", choice.get("name"), 100, 1, required=True)
    _localised(form, f"{at}.name_localizations", choice.get("name_localizations"), 100)
    value = choice.get("value")
    if kind == 3:
        form.text(f"{at}.value", value, 100, required=True)
    elif not isinstance(value, int if kind == 4 else (int, float)) or isinstance(value, bool):
        form.wrong(f"{at}.value", "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
