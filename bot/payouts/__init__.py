"""Paying through a provider: core plans and takes down, this room speaks with the provider.

One module for each provider, loaded only where it is configured; `setup` says which there are, `chore` does the work.
`manual` needs nothing here: somebody pays outside and says so, and core writes it down.
"""
