"""Payouts through a provider: planned, taken, ended once."""
