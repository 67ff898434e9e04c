"""Every kind of message that can be owed has its words."""

from __future__ import annotations

from bot.outlets import letters
from storage.records import DeliveryKind


def test_whatever_is_owed_can_be_written() -> None:
    """No kind of delivery is left without a letter."""
    assert set(letters._LETTERS) == set(DeliveryKind)
