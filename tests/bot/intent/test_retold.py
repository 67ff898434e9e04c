"""What a model retells is read by the grammar, and only where the message gives ground for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.intent.errors import Misread
from bot.intent.grounds import Heard
from bot.intent.intents import ChangeMany, DefineWorkflow, Export, SetNotices
from bot.intent.retold import retold

NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)
AGENTS = frozenset({"alex", "anna", "kai", "oliver", "tony"})


def read(message: str, said: str | None, request: str) -> object:
    """Hold a retelling against the message it is of."""
    heard = Heard.of(message, AGENTS, in_thread=False)
    return retold(said, request, heard, now=NOW, zone="America/New_York", agents=AGENTS)


def test_a_retelling_is_read_by_the_grammar() -> None:
    """The model gives words; what they mean is the grammar's."""
    many = read(
        "everything kai does may rest till monday imo",
        "pause all of kai's tasks until monday",
        "bulk",
    )
    assert isinstance(many, ChangeMany)
    assert (many.act, many.which.agent) == ("pause", "kai")
    assert many.until is not None
    wrong = "#ops wants to hear if backup check goes wrong"
    told = read(wrong, "notify #ops when backup check fails", "notify")
    assert isinstance(told, SetNotices)
    assert isinstance(
        read("could i have all that as yaml", "export all tasks as yaml", "export"), Export
    )
    flow = read(
        "alex does the cost thing and anna sums up once he is through",
        "first alex does the cost thing, then anna sums up",
        "workflow",
    )
    assert isinstance(flow, DefineWorkflow)


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ("pause all of oliver's tasks", "bulk"),
        ("pause all of kai's tasks until friday", "bulk"),
        ("notify #general when the backup check fails", "notify"),
        ("pause all of kai's tasks", "notify"),
        ("", "bulk"),
        (None, "bulk"),
        ("pause `all` of kai's tasks", "bulk"),
        ("pause all of kai's tasks " * 40, "bulk"),
    ],
)
def test_words_without_ground_are_misread(said: str | None, request_: str) -> None:
    """Another agent, day or channel than the message names, or another kind of request."""
    with pytest.raises(Misread):
        read("everything kai does may rest till monday imo, backup check too", said, request_)
