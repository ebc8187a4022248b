"""Payouts: the conversation with a provider, and the chore that brings orders there and answers back."""
