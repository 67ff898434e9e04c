"""Model reader: lets a language model fill in the form about one message, and checks every slot.

It has one limit of time for everything: waiting for a turn, the call, and one try to mend it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

import structlog

from bot.intent import checks, prompt, slots
from bot.intent.errors import Misread
from bot.intent.grounds import Heard
from bot.intent.intents import Intent
from bot.intent.whens import Clock
from bot.llm.endpoint import Answer, Model, ModelFault, Outcome, Turn
from scheduler.allowance import AllowanceSpent
from scheduler.now import Now
from storage.records import ModelCall

LIMIT_S = 10.0
AT_ONCE = 8
TRIES = 2
WORTH_ASKING = 0.2
"""The share of the limit that must be left, after waiting for a turn, for a call to begin."""
FAULTS_TO_REST = 3
REST_S = 60.0
_TRY_AGAIN = (Outcome.ERROR, Outcome.INVALID)
_AWAY = (Outcome.TIMEOUT, Outcome.BUSY, Outcome.ERROR, Outcome.REFUSED)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One message to read: `zone` is the one its times are in."""

    text: str = field(repr=False)
    zone: str
    agents: frozenset[str]
    in_thread: bool


class Purse(Protocol):
    """Where the calls come from: the workspace's allowance, or one of the command line's own."""

    async def take(self) -> None:
        """Take one call; raises AllowanceSpent when there is none."""

    async def record(self, call: ModelCall) -> None:
        """Write down what a call used."""

    async def is_news(self, person_id: str) -> bool:
        """Say whether somebody has yet to hear today that there is none."""


class ModelReader:
    """Reads what the grammar could not.

    After three faults in a row the model is left in peace for a minute, so that people do not wait
    for what does not come.
    """

    def __init__(
        self,
        model: Callable[[], Awaitable[Model]],
        *,
        name: str,
        allowance: Purse,
        now: Now,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._model = model
        self._name = name
        self._allowance = allowance
        self._now = now
        self._limit_s = limit_s
        self._room = asyncio.Semaphore(AT_ONCE)
        self._notes: set[asyncio.Future[None]] = set()
        self._faults = 0
        self._rests_until = 0.0

    async def read(self, asked: Question) -> Intent:
        """Give what the message asks for; raises ModelFault or AllowanceSpent."""
        self._refuse_while_it_rests()
        until = monotonic() + self._limit_s
        try:
            async with asyncio.timeout(self._limit_s), self._room:
                model = await self._model()
                self._refuse_while_it_rests()
                if until - monotonic() < WORTH_ASKING * self._limit_s:
                    raise TimeoutError  # noqa: TRY301  the limit is one, however it is met
                intent = await self._in_two_tries(asked, model)
        except TimeoutError:
            self._note_fault()
            raise ModelFault(Outcome.TIMEOUT) from None
        except ModelFault as fault:
            if fault.outcome in _AWAY:
                self._note_fault()
            else:
                self._faults = 0
            raise
        except AllowanceSpent:
            raise
        except Exception:  # whatever a vendor's client may raise, the person is to be answered
            log.exception("The model could not be asked", action="model_broke")
            self._note_fault()
            raise ModelFault(Outcome.ERROR) from None
        self._faults = 0
        return intent

    async def is_news(self, person_id: str) -> bool:
        """Say whether somebody has yet to hear that today's calls are used up; now they have."""
        return await self._allowance.is_news(person_id)

    async def close(self) -> None:
        """Wait until what was used is written down."""
        if self._notes:
            await asyncio.wait(self._notes)

    async def _in_two_tries(self, asked: Question, model: Model) -> Intent:
        heard = Heard.of(asked.text, asked.agents, in_thread=asked.in_thread)
        clock = Clock(now=self._now(), zone=asked.zone)
        turns = _turns(asked, clock)
        problem = ModelFault(Outcome.INVALID)
        for _ in range(TRIES):
            try:
                answer = await self._called(model, turns)
            except ModelFault as fault:
                if fault.outcome not in _TRY_AGAIN:
                    raise
                problem = fault
                continue
            try:
                return checks.checked(slots.parse(answer.text), heard, clock, asked.agents)
            except Misread as misread:
                log.info("A model's reading did not hold", action="model_misread")
                problem = ModelFault(Outcome.INVALID, "the reading does not hold")
                said = Turn(role="assistant", text=answer.text[: slots.LONGEST])
                turns = [*turns, said, Turn(role="user", text=prompt.mending(str(misread)))]
        raise problem

    async def _called(self, model: Model, turns: list[Turn]) -> Answer:
        """Make one call, within the allowance, and write down what it used however it ends."""
        await self._allowance.take()
        began = monotonic()
        answer, outcome = Answer(text=""), Outcome.TIMEOUT
        try:
            answer = await model.complete(turns, _SCHEMA)
            outcome = Outcome.OK
        except ModelFault as fault:
            outcome = fault.outcome
            log.warning(
                "The model did not answer", action="model_fault", outcome=outcome, why=str(fault)
            )
            raise
        finally:
            self._write_down(answer, outcome, began)
        return answer

    def _write_down(self, answer: Answer, outcome: Outcome, began: float) -> None:
        call = ModelCall(
            at=self._now(),
            purpose="intent",
            model=self._name,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            took_ms=round((monotonic() - began) * 1000),
            outcome=outcome,
        )
        note = asyncio.ensure_future(self._recorded(call))
        self._notes.add(note)
        note.add_done_callback(self._notes.discard)

    async def _recorded(self, call: ModelCall) -> None:
        try:
            await self._allowance.record(call)
        except Exception:
            log.exception("A call to the model was not recorded", action="model_unrecorded")

    def _refuse_while_it_rests(self) -> None:
        if monotonic() < self._rests_until:
            raise ModelFault(Outcome.ERROR, "it did not answer a moment ago")

    def _note_fault(self) -> None:
        if monotonic() < self._rests_until:
            return
        self._faults += 1
        if self._faults >= FAULTS_TO_REST:
            self._faults = 0
            self._rests_until = monotonic() + REST_S
            log.warning("The model is left in peace for a minute", action="model_rests")


_SCHEMA: dict[str, Any] = slots.schema()


def _turns(asked: Question, clock: Clock) -> list[Turn]:
    question = prompt.question(
        asked.text,
        now=clock.now,
        zone=asked.zone,
        agents=asked.agents,
        in_thread=asked.in_thread,
    )
    return [Turn(role="system", text=prompt.instructions()), Turn(role="user", text=question)]
