"""Results with a renderer of their own: where a list of fields would read poorly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.contract import Card, Reply
from bot.cards import (
    ban_lists,
    counts,
    funds,
    grants,
    guards,
    hours,
    ledger,
    moderation,
    own_rules,
    policies,
    privacy,
    receipts,
    rules,
)
from bot.words import Words, how_many
from core.errors import N_
from core.help.operations import Help
from core.invites.operations import Accepted, Invitation
from core.nexuses.operations import NexusLine, NexusList, NexusPage
from core.people.operations import Helper, Helpers, LinkStep, Profile
from core.places.map_operations import RoleLines
from core.places.operations import Binding
from core.places.setup import SetUp
from core.providers.operations import Stand
from core.records.operations import Entries

_DOORS = {
    "open": N_("anybody may join"),
    "members": N_("members of the one above may join"),
    "private": N_("by invitation"),
}


def _nexus_line(line: NexusLine, words: Words) -> str:
    people = how_many(line.people, words)
    return (
        f"{line.name} ({people}, {words(N_('you are {role}'), role=line.role)})"
        if line.role
        else f"{line.name} ({people})"
    )


def help_card(result: Help, words: Words) -> Reply:
    """What somebody can do here, each with a sentence to say."""
    lines = tuple(f"{words(item.about)} “{item.example}”" for item in result.items)
    footer = ""
    if result.more:
        footer = words(N_("And {count} more: say “help with invitations”, for example."), count=result.more)
    elif result.details:
        footer = words(result.details)
    if result.standing == "guest":
        title = words(N_("You are a guest here. What you can do in {nexus}:"), nexus=result.nexus)
    else:
        title = words(N_("What you can do in {nexus}, as {role}:"), nexus=result.nexus, role=result.standing)
    text = words(N_("Just say it in your own words. I ask before I do anything that matters."))
    return Reply(card=Card(title=title, text=text, lines=lines, footer=footer))


def nexus_page(result: NexusPage, words: Words) -> Reply:
    """A Nexus at a glance."""
    fields = [(words(N_("Where")), result.path)] if result.path != result.name else []
    if result.people:
        fields.append((words(N_("In it")), how_many(result.people, words)))
    # At the top, or where what is above is not known here, there is no "one above" to speak of.
    door = "private" if result.door == "members" and result.path == result.name else result.door
    fields.append((words(N_("Door")), words(_DOORS[door])))
    if result.role:
        fields.append((words(N_("You")), result.role))
    inside = words(N_("Inside it"))
    lines = tuple(f"{inside}: {_nexus_line(child, words)}" for child in result.children)
    return Reply(card=Card(title=result.name, fields=tuple(fields), lines=lines))


def nexus_list(result: NexusList, words: Words) -> Reply:
    """Where somebody is, and where they could go."""
    if not result.mine and not result.open:
        return Reply(words(N_("You are in no Nexus yet. Start one, or accept an invitation.")))
    lines = [_nexus_line(line, words) for line in result.mine]
    lines += [words(N_("{name}, which you could join"), name=line.name) for line in result.open]
    title = N_("Your Nexuses:") if result.mine else N_("You could join:")
    return Reply(card=Card(title=words(title), lines=tuple(lines)))


def _why(helper: Helper, words: Words) -> str:
    """What they offer, or say of themselves, and where."""
    template = N_("says in {nexus}: {reason}") if helper.kind == "fact" else N_("offers in {nexus}: {reason}")
    return words(template, nexus=helper.nexus, reason=helper.reason)


def helpers(result: Helpers, words: Words) -> Reply:
    """Who can help, and why I think so."""
    if result.items:
        title = words(N_("These could help with {query}:"), query=result.query)
        lines = tuple(f"**{h.name}** {_why(h, words)} (#{h.handle})" for h in result.items)
        return Reply(card=Card(title=title, lines=lines))
    if result.seekers:
        lines = tuple(f"{s.author}: {s.text} (#{s.handle})" for s in result.seekers)
        title = words(N_("Nobody I know offers that, but others look for it too:"))
        return Reply(card=Card(title=title, lines=lines))
    return Reply(
        words(
            N_("I know nobody here who offers help with {query}."),
            query=result.query,
        )
    )


def profile(result: Profile, words: Words) -> Reply:
    """A person: where they are, what they say of themselves, what they need and offer."""
    fields = []
    if result.roles:
        fields.append((words(N_("Is")), ", ".join(f"{r.role} of {r.nexus}" for r in result.roles)))
    needs = [f"{words(N_('needs'))}: {n.text} (#{n.handle})" for n in result.needs]
    offers = [f"{words(N_('offers'))}: {o.text} (#{o.handle})" for o in result.offers]
    says = N_("says in {nexus}: {reason}")
    facts = [words(says, nexus=f.nexus, reason=f"{f.text} (#{f.handle})") for f in result.facts]
    text = (
        ""
        if needs or offers or facts or fields
        else words(N_("I know nothing else about {name} that I may say here."), name=result.name)
    )
    return Reply(card=Card(title=result.name, text=text, fields=tuple(fields), lines=tuple(facts + needs + offers)))


def thoughts(result: Entries, words: Words) -> Reply:
    """One's own thoughts need no author."""
    if not result.items:
        return Reply(words(N_("You have no thoughts kept here yet. Just tell me one.")))
    lines = tuple(f"{item.text} (#{item.handle})" for item in result.items)
    return Reply(card=Card(title=words(N_("Your thoughts, newest first:")), lines=lines))


def invitation(result: Invitation, words: Words) -> Reply:
    """A fresh code, and what to do with it."""
    who = words(N_("{uses} people"), uses=result.uses) if result.uses > 1 else words(N_("one person"))
    text = words(
        N_("Your invitation to {nexus}: `{code}`\nIt lets {who} in as {role} and is valid for {expires}."),
        nexus=result.nexus,
        code=result.code,
        who=who,
        role=result.role,
        expires=result.expires,
    )
    if result.approval:
        text += " " + words(N_("A steward says yes to each."))
    links = words.links(result.code)
    if links:
        text += "\n" + words(N_("One tap accepts it: {links}"), links=" ".join(links))
    text += "\n" + words(
        N_("They send me “accept {code}”. I show it only now; to withdraw it, say “revoke invite #{handle}”."),
        code=result.code,
        handle=result.handle,
    )
    return Reply(text)


def accepted(result: Accepted, words: Words) -> Reply:
    """In, or waiting for a steward."""
    if result.waiting:
        return Reply(words(N_("I've asked the stewards of {nexus}. You'll hear from me."), nexus=result.nexus))
    return Reply(
        words(
            N_("Welcome to {nexus}. You came in as {role}. What do you need, or what could you offer?"),
            nexus=result.nexus,
            role=result.role,
        )
    )


def link_step(result: LinkStep, words: Words) -> Reply:
    """Where linking two accounts stands."""
    if result.code:
        return Reply(
            words(
                N_("On your other account, tell me: “link with code {code}”. It works once, for 15 minutes."),
                code=result.code,
            )
        )
    return Reply(words(N_("I've asked {other} to confirm. Please say yes over there."), other=result.other))


def binding(result: Binding, words: Words) -> Reply:
    """Where a chat belongs and who hears."""
    if result.audience == "you":
        template = N_("This is our direct chat: only you can hear me. We are talking about {nexus}.")
        return Reply(words(template, nexus=result.nexus))
    if not result.nexus and result.audience == "public":
        template = N_(
            "This chat belongs to no Nexus yet, so I say only what anybody may know. A steward can connect it."
        )
        return Reply(words(template))
    if not result.nexus:
        template = N_("This chat belongs to no Nexus yet; {hears}. A steward can connect it.")
    elif result.whole:
        template = N_("This chat belongs to {nexus}, as the whole server does; {hears}.")
    else:
        template = N_("This chat belongs to {nexus}; {hears}.")
    text = words(template, nexus=result.nexus, hears=_hears(result, words))
    if result.people is not None:
        # A moment ago is what it mostly is.
        ago = words(N_("{minutes} minutes ago"), minutes=result.minutes) if result.minutes else words(N_("just now"))
        text += " " + words(
            N_("People who can read here: {people}, as I was told {ago}."), people=result.people, ago=ago
        )
    return Reply(text)


def _hears(result: Binding, words: Words) -> str:
    if result.audience == "members":
        return words(N_("everyone here counts as a member of it"))
    if result.audience == "people":
        return words(N_("I say here only what everybody who can read this may see"))
    if result.exact:
        return words(N_("I am not told who can read this, so I say here only what anybody may know"))
    return words(N_("I say here only what anybody may know"))


def set_up(result: SetUp, words: Words) -> Reply:
    """Where a server or chat belongs now, and what comes next."""
    if result.everyone:
        template = N_(
            "{title} belongs to {nexus} now, and everyone here is a member: each of you as soon as you write to me."
        )
    else:
        template = N_("{title} belongs to {nexus} now. Whoever comes into {nexus} is a member; others are my guests.")
    text = words(template, title=result.title, nexus=result.name)
    if result.roles:
        text += "\n" + words(
            N_("Roles of this server can count in {nexus}, too: say “the role Helpers makes moderators”, for example."),
            nexus=result.name,
        )
    return Reply(text)


def role_lines(result: RoleLines, words: Words) -> Reply:
    """What the roles of a server give, and which of them give nothing."""
    lines = tuple(
        words(N_("{role}: {gives} of {nexus}"), role=line.role, gives=line.gives, nexus=line.nexus)
        for line in result.items
    )
    others = words(N_("Other roles there: {roles}."), roles=", ".join(result.others)) if result.others else ""
    if lines:
        return Reply(
            card=Card(title=words(N_("What roles on {title} give:"), title=result.title), lines=lines, footer=others)
        )
    text = words(N_("No role on {title} gives anything so far."), title=result.title)
    return Reply(f"{text} {others}".strip())


def model_stand(result: Stand, words: Words) -> Reply:
    """What goes to the model, and what does not."""
    host, nexus = result.host, result.where
    if not host:
        lines = [words(N_("There is no model here: I answer by myself, and nothing goes anywhere."))]
    elif result.allowed:
        lines = [words(N_("What is said to me in {nexus} goes to the model at {host}."), nexus=nexus, host=host)]
    else:
        lines = [words(N_("Nothing that is said in {nexus} goes to the model at {host}."), nexus=nexus, host=host)]
    if host and result.allowed and result.moderates:
        lines.append(words(N_("What might be abuse is read there as well, whoever it was said to.")))
    if host and result.decided:
        lines.append(words(N_("{decided} has decided that, for all below it."), decided=result.decided))
    if host and not result.allowed:
        lines.append(words(N_("A steward can change that: “allow the model in {nexus}”."), nexus=nexus))
    if not result.mine:
        lines.append(words(N_("What you write yourself goes to no model: you have said so.")))
    elif host and result.allowed:
        lines.append(words(N_("You can keep your own words from it: “keep what I write from the model”.")))
    return Reply("\n".join(lines))


RENDERERS: dict[str, Callable[[Any, Words], Reply]] = {
    "help": help_card,
    "nexus.show": nexus_page,
    "nexus.list": nexus_list,
    "people.find": helpers,
    "person.show": profile,
    "invite.create": invitation,
    "invite.accept": accepted,
    "account.link": link_step,
    "thought.list": thoughts,
    "place.show": binding,
    "place.setup": set_up,
    "place.roles": role_lines,
    "model.show": model_stand,
    "model.allow": model_stand,
    "model.refuse": model_stand,
    **counts.RENDERERS,
    **funds.RENDERERS,
    **grants.RENDERERS,
    **guards.RENDERERS,
    **hours.RENDERERS,
    **ledger.RENDERERS,
    **moderation.RENDERERS,
    **own_rules.RENDERERS,
    **ban_lists.RENDERERS,
    **policies.RENDERERS,
    **privacy.RENDERERS,
    **receipts.RENDERERS,
    **rules.RENDERERS,
}
