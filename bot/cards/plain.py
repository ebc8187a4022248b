"""A reply as plain text: what a model reads of it, and what the command line prints."""

from __future__ import annotations

from adapters.contract import Reply


def as_text(reply: Reply) -> str:
    """Text and card in a few lines; buttons are left out, as only people press them."""
    parts = [reply.text] if reply.text else []
    card = reply.card
    if card is not None:
        parts += [p for p in (card.title, card.text) if p]
        parts += [f"{label}: {value}" for label, value in card.fields]
        parts += [f"- {line}" for line in card.lines]
        if card.footer:
            parts.append(card.footer)
    return "\n".join(parts)
