"""The steps of one stage of a workflow, and who was named for each; `bot.intent.workflows` asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.intent.intents import Step
from bot.intent.names import joined, trimmed
from bot.intent.numbers import phrase, word_at
from bot.intent.tokens import Kind, Token
from bot.intent.work import HEADS, WORK, infinitive

_TOGETHER = ("in parallel", "at the same time", "simultaneously", "concurrently", "together",
             "side by side", "at once", "both", "all")  # fmt: skip
_HANDED = ("let", "have", "ask", "get", "tell")
_MODAL = ("to", "should", "will", "can", "must", "please", "then", ":", ",", "does", "do")
_BREAKS = (", and", "and", "&", "+", ",", "while", ", while", "plus", "| |")
_USUAL = "the usual check"
"""What an agent is to do where only the agent was named."""
_NOTHING = (
    "do nothing",
    "nothing",
    "skip",
    "stop",
    "ignore it",
    "ignore",
    "end",
    "do not do anything",
)
_NOBODY = frozenset(("it", "that", "this", "which", "who", "and", "the", "a", "then", "job"))
TOLD = frozenset(
    ("alert", "email", "notify", "page", "ping", "tell", "message", "dm", "escalate", "let", "cc",
     "inform", "text", "mail")
)  # fmt: skip


class Workers(NamedTuple):
    """The agents there are (with None any `@name` is one), and the one who was spoken to."""

    names: frozenset[str] | None
    spoken_to: str | None = None

    def named(self, token: Token) -> str | None:
        """Give the agent a token names."""
        name = token.word.lstrip("@")
        if self.names is None:
            return name if token.kind is Kind.MENTION else None
        return name if name in self.names else None

    def told_of(self, tokens: Sequence[Token]) -> str | None:
        """Give the name of "alex checks cost" where no names are known."""
        if self.names is not None or len(tokens) < 2 or not tokens[0].text.isalpha():
            return None
        verb = tokens[1].word
        works = verb not in WORK and infinitive(verb) in WORK
        return tokens[0].word if works and tokens[0].word not in WORK | HEADS | _NOBODY else None


def steps_of(tokens: Sequence[Token], workers: Workers, *, told: bool = False) -> tuple[Step, ...]:
    """Read the steps of one stage; () where nothing is to be done.

    `told` says that the workflow was told of ("that checks the disks, then …").
    """
    together, kept = _without_together(tokens)
    pieces = _pieces(kept)
    read = [_step(piece, workers, told=told) for piece in pieces]
    agents = {step.agent for step in read if step is not None and step.agent}
    if together or len(agents) > 1:
        return _filled([step for step in read if step is not None])
    if phrase(trimmed(kept), 0, _NOTHING) is not None:
        return ()
    whole = _step(kept, workers, told=told)
    return (_worked(whole),) if whole is not None else ()


def looks_like_work(work: str) -> bool:
    """Whether a step is something to do: "check the disks", "cost report", "page oncall"."""
    said = work.casefold().split()
    if not said:
        return False
    return (
        said[0] in WORK or said[0] in TOLD or infinitive(said[0]) in WORK or bool(HEADS & set(said))
    )


def _without_together(tokens: Sequence[Token]) -> tuple[bool, tuple[Token, ...]]:
    """Take "in parallel" out; "both" and "all" count where a step begins or ends with them."""
    kept: list[Token] = []
    at, together = 0, False
    while at < len(tokens):
        after = phrase(tokens, at, _TOGETHER)
        loose = word_at(tokens, at) in ("both", "all") and 0 < at < len(tokens) - 1
        if after is not None and not loose and word_at(tokens, at) != "all":
            together, at = True, after
            continue
        kept.append(tokens[at])
        at += 1
    return together, tuple(kept)


def _pieces(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    pieces: list[tuple[Token, ...]] = []
    start = at = 0
    while at < len(tokens):
        cut = phrase(tokens, at, _BREAKS)
        if cut is None:
            at += 1
            continue
        pieces.append(tuple(tokens[start:at]))
        start = at = cut
    pieces.append(tuple(tokens[start:]))
    return [piece for piece in pieces if piece]


def _step(tokens: Sequence[Token], workers: Workers, *, told: bool) -> Step | None:
    """Read "alex checks cost", "let oliver audit access", "summary by anna"."""
    kept = _plain(tokens)
    if not kept:
        return None
    at = 1 if kept[0].word in _HANDED and len(kept) > 1 and workers.named(kept[1]) else 0
    agent = workers.named(kept[at]) or workers.told_of(kept[at:])
    if agent is not None:
        rest = kept[at + 1 :]
        while rest and rest[0].word in _MODAL:
            rest = rest[1:]
        return Step(work=_written(rest, is_subject=True), agent=agent)
    last = workers.named(kept[-1]) if len(kept) > 2 else None
    if last is not None and kept[-2].word in ("by", "with", "for", "from", "via", "to"):
        return Step(work=_written(kept[:-2], is_subject=False), agent=last)
    return Step(work=_written(kept, is_subject=told))


def _plain(tokens: Sequence[Token]) -> tuple[Token, ...]:
    kept = trimmed(tokens)
    return kept if kept or not tokens else ()


def _written(tokens: Sequence[Token], *, is_subject: bool) -> str:
    """Write the work out; "checks cost", said of an agent, is to check cost."""
    said = joined(trimmed(tokens))
    first, gap, rest = said.partition(" ")
    base = infinitive(first.casefold())
    if base != first.casefold() and base in WORK and (is_subject or not rest):
        return f"{base}{gap}{rest}"
    return said


def _worked(step: Step) -> Step:
    return step if step.work else replace(step, work=_USUAL)


def _filled(steps: list[Step]) -> tuple[Step, ...]:
    """Give an agent without work that of the next one: "alex and oliver check the bill"."""
    work = ""
    filled: list[Step] = []
    for step in reversed(steps):
        work = step.work or work
        filled.append(step if step.work else replace(step, work=work or _USUAL))
    return tuple(reversed(filled))
