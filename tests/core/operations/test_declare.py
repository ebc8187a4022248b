"""Declaring operations: what a declaration must have, and what is made from it."""

from typing import Annotated, Any

import pytest

from core.catalogue import REGISTRY
from core.errors import BadInput
from core.operations import Confirm, Context, Operation, Registry, operation
from core.operations.fields import Choice, Text, Whole


@operation("thing.make", writes=True, says=("make {text}",))
def make(
    context: Context,
    text: Annotated[str, Text("the text")],
    size: Annotated[str, Choice("the size", ("small", "big"))] = "small",
    count: Annotated[int | None, Whole("how many")] = None,
) -> int:
    """Make a thing.

    With more to say about it.
    """
    return 1


def test_everything_comes_from_signature_and_docstring() -> None:
    assert (make.summary, make.help) == ("Make a thing.", "With more to say about it.")
    assert [(p.name, p.required, p.default) for p in make.parameters] == [
        ("text", True, None),
        ("size", False, "small"),
        ("count", False, None),
    ]
    assert (make.subject, make.tool_name, make.main, make.result) == ("thing", "thing_make", "text", int)
    assert make.confirm is Confirm.WHEN_GUESSED
    assert make.parameter("size") is make.parameters[1]
    assert make.parameter("colour") is None


def test_the_schema_is_strict() -> None:
    assert make.schema() == {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "size": {"type": ["string", "null"], "enum": ["small", "big", None]},
            "count": {"type": ["integer", "null"]},
        },
        "required": ["text", "size", "count"],
        "additionalProperties": False,
    }


def _function(context: Context) -> int:
    """Do it."""
    return 1


@pytest.mark.parametrize("name", ["", "Make", "Thing.make", "thing.make.now", "thing_make", "thing.", "thing.2"])
def test_a_name_is_subject_dot_verb(name: str) -> None:
    with pytest.raises(TypeError, match=r"subject\.verb"):
        operation(name)(_function)


def test_a_docstring_is_needed() -> None:
    def silent(context: Context) -> int:
        return 1

    with pytest.raises(TypeError, match="docstring"):
        operation("thing.make")(silent)


def test_every_argument_has_exactly_one_field_type() -> None:
    def bare(context: Context, text: str) -> int:
        """Do it."""
        return 1

    def twice(context: Context, text: Annotated[str, Text("a"), Text("b")]) -> int:
        """Do it."""
        return 1

    for function in (bare, twice):
        with pytest.raises(TypeError, match="argument text needs exactly one field type"):
            operation("thing.make")(function)


def test_no_name_is_taken_twice() -> None:
    with pytest.raises(TypeError, match="declared twice"):
        Registry([make, make])


def test_a_registry_finds_by_name_and_tool_name_and_offers_what_is_near() -> None:
    registry: Registry = Registry([make])
    assert registry.get("thing.make") is registry.get("thing_make") is make
    assert "thing.make" in registry
    assert registry.subjects() == ["thing"]
    with pytest.raises(BadInput, match=r"Did you mean thing\.make\?"):
        registry.get("thing.mke")
    with pytest.raises(BadInput, match="Ask for help"):
        registry.get("\ud800")


@pytest.mark.parametrize("candidate", list(REGISTRY), ids=lambda o: o.name)
def test_every_operation_can_speak(candidate: Operation) -> None:
    assert candidate.summary.endswith(".")
    assert len(candidate.summary) <= 100
    assert candidate.says or candidate.internal
    if candidate.confirm is not Confirm.NEVER and not candidate.internal:
        assert candidate.asks
    names = {p.name for p in candidate.parameters}
    for sentence in candidate.says:
        slots = {part.partition("}")[0] for part in sentence.split("{")[1:]}
        assert slots <= names, sentence
    for parameter in candidate.parameters:
        schema: dict[str, Any] = candidate.schema()["properties"][parameter.name]
        assert schema["type"]
        assert parameter.field.about
