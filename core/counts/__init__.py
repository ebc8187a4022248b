"""Counting people without telling who: above a minimum group, and proof against asking twice around one change."""
