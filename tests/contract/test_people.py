"""People across surfaces: the first owner, invitations with a steward's yes, two accounts of one person, news."""

from __future__ import annotations

from core.clock import DAY, MINUTE
from tests.contract.house import House, Scene, found_code
from tests.contract.surfaces import Surface

REFUSED_CODE = "That code doesn't open anything (any more). Ask whoever gave it to you for a fresh one."


async def test_the_first_owner_claims_with_the_code_of_the_operators_terminal(surface: Surface) -> None:
    said = await surface.say("Ana", "/claim KF3M-9TQ2-X7PD")
    assert "That is not the code that the operator's terminal shows." in said
    assert "Home is yours now" in await surface.say("Ana", f"/claim {surface.house.code}")
    assert "not the code" in await surface.say("Ben", f"/claim {surface.house.code}")


async def test_a_code_can_be_guessed_only_so_often(surface: Surface) -> None:
    for _ in range(10):
        assert "not the code" in await surface.say("Ana", "/claim KF3M-9TQ2-X7PD")
    assert "That is enough for now." in await surface.say("Ana", f"/claim {surface.house.code}")


async def test_an_invitation_with_approval_is_decided_by_a_steward(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    code = found_code(await surface.say("Ana", "/invite approval=yes uses=2"))
    said = await surface.say("Ben", f"/accept {code}")
    assert "I've asked the stewards of Home. You'll hear from me." in said
    assert "Ben would like to come into Home as member, with an invitation." in await surface.news("Ana")
    assert surface.buttons("Ana") == ["Let them in", "Turn down"]
    assert "still has to say yes" in await surface.say("Ben", f"/accept {code}")
    token, _ = surface.token("Ana", "Let them in")
    assert "for somebody else" in await surface.forge("Ben", token, surface.any_message("Ben"))
    assert "Ben is in Home now, as member." in await surface.press("Ana", "Let them in")
    assert "You are in: welcome to Home." in await surface.news("Ben")
    await surface.say("Cleo", f"/accept {code}")
    assert "Cleo stays outside Home." in await surface.press("Ana", "Turn down")
    assert "Home cannot take you in at the moment." in await surface.news("Cleo")
    assert "Cleo" not in await surface.say("Ana", "/members")


async def test_used_up_expired_revoked_and_unknown_codes_sound_the_same(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    used = await scene.invited("Ana", "Ben")
    old = found_code(await surface.say("Ana", "/invite expires=1h"))
    surface.house.clock.advance(61 * MINUTE)
    revoked = found_code(await surface.say("Ana", "/invite"))
    assert "no longer works" in await surface.say("Ana", f"/invite revoke {revoked}")
    await surface.say("Cleo", "hello")
    said = {await surface.say("Cleo", f"/accept {code}") for code in (used, old, revoked, "KF3M-9TQ2-X7PD")}
    assert said == {REFUSED_CODE}


async def test_a_role_that_is_given_is_told_to_who_gets_it(surface: Surface, scene: Scene) -> None:
    await scene.claimed()
    await scene.invited("Ana", "Ben")
    assert "Make Ben moderator of Home?" in await surface.say("Ana", "/role grant Ben moderator")
    await surface.press("Ana", "Yes")
    assert await surface.news("Ben") == "Ana made you moderator of Home."
    await surface.say("Ana", "/role revoke Ben moderator")
    await surface.press("Ana", "Yes")
    assert await surface.news("Ben") == "Ana ended your role as moderator of Home."


async def test_a_deep_link_accepts_an_invitation(both: House) -> None:
    assert both.desk is not None
    assert both.phone is not None
    await Scene(both.desk).claimed()
    said = await both.desk.say("Ana", "/invite")
    code = found_code(said)
    assert f"https://t.me/nexus_test_bot?start={code}" in said
    assert "Welcome to Home." in await both.phone.start("Ben", code)
    assert "Ben used your invitation" in await both.desk.news("Ana")
    assert "as member" in await both.phone.start("Ben")


async def test_two_accounts_become_one_person_when_both_sides_say_yes(both: House) -> None:
    desk, phone = both.desk, both.phone
    assert desk is not None
    assert phone is not None
    await Scene(desk).claimed()
    await phone.say("Annie", "/note seen from the phone")
    assert "Get a code" in await desk.say("Ana", "/link")
    code = found_code(await desk.press("Ana", "Yes"))
    said = await phone.say("Annie", f"/link {code}")
    assert "That code was made by Ana" in said
    assert "on Terminal" in said
    before = both.dump("account", "person")
    assert "I've asked Ana" in await phone.press("Annie", "Yes")
    asked = await desk.news("Ana")
    assert "Annie (@annie) on Telegram typed your link code and says they are you. Is that right?" in asked
    assert both.dump("account", "person") == before
    assert "are you now" in await desk.press("Ana", "Yes, that is me")
    assert "telegram: Annie" in await desk.say("Ana", "/account list")
    assert "seen from the phone" in await desk.say("Ana", "/thoughts")
    assert "as owner" in await phone.say("Annie", "/help")
    assert "Separate your telegram account?" in await desk.say("Ana", "/account unlink telegram")
    await desk.press("Ana", "Yes")
    assert "guest" in await phone.say("Annie", "/help")


async def test_a_link_that_the_first_side_does_not_know_is_refused(both: House) -> None:
    desk, phone = both.desk, both.phone
    assert desk is not None
    assert phone is not None
    await Scene(desk).claimed()
    await desk.say("Ana", "/link")
    code = found_code(await desk.press("Ana", "Yes"))
    await phone.say("Mallory", f"/link {code}")
    await phone.press("Mallory", "Yes")
    await desk.sit("Ana")
    assert "Nothing was linked" in await desk.press("Ana", "No")
    assert "guest" in await phone.say("Mallory", "/help")
    assert "doesn't work (any more)" in await phone.say("Mallory", f"/link {code}")


async def test_a_link_code_works_for_a_quarter_of_an_hour(both: House) -> None:
    desk, phone = both.desk, both.phone
    assert desk is not None
    assert phone is not None
    await desk.say("Ana", "/link")
    code = found_code(await desk.press("Ana", "Yes"))
    both.clock.advance(15 * MINUTE)
    assert "doesn't work (any more)" in await phone.say("Annie", f"/link {code}")


async def test_an_only_account_cannot_be_separated(surface: Surface) -> None:
    said = await surface.say("Ana", f"/account unlink {surface.name}")
    assert "This is your only account" in said
    assert surface.buttons("Ana") == []


async def test_a_terminal_tells_what_waited_when_somebody_sits_down(both: House) -> None:
    desk, phone = both.desk, both.phone
    assert desk is not None
    assert phone is not None
    await Scene(phone).claimed("Ana")
    code = found_code(await phone.say("Ana", "/invite"))
    await desk.say("Ben", f"/accept {code}")
    assert "Ben used your invitation" in await phone.news("Ana")
    both.clock.advance(DAY)
    assert "Make Ben steward of Home?" in await phone.say("Ana", "/role grant Ben steward")
    await phone.press("Ana", "Yes")
    assert "Ana made you steward of Home." in await desk.news("Ben")
