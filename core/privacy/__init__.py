"""What is kept about a person: shown, handed out, and forgotten; how long anything is kept; and what a ban leaves.

Every table that names a person is declared in `personal`, with what an export gives of it and what forgetting does to
it; a test walks the schema and fails for a table that is not.
"""
