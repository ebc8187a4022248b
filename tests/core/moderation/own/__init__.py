"""Rules of a Nexus's own."""
