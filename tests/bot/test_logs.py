"""What must never stand in a log line."""

from __future__ import annotations

import pytest

from bot.logs import without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("token xoxb-12-abc refused", "token xoxb-… refused"),
        ("xapp-1-A0-9f", "xapp-…"),
        ("Bearer eyJ.abc", "Bearer …"),
        ("postgresql://bot:hunter2@db/chatcron", "postgresql://bot:…@db/chatcron"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secrets_are_taken_out(text: str, shown: str) -> None:
    """Tokens, keys and passwords are cut off after what tells their kind."""
    assert without_secrets(None, "info", {"event": text}) == {"event": shown}


def test_what_is_no_text_stays() -> None:
    """Ids and numbers pass through."""
    assert without_secrets(None, "info", {"run_id": 345}) == {"run_id": 345}
