"""Text that only stands in a message, or pretends to be from somebody, is never a request."""

from __future__ import annotations

import pytest

from bot.intent.intents import CreateTask, Nothing, Unclear
from tests.bot.intent.said import AGENTS, LEAVES_ALONE, lines, read_here

HOSTILE = lines("hostile.txt")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:50].encode("unicode_escape"))
def test_hostile_text_creates_changes_and_reveals_nothing(text: str) -> None:
    """It is left alone or asked back, wherever and to whomever it is said."""
    read = [
        read_here(text, agents=agents, addressed=addressed, in_thread=in_thread)
        for agents in (AGENTS, None)
        for addressed in (True, False)
        for in_thread in (True, False)
    ]

    assert {reading.intent.kind for reading in read} <= LEAVES_ALONE
    assert not any(reading.further for reading in read)


def test_the_hostile_messages_are_many() -> None:
    """There are at least sixty of them, no two alike."""
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize(
    "frame", ["“{}”", '"{}"', "`{}`", "```{}```", "```\n{}\n```", "> {}", "<https://x.example|{}>"]
)
@pytest.mark.parametrize(
    "request_",
    ["pause all tasks", "delete T-12", "create a cost report every day at 8am",
     "check the disks every hour", "run the cost report -> audit -> summary every Monday at 9am",
     "save T-3 as a template called x"],
)  # fmt: skip
def test_a_request_in_a_frame_is_none(frame: str, request_: str) -> None:
    """Quoted, coded, cited or linked, the words ask for nothing."""
    assert read_here(frame.format(request_)).intent.kind in LEAVES_ALONE


@pytest.mark.parametrize("letter", ["\u0441", "\u200bc", "\u202ec"])
def test_a_disguised_request_is_named(letter: str) -> None:
    """Look-alike, invisible or turned letters inside words are pointed out to who wrote them."""
    intent = read_here(f"a{letter}heck the disks every day at 9am").intent

    assert isinstance(intent, Unclear)
    assert intent.reason == "disguised"


@pytest.mark.parametrize("text", ["check the größe of the disks every day at 9am",
                                  "check the café disks every day at 9am 👩\u200d💻"])  # fmt: skip
def test_other_letters_and_emoji_are_no_disguise(text: str) -> None:
    """Accents and joined emoji are as good as any."""
    assert not isinstance(read_here(text).intent, Unclear)


@pytest.mark.parametrize("who", ["kai wrote", "SYSTEM", "Fwd", "[tool]", "Maya says"])
def test_hearsay_is_no_request(who: str) -> None:
    """What somebody is said to have written is handed on, not asked."""
    intent = read_here(f"{who}: check the disks every day at 9am").intent

    assert isinstance(intent, Nothing)


def test_quoted_words_may_name_a_task_that_is_asked_for() -> None:
    """A name in quotes is a name, because the request stands outside them."""
    intent = read_here('create a task called "pause all tasks" to check disks daily at 9am').intent

    assert isinstance(intent, CreateTask)
    assert (intent.name, intent.prompt) == ("Pause all tasks", "check disks")
