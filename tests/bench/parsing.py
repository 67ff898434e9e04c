"""What it costs to read messages: the grammar, its import, and two libraries on the same texts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from bot.intent.reader import LONGEST, read
from tests.bench.table import Row, median_and_worst, quantile
from tests.journeys.driver import ROOT

MEDIAN_LIMIT_MS, WORST_LIMIT_MS, LONG_LIMIT_MS, IMPORT_LIMIT_MS = 0.3, 2.0, 50.0, 100.0
_FILES = ("messages.jsonl", "said.jsonl")
_USUAL_LENGTH = 300
_OF_PEERS = 8
"""The libraries beside ours read one text of so many: they are slow."""
_ZONE = "America/New_York"
_NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
_PIECES = (
    "the first and second and third monday of every other month ",
    "every 5 minutes between 9 and 17 except fridays and not in december ",
    "1 2 3 4 5 6 7 8 9 10 11 12 ",
    "if it fails tell @maya and then ",
    "a" * 50 + " ",
    '"quoted `text` ',
    "@kai, ",
)
"""What a hostile message may repeat."""


def parsing_rows(rounds: int, *, one_of: int = 1) -> Iterator[Row]:
    """Read the gold messages as they come, each of them cold, and beside them two libraries."""
    texts = _texts()[::one_of]
    spent = _each(_read, texts * rounds)
    holds = quantile(spent, 0.5) <= MEDIAN_LIMIT_MS and quantile(spent, 0.99) <= WORST_LIMIT_MS
    yield Row(
        what="a message read offline",
        ours=median_and_worst(spent, 2),
        unit="ms p50/p99",
        beside=f"limit {MEDIAN_LIMIT_MS:g} / {WORST_LIMIT_MS:g}; {_peers(texts[::_OF_PEERS])}",
        n=len(spent),
        how="text to slots, over tests/gold; the others find a time or a rule alone, in 1 of 8",
        holds=holds,
    )
    yield _long_row()
    yield _import_row(rounds)


def _texts() -> list[str]:
    folder = ROOT / "tests" / "gold"
    lines = (line for name in _FILES for line in (folder / name).read_text().splitlines())
    texts = (str(json.loads(line)["text"]) for line in lines)
    return [text for text in texts if 0 < len(text) <= _USUAL_LENGTH]


def _read(text: str) -> object:
    return read(text, now=_NOW, zone=_ZONE, agents=None)


def _peers(texts: Sequence[str]) -> str:
    """Time what else reads such phrases in Python, once over some of the same texts."""
    import dateparser
    from recurrent.event_parser import RecurringEvent

    naive = _NOW.replace(tzinfo=None)
    ways: dict[str, Callable[[str], object]] = {
        "recurrent": lambda text: RecurringEvent(now_date=naive).parse(text),
        "dateparser": lambda text: dateparser.parse(text, settings={"RELATIVE_BASE": naive}),
    }
    return ", ".join(
        f"{name} {median_and_worst(_each(way, texts), 1)}" for name, way in ways.items()
    )


def _each(read_one: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Time each text alone, in milliseconds; a library that raises has taken its time, too."""
    spent = []
    for text in texts:
        began = perf_counter_ns()
        with suppress(Exception):
            read_one(text)
        spent.append((perf_counter_ns() - began) / 1e6)
    return spent


def _long_row() -> Row:
    texts = [(piece * LONGEST)[:LONGEST] for piece in _PIECES]
    spent = _each(_read, texts)
    return Row(
        what=f"{LONGEST:,} characters of anything",
        ours=f"{max(spent):,.0f}",
        unit="ms, the worst",
        beside=f"limit {LONG_LIMIT_MS:g}",
        n=len(texts),
        how="one phrase repeated, of several kinds",
        holds=max(spent) <= LONG_LIMIT_MS,
    )


def _import_row(times: int) -> Row:
    with TemporaryDirectory() as compiled:
        spent, bare = (
            min(_imported(module, compiled) for _ in range(times + 1))
            for module in ("bot.intent.reader", "pydantic.main")
        )
    return Row(
        what="import of the grammar",
        ours=f"{spent:,.0f}",
        unit="ms",
        beside=f"limit {IMPORT_LIMIT_MS:g}; pydantic alone {bare:,.0f}",
        n=times,
        how="in a new process, with bytecode at hand",
        holds=spent <= IMPORT_LIMIT_MS,
    )


def _imported(module: str, compiled: str) -> float:
    """Time an import in milliseconds, with bytecode kept as an installation has it."""
    kept = {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
    code = f"from time import perf_counter as now; at = now(); import {module}; print(now() - at)"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT,
                          env=os.environ | kept, capture_output=True, text=True)  # fmt: skip
    return float(done.stdout) * 1e3
