"""Text is cut between lines, never inside a mention."""

from __future__ import annotations

from bot.blocks.text import fit


def test_lines_that_fit_are_all_kept() -> None:
    """What is short enough is left as it is."""
    assert fit(["a", "b"], 10) == "a\nb"


def test_a_line_too_long_is_left_out_whole() -> None:
    """A mention at the edge is not cut open; an ellipsis says that something is gone."""
    assert fit(["first", "asked by <@U0ALICE>", "last"], 20) == "first\n…"
