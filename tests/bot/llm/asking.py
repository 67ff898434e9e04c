"""A message that no grammar reads, how it is read here, and what was written down of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.intent import intents, reader
from bot.intent.reading import Reading
from bot.llm.interpreter import Interpreter
from bot.llm.path import ModelPath, interpreter
from scheduler.agents import ROSTER
from storage.store import Store

AGENTS = frozenset(ROSTER)
ENOUGH_S = 2.0
"""For a call to reach the model on a machine that has much else to do."""
SAID = "would love it if alex could eyeball what we burn on EC2 come Monday mornings, nine-ish"
FILLED: dict[str, Any] = {
    "agent": "alex",
    "work": "eyeball what we burn on EC2",
    "when": {"repeats": "weekly", "weekdays": ["mon"], "times": ["09:00"]},
}


async def read(
    path: ModelPath, text: str, now: datetime, *, in_thread: bool = False, addressed: bool = True
) -> Reading:
    """Read a message in New York."""
    reads: Interpreter = interpreter(path, agents=AGENTS, now=lambda: now)
    return await reads.read(text, zone="America/New_York", in_thread=in_thread, addressed=addressed)


def by_grammar(text: str, now: datetime) -> intents.Intent:
    """Read a message by the grammar alone."""
    return reader.read(text, now=now, zone="America/New_York", agents=AGENTS).intent


async def outcomes(path: ModelPath, store: Store) -> list[str]:
    """Give how the recorded calls ended, oldest first."""
    await path.reader.close()
    async with store.read() as work:
        return [call.outcome for call in reversed(await work.model_calls.calls())]
