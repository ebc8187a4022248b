"""The tree of Nexuses and who has which role in it.

Any Nexus contains any number of sub-Nexuses; a closure table answers "above" and "below" without recursion.
Roles from moderator upward hold for the whole subtree; being a member holds for one Nexus.
May touch: people, notices.
"""
