"""What every adapter needs and no platform owns: texts in the replies' Markdown, where to cut them, files, memories.

Knows `adapters.contract` alone.
"""
