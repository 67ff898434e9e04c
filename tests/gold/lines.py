"""The gold lines of `said.jsonl` and `not_yet.jsonl`, and how a reading is held against one.

Each line was written and labelled by a person, without looking at the grammar; its next runs were
computed with a calendar of their own. CONTRIBUTING says how to add one. `python -m
tests.gold.lines` moves the lines of `not_yet.jsonl` that are read by now over to `said.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.intent.reader import read
from bot.intent.reading import Reading
from bot.parse_command import parse_lines

HERE = Path(__file__).parent
ZONE = "America/New_York"
NOW = "2026-03-05T10:17:00"
AGENTS = frozenset({"alex", "oliver", "tony", "kai", "anna"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message and what it means.

    At most one of `runs` (local minutes, the next five at most), `days` (where no time was said),
    `gap_s` (a plain interval) and `period` (days or months, where no day was said) is given;
    with none of them the message has no schedule. `task` and `name` are words to be found.
    """

    text: str
    phenomenon: str
    intent: str
    runs: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    gap_s: int | None = None
    period: int | None = None
    agent: str | None = None
    task: str | None = None
    name: str | None = None
    notify: tuple[str, ...] = ()
    timeout_s: int | None = None
    retries: int | None = None
    now: str = NOW
    zone: str = ZONE
    today: str | None = None


def lines_of(name: str) -> tuple[Line, ...]:
    """Give the lines of a file that stands beside this one."""
    rows = (json.loads(line) for line in (HERE / name).read_text().splitlines())
    return tuple(Line(**{key: _frozen(value) for key, value in row.items()}) for row in rows)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def answer(line: Line) -> dict[str, Any]:
    """Give what `chatcron parse --jsonl` writes for a line, where the five agents are known."""

    def reads(text: str, now: datetime, zone: str) -> Reading:
        return read(text, now=now, zone=zone, agents=AGENTS)

    asked = json.dumps({"id": "1", "text": line.text, "now": line.now, "tz": line.zone})
    written = StringIO()
    parse_lines([asked], written, reads)
    return dict(json.loads(written.getvalue()))


def faults(line: Line, said: dict[str, Any]) -> list[str]:
    """Say in what an answer differs from its line; nothing where it is as agreed."""
    found = []
    if line.intent not in (said["detail"], said["intent"]):
        found.append(f"read as {said['detail']}, not {line.intent}")
    found.extend(_schedule_faults(line, _local(said["next"] or [], line.zone)))
    found.extend(_slot_faults(line, said))
    return found


def _schedule_faults(line: Line, runs: list[datetime]) -> Iterator[str]:
    shown = tuple(run.strftime("%Y-%m-%dT%H:%M") for run in runs)
    if line.days:
        days = tuple(dict.fromkeys(run[:10] for run in shown))
        if days != line.days:
            yield f"runs on {days}"
    elif line.gap_s is not None:
        gap = timedelta(seconds=line.gap_s)
        begins = datetime.fromisoformat(line.now)
        if len(runs) < 5 or any(b - a != gap for a, b in pairwise(runs)):
            yield f"runs at {shown}"
        elif not begins < runs[0] <= begins + gap:
            yield f"first runs at {shown[0]}"
    elif line.period is not None:
        if len(runs) < 5 or any(
            (b.date() - a.date()).days != line.period for a, b in pairwise(runs)
        ):
            yield f"runs at {shown}"
    elif shown != line.runs:
        yield f"runs at {shown}"


def _slot_faults(line: Line, said: dict[str, Any]) -> Iterator[str]:
    if line.agent and said["agent"] != line.agent:
        yield f"asks {said['agent']}"
    for slot, words in (("task_ref", line.task), ("name", line.name)):
        held = str(said[slot] or "").casefold()
        if words and not all(word in held for word in words.casefold().split()):
            yield f"{slot} is {said[slot]!r}"
    for target in line.notify:
        told = [str(who).casefold() for who in said["notify"]]
        if not any(target in who or (target == "email" and "@" in who) for who in told):
            yield f"tells {told}"
    if line.timeout_s is not None and said["timeout_s"] != line.timeout_s:
        yield f"timeout is {said['timeout_s']}"
    if line.retries is not None and said["retries"] != line.retries:
        yield f"retries are {said['retries']}"


def _local(runs: list[str], zone: str) -> list[datetime]:
    moments = (datetime.fromisoformat(run).astimezone(ZoneInfo(zone)) for run in runs)
    return [moment.replace(tzinfo=None, second=0) for moment in moments]


def _move() -> None:
    """Move what is read by now from `not_yet.jsonl` to `said.jsonl`, and say how many."""
    rows = (HERE / "not_yet.jsonl").read_text().splitlines(keepends=True)
    kept, moved = [], []
    for row, line in zip(rows, lines_of("not_yet.jsonl"), strict=True):
        body = {key: value for key, value in json.loads(row).items() if key != "today"}
        if faults(line, answer(line)):
            kept.append(row)
        else:
            moved.append(json.dumps(body, ensure_ascii=False) + "\n")
    with (HERE / "said.jsonl").open("a") as said:
        said.writelines(moved)
    (HERE / "not_yet.jsonl").write_text("".join(kept))
    print(f"{len(moved)} moved, {len(kept)} left")


if __name__ == "__main__":
    _move()
