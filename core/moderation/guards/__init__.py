"""Rules that look at what is written and who comes: what each may do in a Nexus, what it found, how often it erred.

A rule is off, in shadow (it only counts what it would have done), in ask (moderators get a card), or in act.
"""
