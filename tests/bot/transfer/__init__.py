"""Carrying a store from one engine to the other."""
