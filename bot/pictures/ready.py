"""Turning what stands in a card into the picture that platforms get."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace

from adapters.contract import Card, Reply
from bot.log import log
from bot.pictures.chart import KIND, MEDIA_TYPE, load_chart


async def drawn(reply: Reply) -> Reply:
    """The reply with its picture drawn. One that cannot be drawn is left out: the card says it in words as well."""
    card = reply.card
    if card is None or card.picture is None or card.picture.media_type != KIND:
        return reply
    try:
        return replace(reply, card=await asyncio.to_thread(_with_picture, card))
    except Exception as error:
        log.error("a picture could not be drawn", extra={"error": type(error).__name__})
        return replace(reply, card=replace(card, picture=None))


def _with_picture(card: Card) -> Card:
    from bot.pictures.draw import draw  # Pillow is loaded with the first picture

    assert card.picture is not None
    content = draw(load_chart(base64.b64decode(card.picture.content)))
    picture = replace(card.picture, media_type=MEDIA_TYPE, content=base64.b64encode(content).decode("ascii"))
    return replace(card, picture=picture)
