"""Choosing by name: exact before beginning before containing; several at the best level are a question. Pure."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from core.errors import N_, Ambiguous, NotFound


class Named(Protocol):
    """Anything with an id and a name."""

    @property
    def id(self) -> int:
        """Row id."""

    @property
    def name(self) -> str:
        """As people see it."""


T = TypeVar("T", bound=Named)


def best_named(wanted: str, candidates: Sequence[tuple[T, str]], *, prefer: int = 0) -> T | None:
    """The one candidate (thing, folded name) that `wanted` names; None if nothing fits.

    Raises `Ambiguous` when several fit equally well, unless one of them has the id `prefer`.
    """
    levels: tuple[Callable[[str], bool], ...] = (
        lambda name: name == wanted,
        lambda name: name.split(" ")[0] == wanted or name.startswith(wanted + " "),
        lambda name: f" {wanted} " in f" {name} ",
        lambda name: name.startswith(wanted) and len(wanted) >= 3,
    )
    for fits in levels:
        found = {thing.id: thing for thing, name in candidates if fits(name)}
        if len(found) == 1:
            return next(iter(found.values()))
        if prefer in found:
            return found[prefer]
        if found:
            raise Ambiguous(
                N_("I know several called {name}: {choices}. Which one do you mean?"),
                name=wanted,
                choices=_either(_told_apart(list(found.values())[:5])),
            )
    return None


def literal(name: str) -> str:
    """A name as part of a LIKE pattern with the escape character \\, where % and _ are what they are."""
    return name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def unknown(template: str, name: str, near: Iterable[str]) -> NotFound:
    """A refusal that offers the nearest visible names, if any are near."""
    close = difflib.get_close_matches(name, list(near), n=2, cutoff=0.6)
    if not close:
        short = {other.split(" ")[0]: other for other in near}
        close = [short[c] for c in difflib.get_close_matches(name, list(short), n=2, cutoff=0.7)]
    if close:
        return NotFound(template + " " + N_("Did you mean {near}?"), name=name, near=_either(close))
    return NotFound(template, name=name)


def several(choices: Iterable[str]) -> Ambiguous:
    """A question which of several is meant; `choices` tell them apart by their short names, the first five are said."""
    said = "; ".join(itertools.islice(choices, 5))
    return Ambiguous(N_("Several fit: {choices}. Which one do you mean? Its short name (#…) is enough."), choices=said)


def _told_apart(things: Sequence[Named]) -> list[str]:
    """Their names; with the slug of a Nexus, or the reference that every field reads, where two are called the same."""
    names = [thing.name for thing in things]
    if len(set(names)) == len(names):
        return names
    return [f"{thing.name} ({getattr(thing, 'slug', f'={thing.id}')})" for thing in things]


def _either(names: Iterable[Any]) -> str:
    names = list(names)
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
