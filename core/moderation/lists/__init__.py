"""Ban lists: what a Nexus shares of its own bans, who follows that, and what comes of it there.

A list is nothing that is kept: it is the bans that stand in a Nexus now and that it decided itself. A ban that came
from a list is told apart (`cases.FROM_LIST`) and never passed on.
"""
