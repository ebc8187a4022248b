"""Installations of workspaces, and their encryption."""
