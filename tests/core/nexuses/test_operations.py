"""Nexuses through their operations: make, show, list, join, enter, leave, move, rename, archive; the first owner."""

import pytest

from core.access.nexuses import access_nexus, joinable, may_know_nexus, visible_children
from core.errors import Ambiguous, Conflict, NotAllowed, NotFound
from core.nexuses import founding
from core.nexuses.tree import ROOT_ID
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Ask
from core.people.people import here_of
from core.store import Unit
from tests.core.nexuses.test_tree import together
from tests.world import PUBLIC, World

CLI = {"origin": Origin.CLI}


def find(world: World, who: str, words: str, **at: object) -> str:
    def unit(unit: Unit) -> str:
        return access_nexus(world.context(unit, who, **at), words).name  # type: ignore[arg-type]

    return str(world.read(unit))


def members(world: World, name: str) -> Audience:
    return Audience(AudienceKind.MEMBERS, nexus_id=world.nexuses[name].id)


# -- the first owner ---------------------------------------------------------------------------------------------


def test_the_code_of_the_terminal_makes_the_first_owner_once(world: World) -> None:
    with pytest.raises(NotFound) as wrong:
        world.do("Ana", "owner.claim", code="KF3M-9TQ2-X7PD")
    assert world.do("Ana", "owner.claim", code=world.claim_code.lower()).name == "Home"
    with pytest.raises(NotFound) as late:
        world.do("Ben", "owner.claim", code=world.claim_code)
    assert wrong.value.message == late.value.message
    assert world.write(founding.found) is None
    assert world.claim_code.replace("-", "") not in repr(world.dump())
    assert world.do("Ana", "nexus.show").role == "owner"


def test_each_start_makes_a_new_code_and_forgets_the_last(world: World) -> None:
    code = world.write(founding.found)
    with pytest.raises(NotFound):
        world.do("Ana", "owner.claim", code=world.claim_code)
    assert world.do("Ana", "owner.claim", code=code).nexus_id == ROOT_ID


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_who_claim_at_once_are_not_both_owner(world: World) -> None:
    def claim(who: str) -> str:
        try:
            world.do(who, "owner.claim", code=world.claim_code)
        except NotFound:
            return ""
        return who

    for who in ("Ana", "Ben"):
        world.person(who)
    owners = together(lambda: claim("Ana"), lambda: claim("Ben"), lambda: world.write(founding.found))[:2]
    assert sum(bool(o) for o in owners) <= 1
    if any(owners):
        assert world.write(founding.found) is None


# -- making ------------------------------------------------------------------------------------------------------


def test_whoever_makes_a_nexus_owns_it_and_talks_about_it(world: World) -> None:
    asked = world.call("Ana", "nexus.create", name="Parser", at={"origin": Origin.TALK})
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == "Start a Nexus called Parser? You would be its owner."
    world.press("Ana", asked.buttons[0].token)
    page = world.do("Ana", "nexus.show")
    assert (page.name, page.path, page.role, page.people, page.door) == (
        "Parser",
        "Home › Parser",
        "owner",
        1,
        "members",
    )


def test_a_nexus_goes_where_one_is_or_where_one_says(world: World) -> None:
    world.nexus("Studio", owner="Ana")
    assert world.do("Ana", "nexus.create", name="Inner").path == "Home › Studio › Inner"
    assert world.do("Ana", "nexus.create", name="Top", parent="Home").path == "Home › Top"
    world.nexus("Open", owner="Otto", door="open")
    with pytest.raises(NotAllowed, match="once you are a member"):
        world.do("Ana", "nexus.create", name="X", parent="Open")
    assert world.do("Ben", "nexus.create", name="X", at={"here": "Open"}).path == "Home › X"


def test_a_nexus_made_in_a_group_does_not_move_ones_own_talk(world: World) -> None:
    world.nexus("Studio", owner="Ana")
    place = world.place("Lobby")
    world.do("Ana", "nexus.create", name="Parser", at={"place": place, "origin": Origin.BUTTON})
    assert world.read(lambda unit: here_of(unit, world.id_of("Ana"))) == world.nexuses["Studio"].id


# -- what is known -----------------------------------------------------------------------------------------------


@pytest.fixture
def tree(world: World) -> World:
    """Home › Studio (members) › Parser (members), Secret (private) › Cellar (open); Home › Square (open)."""
    world.nexus("Studio", owner="Otto")
    world.nexus("Parser", owner="Ana", parent="Studio")
    world.nexus("Secret", owner="Zoe", parent="Studio", door="private")
    world.nexus("Cellar", owner="Zoe", parent="Secret", door="open")
    world.nexus("Square", owner="Otto", door="open")
    world.join("Mo", "Studio")
    world.join("Ben", "Parser")
    world.join("Gus", "Parser", "guest")
    world.person("Eve")
    return world


KNOWN = {
    "Otto": {"Home", "Studio", "Parser", "Secret", "Cellar", "Square"},
    "Mo": {"Home", "Studio", "Parser", "Cellar", "Square"},
    "Ana": {"Home", "Studio", "Parser", "Cellar", "Square"},
    "Ben": {"Home", "Studio", "Parser", "Cellar", "Square"},
    "Gus": {"Home", "Studio", "Parser", "Cellar", "Square"},
    "Zoe": {"Home", "Studio", "Secret", "Cellar", "Square"},
    "Eve": {"Cellar", "Square"},
}


def test_who_may_know_of_which_nexus(tree: World) -> None:
    def known(unit: Unit, audience: Audience) -> set[str]:
        return {name for name, nexus in tree.nexuses.items() if may_know_nexus(unit, audience, nexus.id)}

    for who, names in KNOWN.items():
        audience = Audience(AudienceKind.PERSON, tree.id_of(who))
        assert tree.read(lambda unit, a=audience: known(unit, a)) == names, who
    assert tree.read(lambda unit: known(unit, PUBLIC)) == {"Cellar", "Square"}
    studio = members(tree, "Studio")
    assert tree.read(lambda unit: known(unit, studio)) == {"Home", "Studio", "Parser", "Cellar", "Square"}
    assert tree.read(lambda unit: known(unit, members(tree, "Secret"))) == {
        "Home",
        "Studio",
        "Secret",
        "Cellar",
        "Square",
    }


def test_lists_show_exactly_what_may_be_known(tree: World) -> None:
    audiences = [Audience(AudienceKind.PERSON, tree.id_of(who)) for who in KNOWN]
    audiences += [members(tree, name) for name in tree.nexuses] + [PUBLIC]

    def unit(unit: Unit) -> None:
        for audience in audiences:
            for parent in tree.nexuses.values():
                seen = {n.name for n in visible_children(unit, audience, parent.id, 50)}
                wanted = {
                    n.name
                    for n in tree.nexuses.values()
                    if n.parent_id == parent.id and may_know_nexus(unit, audience, n.id)
                }
                assert seen == wanted

    tree.read(unit)
    assert {n.name for n in tree.read(lambda unit: joinable(unit, tree.id_of("Mo"), 20))} == {"Parser", "Square"}
    assert [n.name for n in tree.do("Ben", "nexus.list").mine] == ["Parser"]
    assert [n.name for n in tree.do("Eve", "nexus.list").open] == ["Square"]


def test_a_suspended_member_knows_as_little_as_a_stranger(tree: World) -> None:
    tree.suspend("Ben", "Parser")
    with pytest.raises(NotFound):
        find(tree, "Ben", "Parser")


def test_names_slugs_and_here(tree: World) -> None:
    for words in ("Parser", "parser", "the Parser", "Parser Nexus", "“Parser”", "#parser", "here", "this", "=%d"):
        words = words.replace("%d", str(tree.nexuses["Parser"].id))
        assert find(tree, "Ben", words) == "Parser"
    for words in (
        "Secret",
        "secret",
        f"={tree.nexuses['Secret'].id}",
        "=1234",
        "=" + "9" * 30,
        "%",
        "_",
        "\u0301",
        "x" * 200,
    ):
        with pytest.raises(NotFound, match="I know no Nexus called"):
            find(tree, "Ben", words)


def test_hidden_names_neither_confuse_nor_crowd_out(tree: World) -> None:
    for number in range(210):
        tree.nexus(f"Lab {number}", door="private")
    tree.nexus("Laboratory for lab rats", owner="Ben")
    assert find(tree, "Ben", "lab", here="Home") == "Laboratory for lab rats"


def test_two_of_one_name_are_told_apart_by_their_slugs(tree: World) -> None:
    first = tree.nexus("Twin Peaks", owner="Ben")
    other = tree.nexus("Twin Peaks", owner="Ben", parent="Parser")
    with pytest.raises(Ambiguous) as refusal:
        find(tree, "Ben", "twin peaks", here="Home")
    for twin in (first, other):
        assert f"Twin Peaks ({twin.slug})" in refusal.value.message
        assert tree.do("Ben", "nexus.show", nexus=twin.slug, at={"here": "Home"}).nexus_id == twin.id
    assert tree.do("Ben", "nexus.show", nexus="twin peaks", at={"here": "Twin Peaks"}).nexus_id == other.id


def test_a_path_names_nothing_that_is_hidden(tree: World) -> None:
    assert tree.do("Eve", "nexus.show", nexus="Cellar").path == "Cellar"
    assert tree.do("Zoe", "nexus.show", nexus="Cellar").path == "Home › Studio › Secret › Cellar"
    assert tree.do("Mo", "nexus.show", nexus="Cellar").path == "Home › Studio › Cellar"


def test_a_channel_hears_nothing_of_the_callers_own_roles(tree: World) -> None:
    page = tree.do("Ana", "nexus.show", nexus="Studio", at={"audience": members(tree, "Studio")})
    assert [c.name for c in page.children] == ["Parser"]
    assert page.role == ""
    assert [c.role for c in page.children] == [""]
    assert [c.role for c in tree.do("Ana", "nexus.show", nexus="Studio").children] == ["owner"]


def test_a_place_whose_nexus_the_listener_may_not_know_says_little(tree: World) -> None:
    page = tree.do("Eve", "nexus.show", at={"here": "Studio"})
    assert (page.people, page.children) == (0, ())


def test_members_are_for_members_and_where_they_are_heard(tree: World) -> None:
    tree.join("Ben", "Parser", "moderator")
    listed = tree.do("Ben", "nexus.members")
    assert {(m.name, m.role) for m in listed.items} == {("Ana", "owner"), ("Ben", "moderator"), ("Gus", "guest")}
    assert tree.do("Ben", "nexus.members", at={"audience": members(tree, "Parser")}).items == listed.items
    for audience in (PUBLIC, members(tree, "Studio")):
        with pytest.raises(NotAllowed, match="direct message"):
            tree.do("Ben", "nexus.members", at={"audience": audience, "here": "Parser"})
    for who in ("Gus", "Mo"):
        with pytest.raises(NotAllowed):
            tree.do(who, "nexus.members", at={"here": "Parser"})


# -- in and out --------------------------------------------------------------------------------------------------


def test_doors(tree: World) -> None:
    assert tree.do("Eve", "nexus.join", nexus="Square").name == "Square"
    assert tree.do("Mo", "nexus.join", nexus="Parser").path == "Home › Studio › Parser"
    with pytest.raises(NotAllowed, match="takes an invitation"):
        tree.do("Ben", "nexus.join", nexus="Studio")
    with pytest.raises(NotFound):
        tree.do("Eve", "nexus.join", nexus="Parser")
    assert tree.do("Otto", "nexus.join", nexus="Secret").name == "Secret"
    with pytest.raises(Conflict, match="in Square already"):
        tree.do("Eve", "nexus.join", nexus="Square")


def test_who_is_suspended_stays_outside(tree: World) -> None:
    tree.do("Eve", "nexus.join", nexus="Square")
    tree.suspend("Eve", "Square")
    with pytest.raises(NotAllowed, match="suspended"):
        tree.do("Eve", "nexus.join", nexus="Square")


def test_entering_takes_a_place_there(tree: World) -> None:
    assert tree.do("Otto", "nexus.enter", nexus="Parser").name == "Parser"
    assert tree.do("Otto", "nexus.show").name == "Parser"
    with pytest.raises(NotAllowed, match="could join it first"):
        tree.do("Eve", "nexus.enter", nexus="Square")


def test_leaving_ends_roles_keeps_words_and_leads_the_talk_away(tree: World) -> None:
    tree.do("Ben", "need.post", text="a desk")
    asked = tree.call("Ben", "nexus.leave")
    assert isinstance(asked, Ask)
    assert "Leave Parser?" in asked.question.format(**asked.arguments)
    tree.press("Ben", asked.buttons[0].token)
    assert tree.do("Ben", "nexus.show").name == "Home"
    assert [e.text for e in tree.do("Ana", "need.list").items] == ["a desk"]
    assert [e.text for e in tree.do("Ben", "person.show").needs] == ["a desk"]
    with pytest.raises(Conflict, match="not in Parser"):
        tree.do("Ben", "nexus.leave", at={"here": "Parser", **CLI})


# -- changing ----------------------------------------------------------------------------------------------------


def test_moving_takes_the_owner_here_and_a_steward_there(tree: World) -> None:
    tree.nexus("Lab", owner="Ana")
    with pytest.raises(NotAllowed, match="steward of Studio too"):
        tree.do("Ana", "nexus.move", nexus="Lab", parent="Studio")
    tree.join("Ana", "Studio", "steward")
    assert tree.do("Ana", "nexus.move", nexus="Lab", parent="Studio").path == "Home › Studio › Lab"
    with pytest.raises(NotAllowed):
        tree.do("Ben", "nexus.move", nexus="Parser", parent="Studio")
    with pytest.raises(Conflict, match="inside itself"):
        tree.do("Otto", "nexus.move", nexus="Studio", parent="Parser")
    assert find(tree, "Mo", "Lab") == "Lab"


def test_the_top_stays(tree: World) -> None:
    tree.join("Otto", "Home", "owner")
    for operation, arguments in (("nexus.move", {"parent": "Studio"}), ("nexus.archive", {})):
        with pytest.raises(Conflict):
            tree.do("Otto", operation, nexus="Home", at=CLI, **arguments)


def test_renaming_keeps_the_slug(tree: World) -> None:
    renamed = tree.do("Ana", "nexus.rename", name="Lexer", nexus="Parser")
    assert (renamed.name, renamed.slug, renamed.path) == ("Lexer", "parser", "Home › Studio › Lexer")
    assert find(tree, "Ana", "parser") == "Lexer"


def test_an_archived_nexus_is_found_by_nobody_and_used_by_nobody(tree: World) -> None:
    tree.do("Ben", "need.post", text="an old desk")
    tree.do("Ana", "offer.post", text="an old lamp")
    parser = tree.nexuses["Parser"].id
    card = tree.call("Ben", "need.post", text="later", nexus="Parser", at={"origin": Origin.TALK})
    assert isinstance(card, Ask)
    code = tree.do("Ana", "invite.create").code
    assert tree.do("Ana", "nexus.archive", nexus="Parser").name == "Parser"
    for who in ("Ana", "Ben", "Gus"):
        assert tree.read(lambda unit, w=who: here_of(unit, tree.id_of(w))) == tree.nexuses["Studio"].id
    for who in ("Ana", "Ben", "Otto"):
        for words in ("Parser", f"={parser}"):
            with pytest.raises(NotFound):
                find(tree, who, words)
    with pytest.raises(NotFound):
        tree.press("Ben", card.buttons[0].token)
    for operation in ("need.post", "offer.post"):
        with pytest.raises(NotAllowed):
            tree.do("Ben", operation, text="later", at={"here": "Parser"})
    with pytest.raises(NotFound):
        tree.do("Eve", "invite.accept", code=code)
    assert [e.text for e in tree.do("Ben", "record.search", query="old").items] == ["an old desk"]
    assert tree.do("Ben", "people.find", query="old lamp").items == ()
    assert [n.name for n in tree.do("Ben", "nexus.list").mine] == []
    with pytest.raises(Conflict, match="still something inside"):
        tree.do("Zoe", "nexus.archive", nexus="Secret")
