"""Raids and the monthly report."""
