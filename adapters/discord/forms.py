"""Forms (modals) for what a command lacks, and what was typed into them. Pure.

A form's custom_id is "¶form:NUMBER:command". Tokens of the bot's buttons are ASCII, so none can begin like that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.contract import MenuEntry, MenuOption, OptionKind
from adapters.discord.compose import EPHEMERAL, button, row
from adapters.discord.interactions import ANSWER, ASK, Used
from adapters.discord.markup import clean, parse, render

Json = dict[str, Any]

FORM, AGAIN = "¶form:", "¶again:"
_PICKED = "m"  # begins the number of a form that is about a message or a person
_TITLE, _LABEL, _ABOUT, _VALUE, _CUSTOM_ID = 45, 45, 100, 4000, 100
_MOST_INPUTS, _MOST_CHOICES = 5, 25
_YESNO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Form:
    """A command that still lacks something. `typed` is what was typed so far, right or wrong."""

    number: str
    done: Used
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def custom_id(self) -> str:
        """Which form it is; the command is in it, so that a form outlives a restart as far as it can."""
        return f"{FORM}{self.number}:{self.done.entry.name}"[:_CUSTOM_ID]

    def asked(self) -> list[MenuOption]:
        """The options that the form asks for: at most five, which is what Discord shows."""
        return self.done.entry.missing(dict(self.done.arguments))[:_MOST_INPUTS]


def opened(number: str, done: Used) -> Form:
    """A form for what this command lacks. Its number says if a restart would forget what it is about."""
    return Form(f"{_PICKED if done.picked else ''}{number}", done)


def named(custom_id: str) -> tuple[str, str]:
    """The number and the command in a custom_id of ours."""
    number, _, command = custom_id.partition(":")[2].partition(":")
    return number, command


def modal(form: Form) -> Json:
    """The callback that opens the form, with what was typed before in its place."""
    return {
        "type": ASK,
        "data": {
            "custom_id": form.custom_id,
            "title": _cut(form.done.entry.about, _TITLE),
            "components": [_field(option, form.typed.get(option.name, "")) for option in form.asked()],
        },
    }


def _field(option: MenuOption, typed: str) -> Json:
    label: Json = {"type": 18, "label": _cut(_title(option), _LABEL), "component": _input(option, typed)}
    if option.about and option.about != label["label"]:
        label["description"] = _cut(option.about, _ABOUT)
    return label


def _title(option: MenuOption) -> str:
    about = option.about if len(option.about) <= _LABEL else option.name.replace("_", " ")
    return about[:1].upper() + about[1:]


def _input(option: MenuOption, typed: str) -> Json:
    choices = _YESNO if option.kind is OptionKind.YESNO else option.choices
    if choices and len(choices) <= _MOST_CHOICES:
        options = [
            {"label": _cut(one, 100), "value": one[:100]} | ({"default": True} if one == typed else {})
            for one in choices
        ]
        return {"type": 3, "custom_id": option.name, "options": options, "required": True}
    long = option.kind is OptionKind.LONG
    drawn: Json = {"type": 4, "custom_id": option.name, "style": 2 if long else 1, "required": True}
    if option.kind in (OptionKind.TEXT, OptionKind.LONG):
        drawn |= {"min_length": min(option.minimum, _VALUE)} if option.minimum > 0 else {}
        drawn |= {"max_length": min(option.maximum, _VALUE)} if option.maximum > 0 else {}
    if typed:
        drawn["value"] = typed[: drawn.get("max_length", _VALUE)]
    return drawn


def submitted(data: Json) -> dict[str, str]:
    """What was typed or chosen, by option."""
    found: dict[str, str] = {}
    for outer in data.get("components") or ():
        inner = [outer["component"]] if "component" in outer else outer.get("components") or ()
        for one in inner:
            value = one["values"][0] if one.get("values") else one.get("value")
            if one.get("custom_id") and value is not None:
                found[str(one["custom_id"])] = str(value).strip()
    return found


def filled(form: Form, typed: Mapping[str, str]) -> tuple[Form, list[str]]:
    """The form with what is right taken over, and a sentence for everything that is not."""
    problems: list[str] = []
    arguments = dict(form.done.arguments)
    for option in form.asked():
        value = typed.get(option.name, "")
        problem = option.check(value)
        if problem:
            problems.append(problem)
        elif value:
            arguments[option.name] = value
    if problems:  # everything is shown again: who corrects one thing may want to change another
        return replace(form, typed={**form.typed, **typed}), problems
    return replace(form, done=replace(form.done, arguments=arguments), typed=typed), problems


def again(form: Form, problems: Sequence[str], label: str) -> Json:
    """The callback that says what is wrong, to the asker alone, with a button that opens the form again."""
    return {
        "type": ANSWER,
        "data": {
            "flags": EPHEMERAL,
            "content": render(parse("\n".join(problems)))[:2000],
            "components": [row([button(label, f"{AGAIN}{form.number}:{form.done.entry.name}"[:_CUSTOM_ID])])],
            "allowed_mentions": {"parse": []},
        },
    }


def notice(text: str) -> Json:
    """The callback that answers with a sentence to the asker alone."""
    return {
        "type": ANSWER,
        "data": {"flags": EPHEMERAL, "content": render(parse(text))[:2000], "allowed_mentions": {"parse": []}},
    }


def rebuilt(number: str, entry: MenuEntry, typed: Mapping[str, str]) -> Form | None:
    """A form that was opened before a restart, if it asked for everything that its command needs."""
    return None if number.startswith(_PICKED) or entry.missing(dict(typed)) else Form(number, Used(entry))


def lost(typed: Mapping[str, str]) -> str:
    """What to say to somebody whose form was opened before a restart; what they typed is given back."""
    words = "\n\n".join(value for value in typed.values() if value)
    return "I was restarted in between and no longer know what this was about. Please use the command again.\n" + (
        f"This is what you wrote:\n\n{words}" if words else ""
    )


def _cut(text: str, limit: int) -> str:
    text = " ".join(clean(text).split())
    return (text if len(text) <= limit else text[: limit - 1].rstrip() + "…") or "…"
