"""The money of a Nexus: deposits, budgets, transfers up and down the tree, pledges, statements from outside.

Figures are kept apart: *in* (deposits less what went elsewhere), *budget* (what is planned), *committed* (held for
grants), *paid*, *free*. Nothing here moves money: what moved outside is recorded, with its reference.
"""
