"""kill -9 of a process that carries out what moderators decided."""
