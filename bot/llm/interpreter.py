"""Interpreter: what a message asks for, by the grammar first and by a model where that must pass.

The model is asked only about messages that were said to the bot and that the grammar could not
read whole. When it does not answer, what the grammar read stands, with a line that says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.intent import reader
from bot.intent.grounds import plain_words
from bot.intent.intents import CreateTask, Intent, Nothing, Unclear
from bot.intent.prompt import LONGEST
from bot.intent.reading import Reading
from bot.llm.endpoint import ModelFault, Outcome
from bot.llm.model_reader import ModelReader, Question
from scheduler.allowance import AllowanceSpent
from scheduler.now import Now

FEWEST_WORDS = 3
"""Thanks and the like are not worth a call."""
_UNREAD = ("left_over", "no_task", "no_work", "two_times", "two_schedules")
"""The grammar's doubts that more understanding may settle; the others are for the person."""
UNANSWERED = "My language model did not answer, so only my own rules read this."
MISREAD = "My language model could not read this for certain, so only my own rules did."
SPENT = "Today's calls to my language model are used up, so only my own rules read this."


class Interpreter:
    """Reads messages for the listeners and the command line; without a model, by grammar alone.

    `takes_any_name` lets the grammar take any `@name` for an agent; `keeps_holidays` says whether
    there is a list of them, and is asked where a message speaks of holidays.
    """

    def __init__(
        self,
        model: ModelReader | None,
        *,
        agents: frozenset[str],
        now: Now,
        takes_any_name: bool = False,
        keeps_holidays: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._model = model
        self._agents = agents
        self._known = None if takes_any_name else agents
        self._now = now
        self._keeps_holidays = keeps_holidays

    async def read(
        self, text: str, *, zone: str, in_thread: bool = False, addressed: bool = True
    ) -> Reading:
        """Read a message, as `bot.intent.reader.read` does."""
        asked_of = self._keeps_holidays if "holiday" in text.casefold() else None
        keeps_holidays = asked_of is not None and await asked_of()
        reading = reader.read(
            text,
            now=self._now(),
            zone=zone,
            agents=self._known,
            in_thread=in_thread,
            addressed=addressed,
            keeps_holidays=keeps_holidays,
        )
        if self._model is None or not is_for_model(reading, text, addressed=addressed):
            return reading
        asked = Question(text=text, zone=zone, agents=self._agents, in_thread=in_thread)
        try:
            intent = await self._model.read(asked)
        except AllowanceSpent:
            return replace(reading, note=SPENT)
        except ModelFault as fault:
            misread = fault.outcome is Outcome.INVALID
            return replace(reading, note=MISREAD if misread else UNANSWERED)
        return reading if isinstance(intent, Nothing) else _by_model(intent, reading)

    async def is_news(self, note: str, person_id: str) -> bool:
        """Say whether a note is to be shown: a day's spent calls are told to everybody once."""
        return note != SPENT or self._model is None or await self._model.is_news(person_id)


def is_for_model(reading: Reading, text: str, *, addressed: bool) -> bool:
    """Whether the grammar's reading leaves something that a model may still understand."""
    if len(text) > LONGEST or len(plain_words(text)) < FEWEST_WORDS:
        return False
    match reading.intent:
        case Nothing():
            return addressed
        case Unclear(reason=reason):
            return reason in _UNREAD
        case _:
            return False


def _by_model(intent: Intent, reading: Reading) -> Reading:
    assumed = intent.assumed if isinstance(intent, CreateTask) else ()
    agent = reading.agent or (intent.agent if isinstance(intent, CreateTask) else None)
    return replace(reading, intent=intent, agent=agent, source="model", assumed=assumed)
