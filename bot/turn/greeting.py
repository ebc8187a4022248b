"""What is said around the answers.

The first words to somebody new, why no model answers, and an apology where a turn comes to no end.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.contract import Reply
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.outbox import outbox
from bot.outbox.outbox import Outgoing
from bot.talk import memory
from bot.talk.heard import Mark, listeners
from bot.talk.provider import refused
from bot.turn.context import Setting, setting_of
from bot.turn.step import Said, write_replies
from bot.words import Words
from core.errors import N_
from core.places.places import audience_of
from core.providers.provider import provider_of
from core.store import Unit

WELCOME = N_(
    "Hi {name}. I'm the Cofounder of this Nexus. Tell me what you need, what you can offer, or what is on your mind. "
    "So that you know: whoever runs this machine can technically read what you write to me{provider}."
)
PROVIDER = N_(", and it goes to the model's provider ({host}) for an answer")
GREETING_POSITION = 70
KEPT_HERE = N_(
    "(I answer by myself here: {nexus} lets nothing go to the model at {host}. A steward can change that: “allow the "
    "model in {nexus}”.)"
)
BROKEN = N_("Something went wrong on my side, and nothing was changed. Please try once more; I've noted it ({ref}).")
BROKE_OFF = N_("Something went wrong on my side after that, and I've noted it ({ref}).")


def greeted(unit: Unit, words: Words, entry: Entry, setting: Setting, said: Said) -> Said:
    """The first answer to a new person begins with who we are and who can read along."""
    if not entry.new_person or not setting.place.direct:
        return said
    text = _welcome(unit, words, setting)
    reply = said.reply
    if reply.text:
        text += "\n\n" + reply.text
    return replace(said, reply=replace(reply, text=text))


def greet_apart(unit: Unit, words: Words, entry: Entry, setting: Setting) -> Outgoing:
    """The same as a message of its own, before anything that the person says goes to a provider."""
    for row in outbox.of_turn(unit, entry.inbox_id):
        if row.position == GREETING_POSITION:  # from before a crash
            return row
    said = [Said(Reply(_welcome(unit, words, setting)))]
    return write_replies(unit, words, entry, setting, said, position=GREETING_POSITION)[0]


def _welcome(unit: Unit, words: Words, setting: Setting) -> str:
    host = provider_of(unit).host
    goes = host and not refused(unit, setting.nexus_id, setting.person.id)
    provider = words(PROVIDER, host=host) if goes else ""
    return words(WELCOME, name=setting.person.name.split(" ")[0], provider=provider)


def remark(unit: Unit, words: Words, entry: Entry, setting: Setting) -> str:
    """Why no model answers in this Nexus and who could change it: once a month in a conversation, "" after that."""
    if memory.aside_made(unit, entry.talk_key, setting.nexus_id):
        return ""
    audience = audience_of(unit, setting.place, setting.person.id)
    mark = Mark(listeners(audience), nexuses=frozenset({setting.nexus_id}))
    memory.remember(unit, entry.talk_key, setting.person.id, entry.inbox_id, "aside", "", mark)
    return words(KEPT_HERE, nexus=setting.nexus, host=provider_of(unit).host)


def apologise(unit: Unit, words: Words, entry: Entry) -> list[Outgoing]:
    """The turn cannot be brought to its end: say so, once, and let the next one come."""
    if not inbox.finish(unit, entry.inbox_id, "failed"):
        return []
    setting = setting_of(unit, entry)
    earlier = outbox.of_turn(unit, entry.inbox_id)
    ready = [row for row in earlier if row.state == "waiting"]
    open_row = next((row for row in earlier if row.state == "open"), None)
    if open_row is not None:
        done = [step["told"] for step in open_row.steps if step["told"]]
        text = words(BROKE_OFF if open_row.steps else BROKEN, ref=f"{entry.inbox_id}")
        open_row.reply, open_row.state = Reply("\n\n".join([*done, text])), "waiting"
        open_row.shows = open_row.shows if done else None
        outbox.set_final(unit, open_row.id, open_row.reply, open_row.shows)
        return [open_row, *ready]
    said = [Said(Reply(words(BROKEN, ref=f"{entry.inbox_id}")))]
    return ready + write_replies(unit, words, entry, setting, said, position=80)
