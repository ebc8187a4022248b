"""Whom rules would have met: what was written lately is looked at once, before a rule is let do anything.

`asked` keeps who wants to know and tells them; `replay` is the pure part. What was written is read by the bot, where a
platform shows it, and is kept nowhere: only who asked is stored, until they are told.
"""
