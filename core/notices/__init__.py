"""What somebody else has to be told because of a change: written with the change, delivered by the bot.

A notice names a person, a template and its data; the bot finds the place where it reaches that person in private.
"""
