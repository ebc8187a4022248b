"""The words that people use when they speak of rules: for kinds, for whom, for what, and around it. Pure."""

from __future__ import annotations

from core.rules.words import ANY, Action

THOUGHT = "thought"
KINDS = {
    "need": "needs, need, requests, what people need, what people look for, what people are looking for",
    "offer": "offers, offer, what people offer",
    "fact": "facts about people, facts about a person, facts, fact, profiles, profile, personal facts, "
    "what is known about people",
    "grant": "grants, grant, receipts, what was given, what we gave, what people were given",
    "fund": "funds, fund, the fund, our fund, the money, our books, the books",
    THOUGHT: "thoughts, thought, private thoughts",
    ANY: "everything, anything, all data, all kinds, it all, all of it, everything here, everything in it, "
    "whatever is here, all that is here",
}
AUDIENCES = {
    "public": "the public, public, everyone, everybody, anyone, anybody, the world, the whole world, outsiders, "
    "strangers, non-members, non members, people outside, all people, the internet, everyone else, everybody else, "
    "anyone else, anybody else, the rest, others, all others",
    "member": "members, member, our members, all members, people here, everyone here, everybody here, anyone here, "
    "anybody here, our people, the members, participants",
    "sub-member": "members below, people below, those below, everyone below, anyone below, sub-members, submembers, "
    "sub members, sub-member, members inside, people inside, members of sub-nexuses, members of the sub-nexuses, "
    "members of our sub-nexuses, people in sub-nexuses, people in the sub-nexuses, people in our sub-nexuses, "
    "people in subnexuses, members of subnexuses, sub-nexuses, subnexuses, the sub-nexuses, our sub-nexuses, "
    "the nexuses inside, the nexuses below, members of the nexuses inside, members of nexuses inside, "
    "members of the nexuses below, members of nexuses below, people in the nexuses inside, "
    "people in the nexuses below, people in nexuses below, nexuses below, nexuses inside, sub-groups, subgroups, "
    "members of sub-groups, members of subgroups, our subgroups, our sub-groups",
    "ancestor-member": "members above, people above, those above, everyone above, ancestor-members, ancestor-member, "
    "ancestor members, the nexus above, nexus above, the nexuses above, nexuses above, people in the nexus above, "
    "people in the nexuses above, members of the nexus above, members of the nexuses above, the parent nexus, "
    "parent nexus, the parent, people in the parent nexus, members of the parent nexus, members of the parent, "
    "parent members",
    "linked-member": "linked nexuses, linked nexus, the linked nexuses, our linked nexuses, linked members, "
    "linked-members, linked-member, members of linked nexuses, members of the linked nexuses, "
    "members of a linked nexus, people in linked nexuses, people in the linked nexuses, people from linked nexuses, "
    "linked groups, members of linked groups, linked people",
    "bridge": "bridges, bridge, programs, program, programmes, programme, the programs, apps, bots, tools, software",
    "owner": "owners, owner, the owners",
    "steward": "stewards, steward, the stewards, admins, admin, administrators",
    "treasurer": "treasurers, treasurer, the treasurers",
    "moderator": "moderators, moderator, the moderators, mods",
    "guest": "guests, guest, the guests, visitors, visitor",
}
NOBODY = "nobody, no one, no-one, nobody at all"
NOBODY_ELSE = "nobody else, no one else, no-one else, none else"
ACTIONS: dict[tuple[Action, ...], str] = {
    (Action.SEE,): "see, sees, seen, seeing, view, views, read, reads, reading, look at, looks at, find, finds, "
    "access, have access to, get to see, visible, readable, know about, know of, know, shown",
    (Action.QUOTE,): "quote, quotes, quoted, quoting, repeat, repeats, repeated, repeating, cite, mention, "
    "repeat in channels, quotable, hear in channels",
    (Action.AGGREGATE,): "count, counts, counted, counting, countable, aggregate, aggregates, aggregated, numbers, "
    "see numbers, sees numbers, see the numbers, know the numbers, get numbers, gets numbers, get the numbers, "
    "see how many, sees how many, know how many, knows how many, how many, totals, statistics, stats",
    (Action.DERIVE,): "derive, derives, derived, learn from, learns from, learn, build on, builds on, build from, "
    "use, uses, draw on, base products on",
    (Action.EXPORT,): "export, exports, exported, exporting, exportable, take along, take with them, takes along, "
    "take them along, take it along, take them with them, download, downloads, copy out, take out",
    tuple(Action): "do everything with, do everything, do anything with, do anything, full access to, full access, "
    "do all of it, do all",
}
# What lets or keeps people see something without a word for seeing.
SHOWS = "make, makes, open, opens, show, shows, share, shares, publish, are, is, be, being, stay, stays, give, gives"
HIDES = "hide, hides, hidden, hiding, conceal, withhold"
NOT = (
    "not, no longer, never, neither, nor, cannot, deny, denies, denied, forbid, forbids, forbidden, ban, prevent, "
    "stop, block, close off, no more"
)
MAY = (
    "may, can, could, should, shall, must, be able to, is allowed to, are allowed to, allowed to, be allowed to, "
    "let, lets, allow, allows, permit, permits"
)
ONLY = "only, just, solely, exclusively, merely, nothing but, alone"
HERE_ONLY = (
    "here only, only here, just here, here alone, in here only, only in here, not inside, not below, "
    "not in sub-nexuses, not in subnexuses, not in what is inside, only in this nexus, in this nexus only, "
    "this nexus only, only this nexus"
)
INSIDE_TOO = (
    "inside too, inside as well, also inside, and inside, everywhere inside, here and inside, here and below, "
    "everything inside too, and everything inside, in everything inside, in everything inside too, below too, "
    "below as well, also below, and below, in sub-nexuses too, also in sub-nexuses, in the sub-nexuses too, "
    "everywhere, for everything inside, for everything inside too, and in everything inside"
)
LOCKED = (
    "locked, lock it, lock this, lock that, fixed, without exception, no exceptions, "
    "and nobody inside can change that, nobody inside can change that, nobody below can change that, "
    "and nobody below can change that, nothing inside can lift that, and nothing inside can lift that, "
    "no sub-nexus can change that, and no sub-nexus can change that"
)
JOINS = "and, &, or, plus, as well as, also"
TURNS = "but, while, whereas, though, yet, however"
FILLERS = frozenset(
    "please the a an our your my all any of to that this from now on rule rules set new make it so also too with by "
    "for will who whom what people posted things they them their its here i we you us want would like wish ask "
    "in channels channel able get gets there then as well say says said have has add put change about be is are "
    "want's should than at into off out do does did ok okay yes hey hi hello thanks thank each both these those same "
    "kind kinds data stuff information names without start starting".split()
)


def listed(words: str) -> tuple[str, ...]:
    """The phrases of a list."""
    return tuple(word.strip() for word in words.split(","))
