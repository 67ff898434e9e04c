"""Single values as people write them into a form: a time, a zone, a length, a number; pure."""

from __future__ import annotations

from datetime import datetime

from bot.intent import intents, reader
from bot.intent.numbers import duration
from bot.intent.tokens import tokenise
from bot.intent.zones import zone_called
from scheduler.errors import Refused


def read_when(words: str, *, now: datetime, zone: str) -> intents.ScheduleChange:
    """Read when something runs; raises Refused when the words say no time."""
    reading = reader.read(f"make it {words}", now=now, zone=zone, agents=None, in_thread=True)
    match reading.intent:
        case intents.EditTask(changes=changes) if changes.schedule is not None:
            return changes.schedule
        case intents.Unclear(question=question, understood=understood):
            raise Refused(f"{understood} {question}".strip())
        case _:
            raise Refused("I can't read that as a time.", fix="Try “8:30” or “weekdays at 9:00”.")


def read_zone_name(words: str) -> str:
    """Read a zone by its name, a city or an abbreviation, as an IANA name; raises Refused."""
    found = zone_called(words)
    if found is None:
        raise Refused(
            f"I know no time zone “{words[:40]}”.", fix="Name a city or a zone: Berlin, PST."
        )
    return found


def read_length(words: str) -> int:
    """Read a length of time in seconds; raises Refused."""
    tokens = tokenise(words)
    found = duration(tokens, 0) if tokens else None
    if found is None or found.end < len(tokens):
        raise Refused("I can't read that as a length of time.", fix="Try “30 minutes” or “2 h”.")
    return found.value


def read_number(words: str) -> int:
    """Read a whole number; raises Refused."""
    if not words.isdecimal():
        raise Refused("That is no number.", fix="Write one like 2.")
    return int(words)
