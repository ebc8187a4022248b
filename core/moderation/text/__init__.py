"""What a message says once its disguises are taken off: lookalike letters, invisible characters, piled-up marks,
styled alphabets, spaced-out words, digits for letters; and the links in it. Pure functions, no state, no network.

`reading.read(text)` does it all once per message; the other modules are its parts.
"""
