"""Places: where people talk with the bot, the Nexus each is bound to, and who can hear there.

`places` finds and binds them, also whole servers; `maps` keeps which role of a platform gives which role of a Nexus,
`mapped` gives and takes what follows from that. A direct place belongs to one person; a shared one hears what the
members of its Nexus may hear once a steward has bound it so, what all who can read there may hear where the platform
tells who they are (`readers`), and what the public may hear otherwise. `reveals` says beforehand what that comes to.
"""
