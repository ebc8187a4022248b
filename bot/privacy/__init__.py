"""Privacy where the bot keeps things: its own tables in the register of what names people, and leaving no trace.

`declared` says what the bot's tables keep (loaded with `bot.tables`), `scrub` what is done after the commit so that no
byte of what was forgotten stays in the store's files, `copies` looks after the copies that this program makes.
"""
