"""Who is asked, and the message in one order: "on Fridays at 9, kai: check …", "kai checks …".

A message that begins with its time is read as if the time stood last, so that whoever is called
comes first; what somebody does ("anna writes the summary") is read as what they are asked to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.intent.address import USUAL, WISH_FIRST, Addressed, addressed_to
from bot.intent.facts import ADJECTIVES, fact_at, scan
from bot.intent.joints import ARROWS
from bot.intent.numbers import first_words, phrase, says_any
from bot.intent.openings import REMIND
from bot.intent.options import CronText
from bot.intent.tokens import Kind, Token
from bot.intent.work import WORK, infinitive

_LEADS = first_words(REMIND) | {"first"}
_PLEASE = frozenset(("please", "kindly"))
_BETWEEN = (",", ":", "-", "--", "(", ")", ".", ";")
_AFTER = (",", ":", "-", "--", "(", ".", ";")
_OF_THINGS = ("the", "our", "my", "all", "every", "each")
_FEW = 9
_MODALS = ("should", "shall", "must", "to", "will", "can", "could", "please", "needs", "ought")


def called(tokens: Sequence[Token], agents: frozenset[str] | None, today: date) -> Addressed:
    """Take the address off a message and bring its pieces into the usual order."""
    said = _spoken(tokens, agents)
    if said.unknown is not None or not said.tokens:
        return said
    if said.spoken_to is None:
        said = _turned(said, agents, today)
    return _as_order(_caused(said, today), today)


def _spoken(tokens: Sequence[Token], agents: frozenset[str] | None) -> Addressed:
    said = addressed_to(tokens, agents)
    if agents is not None or said.agent is not None or said.unknown is not None:
        return said
    usual = addressed_to(tokens, USUAL)
    return usual if usual.agent is not None and usual.unknown is None else said


def _turned(said: Addressed, agents: frozenset[str] | None, today: date) -> Addressed:
    names = agents or USUAL
    called_later = says_any(said.tokens, names) or says_any(said.tokens, WISH_FIRST)
    called_later = called_later or Kind.MENTION in [token.kind for token in said.tokens]
    called_later = called_later or says_any(said.tokens, _PLEASE)
    leads = called_later or says_any(said.tokens, _LEADS) or said.requested
    end = _lead(said.tokens, today) if leads or said.agent is not None else 0
    if not 0 < end < len(said.tokens):
        return said
    if said.requested and said.tokens[end].word == "you" and end + 1 < len(said.tokens):
        return said._replace(tokens=(*said.tokens[end + 1 :], *said.tokens[:end]))
    reminds = phrase(said.tokens, end, REMIND) is not None
    asked_kindly = said.tokens[end].word in _PLEASE or said.tokens[end].word == "first"
    again = _spoken(said.tokens[end:], agents)
    if again.unknown is not None or not again.tokens:
        return said
    by_name = again.agent is not None or said.agent is not None
    if not (by_name or again.requested or reminds or asked_kindly):
        return said
    lead = list(said.tokens[:end])
    while lead[-1].word in _AFTER:
        lead.pop()
    asked = list(_without_modal(again.tokens))
    ended = [asked.pop()] if asked[-1].word in (".", "!", "?") else []
    apart = (_comma_after(asked[-1]),) if reminds else ()
    tokens = (*asked, *apart, *lead, *(mark for mark in ended if mark.word == "?"))
    pointed = again.agent is not None and said.tokens[end + 1].word in ARROWS
    return said._replace(
        tokens=tokens,
        whole=tokens if pointed else said.whole,
        agent=said.agent or again.agent,
        requested=said.requested or again.requested,
    )


def _comma_after(token: Token) -> Token:
    """Keep "that the freeze begins" from going on with the day that was said first."""
    return Token(Kind.MARK, ",", ",", token.end, token.end)


def _without_modal(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Leave the "should" out of "should check the disk"."""
    return tokens[1:] if len(tokens) > 1 and tokens[0].word in _MODALS else tokens


def _lead(tokens: Sequence[Token], today: date) -> int:
    """Give the place after the times that a message begins with, and the marks after them."""
    end, has_cron = 0, False
    while end < len(tokens) and (piece := fact_at(tokens, end, today)) is not None:
        if has_cron and tokens[piece.start].word in ADJECTIVES:
            break  # "monthly" is of the charges in "30 6 1 * *: monthly charges"
        has_cron = isinstance(piece.fact, CronText)
        end = piece.end
        while end < len(tokens) and tokens[end].word in _BETWEEN:
            end += 1
    return end


def _caused(said: Addressed, today: date) -> Addressed:
    """Read "have the zones compared every Sunday" as "compare the zones every Sunday"."""
    if said.tokens[0].word not in ("have", "get") or said.tokens[1:2] == ():
        return said
    if said.tokens[1].word not in _OF_THINGS or not scan(said.tokens, today).pieces:
        return said
    for at in range(3, min(len(said.tokens), _FEW)):
        verb = _of_participle(said.tokens[at].word)
        if verb is not None:
            order = said.tokens[at]._replace(text=verb, word=verb)
            return said._replace(tokens=(order, *said.tokens[1:at], *said.tokens[at + 1 :]))
    return said


def _of_participle(word: str) -> str | None:
    """Give "check" for "checked", "compare" for "compared", "scan" for "scanned"."""
    if not word.endswith("ed"):
        return None
    return next((verb for verb in (word[:-2], word[:-1], word[:-3]) if verb in WORK), None)


def _as_order(said: Addressed, today: date) -> Addressed:
    """Read "checks the disk every hour", of somebody who was named, as "check the disk …"."""
    verb = said.tokens[0]
    order = "report" if verb.word == "gives" else infinitive(verb.word)
    if said.agent is None or verb.kind is not Kind.WORD or verb.word in WORK or order not in WORK:
        return said
    if not scan(said.tokens, today).pieces:
        return said
    return said._replace(tokens=(verb._replace(text=order, word=order), *said.tokens[1:]))
