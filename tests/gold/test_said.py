"""Hold the grammar to lines that were labelled by people who did not look at it.

`said.jsonl` is read as its lines say. `not_yet.jsonl` holds the lines that the grammar can't read
so far: those are answered by a question or not at all, and none by a wrong guess.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.gold.lines import Line, answer, faults, lines_of
from tests.gold.noise import NOISES, Said, variations, verdict

SAID = lines_of("said.jsonl")
NOT_YET = lines_of("not_yet.jsonl")
HARMLESS = ("small letters", "spaces", "end marks", "emoji", "politeness after")


@pytest.mark.parametrize("line", SAID, ids=lambda line: line.text[:50])
def test_a_line_means_what_people_say_it_means(line: Line) -> None:
    """Request, next runs, agent, task, name and whom to tell are those of the line."""
    assert faults(line, answer(line)) == []


@pytest.mark.parametrize("line", NOT_YET, ids=lambda line: line.text[:50])
def test_what_cannot_be_read_yet_is_asked_about_or_left_alone(line: Line) -> None:
    """A line that is too hard arms nothing; one that is read well belongs into said.jsonl."""
    said = answer(line)

    assert line.today in ("unclear", "nothing")
    assert (said["detail"], said["next"]) == (line.today, None)


def test_the_lines_are_broad() -> None:
    """There are many lines, of many phenomena and requests, and no text stands there twice."""
    texts = Counter(line.text for line in (*SAID, *NOT_YET))

    assert [text for text, count in texts.items() if count > 1] == []
    assert len(texts) >= 440
    assert len({line.phenomenon for line in SAID}) >= 30
    assert {line.intent for line in SAID} >= {
        "create", "list", "show", "next", "pause", "resume", "delete", "run", "history", "why",
        "edit", "notify", "undo", "zone", "help", "nothing", "unclear", "workflow",
    }  # fmt: skip


def _sample(noise: str) -> list[Said]:
    return [said for said in variations(SAID[::6]) if said.noise == noise]


@pytest.mark.parametrize("noise", HARMLESS)
def test_noise_changes_no_meaning(noise: str) -> None:
    """Case, spaces, end marks, emoji and thanks never make another request of a message."""
    sample = _sample(noise)

    assert len(sample) > 5
    assert [said.text for said in sample if verdict(said) == "other"] == []


def test_every_noise_fits_some_line() -> None:
    """No kind of noise is there in name only."""
    assert {said.noise for said in variations(SAID)} == set(NOISES)
