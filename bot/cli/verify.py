"""`nexus verify`: the books worked out again, with a bar that shows how far it is. Exit code 1 if something is wrong.

It only reads, from one snapshot, whether the bot runs meanwhile or not.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Connection

from bot.settings import Settings
from bot.transfer import files, postgres
from core.clock import SystemClock
from core.errors import N_, NotFound
from core.ledger.verify import Report, verify
from core.nexuses.tree import nexus_by_slug
from core.store import Unit
from core.store.open import sqlite_path


def run(options: argparse.Namespace, settings: Settings) -> int:
    """See the module."""
    path = sqlite_path(settings.store_url)
    if path is not None and not path.exists():
        raise NotFound(N_("There is no store at {path} yet, so there are no books to check."), path=path)
    with _connection(settings.store_url) as connection:
        unit = Unit(connection, SystemClock(), postgres=path is None, writable=False)
        report = _worked_out(unit, _nexus_id(unit, options.nexus))
    return _told(report)


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    path = sqlite_path(url)
    with postgres.snapshot(url) if path is None else files.reading(path) as side:
        yield side.connection


def _nexus_id(unit: Unit, slug: str | None) -> int | None:
    if slug is None:
        return None
    found = nexus_by_slug(unit, slug.casefold())
    if found is None:
        raise NotFound(N_("There is no Nexus {name} here."), name=slug)
    return found.id


def _worked_out(unit: Unit, nexus_id: int | None) -> Report:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Working out the books", total=None)
        return verify(
            unit, nexus_id=nexus_id, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )


def _told(report: Report) -> int:
    for problem in report.problems:
        print(problem.words)
    if report.count > len(report.problems):
        print(f"And {report.count - len(report.problems):,} more.")
    about = (
        f"{report.journals:,} entries, {report.postings:,} lines, {report.accounts:,} accounts, "
        f"{report.holds:,} reservations"
    )
    if report.healthy:
        print(f"The books are right ({about}).")
        return 0
    print(f"The books do not fit: {report.count:,} thing{'s' if report.count > 1 else ''} wrong ({about}).")
    return 1
