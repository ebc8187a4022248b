"""All operations by name, with the look-ups that the surfaces need."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from core.errors import N_, BadInput
from core.operations.declare import Operation


class Registry:
    """An immutable set of operations."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._by_name: dict[str, Operation] = {}
        for operation in operations:
            if operation.name in self._by_name:
                raise TypeError(f"{operation.name} is declared twice")
            self._by_name[operation.name] = operation
        self._by_tool = {o.tool_name: o for o in self}

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def get(self, name: str) -> Operation:
        """The operation of that name (or tool name). Raises `BadInput` with the nearest names otherwise."""
        found = self._by_name.get(name) or self._by_tool.get(name)
        if found is None:
            near = difflib.get_close_matches(name, self._by_name, n=3, cutoff=0.5)
            if near:
                raise BadInput(
                    N_("I know nothing called {name}. Did you mean {near}?"), name=name, near=", ".join(near)
                )
            raise BadInput(N_("I know nothing called {name}. Ask for help to see what there is."), name=name)
        return found

    def subjects(self) -> list[str]:
        """The subjects in the order of declaration."""
        return list(dict.fromkeys(o.subject for o in self))
