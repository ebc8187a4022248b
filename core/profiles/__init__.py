"""What people tell about themselves, and who may know it: a fact is a record whose author is the person it is about.

Each carries a consent of its own (`core.rules.consents`), so that its author decides who may know it, within what the
rules of the Nexus allow. Others read facts through `core.access` like anything else.
"""
