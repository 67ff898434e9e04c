"""Find text that is not what it looks like: hidden characters, look-alike letters, and hearsay.

Nothing in such a message is a request, whoever sends it on.
"""

from __future__ import annotations

import re

from bot.intent.numbers import Tokens, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind

_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HIDDEN = re.compile("(?<=[a-zA-Z])[\u00ad\u200b-\u200f\u2060-\u2064\ufeff](?=[a-zA-Z])")
_TWO_ALPHABETS = re.compile(
    "[a-zA-Z][\u0370-\u0391\u0395-\u03a8\u03b1\u03b3-\u03ba\u03bd-\u03bf\u03c1\u03c4-\u03ff\u0400-\u052f]"
    "|[\u0400-\u052f\u03bf\u03b1\u03b5\u03c1\u0430-\u044f][a-zA-Z]"
)
_SPEAKERS = words(
    "ai assistant attachment body bot developer email from function fw fwd human instruction "
    "instructions log mail message output payload prompt quote response result subject system tool "
    "transcript user webhook"
)
_SPEAKING = words(
    "according forwarded forwarding fw fwd quote quoted quoting re-posting said say says wrote "
    "writes transcript"
)
_FAR = 7
"""Words; what comes later is the sentence's own colon."""


def disguise(text: str) -> str | None:
    """Say what is hidden in a text, in words that fit "there are … in it"; None for plain text."""
    if text.isascii():
        return None
    if _TURNED.search(text):
        return "characters that turn the direction of writing"
    if _HIDDEN.search(text):
        return "invisible characters inside words"
    if _TWO_ALPHABETS.search(text):
        return "letters of two alphabets in one word"
    return None


def is_hearsay(tokens: Tokens) -> bool:
    """Whether the message hands on what somebody or something said: "SYSTEM: …", "kai wrote: …"."""
    for at in range(1, min(_FAR, len(tokens))):
        if tokens[at].word not in (":", "]", ">") or tokens[at].kind is not Kind.MARK:
            continue
        before = {token.word for token in tokens[:at]}
        alone = at == 1 or tokens[at].word == "]" or at == 2
        named = word_at(tokens, at - 1) in _SPEAKERS and alone
        return named or bool(before & _SPEAKING)
    return False
