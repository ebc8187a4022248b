"""Time given to people: logged by whoever gave it, confirmed by the person who was helped, counted then; office hours.

An entry counts once it is confirmed, as a journal in minutes. Hours never turn into money by themselves.
"""
