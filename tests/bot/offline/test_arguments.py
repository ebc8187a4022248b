"""Arguments as they stand in sentences."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cofounder.offline import OfflineBrain

CASES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    # people
    ("make tom a steward", "role.grant", {"person": "tom", "role": "steward"}),
    ("make Ana Ruiz a steward", "role.grant", {"person": "Ana Ruiz", "role": "steward"}),
    ("make @lea an admin", "role.grant", {"person": "@lea", "role": "steward"}),
    ("take away ben's moderator role", "role.revoke", {"person": "ben", "role": "moderator"}),
    ("give wanjiru the treasurer role", "role.grant", {"person": "wanjiru", "role": "treasurer"}),
    ("promote Ana from moderator to steward", "role.grant", {"person": "Ana", "role": "steward"}),
    # Nexuses
    ("make Ana a mod in open kitchen", "role.grant", {"person": "Ana", "role": "moderator", "nexus": "open kitchen"}),
    ("join the Harbor group", "nexus.join", {"nexus": "Harbor"}),
    ('create a nexus called "Tiny Bridges"', "nexus.create", {"name": "Tiny Bridges"}),
    (
        "create a nexus called Makers & Menders in Studio",
        "nexus.create",
        {"name": "Makers & Menders", "parent": "Studio"},
    ),
    ("move Deckhands into Lighthouse", "nexus.move", {"nexus": "Deckhands", "parent": "Lighthouse"}),
    ("rename this nexus to North Star", "nexus.rename", {"name": "North Star"}),
    ("rename Parser → Lexer", "nexus.rename", {"nexus": "Parser", "name": "Lexer"}),
    ("leave this nexus", "nexus.leave", {}),
    # doors and audiences
    ("open a new space called Harbor", "nexus.create", {"name": "Harbor"}),
    ("create an open nexus called Harbor", "nexus.create", {"name": "Harbor", "door": "open"}),
    ("new private nexus Vault", "nexus.create", {"name": "Vault", "door": "private"}),
    ("use this channel for Harbor, members only", "place.bind", {"nexus": "Harbor", "audience": "members"}),
    # counts, lengths of time, approval
    ("create an invite for 3 people", "invite.create", {"uses": 3}),
    ("invite for five members, valid two weeks", "invite.create", {"uses": 5, "role": "member", "expires": "14d"}),
    ("single use invite, 36 hours", "invite.create", {"uses": 1, "expires": "1d12h"}),
    ("an invite for a couple of friends, expires in a week", "invite.create", {"uses": 2, "expires": "7d"}),
    ("make an invite that needs approval", "invite.create", {"approval": True}),
    ("create an invite without approval", "invite.create", {"approval": False}),
    ("an invite for guests, a steward must approve", "invite.create", {"role": "guest", "approval": True}),
    # codes and handles
    ("accept kf3m-9tq2-x7pd", "invite.accept", {"code": "kf3m-9tq2-x7pd"}),
    ("my code is KF3M 9TQ2 X7PD", "invite.accept", {"code": "KF3M 9TQ2 X7PD"}),
    ("use kf3m9tq2x7pd", "invite.accept", {"code": "kf3m9tq2x7pd"}),
    ("claim KF3M-9TQ2-X7PD", "owner.claim", {"code": "KF3M-9TQ2-X7PD"}),
    ("delete invite k7m2p", "invite.revoke", {"invite": "k7m2p"}),
    ("close my need #k7m2p", "need.close", {"need": "#k7m2p"}),
    # free words
    ("I'm looking for someone who can design a logo", "need.post", {"text": "someone who can design a logo"}),
    ("hi! I really need a lawyer, thanks in advance", "need.post", {"text": "a lawyer"}),
    ("I need office space in Berlin", "need.post", {"text": "office space in Berlin"}),
    ("I need a tester in Parser please", "need.post", {"text": "a tester", "nexus": "Parser"}),
    ("post in Parser that I need a tester", "need.post", {"text": "a tester", "nexus": "Parser"}),
    ("note: buy milk, please", "thought.add", {"text": "buy milk"}),
    ("remember that I need a better chair", "thought.add", {"text": "I need a better chair"}),
    ("offer: two hours of legal advice", "offer.post", {"text": "two hours of legal advice"}),
    ("who can help with taxes?", "people.find", {"query": "taxes"}),
    ("search offers about boats", "record.search", {"kind": "offer", "query": "boats"}),
    ("my need for a lawyer is done: Ana helped", "need.close", {"need": "a lawyer", "outcome": "Ana helped"}),
    # others
    ("unlink my telegram account", "account.unlink", {"account": "telegram"}),
    ("call me Dr. Osei", "person.rename", {"name": "Dr. Osei"}),
    ("who am I?", "person.show", {}),
    ("how do offers work?", "help", {"topic": "offers"}),
    # moderation: whom, which case, how long, how many, why
    ("ban <@204255221017214977>", "ban", {"person": "<@204255221017214977>"}),
    ("kick <@U02AB34CD|tom>", "kick", {"person": "<@U02AB34CD|tom>"}),
    ("unban 204255221017214977", "unban", {"person": "204255221017214977"}),
    ("warn user @lea_b: no ads here", "warn", {"person": "@lea_b", "reason": "no ads here"}),
    ("warn him", "warn", {}),
    ("mute @tom and @lena for 2 hours", "timeout", {"duration": "2h"}),
    (
        "ban @eve for 1 week for selling fake tickets",
        "ban",
        {"person": "@eve", "duration": "7d", "reason": "selling fake tickets"},
    ),
    ("give @bigmouth a 24-hour timeout", "timeout", {"person": "@bigmouth", "duration": "1d"}),
    ("lock this channel for the next hour", "lock", {"duration": "1h"}),
    ("close the channel for writing", "lock", {}),
    ("purge 25", "purge", {"count": 25}),
    ("delete the last 5 messages of Ana", "purge", {"count": 5, "person": "Ana"}),
    ("one message a minute here for 2 hours", "slowmode", {"pause": "1m", "duration": "2h"}),
    ("turn slow mode off", "slowmode", {"pause": "0s"}),
    ("show #12", "case", {"case": "12"}),
    ("undo 12", "undo", {"case": "12"}),
    ("Could I see the details of case no. 9?", "case", {"case": "9"}),
    ("edit case 19, reason: ban evasion", "reason", {"case": "19", "text": "ban evasion"}),
    ("appeal case 7, I never insulted anyone", "appeal", {"case": "7", "text": "I never insulted anyone"}),
    ("case 22 is not fair! I only answered him", "appeal", {"case": "22", "text": "I only answered him"}),
    (
        "tell the moderators that Tom sends me insults",
        "report",
        {"person": "Tom", "reason": "sends me insults"},
    ),
    # several sentences, and "him"
    ("Make me an invite. It should be for 4 people.", "invite.create", {"uses": 4}),
    ("Nina does great work, please make her a moderator", "role.grant", {"person": "Nina", "role": "moderator"}),
    # slips of the keyboard
    ("crate a nexsus called Typo Town", "nexus.create", {"name": "Typo Town"}),
    ("serach for react", "record.search", {"query": "react"}),
    ("make tom a stewrd", "role.grant", {"person": "tom", "role": "steward"}),
)


@pytest.mark.parametrize(("sentence", "operation", "arguments"), CASES)
def test_arguments(brain: OfflineBrain, sentence: str, operation: str, arguments: dict[str, Any]) -> None:
    understood = brain.understand(sentence)
    assert (understood.operation, understood.arguments) == (operation, arguments)
