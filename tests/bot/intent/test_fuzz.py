"""Whatever is written, the reader answers, and what it would make can run.

A hundred texts of each kind here; `make fuzz` reads 21,000 in all.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intent.intents import CreateTask, DefineWorkflow, UseTemplate
from bot.intent.packing import unpacked, written
from bot.intent.reader import LONGEST, read
from bot.intent.reading import Reading
from bot.intent.spelling import words
from scheduler.recurrence import upcoming

NOW = datetime(2026, 3, 28, 23, 30, tzinfo=ZoneInfo("Europe/Berlin"))
"""Half an hour before the night in which an hour is skipped."""
AGENTS = frozenset({"alex", "oliver", "tony", "kai", "anna"})
_GOLD = Path(__file__).parents[2] / "gold"
_SAID = [
    json.loads(line)["text"]
    for name in ("messages.jsonl", "said.jsonl", "not_yet.jsonl")
    for line in (_GOLD / name).read_text().splitlines()
]
_OURS = sorted(
    words(
        "every day at 9 25 0 99 monday tuesday to and between am pm : , - * / 5 feb 30 31 31st "
        "last of the month until in minutes hours next except cron pause it change timeout retry "
        "twice second other week run create task half past noon :15 3/4 2026-02-30 13:99 "
        "99999999999 template workflow then if fails tell <#C1|ops> <@U1> <https://x.y|z> `code` "
        '"quoted" @kai alex: T-3 T-99999999999 {{env}} env=prod all tasks undo history why export '
        "zone UTC Europe/Berlin +25:00 @daily * no wait actually first business holiday from for "
        "10 times \u0661\u0662 \uff19 \u2168 \u4e94 \u202e \u200b \ufeff \u00e9 \u00df \u0130 "
        "\U0001f44d :eyes: &lt; &amp; ``` > >>>"
    )
)
_ANYTHING = st.text(max_size=300)
_LONG = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40).map(
    lambda piece: (piece * LONGEST)[:LONGEST]
)
_JUMBLE = st.lists(st.sampled_from(_OURS) | st.text(max_size=3), max_size=16).map(" ".join)


@st.composite
def _spoiled(draw: st.DrawFn) -> str:
    """Cut a message of the gold, double a part of it, or put anything into it."""
    text: str = draw(st.sampled_from(_SAID))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    piece = draw(st.sampled_from(("", text[start:end] * 2, text[start:end].upper())) | _ANYTHING)
    return text[:start] + piece + text[end:]


def _holds(text: str, *, in_thread: bool, addressed: bool) -> None:
    reading = read(text, now=NOW.astimezone(UTC), zone="Europe/Berlin", agents=AGENTS,
                   in_thread=in_thread, addressed=addressed)  # fmt: skip

    for one in (reading, *reading.further):
        assert _can_run(one), one
        assert addressed or one.agent or not isinstance(one.intent, CreateTask)
        assert unpacked(json.loads(written(one.intent))) == one.intent


def _can_run(reading: Reading) -> bool:
    intent = reading.intent
    if not isinstance(intent, CreateTask | UseTemplate | DefineWorkflow):
        return True
    return intent.schedule is None or bool(upcoming(intent.schedule, NOW.astimezone(UTC), 1))


@given(_ANYTHING, st.booleans(), st.booleans())
def test_any_text_is_read_without_an_error(text: str, in_thread: bool, addressed: bool) -> None:
    """Whatever is written, there is an answer, and what would be made has a next run."""
    _holds(text, in_thread=in_thread, addressed=addressed)


@settings(max_examples=50)
@given(_LONG)
def test_the_longest_text_is_read(text: str) -> None:
    """A message that is one piece over and over is read, too."""
    _holds(text, in_thread=False, addressed=True)


@given(_JUMBLE, st.booleans(), st.booleans())
def test_any_jumble_of_our_own_words_is_read(text: str, in_thread: bool, addressed: bool) -> None:
    """The grammar's words in any order, with anything between them, never break it."""
    _holds(text, in_thread=in_thread, addressed=addressed)


@given(_spoiled(), st.booleans(), st.booleans())
def test_any_spoiled_message_is_read(text: str, in_thread: bool, addressed: bool) -> None:
    """A message that is cut, doubled or mixed with something else never breaks it."""
    _holds(text, in_thread=in_thread, addressed=addressed)
