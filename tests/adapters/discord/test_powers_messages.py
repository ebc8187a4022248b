"""Messages: their deletion, many at once and one by one, and which stand in a place."""

from collections.abc import Callable

import pytest

from adapters.contract import Act, DeliveryError, Did, Gone, NotPermitted, Power, TooManyRequests, Transient, Written
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.respond import moment
from tests.adapters.discord import waits
from tests.adapters.discord.conftest import new_adapter
from tests.adapters.discord.moderating import at, log
from tests.adapters.store import Store
from tests.fakes.discord import Channel, FakeDiscord, Guild, Message, User, faults
from tests.fakes.discord.permissions import BOT, names

BULK, ONE, LIST = "/channels/*/messages/bulk-delete", "/channels/*/messages/*", "/channels/*/messages"
WEEKS = 14 * 86_400.0


def say(channel: Channel, user: User, count: int) -> list[Message]:
    return [channel.say(user, f"spam {number}") for number in range(count)]


def deletion(channel: Channel, messages: list[Message], **more: object) -> Act:
    return at(Power.DELETE, channel, message_ids=tuple(str(one.id) for one in messages), **more)


def alone(fake: FakeDiscord) -> int:
    """How many messages were deleted one by one."""
    return len(fake.calls("DELETE", ONE))


# -- deletion ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "bulks", "singles"), [(1, 0, 1), (2, 1, 0), (100, 1, 0), (101, 1, 1), (205, 3, 0)])
async def test_many_go_at_once_and_one_alone(
    adapter: DiscordAdapter,
    fake: FakeDiscord,
    guild: Guild,
    general: Channel,
    ana: User,
    ben: User,
    count: int,
    bulks: int,
    singles: int,
) -> None:
    kept = general.say(ben, "what a day")
    act = deletion(general, say(general, ana, count))
    assert await adapter.act(act) == Did(True)
    assert general.messages == [kept]
    assert (len(fake.calls("POST", BULK)), alone(fake)) == (bulks, singles)
    assert {reason for _, reason in log(guild)} == {"Case 7: rude words"}
    assert await adapter.act(act) == Did(True)  # and asks for nothing again
    assert (len(fake.calls("POST", BULK)), alone(fake)) == (bulks, singles)


async def test_old_messages_go_one_by_one(
    adapter: DiscordAdapter, fake: FakeDiscord, general: Channel, ana: User
) -> None:
    old = say(general, ana, 3)
    fake.clock.advance(WEEKS - 1800)  # not quite two weeks: our clock may be behind
    act = deletion(general, [*old, *say(general, ana, 2)])
    assert await adapter.act(act) == Did(True)
    assert general.messages == []
    assert (len(fake.calls("POST", BULK)), alone(fake)) == (1, 3)


async def test_discords_clock_is_the_one_that_counts(
    adapter: DiscordAdapter, fake: FakeDiscord, general: Channel, ana: User
) -> None:
    fake.fail("POST", BULK, faults.refused(50034))
    assert await adapter.act(deletion(general, say(general, ana, 3))) == Did(True)
    assert general.messages == []
    assert alone(fake) == 3


async def test_messages_that_are_gone_are_deleted(
    adapter: DiscordAdapter, fake: FakeDiscord, general: Channel, ana: User
) -> None:
    one, two = say(general, ana, 2)
    general.delete(one)
    for messages in ([one], [one, two], [two]):
        assert await adapter.act(deletion(general, messages, key=f"{messages}")) == Did(True)
    assert await adapter.act(at(Power.DELETE, general, message_ids=("5", "none", ""), key="x")) == Did(True)
    assert await adapter.act(at(Power.DELETE, general, key="y")) == Did(True)
    assert general.messages == []


async def test_what_cannot_be_deleted_is_left(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User
) -> None:
    spam = say(general, ana, 2)
    sentence = general.say(ana, "added someone", kind=1)
    did = await adapter.act(deletion(general, [*spam, sentence]))
    assert (did.done, did.left) == (False, (str(sentence.id),))
    assert did.said.startswith("Discord does not let one message be deleted")
    assert general.messages == [sentence]
    thread = general.thread(ana, "Plans")
    inside = say(thread, ana, 2)
    thread.archived = True
    did = await adapter.act(deletion(thread, inside, key="thread"))
    assert did.left == tuple(str(one.id) for one in inside)
    assert "2 messages" in did.said
    thread.archived = False
    assert await adapter.act(deletion(thread, inside, key="thread")) == Did(True)
    assert thread.messages == []


async def test_a_flood_among_old_messages_goes_on_where_it_stopped(
    adapter: DiscordAdapter, fake: FakeDiscord, general: Channel, ana: User, store: Store
) -> None:
    old = say(general, ana, 6)
    fake.clock.advance(WEEKS + 1)
    act = deletion(general, old)
    fake.fail("DELETE", ONE, faults.limited(40.0), skip=2)
    with pytest.raises(TooManyRequests) as caught:
        await adapter.act(act)
    assert caught.value.after == 40.0
    assert len(general.messages) == 4
    waits.over(adapter)
    fake.fail("DELETE", ONE, faults.server_error(503, after=True), skip=1)
    with pytest.raises(Transient):
        await adapter.act(act)
    assert len(general.messages) == 2
    assert alone(fake) == 3 + 2
    assert await adapter.act(act) == Did(True)
    assert alone(fake) == 3 + 2 + 3  # the one that seemed lost is asked about again, the others are not
    again = new_adapter(fake)
    await again.start(store, ())
    assert await again.act(act) == Did(True)  # after a crash all are asked about, and are not there
    await again.stop()


async def test_a_spent_share_is_told_and_not_waited_for(
    adapter: DiscordAdapter, fake: FakeDiscord, general: Channel, ana: User
) -> None:
    old = say(general, ana, 4)
    fake.clock.advance(WEEKS + 1)
    fake.limits.set("DELETE", ONE, 2, 60.0)
    with pytest.raises(TooManyRequests) as caught:
        await adapter.act(deletion(general, old))
    assert 50 < caught.value.after <= 60
    assert (len(general.messages), alone(fake)) == (2, 2)


@pytest.mark.parametrize(
    ("fault", "error"),
    [(lambda: faults.limited(30.0), TooManyRequests), (lambda: faults.server_error(502, after=True), Transient)],
)
async def test_a_flood_and_an_outage_are_told(
    adapter: DiscordAdapter,
    fake: FakeDiscord,
    guild: Guild,
    general: Channel,
    ana: User,
    fault: Callable[[], faults.Fault],
    error: type[DeliveryError],
) -> None:
    act = deletion(general, say(general, ana, 3))
    fake.fail("POST", BULK, fault())
    with pytest.raises(error):
        await adapter.act(act)
    waits.over(adapter)
    assert await adapter.act(act) == Did(True)
    assert general.messages == []
    assert len(fake.calls("POST", BULK)) == 2


async def test_whose_messages_are_safe(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User, ben: User
) -> None:
    spam = say(general, ana, 2)
    guild.give(ana, guild.role("Giants", position=900))

    async def refused(sentence: str, **more: object) -> None:
        did = await adapter.act(deletion(general, spam, **more))
        assert did == Did(False, sentence)
        assert len(general.messages) == 2

    await refused("Ana's role is not below the moderator's.", target=ana, by=ben)
    await refused("That is me, and I do not act on myself.", target=fake.app.user)
    await refused("Makers owner owns this server, so nobody can act on them here.", target=guild.owner, by=ben)
    guild.bot_may(*(names(BOT) - {"manage_messages"}))
    await refused("I lack the permission Manage Messages in #general.", target=ana)
    guild.bot_may(*BOT_AND_MORE)
    # Discord asks nobody how high the author of a message stands, and so a rule may take it away.
    assert await adapter.act(deletion(general, spam, target=ana)) == Did(True)
    assert general.messages == []


BOT_AND_MORE = sorted(names(BOT))


async def test_who_left_leaves_messages_that_can_be_deleted(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User, ben: User
) -> None:
    spam = say(general, ana, 2)
    guild.leave(ana)
    assert await adapter.act(deletion(general, spam, target=ana, by=ben)) == Did(True)
    assert general.messages == []


# -- what stands there ---------------------------------------------------------------------------------------


async def test_what_is_written_newest_first(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User, ben: User
) -> None:
    first = general.say(ana, "one")
    general.say(ana, "added someone", kind=1)  # which nobody can delete
    second = general.say(ben, "two", reply_to=first)
    third = general.say(ana, "three")
    found = await adapter.written(str(guild.id), str(general.id), 10)
    assert found == [Written(str(m.id), str(m.author.id), moment(str(m.id))) for m in (third, second, first)]
    assert await adapter.written(str(guild.id), str(general.id), 2) == found[:2]
    assert await adapter.written(str(guild.id), str(general.id), 10, str(ana.id)) == [found[0], found[2]]
    assert await adapter.written(str(guild.id), str(general.id), 1, str(ana.id)) == [found[0]]
    assert await adapter.written(str(guild.id), str(general.id), 10, "5") == []
    thread = general.thread(ana, "Plans")
    inside = thread.say(ana, "inside")
    assert [one.message_id for one in await adapter.written(str(guild.id), str(thread.id), 9) or ()] == [str(inside.id)]


async def test_pages_of_history_have_an_end(
    adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, general: Channel, ana: User, ben: User
) -> None:
    buried = general.say(ana, "buried")
    say(general, ben, 2_050)
    found = await adapter.written(str(guild.id), str(general.id), 250)
    assert found is not None
    assert [one.message_id for one in found] == [str(one.id) for one in reversed(general.messages[-250:])]
    assert len(fake.calls("GET", LIST)) == 3
    assert await adapter.written(str(guild.id), str(general.id), 5, str(ana.id)) == []
    assert len(fake.calls("GET", LIST)) == 23
    found = await adapter.written(str(guild.id), str(general.id), 100, str(ben.id))
    assert found is not None
    assert len(found) == 100
    assert str(buried.id) not in {one.message_id for one in found}


async def test_an_empty_place_and_one_that_we_may_not_read(
    adapter: DiscordAdapter, guild: Guild, general: Channel, ana: User
) -> None:
    assert await adapter.written(str(guild.id), str(general.id), 10) == []
    general.say(ana, "hello")
    general.bot_may("view_channel", "send_messages")
    with pytest.raises(NotPermitted, match="Read Message History"):
        await adapter.written(str(guild.id), str(general.id), 10)


async def test_places_without_history(adapter: DiscordAdapter, fake: FakeDiscord, guild: Guild, ana: User) -> None:
    assert await adapter.written(str(guild.id), str(guild.category("Rooms").id), 10) is None
    elsewhere = fake.guild("Elsewhere", members=[ana]).channel("general")
    for place in (str(elsewhere.id), "5", "", str(guild.id)):
        with pytest.raises(Gone):
            await adapter.written(str(guild.id), place, 10)


@pytest.mark.parametrize(
    ("fault", "error"),
    [(lambda: faults.limited(30.0), TooManyRequests), (lambda: faults.server_error(502), Transient)],
)
async def test_trouble_with_the_history(
    adapter: DiscordAdapter,
    fake: FakeDiscord,
    guild: Guild,
    general: Channel,
    fault: Callable[[], faults.Fault],
    error: type[DeliveryError],
) -> None:
    fake.fail("GET", LIST, fault())
    with pytest.raises(error):
        await adapter.written(str(guild.id), str(general.id), 10)


async def test_nothing_is_known_before_the_start(fake: FakeDiscord, guild: Guild, general: Channel) -> None:
    adapter = new_adapter(fake)
    with pytest.raises(Transient):
        await adapter.written(str(guild.id), str(general.id), 10)
    with pytest.raises(Transient):
        await adapter.before(at(Power.LOCK, general))
