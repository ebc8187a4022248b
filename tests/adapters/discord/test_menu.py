"""The bot's commands as Discord's."""

from adapters.contract import Least, MenuEntry, MenuOption, OptionKind, Shortcut, Target
from adapters.discord.menu import Json, Menu, same
from tests.adapters.discord.conftest import MENU


def command(menu: Menu, name: str, kind: int = 1) -> Json:
    """The command of that name."""
    return next(one for one in menu.commands if one["name"] == name and one["type"] == kind)


def test_subjects_verbs_and_options() -> None:
    menu = Menu(MENU)
    need = command(menu, "need")
    assert [verb["name"] for verb in need["options"]] == ["post", "close"]
    text, kind = need["options"][0]["options"]
    assert text == {
        "type": 3,
        "name": "text",
        "description": "what you need",
        "min_length": 3,
        "max_length": 900,
    }
    assert kind["choices"] == [{"name": "skill", "value": "skill"}, {"name": "money", "value": "money"}]
    (which,) = need["options"][1]["options"]
    assert (which["required"], which["autocomplete"]) == (True, True)
    role = command(menu, "member")["options"][0]["options"]
    assert [(option["name"], option["type"], option.get("required")) for option in role] == [
        ("person", 6, True),
        ("days", 4, None),
        ("quietly", 5, None),
    ]
    assert (role[1]["min_value"], role[1]["max_value"]) == (1, 30)
    assert command(menu, "help")["options"] == []
    assert menu.left_out == []


def test_who_sees_what_where() -> None:
    menu = Menu(
        [
            *MENU,
            MenuEntry("mod.warn", "Warn", least=Least.MODERATOR),
            MenuEntry("mod.ban", "Ban", least=Least.STEWARD, direct_only=True),
            MenuEntry("mine.keep", "Keep", direct_only=True, shortcut=Shortcut("Keep this", Target.MESSAGE, "")),
        ]
    )
    seen = {one["name"]: (one["default_member_permissions"], one["contexts"]) for one in menu.commands}
    assert seen["need"] == (None, [0, 1])
    assert seen["member"] == (1 << 5, [0, 1])
    assert seen["Give a role"] == (1 << 5, [0, 1])
    assert seen["mod"] == (1 << 40, [0, 1])
    assert seen["me"] == (None, [1])
    assert seen["mine"] == (None, [1])
    assert seen["Keep this"] == (None, [0, 1])  # what it is used on is in servers
    assert {one["type"] for one in menu.commands if one["name"] in ("Give a role", "Report message")} == {2, 3}


def test_a_word_that_is_also_a_subject() -> None:
    menu = Menu([MenuEntry("grant", "Grants"), MenuEntry("grant.create", "Create one")])
    assert [verb["name"] for verb in command(menu, "grant")["options"]] == ["create", "grant"]
    plain = menu.slash("grant", "grant")
    assert plain is not None
    assert plain.name == "grant"
    assert menu.slash("grant", "") is None


def test_limits() -> None:
    options = tuple(MenuOption(f"option{number}", "x" * 200) for number in range(30))
    entries = [MenuEntry(f"big.verb{number}", "y" * 200, options=options) for number in range(30)]
    entries += [
        MenuEntry(f"word{number}", "z", shortcut=Shortcut(f"Do {number}", Target.PERSON, "")) for number in range(110)
    ]
    menu = Menu(entries)
    big = command(menu, "big")
    assert (len(big["options"]), len(big["options"][0]["options"])) == (25, 25)
    text = sum(
        len(part["name"]) + len(part["description"]) for verb in big["options"] for part in (verb, *verb["options"])
    )
    assert text <= 8000 - len("big")
    assert len([one for one in menu.commands if one["type"] == 1]) == 100
    assert len([one for one in menu.commands if one["type"] == 2]) == 5
    assert {"big verb25", "word109", "Do 5"} <= set(menu.left_out)


def test_many_choices_are_completed() -> None:
    option = MenuOption("zone", "time zone", OptionKind.CHOICE, choices=tuple(f"Zone {n}" for n in range(40)))
    (drawn,) = command(Menu([MenuEntry("zone", "Zone", options=(option,))]), "zone")["options"]
    assert drawn["autocomplete"]
    assert "choices" not in drawn


def test_only_real_differences_count() -> None:
    ours = Menu(MENU).commands
    theirs = [
        {
            **one,
            "id": "7",
            "application_id": "8",
            "version": "9",
            "dm_permission": True,
            "nsfw": False,
            "description_localizations": None,
            "description": one.get("description", ""),
            "default_member_permissions": one["default_member_permissions"] and str(one["default_member_permissions"]),
            "contexts": list(reversed(one["contexts"])),
        }
        for one in reversed(ours)
    ]
    assert same(ours, theirs)
    assert not same(ours[1:], theirs)
    assert not same([{**ours[0], "default_member_permissions": "32"}, *ours[1:]], theirs)
    changed = Menu([MENU[0], MenuEntry("need.post", "Say what you need!", options=MENU[1].options), *MENU[2:]])
    assert not same(changed.commands, theirs)
