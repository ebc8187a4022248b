"""What a start finds waiting, and the event at which the process dies again and again."""

from adapters.contract import Account, Event, EventKind, Place, PlaceKind
from bot.inbox import inbox
from core.nexuses.founding import found
from core.store import Store


def _said(event_id: str) -> Event:
    return Event(
        platform="terminal",
        event_id=event_id,
        kind=EventKind.MESSAGE,
        account=Account("ana", "Ana"),
        place=Place("terminal:ana", PlaceKind.DIRECT),
        text="hello",
        addressed=True,
    )


def test_an_event_that_stops_every_start_is_given_up(store: Store) -> None:
    store.write(found).result()
    store.write(lambda unit: inbox.record(unit, [_said("1")])).result()
    for _ in range(inbox.MOST_STARTS):
        [entry] = store.write(lambda unit: inbox.recovered(unit, ["terminal"])).result()
        assert not entry.given_up
    store.write(lambda unit: inbox.record(unit, [_said("2")])).result()
    old, new = store.write(lambda unit: inbox.recovered(unit, ["terminal"])).result()
    assert (old.given_up, new.given_up) == (True, False)
    store.write(lambda unit: inbox.finish(unit, old.inbox_id, "failed")).result()
    assert [e.event.event_id for e in store.write(lambda unit: inbox.recovered(unit, ["terminal"])).result()] == ["2"]
