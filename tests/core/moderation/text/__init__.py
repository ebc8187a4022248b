"""Texts without their disguises."""
