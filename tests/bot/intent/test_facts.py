"""Trying only the rules that can begin with a word never hides a fact."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.intent import facts, numbers
from bot.intent.reader import read
from bot.intent.rulebook import RULES
from bot.intent.tokens import plain, tokenise

GOLD = Path(__file__).parents[2] / "gold"
TEXTS = [
    json.loads(line)["text"]
    for name in ("messages.jsonl", "said.jsonl", "not_yet.jsonl")
    for line in (GOLD / name).read_text().splitlines()
]
TODAY = date(2026, 3, 5)
NOW = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)


def test_the_chosen_rules_read_what_all_rules_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message of the gold files gives the same facts with all rules tried everywhere."""
    messages = [tokenise(plain(text)) for text in TEXTS]
    quick = [facts.scan(tokens, TODAY).pieces for tokens in messages]
    every = tuple(facts._Tried(1 << number, rule) for number, rule in enumerate(RULES))
    monkeypatch.setattr(facts, "_likely", lambda tokens, at: every)
    monkeypatch.setattr(facts, "_NEEDY", 0)
    facts._scan.cache_clear()

    assert [facts.scan(tokens, TODAY).pieces for tokens in messages] == quick


def test_every_token_is_in_one_fact_or_left() -> None:
    """Facts and the words that are left cover the message, each token once."""
    for text in TEXTS:
        read = facts.scan(tokenise(plain(text)), TODAY)
        covered = [place for piece in read.pieces for place in range(piece.start, piece.end)]

        assert sorted((*covered, *read.rest)) == list(range(len(read.tokens)))


def test_phrases_are_split_once_and_for_all() -> None:
    """Reading more messages keeps nothing more: phrases are constants of the program."""
    for _ in range(2):
        kept = len(numbers._KEPT)
        for text in TEXTS:
            read(text, now=NOW, zone="UTC", agents=None)

    assert len(numbers._KEPT) == kept
