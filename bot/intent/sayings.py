"""Every sentence with blanks, in one book; called by `bot.intent.reader` before the other rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.intent import crowds, handovers, leeways, limits, notice_rules, queries, reworks, steers
from bot.intent.address import USUAL
from bot.intent.blanks import Place, Tokens, blanks
from bot.intent.intents import (
    AskWhy,
    EditTask,
    Intent,
    SetNotices,
    ShowHistory,
    ShowNext,
    ShowTask,
    Unclear,
)
from bot.intent.message import Message
from bot.intent.numbers import phrase, says_any
from bot.intent.patterns import Blanks, Book
from bot.intent.tokens import Kind, Token

_BOOK = Book(
    rules=(
        *crowds.RULES,
        *leeways.RULES,
        *limits.RULES,
        *reworks.RULES,
        *handovers.RULES,
        *steers.RULES,
        *notice_rules.RULES,
        *queries.RULES,
    )
)
_OF_AGENTS = Book(rules=handovers.HAND_OVERS)
LONGEST = 40
"""Tokens; nobody steers a task in longer sentences."""
_AFTER = ("please", "thanks", "thx", "ty", "ok", "xd", "lol", "haha", "cheers", "again please",
          "right", "will you", "would you", "can you", "could you", "for me", "if you can",
          "thank you", "many thanks")  # fmt: skip
_BEFORE = ("please", "so", "well", "hey", "ok", "okay", "btw", ",", "just", "also", "and",
           "actually", "by the way", "sorry", "oops", "oops ,", "wrong one ,", "oops wrong one ,",
           "wrong task ,", "oops wrong task ,", "oops , wrong task ,", "my bad ,", "can you",
           "could you", "would you", "let's", "i'd like you to", "i want you to",
           "we'd like you to", "i want", "i'd like", "no ,", "can we", "could we")  # fmt: skip


def saying(
    message: Message, tokens: Tokens, now: datetime, zone: str, agents: frozenset[str] | None
) -> Intent | None:
    """Read a message that is one of these sentences from its first word to its last."""
    said = bare(tokens)
    if phrase(said, 0, _IDIOMS) is not None:
        return None
    return _read(_BOOK, message, said, now, zone, agents)


def _read(
    book: Book,
    message: Message,
    said: Tokens,
    now: datetime,
    zone: str,
    agents: frozenset[str] | None,
) -> Intent | None:
    if not 0 < len(said) <= LONGEST:
        return None

    def filled() -> Blanks:
        placed = Message(message.text, said, message.today, message.in_thread)
        return blanks(Place(placed, now, zone, agents))

    return _pointing(book.read(said, filled), in_thread=message.in_thread)


def _pointing(found: Intent | None, *, in_thread: bool) -> Intent | None:
    """Ask which task "it" is, where nothing was spoken of."""
    ref = getattr(found, "ref", None)
    if found is None or in_thread or ref is None or not ref.it:
        return found
    if isinstance(found, ShowTask | ShowHistory | ShowNext | AskWhy):
        return None
    if isinstance(found, SetNotices):
        return found
    what = "change" if isinstance(found, EditTask) else found.kind
    return Unclear(
        question=f"Which task should I {what}? `/tasks list` shows them all.",
        understood=what,
        reason="no_task",
    )


_IDIOMS = ("call it a", "call it quits", "run it by", "give it a try", "give it a shot",
           "give it a go", "give it a thought", "give it some thought", "put it on the list",
           "put it this way", "let it go", "make it happen", "make it so", "do it yourself",
           "move it along", "stop it", "cut it out", "drop it already")  # fmt: skip


def hand_over(
    message: Message, tokens: Tokens, now: datetime, zone: str, agents: frozenset[str] | None
) -> Intent | None:
    """Read who is to do a task from now on, from tokens that still hold every name."""
    names = agents or USUAL
    if says_any(tokens, names) or Kind.MENTION in [token.kind for token in tokens]:
        return _read(_OF_AGENTS, message, bare(tokens), now, zone, agents)
    return None


def bare(tokens: Sequence[Token]) -> Tokens:
    """Leave out thanks, smileys and end marks, which ask for nothing."""
    kept = list(tokens)
    while kept and (after := phrase(kept, 0, _BEFORE)) is not None and after < len(kept):
        kept = kept[after:]
    while len(kept) > 1:
        size = len(kept)
        if kept[-1].kind is Kind.EMOJI or (kept[-1].kind is Kind.MARK and kept[-1].word != "%"):
            kept.pop()
            continue
        for length in (3, 2, 1):
            if size > length and phrase(kept, size - length, _AFTER) == size:
                kept = kept[:-length]
                break
        if len(kept) == size:
            break
    return tuple(kept)
