"""config.example.toml, from the settings."""

from __future__ import annotations

import json
import textwrap

from pydantic import SecretStr

from bot.settings import Settings, places


def example_config() -> str:
    """The text of config.example.toml: every setting with its meaning, its environment name and its default."""
    lines = [
        "# Settings of the Nexus. Copy to config.toml (or set NEXUS_CONFIG) and change what you need; every line",
        "# can also be set in the environment, which wins. Written by `make docs` from bot/settings.py.",
    ]
    section = ""
    for name, at in places():
        field = Settings.model_fields[name]
        part, _, key = at.key.partition(".")
        if part != section:
            lines += ["", f"[{part}]"]
            section = part
        lines += [f"# {line}" for line in textwrap.wrap(field.description or "", 100)]
        lines.append(f"# Environment: {at.env}")
        computed = field.default_factory is not None or isinstance(field.default, SecretStr)
        default = "" if computed else field.default
        lines.append(f"{key} = {json.dumps(default)}" if default != "" else f'# {key} = ""')
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
