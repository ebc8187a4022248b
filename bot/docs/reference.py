"""docs/reference/*.md, from the operations, the settings and the command line."""

from __future__ import annotations

from pydantic import SecretStr

from bot.cli.main import parser
from bot.settings import Settings, places
from core.catalogue import REGISTRY
from core.operations import Confirm, Operation, Who

HEAD = "<!-- Written by `make docs`. Change the code instead. -->\n"
_WHO = {
    Who.ANYONE: "anyone",
    Who.MEMBER: "a member",
    Who.MODERATOR: "a moderator",
    Who.STEWARD: "a steward",
    Who.OWNER: "an owner",
}
_CONFIRM = {
    Confirm.NEVER: "never asks first",
    Confirm.WHEN_GUESSED: "asks first when understood from talk",
    Confirm.ALWAYS: "always asks first",
}


def operations_page() -> str:
    """docs/reference/operations.md."""
    parts = [HEAD, "# Operations\n"]
    parts.append(
        "Everything a person can do. Each can be said in plain words, typed as a command (`/need post …`, in Telegram "
        "also `/need_post …`), or called with `nexus do`. An argument `nexus` names the Nexus concerned; "
        "without it, it is the one you are talking about.\n"
    )
    for subject in REGISTRY.subjects():
        parts.append(f"## {subject}\n")
        parts += [_operation(o) for o in REGISTRY if o.subject == subject and not o.internal]
    return "\n".join(parts)


def _operation(operation: Operation) -> str:
    facts = [f"Who: {_WHO[operation.who]}"]
    if operation.writes:
        facts.append(_CONFIRM[operation.confirm])
    if operation.private:
        facts.append("answered in private")
    lines = [f"### {operation.name}\n", operation.summary, ""]
    if operation.help:
        lines += [operation.help, ""]
    lines += ["; ".join(facts) + ".", ""]
    if operation.parameters:
        lines += ["| argument | what | |", "|---|---|---|"]
        for p in operation.parameters:
            options = f" ({', '.join(p.field.schema()['enum'])})" if "enum" in p.field.schema() else ""
            lines.append(f"| `{p.name}` | {p.field.about}{options} | {'' if p.required else 'optional'} |")
        lines.append("")
    if operation.says:
        said = ", ".join(f"“{example}”" for example in operation.says[:3])
        lines += [f"Say, for example: {said}.", ""]
    return "\n".join(lines)


def settings_page() -> str:
    """docs/reference/settings.md."""
    lines = [
        HEAD,
        "# Settings\n",
        "The environment wins over `config.toml`, which wins over the default. `NEXUS_CONFIG` names the file; "
        "otherwise `./config.toml` or the one in your data folder is read.\n",
        "| environment | config.toml | default | meaning |",
        "|---|---|---|---|",
    ]
    for name, at in places():
        field = Settings.model_fields[name]
        computed = field.default_factory is not None or isinstance(field.default, SecretStr)
        default = "" if computed or field.default == "" else f"`{field.default}`"
        lines.append(f"| `{at.env}` | `{at.key}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """docs/reference/commands.md."""
    lines = [
        HEAD,
        "# The command line\n",
        "Exit codes: 0 done, 1 refused (the reason is said), 2 a wrong call or setting.\n",
    ]
    for name, about, options in parser_facts():
        lines += [f"## nexus {name}\n", f"{about}\n"]
        lines += [f"- `{option}`: {meaning}" for option, meaning in options]
        lines.append("")
    return "\n".join(lines)


def parser_facts() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each command: its name, what it does, and its options."""
    import argparse

    found = []
    for action in parser()._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        for name, sub in action.choices.items():
            options = [
                (", ".join(a.option_strings) or a.dest, a.help or "")
                for a in sub._actions
                if not isinstance(a, argparse._HelpAction)
            ]
            found.append((name, sub.description or "", options))
    return found
