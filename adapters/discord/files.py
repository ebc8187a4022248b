"""The files of a reply, read and measured before anything is sent."""

from __future__ import annotations

from dataclasses import replace

from adapters.common.files import load
from adapters.contract import Reply
from adapters.discord.compose import Part, compose, file_name
from adapters.discord.rest import Upload

_TOO_LARGE = "“{name}” is too large to be sent on Discord (at most {limit} MB)."


async def prepared(reply: Reply, limit: int) -> tuple[list[Part], list[list[Upload]]]:
    """The messages of a reply and the files of each; a sentence stands for a file of more than `limit` bytes.

    Raises `Gone` for a file that cannot be read, `DeliveryError` for content that is not base64.
    """
    files = [file for file in (reply.card.picture if reply.card else None, *reply.files) if file]
    contents = {file: await load(file) for file in files}
    large = [file for file in files if len(contents[file]) > limit]
    if large:
        notes = [_TOO_LARGE.format(name=file.name, limit=limit // (1024 * 1024)) for file in large]
        card = reply.card
        if card and card.picture in large:
            card = replace(card, picture=None)
        reply = Reply(
            "\n\n".join([*([reply.text] if reply.text else []), *notes]),
            card,
            tuple(file for file in reply.files if file not in large),
        )
    parts = compose(reply)
    return parts, [[(file_name(f), f.media_type, contents[f]) for f in part.files] for part in parts]
