"""Carrying a whole store from one engine to the other, with a proof that nothing changed on the way.

The same copying serves three commands: `nexus move-to` (SQLite to PostgreSQL), `nexus backup` of a PostgreSQL store
(to a SQLite file of the same schema) and `nexus restore` of such a file. It knows tables as lists of plain values,
never what they mean; what an engine keeps for itself (full text, the numbers of rows) is made anew on the other side.
"""
