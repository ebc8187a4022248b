"""What the inbox and the outbox store comes back as it was."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.contract import (
    Account,
    Address,
    Attachment,
    Button,
    ButtonPress,
    ButtonStyle,
    Card,
    Command,
    Event,
    EventKind,
    File,
    Place,
    PlaceKind,
    Reply,
    Sent,
)
from bot.inbox import inbox
from bot.inbox.payload import dump, load_address, load_event, load_reply, load_sent
from core.store import Store

words = st.text(max_size=20)
names = st.text(min_size=1, max_size=20)
accounts = st.builds(Account, words, words, words, words, st.booleans(), words)
events = st.builds(
    Event,
    platform=names,
    event_id=names,
    kind=st.sampled_from(EventKind),
    account=accounts,
    place=st.builds(Place, words, st.sampled_from(PlaceKind), words, words),
    workspace=words,
    text=words,
    message_id=words,
    reply_to=words,
    reply_to_account=st.none() | accounts,
    addressed=st.booleans(),
    command=st.none() | st.builds(Command, words, words, st.none() | st.dictionaries(words, words, max_size=2)),
    press=st.none() | st.builds(ButtonPress, words, words, words),
    attachments=st.lists(st.builds(Attachment, words, words, words, st.integers(0)), max_size=2).map(tuple),
    sent_at=st.integers(0, 2**53),
)
files = st.builds(File, words, words, words, words)
cards = st.builds(
    Card,
    words,
    words,
    st.lists(st.tuples(words, words), max_size=2).map(tuple),
    st.lists(words, max_size=2).map(tuple),
    words,
    st.lists(st.builds(Button, words, words, st.sampled_from(ButtonStyle)), max_size=2).map(tuple),
    st.none() | files,
)
replies = st.builds(Reply, words, st.none() | cards, st.lists(files, max_size=2).map(tuple))
addresses = st.builds(Address, names, words, words, words, words, st.booleans(), words)


def stored(value: Any) -> Any:
    """Through JSON, as the store does it."""
    return json.loads(json.dumps(dump(value)))


@given(events)
def test_events_come_back(event: Event) -> None:
    assert load_event(stored(event)) == event


@given(replies)
def test_replies_come_back(reply: Reply) -> None:
    assert load_reply(stored(reply)) == reply


@given(addresses)
def test_addresses_come_back(address: Address) -> None:
    assert load_address(stored(address)) == address


@given(st.builds(Sent, words, st.lists(words, min_size=1, max_size=3).map(tuple)))
def test_ids_come_back(sent: Sent) -> None:
    assert load_sent(stored(sent)) == sent


def test_nothing_sent_is_none() -> None:
    assert load_sent(None) is None


# Half of a pair (a cut emoji) and control characters do arrive over the wire.
anything = st.text(st.characters(exclude_categories=()), min_size=1, max_size=12)


@settings(max_examples=25)
@example(text="cut \ud83d off", name="\ud83d")
@example(text="a \x00 in it", name="\x00")
@given(text=anything, name=anything)
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_whatever_people_type_is_recorded(engine: str, store: Store, text: str, name: str) -> None:
    number = str(store.clock.now())
    store.clock.advance(1)  # type: ignore[attr-defined]
    event = Event(
        "terminal",
        number,
        EventKind.MESSAGE,
        Account("ana", name),
        Place("terminal:ana", PlaceKind.DIRECT, name),
        text=text,
        addressed=True,
    )
    (entry,) = store.write(lambda unit: inbox.record(unit, [event])).result()
    (waiting,) = store.read(lambda unit: inbox.waiting(unit, ["terminal"])).result()
    assert waiting.event.text == re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert store.write(lambda unit: inbox.finish(unit, entry.inbox_id)).result()
    assert not store.write(lambda unit: inbox.finish(unit, entry.inbox_id)).result()
