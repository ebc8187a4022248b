"""The Nexus engine: people, Nexuses, what they need and offer, and the rules by which all of it is shared.

Synchronous; knows no platform, no model and no event loop. One folder per subject, each with its tables
(`tables.py`), what it knows how to do inside a unit of work (`service` modules) and its operations
(`operations.py`). `core.catalogue` lists the subjects; `core.operations` is how every operation is declared and run.
"""
