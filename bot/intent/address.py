"""Find out which agent is spoken to, and take address and politeness off the message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.intent.facts import may_open
from bot.intent.numbers import phrase, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token
from bot.intent.work import WORK

_POLITE = (
    "can you please", "could you please", "would you please", "can you", "could you", "would you",
    "will you", "you can", "can we", "could we", "please", "hey there", "hi there",
    "hello there", "hey all", "hi all", "hey", "hi", "hello", "ok",
    "okay", "i'd like you to", "i would like you to", "i want you to", "i need you to",
    "i'd like to", "i want to", "i need to", "i would like to", "i'd like", "i want", "i need",
    "we need", "we want", "we'd like", "just", "go ahead and", "let's have", "kindly", "and",
    "also", "so", "now", "then", "thanks ,", "thanks !", "thanks .", "yo", "would you mind", "mind",
    "i'd love", "i would love", "chatcron", "bot", "yes", "yeah", "actually", "no ,", "no wait",
    "sure", "it would be great to have", "it would be great to get", "would be great to get",
    "would be great to have", "it would be nice to have", "would be nice to have", "can i get",
    "could i get", "can i have", "could i have", "good morning", "good afternoon", "morning !",
    "morning ,",
)  # fmt: skip
_WISHES = (
    "can you", "could you", "would you", "will you", "can we", "could we", "i'd like", "i want",
    "i need", "we need", "we want", "we'd like", "i would like", "would be great", "would be nice",
    "can i", "could i",
)  # fmt: skip
_ASIDES = (", thanks", ", thx", ", please", "thanks", "thx", "ty", "please", "thank you", "cheers")
_TO_THE_AGENT = ("to", "should", "can", "will", "must", "please")
_ASK_OF = ("have", "ask", "get", "tell", "let")
_ORDERS = ("schedule", "create", "set up", "make", "add", "remind", "plan", "build", "arrange")
_ORDERED = ("a", "an", "the", "me", "us", "our", "my", "daily", "weekly", "monthly", "nightly",
            "hourly", "task", "job", "new", "this")  # fmt: skip
_NO_NAMES = WORK | words(
    "action agenda all also anyone anybody body btw chore correction docs edit everybody everyone "
    "feat fix folks friends fyi guys idea info it job must must never new note ops people plan "
    "please proposal question reminder request schedule should so someone somebody subject task "
    "tasks team that they title todo update user users warning we well who will you"
)
_BEFORE_AGENT = (
    "for",
    "with",
    "by",
    "have",
    "ask",
    "get",
    "tell",
    "via",
    "let",
    "using",
    "to",
    "from",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """The message without its address; `unknown` is a name that was spoken to and is nobody."""

    tokens: tuple[Token, ...]
    agent: str | None = None
    unknown: str | None = None
    requested: bool = False


def addressed_to(tokens: Sequence[Token], agents: frozenset[str] | None) -> Addressed:
    """Take off the persona ("alex …", "@alex: …", "… for @alex") and words of politeness."""
    kept = _polite_off(tuple(token for token in tokens if token.kind is not Kind.EMOJI))
    agent, kept = _at_the_start(kept, agents)
    if agent is None and _is_spoken_to(kept):
        if agents is not None or kept[0].kind is Kind.MENTION:
            return Addressed(tokens=kept, unknown=kept[0].text)
        agent, kept = kept[0].word, kept[1:]
    kept = _polite_off(kept)
    if agent is None:
        agent, kept = _mentioned(kept, agents)
        kept = _polite_off(kept)
    requested = any(phrase(tokens, at, *_WISHES) is not None for at in range(min(len(tokens), 4)))
    return Addressed(tokens=_asides_off(kept), agent=agent, requested=requested)


def _at_the_start(
    tokens: tuple[Token, ...], agents: frozenset[str] | None
) -> tuple[str | None, tuple[Token, ...]]:
    if not tokens:
        return None, tokens
    name = tokens[0].word.lstrip("@")
    mention = tokens[0].kind is Kind.MENTION
    if not (mention and agents is None) and name not in (agents or ()):
        return None, tokens
    rest = tokens[1:]
    while rest and rest[0].word in (",", ":", "-", "--", "!", *_TO_THE_AGENT):
        if phrase(rest, 0, *_WISHES) is not None:
            break
        rest = rest[1:]
    return name, rest


def _is_spoken_to(tokens: tuple[Token, ...]) -> bool:
    """Whether a message begins with somebody's name: "@bob …", "bob schedule a …", "bob, check …".

    A word is only taken for a name where an order follows it.
    """
    if not tokens or tokens[0].kind is Kind.MENTION:
        return bool(tokens)
    name = tokens[0]
    if not name.text.isalpha() or len(name.text) < 2 or may_open(name) or name.word in _NO_NAMES:
        return False
    if word_at(tokens, 1) in (",", ":"):
        made = phrase(tokens, 2, *_ORDERS) is not None
        return made or (word_at(tokens, 2) in WORK and len(tokens) > 3)
    return (
        phrase(tokens, 1, *(f"{order} {what}" for order in _ORDERS for what in _ORDERED))
        is not None
    )


def _mentioned(
    tokens: tuple[Token, ...], agents: frozenset[str] | None
) -> tuple[str | None, tuple[Token, ...]]:
    """Take the one agent out that is mentioned further on ("… for @sam", "have @alex …")."""
    places = [
        place
        for place, token in enumerate(tokens)
        if token.kind is Kind.MENTION and (agents is None or token.word[1:] in agents)
    ]
    if not places and word_at(tokens, 0) in _ASK_OF and word_at(tokens, 1) in (agents or ()):
        places = [1]
    if len(places) != 1 or word_at(tokens, 0) in ("reassign", "assign", "hand", "transfer"):
        return None, tokens
    place = places[0]
    name = tokens[place].word.lstrip("@")
    start, end = place, place + 1
    if word_at(tokens, start - 1) in _BEFORE_AGENT:
        start -= 1
    while start == 0 and word_at(tokens, end) in _TO_THE_AGENT:
        end += 1
    return name, (*tokens[:start], *tokens[end:])


def _polite_off(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    at = 0
    while at < len(tokens):
        after = phrase(tokens, at, *_POLITE)
        if after is None and word_at(tokens, at) in (",", "!", "."):
            after = at + 1
        if after is None or after >= len(tokens):
            break
        if word_at(tokens, at) == "now" and word_at(tokens, after) in ("and", "the"):
            break
        at = after
    return tokens[at:]


def _asides_off(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Take "please", "thx" and end marks off the end; the question mark stays."""
    kept = tokens
    while len(kept) > 1:
        end = next((len(kept) - size for size in (2, 1)
                    if phrase(kept, len(kept) - size, *_ASIDES) == len(kept)), None)  # fmt: skip
        if end is None and kept[-1].word in (".", "!"):
            end = len(kept) - 1
        if end is None or end < 1:
            break
        kept = kept[:end]
    return kept
