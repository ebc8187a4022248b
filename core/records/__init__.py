"""Records: thoughts (the author's alone), needs and offers (for members of their Nexus).

Everything here is read through `core.access`; this room only writes records and ranks what access let through.
"""
