"""Text is cut between lines, never inside a mention."""

from __future__ import annotations

from bot.blocks.text import fit, named


def test_lines_that_fit_are_all_kept() -> None:
    """What is short enough is left as it is."""
    assert fit(["a", "b"], 10) == "a\nb"


def test_a_line_too_long_is_left_out_whole() -> None:
    """A mention at the edge is not cut open; an ellipsis says that something is gone."""
    assert fit(["first", "asked by <@U0ALICE>", "last"], 20) == "first\n…"


def test_a_channel_is_named_as_it_was_seen() -> None:
    """A link that Slack put in place of a channel's name is shown as the name again."""
    assert named("tell <#C0PLATFORM|platform> of it") == "tell #platform of it"
