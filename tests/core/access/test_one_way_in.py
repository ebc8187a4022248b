"""What people entrusted to a Nexus is read and written in few places, which ask the rules. Everybody else asks those.

The lists below only shrink. Somebody whose module is found here should call `core.access` (to show something),
`core.records` (to write something) or `core.rules` (to ask or change what is allowed) instead of the table itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("core", "bot", "adapters")
MODULES = [path.relative_to(ROOT).as_posix() for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
# Table, and who may touch it: a module, or a whole room ("core/records/").
PRIVACY = "core/privacy/"  # what is kept about somebody is shown to them, handed out to them, and forgotten
ALLOWED: dict[str, tuple[str, ...]] = {
    "record": (
        PRIVACY,
        "core/records/",
        "core/access/records.py",
        "core/access/matches.py",
        "core/rules/consents.py",
        "core/rules/lists.py",
        "core/people/linking.py",  # two persons become one, or one two
    ),
    "record_text": (PRIVACY, "core/records/", "core/access/matches.py"),
    "consent": (PRIVACY, "core/rules/consents.py"),
    "rule": (PRIVACY, "core/rules/"),
    "rule_mask": (PRIVACY, "core/rules/"),
    "rule_epoch": (PRIVACY, "core/rules/"),
    "nexus_link": (PRIVACY, "core/rules/"),
    "talk_line": ("bot/privacy/", "bot/talk/"),
    "talk_summary": ("bot/privacy/", "bot/talk/"),
}
ADVICE = (
    "reads or writes the table {table} by itself. Ask core.access to show something, core.records to write something, "
    "core.rules what is allowed: they keep to the rules of each Nexus and the consent of each author."
)
# All tables are brought in where the schema is put together, a whole store is carried, and none may be left undeclared.
EVERY_TABLE = ("core/catalogue.py", "bot/tables.py", "bot/transfer/shape.py", "core/privacy/personal.py")
_SQL = re.compile(r"\b(?:FROM|INTO|JOIN|UPDATE)\s+\"?(\w+)", re.IGNORECASE)
_HOMES = ("core", "bot", "adapters")


def touched(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The guarded tables that a module imports, by whatever way, or names in SQL; with the line. "*": all of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _HOMES:
            for alias in node.names:
                if alias.name in ALLOWED:
                    yield alias.name, node.lineno
                elif alias.name == "tables":
                    yield from _through(tree, alias.asname or alias.name, node.lineno)
                elif alias.name == "*":
                    yield "*", node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in _HOMES and alias.name.endswith(".tables"):
                    yield from _through(tree, alias.asname or alias.name, node.lineno)
        elif isinstance(node, ast.Attribute) and node.attr in ("tables", "sorted_tables"):
            if isinstance(node.value, ast.Name) and node.value.id == "metadata":
                yield "*", node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for table in _SQL.findall(node.value):
                if table in ALLOWED and not _is_docstring(tree, node):
                    yield table, node.lineno


def _through(tree: ast.Module, module: str, line: int) -> Iterator[tuple[str, int]]:
    """Tables that are reached through the module that has them; "*" where the whole module is handed on."""
    named = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == module and node.attr in ALLOWED
    ]
    yield from ((node.attr, node.lineno) for node in named)
    if not named:
        yield "*", line


def _is_docstring(tree: ast.Module, constant: ast.Constant) -> bool:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return any(
        isinstance(node, holders)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and node.body[0].value is constant
        for node in ast.walk(tree)
    )


def may_touch(name: str, table: str) -> bool:
    if table == "*":
        return name in EVERY_TABLE
    return any(name == entry or (entry.endswith("/") and name.startswith(entry)) for entry in ALLOWED[table])


USED = {name: list(touched(ast.parse((ROOT / name).read_text("utf-8")))) for name in MODULES}


@pytest.mark.parametrize("table", [*ALLOWED, "*"])
def test_only_these_touch_it(table: str) -> None:
    found = [
        f"{name}:{line} {ADVICE.format(table=table)}"
        for name, uses in USED.items()
        for one, line in uses
        if one == table and not may_touch(name, table)
    ]
    assert not found, "\n".join(found)


def test_nobody_is_allowed_who_does_not_need_it() -> None:
    """The lists shrink with the code."""
    used = {(table, name) for name, uses in USED.items() for table, _ in uses}
    idle = [
        (table, entry)
        for table, entries in ALLOWED.items()
        for entry in entries
        if not any(one == table and (name == entry or name.startswith(entry)) for one, name in used)
    ]
    assert idle == []
    assert [name for name in EVERY_TABLE if ("*", name) not in used] == []


@pytest.mark.parametrize(
    "source",
    [
        "from core.records.tables import record",
        "from core.records.tables import record as rows",
        "from core.access.records import record",
        "from core.records import tables\nx = tables.record.c.id",
        "from core.records import tables as t\nx = t.record",
        "import core.records.tables\nx = core.records.tables.record",
        "import core.records.tables as t\nx = t.record",
        "def f():\n    from core.records.tables import record",
        "X = 'SELECT body FROM record WHERE id = ?'",
        "X = f'UPDATE record SET body = {1}'",
        "X = 'select * from person join record on true'",
    ],
)
def test_it_finds_every_way(source: str) -> None:
    assert {table for table, _ in touched(ast.parse(source))} == {"record"}


@pytest.mark.parametrize(
    "source",
    [
        '"""Reads nothing from record at all."""',
        "def f():\n    'It is taken from record number one.'",
        "from core.access.records import Record",
        "X = 'SELECT id FROM record_of_something'",
        "def record(): ...",
    ],
)
def test_it_finds_nothing_else(source: str) -> None:
    assert list(touched(ast.parse(source))) == []


@pytest.mark.parametrize(
    "source",
    ["from core.records.tables import *", "from core.records import tables", "x = metadata.tables['record']"],
)
def test_the_whole_schema_is_for_few(source: str) -> None:
    assert [table for table, _ in touched(ast.parse(source))] == ["*"]
