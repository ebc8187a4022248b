"""The shipped weights of the offline brain are what its phrasings give, byte by byte: some minutes of training."""

from bot.cofounder.offline.classifier import FILE
from bot.cofounder.offline.train import train
from core.catalogue import REGISTRY


def test_the_shipped_weights_are_trained_from_the_phrasings() -> None:
    assert train(REGISTRY).dump() == FILE.read_text(encoding="utf-8"), "run: python -m bot.cofounder.offline.train"
