"""Forms, without any network."""

from adapters.contract import MenuEntry, MenuOption, OptionKind
from adapters.discord.forms import AGAIN, Form, again, filled, lost, modal, named, opened, rebuilt, submitted
from adapters.discord.interactions import Used


def a_number(typed: str) -> str:
    """A check as the bot's fields have them."""
    return "" if typed.isdigit() else "A number, please."


ENTRY = MenuEntry(
    "offer.make",
    "Make an offer",
    options=(
        MenuOption("what", "what you offer", OptionKind.LONG, required=True, maximum=9000),
        MenuOption("kind", "which kind", OptionKind.CHOICE, required=True, choices=("time", "money")),
        MenuOption("open", "open to all", OptionKind.YESNO, required=True),
        MenuOption(
            "days",
            "x" * 60,
            OptionKind.WHOLE,
            required=True,
            check=lambda v: "" if v.isdigit() else "A number, please.",
        ),
    ),
)


def test_inputs() -> None:
    form = Form("f1", Used(ENTRY, {"kind": "time"}), {"days": "many", "open": "no"})
    drawn = modal(form)["data"]
    assert drawn["title"] == "Make an offer"
    what, open_, days = drawn["components"]
    assert what["component"] == {"type": 4, "custom_id": "what", "style": 2, "required": True, "max_length": 4000}
    assert [(one["value"], one.get("default")) for one in open_["component"]["options"]] == [
        ("yes", None),
        ("no", True),
    ]
    assert (days["label"], days["description"], days["component"]["value"]) == ("Days", "x" * 60, "many")
    assert not drawn["custom_id"].isascii()  # tokens of buttons are


def test_reading_old_and_new_shapes() -> None:
    new = {"components": [{"type": 18, "component": {"type": 4, "custom_id": "what", "value": " x "}}]}
    old = {"components": [{"type": 1, "components": [{"type": 4, "custom_id": "what", "value": "x"}]}]}
    chosen = {"components": [{"type": 18, "component": {"type": 3, "custom_id": "kind", "values": ["time"]}}]}
    assert submitted(new) == submitted(old) == {"what": "x"}
    assert submitted(chosen) == {"kind": "time"}
    assert submitted({}) == {}


def test_right_and_wrong_values() -> None:
    form = Form("f1", Used(ENTRY, {"kind": "time", "open": "yes"}))
    wrong, problems = filled(form, {"what": "help", "days": "many"})
    assert problems == ["A number, please."]
    assert [option.name for option in wrong.asked()] == ["what", "days"]
    assert wrong.typed == {"what": "help", "days": "many"}
    right, problems = filled(wrong, {"what": "help", "days": "3"})
    assert (problems, right.asked()) == ([], [])
    assert right.done.arguments == {"kind": "time", "open": "yes", "what": "help", "days": "3"}
    sentence = again(wrong, ["Not *that* <@1>."], "Try again")["data"]
    assert sentence["flags"] == 64
    assert sentence["components"][0]["components"][0]["custom_id"] == f"{AGAIN}f1:offer.make"


def test_names_and_restarts() -> None:
    form = Form("f1", Used(ENTRY))
    assert named(form.custom_id) == ("f1", "offer.make")
    assert rebuilt("f1", ENTRY, {"what": "x"}) is None
    assert rebuilt("f1", ENTRY, {"what": "x", "kind": "time", "open": "no", "days": "1"}) is not None
    about_a_message = opened("f1", Used(ENTRY, picked=True))
    assert rebuilt(about_a_message.number, ENTRY, {"what": "x", "kind": "time", "open": "no", "days": "1"}) is None
    assert opened("f1", Used(ENTRY)) == form
    assert "dear words" in lost({"what": "dear words"})
    assert "wrote" not in lost({})
