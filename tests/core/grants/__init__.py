"""Grants: proposing, deciding, talk, showing, paying."""
