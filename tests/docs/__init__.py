"""The documents cannot drift from the program."""
