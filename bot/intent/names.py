"""What is left of a message when time and verbs are taken away: a task's name, or which task."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.intent.intents import TaskRef
from bot.intent.numbers import Tokens, word_at
from bot.intent.spelling import CALENDAR, words
from bot.intent.tokens import Kind, Token, is_number

LONGEST = 60
_EDGE = words(
    "the a an my our your this that to for of on in at by with and or please thx thanks say "
    ", . ; : - -- ! ? ( ) & + @"
)
_LEADING = _EDGE | words("then just also btw me us re regarding")
_REF_LEADING = words(
    "the a an my our your this that task job named called of for on from about with"
)
_REF_TRAILING = words(
    "task job thing please now again thanks thx for me us immediately today once on hold "
    "asap right away good runs run results ! . ? , : ;"
)
_IT = words("it it's this that one task job thing them")
_POINTING = _IT | _REF_LEADING | _REF_TRAILING
_NUMBERED = re.compile(r"(?:t-|#)(\d{1,9})", re.IGNORECASE)
_BROADCAST = re.compile(r"<![^>]*>|<@[^>]*>")
_LINK = re.compile(r"<(?:#\w+\||[^<>|]*\|)([^<>]*)>|<([^<>|]*)>")

_MARKS = frozenset(",.;:!?")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?])")
_MARKUP = re.compile(r"[*~`<>|\"“”]+|(?<!\w)_+|_+(?!\w)")
_QUOTES = re.compile(r"[*_~`\"“”<>]+")


def trimmed(tokens: Tokens) -> tuple[Token, ...]:
    """Leave out words at either end that say nothing of the task itself."""
    kept = list(tokens)
    while kept and kept[0].word in _LEADING:
        opened = kept.pop(0).word == "("
        closing = next((at for at, one in enumerate(kept) if one.word == ")"), None)
        if opened and closing is not None:
            kept.pop(closing)
    while kept and kept[-1].word in _EDGE:
        kept.pop()
    return tuple(kept)


def joined(tokens: Sequence[Token]) -> str:
    """Write the tokens out as they stand in the text, with single gaps where others were cut."""
    parts: list[str] = []
    end = -1
    for _, text, _, start, after in tokens:
        parts.append(text if start == end or not parts else f" {text}")
        end = after
    said = "".join(parts).strip()
    return said if _MARKS.isdisjoint(said) else _BEFORE_MARK.sub(r"\1", said)


def name_of(prompt: str) -> str:
    """Give a short name in sentence case, without markup, quotes or loose punctuation."""
    plain = prompt
    if "<" in prompt:
        plain = _LINK.sub(lambda found: found[1] or found[2] or "", _BROADCAST.sub(" ", prompt))
    plain = " ".join(_MARKUP.sub(" ", plain).split()).strip(" .,;:!?-'&+")
    if len(plain) > LONGEST:
        plain = plain[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" .,;:-") + "…"
    return plain[:1].upper() + plain[1:]


def prompt_of(tokens: Tokens) -> str:
    """Give the task's words; a task that is only a quotation is what stands in the quotes."""
    kept = trimmed(tokens)
    quoted = [token for token in kept if token.kind is Kind.QUOTED]
    if len(kept) == 1 and quoted:
        return kept[0].text[1:-1].strip()
    return joined(kept)


def may_point(tokens: Tokens, at: int) -> bool:
    """Whether words from here on can name a task beyond doubt; few words of a message can."""
    first = tokens[at]
    if first.word in _POINTING or first.word.startswith(("t-", "#")) or first.word.endswith("'s"):
        return True
    return first.kind is Kind.NUMBER or Kind.QUOTED in [token.kind for token in tokens]


def reference(tokens: Tokens) -> TaskRef | None:
    """Say which task is meant; None where nothing was named."""
    kept = list(tokens)
    if kept and all(token.word in _IT or token.word in _REF_TRAILING for token in kept):
        it = any(token.word in ("it", "it's", "this", "that", "one") for token in kept)
        return TaskRef(it=True) if it else None
    while kept and kept[0].word in _REF_LEADING:
        kept.pop(0)
    number = _number(kept)
    if number is not None:
        return TaskRef(number=number)
    kept = _first_clause(kept)
    while kept and kept[-1].word in _REF_TRAILING:
        kept.pop()
    if not kept:
        return None
    if len(kept) == 1 and kept[0].kind in (Kind.QUOTED, Kind.CODE):
        return TaskRef(text=kept[0].text.strip("`'\"“”"))
    said = name_words(joined(kept))
    return TaskRef(text=said) if said else None


_NO_NAME = words(
    "* , . ; : ? ! ( ) = if when whenever until unless because should must may might to from its "
    "you i we they he she is are was runs does did has instead you're i'm we're they're at @ "
    "every after before once today tomorrow tonight yesterday all everything both any tasks jobs "
    "ones what how whether am pm will would"
)
_NO_KINDS = (Kind.CHANNEL, Kind.USER, Kind.LINK, Kind.MENTION, Kind.CLOCK, Kind.DATE)
_NO_START = words("me us him her a an up out off over in on of some back away down into")
_NO_END = words("in of for the a an with by and or my our your this next coming every each on")
NO_TASKS = words(
    "second seconds moment minute sec message messages meeting lunch breath meme memes joke slide "
    "slides call comment comments thread conversation discussion day hour legal build channel "
    "music pr branch tab mind everyone somebody someone anyone people team me us him her "
    "anything something nothing each some rollout daily weekly monthly hourly nightly"
)
"""Words that are as often said of something else: "pause for a second", "delete that message"."""
_PARTS = words(
    "time schedule zone timezone day date name title prompt run runs result results output agent "
    "channel timeout limit retries history instructions instruction timing tz hour status owner "
    "settings state pause notifications log logs failures text work"
)
NUMBERED = re.compile(r"t-\d+")


def never_in_a_name(token: Token, place: int) -> bool:
    """Whether a token ends the name of a task; a weekday may only stand near its start."""
    late = place > 1 and token.word in CALENDAR
    return token.word in _NO_NAME or token.kind in _NO_KINDS or late


def task_named(tokens: Tokens) -> TaskRef | None:
    """Say which task these words name from the first to the last; None where they do not."""
    if not tokens or tokens[0].word in _NO_START or tokens[-1].word in _NO_END:
        return None
    if len(tokens) > 1 and any(token.kind is Kind.CODE for token in tokens):
        return None
    if any(never_in_a_name(token, at) for at, token in enumerate(tokens)):
        return None
    ref = reference(tokens)
    words_after = [token.word for token in tokens if not NUMBERED.fullmatch(token.word)]
    if len(words_after) < len(tokens):
        plain = all(word in ("the", "task", "job", "my", "our") for word in words_after)
        return ref if plain else None
    if ref is None:
        return TaskRef(it=True) if tokens[-1].word == "them" else None
    if ref.it or ref.number is not None:
        return ref
    return None if tokens[-1].word in NO_TASKS or _is_part_of_task(tokens) else ref


def _is_part_of_task(tokens: Tokens) -> bool:
    """Whether the words name a task's time, run or result, and so not the task."""
    for place, token in enumerate(tokens):
        if NUMBERED.match(token.word):
            return True
        if token.word in ("of", "for") and 0 < place < 4 and tokens[place - 1].word in _PARTS:
            return True
    return tokens[-1].word in _PARTS and any(token.word.endswith("'s") for token in tokens[:-1])


def name_words(said: str) -> str:
    """Take quotes and markup off a name that somebody wrote."""
    return _QUOTES.sub("", said).strip(" .,;:!?'")[:200]


def _number(kept: Sequence[Token]) -> int | None:
    if not kept:
        return None
    said = _NUMBERED.fullmatch(kept[0].word)
    if said is not None:
        return int(said[1])
    at = 1 if word_at(kept, 0) == "#" else 0
    if (
        at < len(kept)
        and is_number(kept[at])
        and all(token.word in _REF_TRAILING for token in kept[at + 1 :])
    ):
        return int(kept[at].word[:9])
    return None


def _first_clause(kept: list[Token]) -> list[Token]:
    """Stop at a comma or dash after the name: "the drift check, it is noisy"."""
    for place, token in enumerate(kept):
        if place and token.word in (",", ".", ";", "--", "?", "!", "because", "since"):
            return kept[:place]
    return kept
