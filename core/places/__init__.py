"""Places: where people talk with the bot, the Nexus each is bound to, and who can hear there.

A direct place belongs to one person; a shared one hears what the members of its Nexus may hear once a steward has
bound it so, and what the public may hear otherwise.
"""
