"""Where a Slack simulator by others stands on this machine, if it was fetched."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def find_simulator() -> Path | None:
    """Give the program that `.ci/independent-slack` fetches, if it is there."""
    return next(iter(sorted(ROOT.glob(".tools/local-slack-*/package/bin/local-slack"))), None)
