"""Read one message: what is asked, of whom, and what of it was assumed.

Called by the Slack listeners and by `chatcron parse`. Pure: the moment and the zone are handed in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.intent.address import is_to_somebody
from bot.intent.courtesies import courtesy
from bot.intent.disguises import disguise, is_hearsay
from bot.intent.forms import filled_in
from bot.intent.intents import AskHelp, Intent, Nothing, Unclear
from bot.intent.reading import Reading
from bot.intent.single import Here, one
from bot.intent.tokens import Kind, plain, tokenise
from bot.intent.turns import amid_talk, for_each, in_turn, with_reason

LONGEST = 4000
"""Characters; Slack itself asks that messages stay below this."""
MOST_WORDS = 700
"""Words and marks; code and quoted text count as one."""
_NO_WORDS = frozenset((Kind.MARK, Kind.EMOJI))


def read(
    text: str,
    *,
    now: datetime,
    zone: str,
    agents: frozenset[str] | None,
    in_thread: bool = False,
    addressed: bool = True,
    keeps_holidays: bool = False,
) -> Reading:
    """Read a message from which the bot's own mention has been taken away.

    `agents` are the names that are known, or None to take any `@name` for an agent. `in_thread`
    says that "it" is the thread's task; without `addressed` a doubtful message asks for nothing;
    without `keeps_holidays`, a list of them, "except holidays" is asked about.
    """
    if len(text) > LONGEST:
        return _too_long(f"That is {len(text):,} characters; I read up to {LONGEST:,}.")
    today = now.astimezone(ZoneInfo(zone)).date()
    here = Here(text=plain(text), now=now, zone=zone, agents=agents, in_thread=in_thread,
                 addressed=addressed, keeps_holidays=keeps_holidays, today=today)  # fmt: skip
    tokens = tokenise(here.text)
    if len(tokens) > MOST_WORDS:
        return _too_long(f"That is {len(tokens):,} words; I read up to {MOST_WORDS}.")
    if _NO_WORDS.issuperset([token.kind for token in tokens]):
        return Reading(intent=_wordless(text, addressed=addressed))
    hidden = disguise(here.text)
    if hidden is not None:
        return Reading(intent=_undisguised(hidden) if addressed else Nothing())
    if is_hearsay(tokens) or is_to_somebody(tokens, here.agents):
        return Reading(intent=Nothing())
    tokens = filled_in(tokens)
    reading = in_turn(tokens, here) or for_each(tokens, here) or one(tokens, here)
    if isinstance(reading.intent, Nothing):
        found = amid_talk(tokens, here) or with_reason(tokens, here)
        return found or replace(reading, intent=Nothing(courtesy=courtesy(tokens)))
    if isinstance(reading.intent, Unclear) and reading.intent.reason == "left_over":
        return with_reason(tokens, here) or reading
    return reading


def _too_long(said: str) -> Reading:
    question = f"{said} Say in one sentence what should run, and when."
    return Reading(intent=Unclear(question=question, reason="too_long"))


def _undisguised(hidden: str) -> Unclear:
    return Unclear(
        question=f"There are {hidden} in that, so I did nothing. Please type it anew.",
        reason="disguised",
    )


def _wordless(text: str, *, addressed: bool) -> Intent:
    if text.strip() or not addressed:
        return Nothing()
    return AskHelp()
