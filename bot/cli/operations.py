"""`nexus operations`: the registry, for people or as JSON with the schemas of the arguments."""

from __future__ import annotations

import argparse
import json

from bot.settings import Settings
from core.catalogue import REGISTRY


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    shown = [operation for operation in REGISTRY if not operation.internal]
    if not options.json:
        width = max(len(operation.name) for operation in shown)
        for operation in shown:
            print(f"{operation.name:<{width}}  {operation.summary}")
        return 0
    print(
        json.dumps(
            [
                {
                    "operation": operation.name,
                    "summary": operation.summary,
                    "help": operation.help,
                    "writes": operation.writes,
                    "confirm": operation.confirm.value,
                    "who": operation.who.name.lower(),
                    "private": operation.private,
                    "arguments": {
                        p.name: {"type": p.field.kind, "required": p.required, "about": p.field.about}
                        for p in operation.parameters
                    },
                    "schema": operation.schema(),
                }
                for operation in shown
            ],
            ensure_ascii=False,
            indent=2,
        )
    )
    return 0
