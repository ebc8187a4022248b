"""Pictures in cards: drawn immediately before they are sent, away from the event loop and from the store's threads.

What stands in a card until then is what a picture shows, as a few numbers and words (`chart.Chart`): so the outbox
stays small, and no unit of work waits for a drawing. The same chart gives the same bytes with the same Pillow.
"""

from bot.pictures.ready import drawn

__all__ = ["drawn"]
