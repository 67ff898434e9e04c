"""The local Slack's memory, where the file is not what was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.playground.server import LocalSlack
from bot.playground.state_file import BrokenState


@pytest.mark.parametrize("written", ["", "{", "[]", '{"channels": 3}', '{"channels": [{}]}', "7"])
async def test_a_broken_file_is_kept_and_says_what_to_do(tmp_path: Path, written: str) -> None:
    """Nobody meets a traceback because a file was cut off, and nothing of it is thrown away."""
    file = tmp_path / "slack.json"
    file.write_text(written)
    slack = LocalSlack(port=0, state_file=file, bot_token="xoxb-1", app_token="xapp-1")

    with pytest.raises(BrokenState, match="--fresh"):
        await slack.start()

    assert (tmp_path / "slack.json.broken").read_text() == written
    assert not file.exists()
