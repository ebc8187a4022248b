"""The words that people use for rules about messages: what to do, what to look for, and around it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

# What is done -> how people say it. "remove" is both: of messages, to delete; of people, to remove them.
ACTIONS = {
    "note": "ask us about, ask the moderators about, ask moderators about, ask us, tell us about, tell us, "
    "let us know about, let us know, show us, report, flag, alert us to, alert us about, note, notify us about, "
    "send us, call us for, look at",
    "delete": "delete, delete and warn, take down, wipe, erase, take away, hide, drop",
    "warn": "warn about, warn for, warn, caution",
    "timeout": "time out, timeout, time-out, time them out, time him out, time her out, time people out, mute, "
    "silence, quarantine, keep from writing, gag",
    "kick": "kick, kick out, throw out, remove people, remove the people, remove members, boot, eject",
    "ban": "ban, keep out, expel",
    "remove": "remove, get rid of",
}
MESSAGES = "messages, message, posts, post, texts, text, everything, anything, what people write, whatever people write"
PEOPLE = (
    "whoever, anyone, anybody, everyone, everybody, people, members, users, somebody, someone, those, persons, "
    "accounts, account, them, who, person, user, member, authors, him, her, whoever it is"
)
# What is looked for -> how people say it.
LOOKS = {
    "invite": "invitations, an invitation, invitation, invites, an invite, invite, invite links, an invite link, "
    "invitation links, an invitation link, invitations elsewhere, invitations into other groups, "
    "invitations to other groups, invitations to other servers, invites to other servers, discord invites, "
    "invitations into groups elsewhere, server invites, group invites",
    "hidden": "hidden links, a hidden link, disguised links, a disguised link, hidden link",
    "domain": "links to known bad sites, a link to a known bad site, links to bad sites, a link to a bad site, "
    "bad links, a bad link, links to known bad domains, a link to a known bad domain, malicious links",
    "link": "links, a link, link, urls, a url, url, web links, web addresses, a web address, any link",
    "everyone": "a call to everyone, calls to everyone, calls everyone, call everyone, mention everyone, "
    "mentions everyone, mentioning everyone, pings everyone, ping everyone, pinging everyone, @everyone, @here, "
    "@channel, mentions @everyone, pings @everyone, calls everybody, calls to everybody, a call to everybody",
    "caps": "in capitals, in capital letters, in caps, in all caps, all caps, capitals, capital letters, shouting, "
    "shouts, shout, in upper case, in uppercase, uppercase, caps, all capitals, only capitals",
    "mentions": "mentions, mention, mentioning, pings, ping, pinging, tags, tag, tagging, mentions people, "
    "mention people, mentioning people",
    "repeat": "the same text, the same message, the same thing, the same words, the same, repeats, repeat, repeated, "
    "repeating, repeats themselves, repeat themselves, the same text over and over, the same message over and over, "
    "the same again, repeats a message, repeats messages, repeats the same message, repeats the same text",
    "flood": "in a flood, in a flood of, floods, flood, flooding, a flood of, a flood",
    "crowd": "crowd, in a crowd",
    "spam": "spam, that read like spam, that reads like spam, reads like spam, read like spam, looks like spam, "
    "look like spam, that look like spam, that looks like spam, spammy",
    "abuse": "abuse, that read like abuse, that reads like abuse, reads like abuse, read like abuse, abusive, insults, "
    "insulting, looks like abuse, look like abuse, that look like abuse, abusive messages, insulting messages",
    "files": "files, a file, file, pictures, a picture, picture, images, an image, image, attachments, an attachment, "
    "attachment, photos, a photo, photo, documents, a document",
    "forwarded": "that are forwarded, forwarded, forwards, forwarded messages, a forward, forward, forwarding",
    "length": "longer than",
    "newcomer": "newcomers, a newcomer, newcomer, new people, new members, new users, newbies, somebody new, "
    "someone new, new accounts, a new account, new person, new ones, who are new, who is new, are new, is new, new",
    "wave": "arrived in a wave, came in a wave, joined in a wave, arrive in a wave, during a raid, "
    "while many arrive, raiders",
}
NOUNS = {
    "mentions": "mentions, mention, people, members, users, persons, pings, others, other people, people at once",
    "messages": "messages, message, posts, post, lines",
    "files": "files, file, pictures, picture, images, image, attachments, attachment, photos, photo, documents",
    "length": "characters, character, letters, signs, chars",
    "caps": "capitals, capital letters, caps, upper case, uppercase",
    "spam": "spam",
    "abuse": "abuse",
}
TIMES = "times, time, x"
ONCE = {"once": 1, "twice": 2, "thrice": 3}
MORE_THAN = "more than, over, above, exceeding"
AT_LEAST = "at least, from, minimum, no less than, no fewer than, starting at, starting from, as many as"
OR_MORE = "or more, and more, or over, and up, upwards, on, onward, onwards, and above, or longer, +, plus"
WITHIN = "in, within, in the last, within the last, per, during, over, inside of, inside"
PER = {"an": 1, "a": 1, "each": 1, "every": 1, "one": 1}
JOINED = (
    "joined, arrived, came, joining, came in, have been here, has been here, been here, are here, is here, turned up"
)
LESS_THAN = (
    "less than, for less than, within the last, in the last, within, under, fewer than, not even, no more than, "
    "not longer than, during the last, the last, for under, below"
)
MADE = (
    "accounts younger than, account younger than, accounts less than, accounts made less than, "
    "an account younger than, "
    "whose account is younger than, whose accounts are younger than, whose account is less than, "
    "accounts created less than, an account made less than, accounts made within the last, account age below, "
    "accounts under, accounts that are younger than, an account less than, accounts made in the last, "
    "whose account was made less than, accounts that were made less than, accounts newer than, "
    "accounts not older than"
)
AGO = "ago, old"
TODAY = "today"
FIRST = "first message, first messages, first post, first posts, their first message, the first message, "
FIRST_N = "their first, the first, first, among their first"
LINKS_TO = "to, leading to, that lead to, pointing to, from"
LINKS_BUT = (
    "except to, except for, except, other than to, other than, but not to, apart from, unless to, not to, "
    "that do not lead to, that don't lead to, which do not lead to, save to, but those to, except those to, "
    "except for those to"
)
WORDS = "the word, the words, word, words, the phrase, the phrases, phrase, phrases, the text, either, any of, one of"
ANY_OF = "any of, one of, either, any of the words, one of the words, any of these words"
ALL_OF = "both, all of, all of the words, all the words, both words"
PATTERN = (
    "matching, match, matches, that match, that matches, the expression, the pattern, the regex, the regular expression"
)
# What holds in any case, so that saying it changes nothing.
MODERATORS_SPARED = (
    "except moderators, except from moderators, except the moderators, except for moderators, except stewards, "
    "except moderators and stewards, except us, but not moderators, but never moderators, apart from moderators, "
    "unless they are moderators, unless it is a moderator, who are not moderators, who is not a moderator"
)
AND = "and, &, plus, as well as, and also, also, and who, and that"
OR = "or, or who, or that, or else, and or, and/or"
NO_POINTS = "no points, without points, 0 points, without a point, no point"
POINTS = "points, point"
FOR = "for"
# Words around the rest. No word that turns the meaning round may be among them: what is not understood is asked.
FILLERS = frozenset(
    "please the a an any all of to that this these from now on so too with containing contains contain contained "
    "having has have had write writes writing written wrote posts post posting posted send sends sending sent say says "
    "saying said use uses using used for when whenever which whose is are be being was by in into it its they their "
    "then if there here do does rule moderation chat one each if where include includes including will always make "
    "makes making ok okay hey hi hello thanks thank as well just shall join joins something somehow "
    "; : . , ( ) - ! ?".split()
)


def listed(words: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of a list, as their words."""
    return tuple(tuple(phrase.split()) for phrase in words.split(",") if phrase.strip())


@cache
def phrases_of(words: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The phrases of a list by their first word, of each the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(listed(words), key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(ones) for first, ones in found.items()}
