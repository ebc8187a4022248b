"""A store goes to the other engine and comes back the same; nothing arrives by halves."""

from __future__ import annotations

import re
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Table

from bot.transfer import files, postgres
from bot.transfer.carry import NotTheSame, carry
from bot.transfer.checksum import Contents, Value
from bot.transfer.shape import STAYS, TABLES
from bot.transfer.sides import SqliteSide
from core.clock import ManualClock
from core.store import open_store
from core.store.lock import InUse
from core.store.migrate import SchemaMismatch, downgrade
from tests.bot.transfer.full import NESTED, WORDS, lively
from tests.world import World

_LAST = "SELECT seq FROM sqlite_sequence WHERE name = 'inbox'"


def move(path: Path, url: str, *, tell: Callable[[str], None] = lambda line: None) -> Contents:
    with files.reading(path) as source, postgres.held(url, replacing=False) as target:
        contents = carry(source, target, tell)
        postgres.finish(target, "a mark")
    return contents


def there(url: str) -> Contents:
    with postgres.snapshot(url) as side:
        return side.contents()


def test_every_table_comes_to_postgresql_and_back(full_file: Path, bare: str, tmp_path: Path) -> None:
    before = files.contents_of(full_file)
    assert before is not None
    assert [name for name, one in before.tables.items() if one.rows == 0] == []
    assert set(before.tables) == {table.name for table in TABLES}
    heard: list[str] = []
    assert move(full_file, bare, tell=heard.append) == before
    assert there(bare) == before
    assert any(line.split() == ["record", "3", "rows"] for line in heard)
    back = tmp_path / "back.db"
    with postgres.snapshot(bare) as source:
        assert files.write_file(source, back, lambda line: None) == before
    assert files.contents_of(back) == before
    assert _dump(back) == _dump(full_file)
    assert sorted(p.name for p in tmp_path.glob("back*")) == ["back.db"]
    assert back.stat().st_mode & 0o077 == 0


def _dump(path: Path) -> list[str]:
    """Every row of every table, also of those that number rows; the full-text tables by what they find alone."""
    with closing(sqlite3.connect(path)) as connection:
        lines = [line for line in connection.iterdump() if line.startswith("INSERT") and "record_text" not in line]
        indexed = connection.execute("SELECT rowid, body FROM record_text ORDER BY rowid").fetchall()
        return [*sorted(lines), repr(indexed)]


def test_what_was_written_arrives_letter_by_letter(full_file: Path, bare: str) -> None:
    move(full_file, bare)
    with psycopg.connect(bare) as server, closing(sqlite3.connect(full_file)) as file:
        for query in ("SELECT text FROM talk_line", "SELECT reply FROM outbox", "SELECT body FROM record ORDER BY id"):
            assert server.execute(query.encode()).fetchall() == file.execute(query).fetchall()
        assert server.execute("SELECT text FROM talk_line").fetchone() == (WORDS,)
        assert server.execute("SELECT reply::jsonb->'z' FROM outbox").fetchone() == (NESTED["z"],)
        assert server.execute("SELECT sealed FROM installation").fetchone() == (bytes(range(256)),)


def test_a_moved_store_works_and_counts_on(full_file: Path, bare: str, clock: ManualClock) -> None:
    with closing(sqlite3.connect(full_file)) as file:  # numbers that were given stay given, also of rows that are gone
        file.execute("UPDATE sqlite_sequence SET seq = seq + 1000")
        file.commit()
        last = dict(file.execute("SELECT name, seq FROM sqlite_sequence"))
    move(full_file, bare)
    store = open_store(bare, clock)
    try:
        world = World(store, clock)
        world.nexuses["Parser"] = world.read(lambda unit: _by_slug(unit, "parser"))
        ana = world.person("Ana")
        assert [item.text for item in world.do("Ana", "record.search", query="designers").items] != []
        assert world.do("Ana", "record.search", query="lighthouse").items == ()
        world.do("Ana", "need.post", text="a reviewer", at={"here": "Parser"})
        found = world.do("Ana", "record.search", query="reviewer", at={"here": "Parser"}).items
        assert len(found) == 1
        assert ana.person_id == world.id_of("Ana")
    finally:
        store.close()
    with psycopg.connect(bare) as server:
        assert server.execute("SELECT max(seq) FROM audit").fetchone() == (last["audit"] + 1,)
        assert server.execute("SELECT nextval('inbox_id_seq')").fetchone() == (last["inbox"] + 1,)


def _by_slug(unit: object, slug: str) -> object:
    from core.nexuses.tree import nexus_by_slug

    return nexus_by_slug(unit, slug)  # type: ignore[arg-type]


def test_numbers_survive_a_way_without_new_rows(full_file: Path, bare: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(full_file)) as file:
        file.execute("UPDATE sqlite_sequence SET seq = seq + 5000 WHERE name = 'inbox'")
        file.commit()
        last = file.execute(_LAST).fetchone()
    move(full_file, bare)
    with postgres.snapshot(bare) as source:
        files.write_file(source, tmp_path / "back.db", lambda line: None)
    with closing(sqlite3.connect(tmp_path / "back.db")) as file:
        assert file.execute(_LAST).fetchone() == last


def test_a_nul_becomes_the_sign_of_a_lost_character(full_file: Path, bare: str) -> None:
    with closing(sqlite3.connect(full_file)) as file:
        file.execute("UPDATE talk_line SET text = 'a' || char(0) || 'b'")
        file.commit()
    assert move(full_file, bare) == files.contents_of(full_file)
    with psycopg.connect(bare) as server:
        assert server.execute("SELECT text FROM talk_line").fetchone() == ("a\ufffdb",)


def test_the_engines_keep_nothing_that_is_not_carried_or_made_anew(full_file: Path, postgres: object) -> None:
    """Whoever adds such a table says here how it gets to the other side: `bot.transfer.sides.Side.index`."""
    carried = {table.name for table in TABLES} | STAYS | {"alembic_version"}
    with closing(sqlite3.connect(full_file)) as file:
        names = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")}
    guards = re.compile(r"record_text|membership_|\w+_no_(update|delete|replace)$")  # migrations make them anew
    assert {name for name in names - carried if not guards.match(name)} == {"sqlite_sequence"}
    with psycopg.connect(postgres.url("migrated")) as server:  # type: ignore[attr-defined]
        rows = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    kept = {name for (name,) in rows} - carried
    assert {name for name in kept if not name.startswith("procrastinate_")} == {"record_text"}


class _Forgetful(SqliteSide):
    """Loses a row of one table, the last time it is asked for it."""

    def write(self, table: Table, rows: Iterator[Sequence[Value]]) -> None:  # type: ignore[override]
        kept = list(rows)
        super().write(table, kept[:-1] if table.name == "account_history" else kept)


def test_what_does_not_arrive_whole_is_not_kept(full_file: Path, migrated_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.db"
    target.write_bytes(migrated_file.read_bytes())
    with (
        pytest.raises(NotTheSame, match=r"account_history did not arrive as it was sent \(1 rows, 0 arrived\)"),
        files.reading(full_file) as source,
        files._transaction(target, read_only=False) as connection,
    ):
        carry(source, _Forgetful(connection), lambda line: None)
    empty = files.contents_of(target)
    assert empty is not None
    assert empty.rows == 0


def test_a_failure_leaves_a_bare_database_bare(full_file: Path, bare: str) -> None:
    with closing(sqlite3.connect(full_file)) as file:  # SQLite takes it, a column of four bytes does not
        file.execute("UPDATE record SET version = 5000000000")
        file.commit()
    with pytest.raises(postgres.Refused, match=r"refuses that \(22003\)\. Nothing was changed") as refusal:
        move(full_file, bare)
    assert "5000000000" not in str(refusal.value)
    with psycopg.connect(bare) as server:
        assert server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_file_that_breaks_off_is_said(full_file: Path, bare: str) -> None:
    with closing(sqlite3.connect(full_file)) as file:
        file.execute("UPDATE talk_line SET text = CAST(x'ff' AS TEXT)")
        file.commit()
    from core.errors import BadInput

    with pytest.raises(BadInput, match="cannot be read to its end"):
        move(full_file, bare)


def test_a_snapshot_is_of_one_moment(full_file: Path, bare: str) -> None:
    before = move(full_file, bare)
    with postgres.snapshot(bare) as side, psycopg.connect(bare, autocommit=True) as other:
        assert not side.is_empty()
        other.execute("INSERT INTO effect VALUES ('late', '', 'null', 1)")
        other.execute("UPDATE person SET name = 'somebody else'")
        assert side.contents() == before
    assert there(bare) != before


def test_a_store_that_is_held_waits_for_nobody_and_lets_nobody_in(full_file: Path, bare: str) -> None:
    move(full_file, bare)
    with (
        psycopg.connect(bare, application_name="a bot"),
        pytest.raises(InUse, match=r"in use \(1 connections\)"),
        postgres.held(bare, replacing=True),
    ):
        pass
    with postgres.held(bare, replacing=True), psycopg.connect(bare) as other:
        other.execute("SET lock_timeout = 1")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("SELECT 1 FROM inbox")


def test_another_version_is_told_from_a_present_one(full_file: Path, bare: str) -> None:
    before = move(full_file, bare)
    downgrade(bare, "0001")
    with pytest.raises(SchemaMismatch, match="nexus migrate"):
        there(bare)
    with pytest.raises(SchemaMismatch, match="add --replace"), postgres.held(bare, replacing=False):
        pass
    with postgres.held(bare, replacing=True) as target:
        assert target.contents() != before
        postgres.empty(target)
        assert target.is_empty()
    with psycopg.connect(bare, autocommit=True) as server:
        server.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch, match="another version of this program"), postgres.held(bare, replacing=True):
        pass


def test_memory_does_not_grow_with_the_store(
    full_file: Path, bare: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rows, words = 12_000, "x" * 2_000  # 24 MB
    with closing(sqlite3.connect(full_file)) as file:
        lines = ((n, f"k{n % 7}", 1, 1, "user", words, n, None) for n in range(1, rows))
        file.executemany("INSERT INTO talk_line VALUES (?, ?, ?, ?, ?, ?, ?, ?)", lines)
        file.commit()
    tracemalloc.start()
    try:
        move(full_file, bare)
        with postgres.snapshot(bare) as source:
            files.write_file(source, tmp_path / "back.db", lambda line: None)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < rows * len(words) / 2
    assert files.contents_of(tmp_path / "back.db") == files.contents_of(full_file)


@pytest.mark.parametrize("url", ["postgresql://ana:hush@h:port/x", "postgresql://@/x?hush=1"])
def test_an_address_that_is_none_is_not_repeated(url: str) -> None:
    from core.errors import BadInput

    with pytest.raises(BadInput, match="postgresql://user@host/name") as refusal, postgres.held(url, replacing=False):
        pass
    assert "hush" not in str(refusal.value)


def test_a_database_is_shown_without_user_and_password() -> None:
    assert (
        postgres.shown("postgres://ana:hush@db.example/nexus?password=hush")
        == "PostgreSQL (database nexus, db.example)"
    )


def test_a_lively_store_is_lively_on_both_engines(new_url: Callable[[str], str], clock: ManualClock) -> None:
    """The builder of these tests fills every table, also on PostgreSQL."""
    url = new_url("postgres")
    store = open_store(url, clock)
    lively(store, clock)
    store.close()
    assert [name for name, one in there(url).tables.items() if one.rows == 0] == []
