"""Find out which agent is spoken to, and take address and politeness off the message."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.intent.facts import may_open
from bot.intent.joints import ARROWS
from bot.intent.numbers import phrase, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token
from bot.intent.work import HEADS, WORK, infinitive

USUAL = frozenset({"alex", "anna", "kai", "oliver", "tony"})
"""Names that are agents wherever it is not known which there are."""
_WISHES = (
    "can you", "could you", "would you", "will you", "can we", "could we", "can i", "could i",
    "may i", "may we", "can chatcron", "could chatcron",
    "i'd like you to", "i would like you to", "i want you to", "i need you to", "we need you to",
    "i'd like that", "i would like that", "i want that", "we'd like that", "we want that",
    "would you be so kind as to", "could you be so kind as to", "would you be so kind to",
    "i'd like to", "i want to", "i need to", "i would like to", "we'd like to", "we want to",
    "i'd like", "i would like", "i want", "i need", "we need", "we want", "we'd like",
    "we would like", "i'd love to", "i would love to", "i'd love", "i would love", "we'd love",
    "i'd appreciate", "i would appreciate", "we could use", "i could use",
    "would it be possible to", "would it be ok to", "is it possible to", "would it be possible for",
    "is it possible for", "it'd be great if you could", "it would be great if you could",
    "would be great if you could", "it'd be nice if you could", "it would be nice if you could",
    "it'd be great to", "it would be great to", "would be great to", "it'd be nice to",
    "it would be nice to", "would be nice to", "it would be helpful to", "it'd be helpful to",
    "it would help to", "i was wondering if you could", "i was wondering if we could",
    "i wonder if you could", "wondering if you could", "was wondering if you could",
    "would you mind", "do you mind", "do you think you could", "think you could",
    "any chance you could", "any chance we could", "any chance of", "is there any chance you could",
    "is there a way to", "could you possibly", "if you could", "if possible", "you can",
    "you could", "i'd be grateful if you could", "would love to", "would love", "need", "want",
    "would like", "looking for", "how about", "what about",
)  # fmt: skip
_POLITE = (
    *_WISHES, "please", "hey there", "hi there", "hello there", "hey all", "hi all", "hey team",
    "hi team", "hi everyone", "hello everyone", "hey", "hi", "hello", "ok", "okay", "just",
    "go ahead and", "let's have", "kindly", "and", "also", "so", "now", "then", "thanks ,",
    "thanks !", "thanks .", "yo", "mind", "chatcron", "bot", "yes", "yeah", "actually", "no ,",
    "no wait", "sure", "good morning", "good afternoon", "good evening", "morning !", "morning ,",
    "maybe", "possibly", "do me a favor and", "do me a favour and", "do us a favor and",
    "from now on ,", "from now on", "starting now ,", "going forward ,",
    "be so kind and", "be so kind to", "be so kind as to", "dear bot", "dear chatcron", "dear all",
    "dear team", "dear", "whenever you can", "whenever you get a chance",
    "when you get a chance", "when you have a moment", "when you have time", "when you can",
    "if you don't mind", "if you have time", "if you can", "quick one", "quick one :",
    "um", "uh", "uhm", "hmm", "hm", "well ,", "right ,", "alright", "all right", "ok so", "oh",
    "ah", "erm", "so ,", "look ,", "listen ,", "anyway", "anyways",
    "quick question", "small request", "one more thing", "one more",
    "please to", "sir", "sir ,", "madam", "team ,", "all ,", "folks ,", "guys ,", "team bot",
    "hi team bot", "hello team bot", "hi bot", "if that's not too much trouble",
    "if it's not too much trouble", "if that's ok", "if that's okay", "if that works",
    "when you get a second", "when you have a second", "no rush", "no rush but", "no hurry",
    "feel free to", "make sure to", "be sure to", "remember to", "don't forget to", "-", ":",
)  # fmt: skip
_PAUSES = (",", "!", ".", "…", "...")
_POLITE_FIRST = frozenset(said.split()[0] for said in _POLITE)
WISH_FIRST = frozenset(said.split()[0] for said in _WISHES)
"""The words they begin with: most places of a message need no further look."""
_GETTING = ("get me", "get us", "get", "have", "please get", "please have")
"""What a wish goes on with before the thing that is wished for: "can we get a report …"."""
_SET_IT_UP = tuple(
    f", {lead} {rest} ?"[: None if asked else -2]
    for lead in ("can you", "could you", "would you", "will you", "please")
    for rest in ("set that up", "set it up", "add it", "add that", "do that", "arrange that",
                 "arrange it", "schedule that", "schedule it", "make that happen", "make it happen",
                 "take care of it", "take care of that", "set this up", "please set it up")
    for asked in (True, False)
)  # fmt: skip
_ASIDES = (", please and thank you", "please and thank you", ", thanks", ", thx", ", please",
           "thanks", "thx", "ty", "please", "thank you", "cheers",
           "thanks a lot", "many thanks", "thanks in advance", "if possible", ", cheers",
           "thank you so much", "tyvm", "much appreciated", "for me", "if you can", "ok ?",
           "okay ?", "ok", "alright ?", "asap please", "appreciate it", "that's all",
           "would be great", "that would be great", "that'd be great", "would be lovely",
           "would be nice", "would be awesome", "would be perfect", "would be helpful",
           "would be good", "thanks you", "thank you very much", "should come", "should be sent",
           "should be posted", "should be delivered", "should go out", "when you get a second",
           "when you have a second", "when you get a chance", "when you have a moment", "no rush",
           ", no rush", "no hurry", "if that's not too much trouble", "if that's ok",
           "if it's not too much trouble", "if you don't mind", *_SET_IT_UP)  # fmt: skip
_ASIDE_LAST = frozenset(said.split()[-1] for said in _ASIDES)
_TO_THE_AGENT = ("to", "should", "can", "will", "must", "please")
_ASK_OF = ("have", "ask", "get", "tell", "let")
_ORDERS = ("schedule", "create", "set up", "make", "add", "remind", "plan", "build", "arrange",
           "automate")  # fmt: skip
_LET_US = (*_ORDERS, *_ASK_OF)
_THINGS_FOLLOW = ("a", "an", "the", "my", "our", "some", "daily", "weekly", "monthly")
_ORDERED = ("a", "an", "the", "me", "us", "our", "my", "daily", "weekly", "monthly", "nightly",
            "hourly", "task", "job", "new", "this")  # fmt: skip
_GIVEN_ORDERS = tuple(f"{order} {what}" for order in _ORDERS for what in _ORDERED)
_NO_NAMES = WORK | words(
    "action agenda all also anyone anybody body btw chain chore correction docs edit everybody "
    "everyone pipeline template workflow "
    "feat fix folks friends fyi guys idea info it job must must never new note ops people plan "
    "please proposal question reminder request schedule should so someone somebody subject task "
    "tasks team that they title todo update user users warning we well who will you"
)
_TO_PEOPLE = ("copy", "cc", "notify", "tell", "ping", "email", "dm", "alert", "page", "message")
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


class Addressed(NamedTuple):
    """The message without its address; `unknown` is a name that was spoken to and is nobody.

    `whole` still holds an agent that is mentioned further on; `spoken_to` is the one at the start.
    """

    tokens: tuple[Token, ...]
    whole: tuple[Token, ...] = ()
    spoken_to: str | None = None
    agent: str | None = None
    unknown: str | None = None
    requested: bool = False


def addressed_to(tokens: Sequence[Token], agents: frozenset[str] | None) -> Addressed:
    """Take off the persona ("alex …", "@alex: …", "… for @alex") and words of politeness."""
    kept = _polite_off(tuple([token for token in tokens if token.kind is not Kind.EMOJI]))
    agent, kept = _at_the_start(kept, agents)
    if agent is None and _is_spoken_to(kept):
        if agents is not None or kept[0].kind is Kind.MENTION:
            return Addressed(tokens=kept, unknown=kept[0].text)
        agent, kept = kept[0].word, kept[1:]
    spoken_to, whole = agent, None
    if agent is not None:
        started = next((at for at, token in enumerate(tokens) if kept and token is kept[0]), 0)
        if started > 0 and _is_subject(kept, agents):
            spoken_to, whole = None, (tokens[started - 1], *kept)
        kept = _polite_off(kept)
    whole = kept if whole is None else whole
    if agent is None:
        agent, kept = _mentioned(kept, agents)
        kept = kept if kept is whole else _polite_off(kept)
    requested = any(
        token.word in WISH_FIRST and _wish(tokens, at) is not None
        for at, token in enumerate(tokens[:5])
    )
    closed = _asides_off(kept)
    return Addressed(
        tokens=closed,
        whole=closed if whole is kept else _asides_off(whole),
        spoken_to=spoken_to,
        agent=agent,
        requested=requested,
    )


def _at_the_start(
    tokens: tuple[Token, ...], agents: frozenset[str] | None
) -> tuple[str | None, tuple[Token, ...]]:
    if not tokens:
        return None, tokens
    name = tokens[0].word.lstrip("@")
    mention = tokens[0].kind is Kind.MENTION
    if not mention and word_at(tokens, 1) == "from":
        return None, tokens
    if not (mention and agents is None) and name not in (agents or ()):
        return None, tokens
    rest = tokens[1:]
    while rest and rest[0].word in (",", ":", "-", "--", "!", *ARROWS, *_TO_THE_AGENT):
        if _wish(rest, 0) is not None:
            break
        rest = rest[1:]
    return name, rest


def _is_subject(tokens: Sequence[Token], agents: frozenset[str] | None) -> bool:
    """Whether the agent before is told of, not spoken to: "alex checks …", "alex and kai …"."""
    first, then = word_at(tokens, 0), tokens[1:2]
    if first in ("and", ",", "&") and then:
        return then[0].kind is Kind.MENTION or then[0].word in (agents or ())
    return first not in WORK and infinitive(first) in WORK


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
        made = phrase(tokens, 2, _ORDERS) is not None
        return made or (word_at(tokens, 2) in WORK and len(tokens) > 3)
    return phrase(tokens, 1, _GIVEN_ORDERS) is not None


def is_to_somebody(tokens: Sequence[Token], agents: frozenset[str] | None) -> bool:
    """Whether a person is asked: "Dana, can we move our 1:1?"."""
    if len(tokens) < 4 or tokens[1].word != "," or not tokens[0].text.istitle():
        return False
    name = tokens[0].word
    ours = name in _NO_NAMES or name in _POLITE_FIRST or name in HEADS or may_open(tokens[0])
    if ours or name in (agents or USUAL):
        return False
    return phrase(tokens, 2, _OF_PERSON) is not None


_OF_PERSON = (
    "can we",
    "could we",
    "can you",
    "could you",
    "shall we",
    "should we",
    "will you",
    "would you",
    "do you",
    "did you",
    "are you",
    "have you",
    "are we",
    "do we",
    "can i",
)


def _mentioned(
    tokens: tuple[Token, ...], agents: frozenset[str] | None
) -> tuple[str | None, tuple[Token, ...]]:
    """Take the one agent out that is mentioned further on ("… for @sam", "have @alex …")."""
    places = [
        place
        for place, token in enumerate(tokens)
        if token.kind is Kind.MENTION
        and (agents is None or token.word[1:] in agents)
        and not _is_filter(tokens, place)
        and not (agents is None and word_at(tokens, place - 1) in _TO_PEOPLE)
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


_LABELS = ("agent", "owner", "assignee", "persona")


@lru_cache(maxsize=64)
def _written(agents: frozenset[str]) -> frozenset[str]:
    """Give the ways in which an agent's name may be written."""
    return frozenset(f"{before}{name}{after}" for name in agents for before in ("", "@")
                     for after in ("", "'s"))  # fmt: skip


def named_for(
    tokens: tuple[Token, ...], agents: frozenset[str]
) -> tuple[str | None, tuple[Token, ...]]:
    """Take out the agent a new task is for: "a task for kai to …", "… by anna", "… (anna)"."""
    if _written(agents).isdisjoint([token.word for token in tokens]):
        return None, tokens
    for place, token in enumerate(tokens):
        if token.word.endswith("'s") and token.word[:-2] in agents and _owns_work(tokens, place):
            return token.word[:-2], (*tokens[:place], *tokens[place + 1 :])
        name = token.word.lstrip("@")
        left = _without_name(tokens, place) if name in agents else None
        if left is not None:
            return name, left
    return None, tokens


def _without_name(tokens: tuple[Token, ...], place: int) -> tuple[Token, ...] | None:
    """Leave out a name and the words that give the work to it; None where it is the work's own."""
    before, after = word_at(tokens, place - 1), word_at(tokens, place + 1)
    labelled = place - 2 if before in (":", "is", "=") else place - 1
    does = infinitive(after)
    if labelled >= 0 and word_at(tokens, labelled) in _LABELS:
        start = labelled - (word_at(tokens, labelled - 1) == ",")
        return (*tokens[:start], *tokens[place + 1 :])
    if place and before in (",", "that", ":") and after != does and does in WORK:
        verb = tokens[place + 1]._replace(text=does, word=does)
        return (*tokens[: place - (before == "that")], verb, *tokens[place + 2 :])
    if (before, after) == ("(", ")"):
        return (*tokens[: place - 1], *tokens[place + 2 :])
    if before == "," and after == "to" and word_at(tokens, place + 2) in _SEES_TO:
        return (*tokens[: place - 1], *tokens[place + 3 :])
    if place == 0 and after in ("to", ":", ","):
        return tokens[2:]
    if place == 0 and after in ("that", "which"):
        return tokens[1:]
    if before in (",", "from") and place == len(tokens) - 1:
        return tokens[: place - 1]
    if before in ("for", "by", "via", "using", "with") and after in _CLOSES:
        return (*tokens[: place - 1], *tokens[place + 1 + (after == ":") :])
    return None


_SEES_TO = ("own", "do", "handle", "run", "take")
_CLOSES = ("", "to", "that", "which", ",", ":", ".", "-", "--", "at", "on", "every", "daily")


def _owns_work(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether "tony's index advice" is work of tony's, and not "tony's birthday" among others."""
    return place == 0 or word_at(tokens, place - 1) in ("run", "schedule", "the", "create", "do")


def _is_filter(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether "@kai" says whose tasks are meant: "pause all of @kai's tasks"."""
    owns = word_at(tokens, place + 1) in ("'", "'s")
    return owns or (word_at(tokens, place - 1) == "of" and word_at(tokens, place - 2) != "instead")


def _polite_off(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    at = 0
    while at < len(tokens):
        word = tokens[at].word
        after = phrase(tokens, at, _POLITE) if word in _POLITE_FIRST else None
        if after is None and word in _PAUSES:
            after = at + 1
        if after is None or after >= len(tokens):
            break
        if word == "now" and tokens[after].word in ("and", "the"):
            break
        if _wish(tokens, at) is not None:
            after = _past_getting(tokens, after)
        at = after
    if word_at(tokens, at) == "let's" and phrase(tokens, at + 1, _LET_US) is not None:
        at += 1
    return tokens[at:]


def _wish(tokens: Sequence[Token], at: int) -> int | None:
    """Give the place after a wish that stands here: "could you", "i'd like to"."""
    return phrase(tokens, at, _WISHES) if word_at(tokens, at) in WISH_FIRST else None


def _past_getting(tokens: tuple[Token, ...], at: int) -> int:
    """Step over the "get" of "can we get a report", and not the "have" of "have kai review"."""
    after = phrase(tokens, at, _GETTING)
    return at if after is None or word_at(tokens, after) not in _THINGS_FOLLOW else after


_SAYS_MORE = frozenset("?)]}*%'\"")
"""Marks that are no decoration at the end of a message, as an emoji or "…" is."""

_SIZES = tuple(range(max(len(said.split()) for said in _ASIDES), 0, -1))


def _asides_off(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Take "please", "thx" and end marks off the end; the question mark stays."""
    kept = tokens
    while len(kept) > 1:
        closed = kept[-1].word in _ASIDE_LAST
        end = next((len(kept) - size for size in (_SIZES if closed else ())
                    if phrase(kept, len(kept) - size, _ASIDES) == len(kept)), None)  # fmt: skip
        if end is None and kept[-1].kind is Kind.MARK and kept[-1].word not in _SAYS_MORE:
            end = len(kept) - 1
        if end is None or end < 1:
            break
        kept = kept[:end]
    return kept
