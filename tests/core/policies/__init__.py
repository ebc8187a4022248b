"""Policies of money: terms, mandates, and which dollar is meant."""
