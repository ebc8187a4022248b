"""The walls and habits of the house: what was asked for twice in a review is asked for here."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.catalogue import REGISTRY
from core.operations import Confirm, Operation

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "adapters", "bot", "migrations", "tests")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
MOST_LINES = 400
# What was there before the rule and has its reason. This list only shrinks.
LONGER: dict[str, int] = {
    "migrations/versions/0001_first_schema.py": 520,  # written by Alembic, read by nobody
}
# Where the machine's own time may be read: everything else gets a clock.
CLOCKS = ("core/clock.py", "core/ids.py", "bot/cli/backup.py")
TIME = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}

# Change something without a question, and are answered where they were asked: where one is, and that a number was told.
ALONE = ("nexus.enter", "people.count")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_dependencies_point_one_way() -> None:
    program = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_no_module_is_long() -> None:
    """Also lists of example sentences: whoever looks for what people say about a need finds it in a file of its own."""
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: n for name, n in lengths.items() if n > LONGER.get(name, MOST_LINES)} == {}
    assert {name for name in LONGER if lengths.get(name, 0) <= MOST_LINES} == set()


def test_every_module_of_the_program_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in MODULES
        if not name_of(path).startswith("tests/") and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_every_folder_of_tests_is_a_package() -> None:
    """Or `tests/core` would shadow the real `core`."""
    folders = {path.parent for path in MODULES if name_of(path).startswith("tests/")}
    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def readings_of_the_machines_time(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in TIME:
                yield node.lineno


@pytest.mark.parametrize("package", ["core", "bot"])
def test_time_comes_from_a_clock(package: str) -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in MODULES
        if name_of(path).startswith(f"{package}/") and name_of(path) not in CLOCKS
        for line in readings_of_the_machines_time(path)
    ]
    assert found == []


def test_core_never_waits_and_never_prints() -> None:
    for path in MODULES:
        if name_of(path).startswith("core/"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                assert not isinstance(node, ast.AsyncFunctionDef | ast.Await), name_of(path)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    assert node.func.id not in ("print", "input"), name_of(path)


@pytest.mark.parametrize("operation", list(REGISTRY), ids=lambda o: o.name)
def test_every_operation_is_fit_for_people(operation: Operation) -> None:
    assert operation.summary
    assert operation.says or operation.internal, "the offline brain learns from examples"
    if operation.writes:
        # Whoever changes something is asked in words, or the change is one's own and undone with a tap.
        assert operation.asks or operation.private or operation.confirm is Confirm.NEVER
        assert operation.confirm is not Confirm.NEVER or operation.private or operation.name in ALONE
    else:
        assert operation.confirm is Confirm.NEVER
        assert not operation.asks
