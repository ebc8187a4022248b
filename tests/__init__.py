"""Tests: stable interfaces from outside, fake servers at the wire, no mocks of libraries."""
