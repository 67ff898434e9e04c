"""A message as a model retells it in plain words, held word by word against the message itself.

For requests with more parts than a form of slots could hold (several tasks, notices, templates,
workflows, settings): the grammar reads what the model retold, so that a model never writes a
request, only words for one.
"""

from __future__ import annotations

from datetime import date, datetime, time

from bot.intent import reader
from bot.intent.errors import Misread
from bot.intent.grounds import Heard, plain_words
from bot.intent.intents import Intent
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token, plain, tokenise

LONGEST = 400
KINDS = {
    "bulk": ("bulk",),
    "notify": ("notify",),
    "save_template": ("save_template",),
    "use_template": ("use_template",),
    "templates": ("templates",),
    "workflow": ("workflow",),
    "export": ("export",),
    "zone": ("zone",),
    "channel": ("channel",),
}
"""What is retold, and the kinds of request that the retelling may read as."""
_GLUE = words(
    "a about active after all also an and another any are as at back be called channel complete "
    "completed completes configure create daily default delete dm draft drafts each else email "
    "every everything export fail failed failing fails failure file first for forget from here if "
    "in is it its job jobs just let list me mine my named new no not notify notifying now of off "
    "on once only or otherwise output over parallel pause paused pausing ping post posting "
    "remove report results result resume run running runs same save set start starts step stop "
    "succeeds task tasks tell telling template templates than that the their them then these this "
    "those time timezone to together until use using when whenever which while with work workflow "
    "yaml zone"
)
"""Words that only join the others together, or name the kind of request, which is checked apart."""


def retold(
    text: str | None,
    request: str,
    heard: Heard,
    *,
    now: datetime,
    zone: str,
    agents: frozenset[str] | None,
) -> Intent:
    """Read what a model retold; raises Misread for words that the message gives no ground for."""
    said = " ".join((text or "").split())
    if not 0 < len(said) <= LONGEST:
        raise Misread("“retold” must say the whole request as one short plain sentence.")
    today = now.date()
    for token in tokenise(plain(said)):
        if not _is_grounded(token, heard, today):
            raise Misread(f"“retold” holds “{token.text[:40]}”, which the message does not.")
    reading = reader.read(said, now=now, zone=zone, agents=agents, in_thread=heard.in_thread)
    if reading.further or reading.intent.kind not in KINDS[request]:
        kind = request.replace("_", " ")
        raise Misread(f"“retold” does not read as {kind}; say it in fewer, plainer words.")
    return reading.intent


def _is_grounded(token: Token, heard: Heard, today: date) -> bool:
    match token.kind:
        case Kind.MARK | Kind.EMOJI:
            return True
        case Kind.CODE:
            return False
        case Kind.CHANNEL | Kind.USER | Kind.MENTION | Kind.LINK:
            return any(token.text == other.text for other in heard.tokens)
        case Kind.QUOTED:
            return all(heard.names_it(word) for word in plain_words(token.text))
        case Kind.NUMBER:
            return not token.word.isdecimal() or int(token.word[:9]) in heard.numbers
        case Kind.CLOCK:
            return _says_clock(token, heard)
        case Kind.DATE:
            return _says_date(token, heard, today)
        case Kind.WORD:
            return _says_word(token, heard)


def _says_word(token: Token, heard: Heard) -> bool:
    spoken = (token.word, token.text.casefold())
    if any(word in _GLUE or word in heard.words for word in spoken):
        return True
    parts = plain_words(token.text.replace("'s", " "))
    return bool(parts) and all(
        part in _GLUE or part in heard.words or heard.names_it(part) for part in parts
    )


def _says_clock(token: Token, heard: Heard) -> bool:
    try:
        at = time.fromisoformat(token.word.replace(".", ":").zfill(5))
    except ValueError:
        return any(token.text == other.text for other in heard.tokens)
    return heard.says_time(at)


def _says_date(token: Token, heard: Heard, today: date) -> bool:
    try:
        return heard.says_date(date.fromisoformat(token.word), today)
    except ValueError:
        return any(token.text == other.text for other in heard.tokens)
