"""The register of what is kept about people: nothing personal is added to the schema unnoticed."""

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, Table, Text

import bot.tables
from core.people.tables import person
from core.privacy import personal
from core.privacy.personal import Exempt, Personal, gaps
from core.store.schema import Id, Json

metadata = bot.tables.metadata


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A register of one's own, so that a test declares nothing for others."""
    monkeypatch.setattr(personal, "_register", dict(personal._register))
    monkeypatch.setattr(personal, "_afterwards", list(personal._afterwards))


def table_with(*columns: Column[object]) -> Table:
    return Table("diary", MetaData(), Column("id", Id, primary_key=True), *columns)


def test_every_table_and_column_that_names_people_is_declared() -> None:
    assert list(gaps(metadata)) == []


def test_what_stays_has_a_reason_that_is_a_sentence() -> None:
    for one in personal.declarations():
        for reason in (*one.pseudonym.values(), *one.exempt.values()):
            assert len(reason.split()) >= 3, (one.table.name, reason)


def test_what_is_kept_of_somebody_is_in_their_export() -> None:
    without = {
        one.table.name for one in personal.declarations() if (one.gone or one.blanked) and not (one.gives or one.export)
    }
    assert without == {"ask"}  # seconds old, between processes


@pytest.mark.usefixtures("own")
def test_a_new_table_says_what_to_do() -> None:
    made = table_with(Column("person_id", Id, ForeignKey(person.c.id)))
    (said,) = gaps(made.metadata)
    assert said.startswith("Nobody has said what the table diary keeps about people. Declare it in core/privacy")


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    "column",
    [
        Column("writer", Id, ForeignKey(person.c.id)),
        Column("made_by", Id),
        Column("person_id", Id),
        Column("words", Text),
        Column("facts", Json),
        Column("talk_key", Text),
    ],
    ids=lambda c: c.name,
)
def test_a_new_column_says_what_to_do(column: Column[object]) -> None:
    made = table_with(column)
    personal.register(Personal(made))
    (said,) = gaps(made.metadata)
    assert said.startswith(f"diary.{column.name} may name a person")
    personal._register["diary"] = Personal(made, exempt={column.name: "it is nobody's"})
    assert list(gaps(made.metadata)) == []


@pytest.mark.usefixtures("own")
def test_an_exempt_table_does_not_point_at_people_and_has_a_reason() -> None:
    made = table_with(Column("person_id", Id, ForeignKey(person.c.id)))
    personal.register(Exempt(made, "a number"))
    assert list(gaps(made.metadata)) == ["diary is exempt without a reason, or points at people (person_id)."]
    plain = table_with(Column("number", Id))
    personal._register["diary"] = Exempt(plain, "")
    assert list(gaps(plain.metadata)) == ["diary is exempt without a reason, or points at people ()."]


@pytest.mark.usefixtures("own")
def test_a_declaration_names_no_column_that_is_not_there_and_no_table_twice() -> None:
    made = table_with()
    personal.register(Personal(made, gone=("ghost",)))
    assert list(gaps(made.metadata)) == ["diary.ghost is declared and does not exist."]
    with pytest.raises(TypeError, match="diary is declared twice"):
        personal.register(Exempt(made, "twice"))
