"""People and their accounts: first messages, names, showing, finding, renaming."""

import pytest
from sqlalchemy import select

from core.access.people import access_person
from core.clock import MINUTE
from core.errors import Ambiguous, BadInput, NotFound
from core.operations import Audience, AudienceKind, Origin
from core.operations.run import Ask
from core.people.people import Speaker, known_speaker, person_of, speaker
from core.people.tables import account, person
from core.store import Store, Unit
from tests.world import PUBLIC, World

HOSTILE = "Ana\u202e\x00\ud800" + "x" * 5000


def say(world: World, name: str, *, username: str = "", direct: str = "", external_id: str = "1") -> object:
    return world.write(
        lambda unit: speaker(
            unit,
            platform="telegram",
            workspace="",
            external_id=external_id,
            name=name,
            username=username,
            direct_place=direct,
        )
    )


def find(world: World, who: str, words: str, audience: Audience | None = None) -> str:
    def unit(unit: Unit) -> str:
        return access_person(world.context(unit, who, audience=audience), words).name

    return str(world.read(unit))


def test_a_first_message_makes_a_guest_and_a_second_none(world: World) -> None:
    first = say(world, "Ana", username="ana")
    second = say(world, "Ana", username="ana")
    assert (first.person_id, first.account_id, first.new) == (second.person_id, second.account_id, True)  # type: ignore[attr-defined]
    assert not second.new  # type: ignore[attr-defined]
    known = world.read(lambda unit: known_speaker(unit, platform="telegram", workspace="", external_id="1"))
    assert known == second
    assert world.read(lambda unit: known_speaker(unit, platform="telegram", workspace="", external_id="2")) is None


def test_the_account_follows_what_the_platform_says_and_the_person_does_not(world: World) -> None:
    first = say(world, "Ana", username="ana")
    say(world, "Dr. Ana", username="drana", direct="777")
    say(world, "Dr. Ana", username="drana")
    row = world.read(lambda unit: unit.row(select(account)))
    assert (row["name"], row["username"], row["direct_place"]) == ("Dr. Ana", "drana", "777")
    assert world.read(lambda unit: person_of(unit, first.person_id)).name == "Ana"  # type: ignore[attr-defined]


def test_seen_is_written_once_a_minute(world: World) -> None:
    say(world, "Ana")
    start = world.clock.now()
    for wait, seen in ((MINUTE - 1, start), (1, start + MINUTE)):
        world.clock.advance(wait)
        say(world, "Ana")
        assert world.read(lambda unit: unit.value(select(account.c.seen_at))) == seen


@pytest.mark.parametrize(
    ("name", "username", "shown"),
    [
        (HOSTILE, "", ("Ana" + "x" * 5000)[:80]),
        ("  Ana \n Ruiz ", "", "Ana Ruiz"),
        ("\u200b", "ana", "ana"),
        ("", "", "Someone"),
        ("علي", "", "علي"),
        ('O\'Neil "%_"; DROP TABLE person; --', "", 'O\'Neil "%_"; DROP TABLE person; --'),
        ("🦊", "", "🦊"),
    ],
)
def test_names_from_platforms_are_made_harmless(world: World, name: str, username: str, shown: str) -> None:
    spoke = say(world, name, username=username)
    assert spoke.name == shown  # type: ignore[attr-defined]
    row = world.read(lambda unit: unit.row(select(account)))
    assert len(row["name"]) <= 80
    again = say(world, name, username=username)
    assert (again.name, again.new) == (shown, False)  # type: ignore[attr-defined]


@pytest.fixture
def parser(world: World) -> World:
    """Ben is in a Nexus with many people of similar names; Zoe is in another one."""
    world.nexus("Parser", owner="Ben")
    world.nexus("Elsewhere", owner="Zoe", door="private")
    for name in ("Ana Ruiz", "Anna Bell", "Susana", "100% Tom", "Tom_Tom", "O'Neil", "🦊", "علي", "Ben Two", "Łukasz"):
        world.person(name, username=name.lower().replace(" ", "_"))
        world.join(name, "Parser")
    return world


FOUND = {
    "Ana Ruiz": "Ana Ruiz",
    "ana": "Ana Ruiz",
    "ANA's": "Ana Ruiz",
    "“ana ruiz”": "Ana Ruiz",
    "ruiz": "Ana Ruiz",
    "bell": "Anna Bell",
    "susa": "Susana",
    "@ana_ruiz": "Ana Ruiz",
    "@ANA_RUIZ": "Ana Ruiz",
    "@ana": "Ana Ruiz",  # by name, as there is no such username
    "anna_bell": "Anna Bell",
    "me": "Ben",
    "myself": "Ben",
    "Ben": "Ben",
    "100%": "100% Tom",
    "tom_tom": "Tom_Tom",
    "o'neil": "O'Neil",
    "🦊": "🦊",
    "علي": "علي",
    "łukasz": "Łukasz",
}
NOT_FOUND = ("%", "_", "@usan", "na", "ana' OR 1=1", "\\", "'", "\u0301", "=1", "=" + "9" * 40, "x" * 200)


def test_people_are_found_as_they_are_called_and_nobody_by_accident(parser: World) -> None:
    for words, name in FOUND.items():
        assert find(parser, "Ben", words) == name, words
    for words in NOT_FOUND:
        with pytest.raises(NotFound, match="I know nobody called"):
            find(parser, "Ben", words)


def test_a_username_is_never_part_of_another_name(world: World) -> None:
    world.nexus("Parser", owner="Ben")
    world.person("Susana", username="susi")
    world.join("Susana", "Parser")
    with pytest.raises(NotFound):
        find(world, "Ben", "@usan")
    with pytest.raises(NotFound):
        find(world, "Ben", "@ana")


def test_several_that_fit_are_a_question_and_nobody_hidden_is_named(parser: World) -> None:
    parser.person("Tom Elsewhere")
    parser.join("Tom Elsewhere", "Elsewhere")
    parser.join("Tom One", "Parser")
    parser.join("Tom Two", "Parser")
    with pytest.raises(Ambiguous) as refusal:
        find(parser, "Ben", "tom")
    assert refusal.value.message == "I know several called tom: Tom One or Tom Two. Which one do you mean?"


def test_two_of_one_name_can_be_told_apart(world: World) -> None:
    world.nexus("Parser", owner="Ben")
    world.people["Ana 1"] = world.person("Ana", external_id="a1")
    del world.people["Ana"]
    world.people["Ana 2"] = world.person("Ana", external_id="a2")
    for one in ("Ana 1", "Ana 2"):
        world.join(one, "Parser")
    with pytest.raises(Ambiguous) as refusal:
        find(world, "Ben", "ana")
    first, second = world.id_of("Ana 1"), world.id_of("Ana 2")
    assert f"Ana (={first})" in refusal.value.message
    assert f"Ana (={second})" in refusal.value.message
    assert find(world, "Ben", f"={second}") == "Ana"


def test_exactly_that_name_is_found_among_very_many(world: World) -> None:
    world.nexus("Parser", owner="Ben")
    for number in range(130):
        world.join(f"Bandana {number}", "Parser")
    world.join("Dana", "Parser")
    assert find(world, "Ben", "dana") == "Dana"


def test_a_stranger_and_nobody_sound_the_same(parser: World) -> None:
    zoe = parser.id_of("Zoe")
    messages = []
    for words in ("Zoe", "Zoo", f"={zoe}", f"={zoe + 1}", "@zoe"):
        with pytest.raises(NotFound) as refusal:
            find(parser, "Ben", words)
        messages.append(refusal.value.message.replace(words, "X").replace(words.strip("@"), "X"))
    assert len({m for m in messages if "Did you mean" not in m}) == 1


def test_near_names_are_offered_from_those_that_are_visible(parser: World) -> None:
    with pytest.raises(NotFound, match=r"Did you mean Anna Bell\?"):
        find(parser, "Ben", "Ana Bell")
    parser.person("Zelda Quux")
    with pytest.raises(NotFound) as refusal:
        find(parser, "Ben", "Zelda Quu")
    assert "Did you mean" not in refusal.value.message


def test_a_channel_of_members_knows_members_and_the_public_nobody(parser: World) -> None:
    parser.join("Gus", "Parser", "guest")
    members = Audience(AudienceKind.MEMBERS, nexus_id=parser.nexuses["Parser"].id)
    assert find(parser, "Ben", "susana", members) == "Susana"
    for audience, name in ((members, "Gus"), (members, "Zoe"), (PUBLIC, "Susana")):
        with pytest.raises(NotFound):
            find(parser, "Ben", name, audience)
    assert find(parser, "Ben", "Gus") == "Gus"
    assert find(parser, "Ben", "me", PUBLIC) == "Ben"


def test_a_suspended_member_knows_nobody_there(parser: World) -> None:
    parser.suspend("Susana", "Parser")
    for who, name in (("Susana", "Ben"), ("Ben", "Susana")):
        with pytest.raises(NotFound):
            find(parser, who, name)


def test_show_tells_what_the_asker_may_know(parser: World) -> None:
    parser.join("Ben", "Elsewhere", here=False)
    parser.join("Ben", "Elsewhere", "steward", here=False)
    parser.do("Ben", "need.post", text="a shared need", nexus="Parser")
    parser.do("Ben", "offer.post", text="a secret offer", nexus="Elsewhere")
    parser.do("Ben", "thought.add", text="a thought")
    seen = parser.do("Susana", "person.show", person="Ben")
    assert [(r.nexus, r.role) for r in seen.roles] == [("Parser", "owner")]
    assert ([e.text for e in seen.needs], seen.offers) == (["a shared need"], ())
    own = parser.do("Ben", "person.show")
    assert {(r.nexus, r.role) for r in own.roles} == {("Parser", "owner"), ("Elsewhere", "steward")}
    assert [e.text for e in own.offers] == ["a secret offer"]
    public = parser.do("Ben", "person.show", at={"audience": PUBLIC})
    assert (public.roles, public.needs, public.offers) == ((), (), ())


def test_find_names_those_who_offer_and_not_oneself(parser: World) -> None:
    parser.do("Ben", "offer.post", text="logo design")
    parser.do("Susana", "offer.post", text="I design logos and brands")
    parser.do("Susana", "offer.post", text="designing a logo in an hour")
    parser.do("Ana Ruiz", "need.post", text="a logo")
    parser.do("Zoe", "offer.post", text="logo logo logo")
    found = parser.do("Ben", "people.find", query="who can design a logo?")
    assert [h.name for h in found.items] == ["Susana"]
    assert found.seekers == ()


def test_find_tells_who_seeks_the_same_when_nobody_offers(parser: World) -> None:
    parser.do("Ana Ruiz", "need.post", text="a logo")
    parser.do("Ben", "need.post", text="a logo too")
    found = parser.do("Ben", "people.find", query="a logo")
    assert found.items == ()
    assert [(s.author, s.text) for s in found.seekers] == [("Ana Ruiz", "a logo")]
    assert parser.do("Ben", "people.find", query="a logo", at={"audience": PUBLIC}).seekers == ()


def test_find_offers_to_post_it_as_a_need(parser: World) -> None:
    outcome = parser.call("Ben", "people.find", query="a violin")
    assert [b.label for b in outcome.buttons] == ["Post it as a need", "No, thanks"]  # type: ignore[union-attr]
    parser.press("Ben", outcome.buttons[0].token)  # type: ignore[union-attr]
    assert [e.text for e in parser.do("Ben", "need.list").items] == ["a violin"]


def test_rename(parser: World) -> None:
    asked = parser.call("Ben", "person.rename", name=" Benjamin \n Ö ", at={"origin": Origin.TALK})
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == "Shall I call you Benjamin Ö from now on?"
    parser.press("Ben", asked.buttons[0].token)
    assert find(parser, "Susana", "benjamin o") == "Benjamin Ö"
    with pytest.raises(BadInput, match="81 characters"):
        parser.do("Ben", "person.rename", name="x" * 81)
    assert world_folded(parser, "Ben") == "benjamin o"


def world_folded(world: World, who: str) -> str:
    return str(world.read(lambda unit: unit.value(select(person.c.folded).where(person.c.id == world.id_of(who)))))


def test_who_was_known_by_a_number_gets_a_name_with_their_first_word(store: Store) -> None:
    def hear(name: str) -> Speaker:
        return store.write(
            lambda unit: speaker(unit, platform="discord", workspace="", external_id="4711", name=name)
        ).result()

    first = hear("4711")
    assert hear("Ana").person_id == first.person_id
    assert hear("Ana").name == "Ana"
    assert hear("Ana Maria").name == "Ana"  # from then on it is hers, whatever the platform shows
