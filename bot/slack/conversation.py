"""Conversation: what people say to us, from the stored event to the answer.

Live events and those that a crash left unhandled take the same way through `begin`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncBoltContext

from bot.blocks import cards, words
from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.intents import Intent
from bot.intent.packing import unpacked
from bot.intent.reading import Reading
from bot.intent.talk import Asked, Meant, WhichTask
from bot.services import Services
from bot.slack import mentions, presses, readings, requests, talks, task_answers
from bot.slack.asking import Ask, Reply, show_present_cards, zone_in
from bot.slack.edge import told
from bot.slack.mentions import Concern, Said
from bot.slack.subjects import CALLED, Heard, for_agent, is_overheard, subject_of
from scheduler.pump import Pump
from storage.records import Origin, Task, TaskId
from storage.talks import Talk

ANSWER_LIMIT_S = 10.0
AT_ONCE = 4
"""How many messages are answered at a time, so that a burst leaves room to acknowledge."""
RESUMED_FOR = timedelta(days=1)
RESUMED_EVERY_S = 10.0
log = structlog.get_logger(__name__)


class Conversation:
    """Answers messages, each in a task of its own that `stop` waits for."""

    def __init__(self, services: Services, *, bot_user: str, team: str) -> None:
        self._services = services
        self._bot_user = bot_user
        self._team = team
        self._in_progress: dict[int, asyncio.Task[None]] = {}
        self._last_in: dict[tuple[str, str, str], asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._pump = Pump("resume", self.resume, every_s=RESUMED_EVERY_S)

    def begin(self, event: dict[str, Any], inbound_id: int) -> None:
        """Answer a stored event, in the background; one that is being answered is left alone."""
        if inbound_id in self._in_progress:
            return
        said = mentions.said(
            event, team=self._team, bot_user=self._bot_user, personas=self._services.profiles
        )
        place = (said.channel, said.answer_in, said.user)
        before = self._last_in.get(place)
        task = asyncio.ensure_future(self._handle(said, inbound_id, before))
        self._in_progress[inbound_id] = self._last_in[place] = task

        def forget(_: asyncio.Task[None]) -> None:
            self._in_progress.pop(inbound_id)
            if self._last_in.get(place) is task:
                del self._last_in[place]

        task.add_done_callback(forget)

    async def start(self, *, alone: bool) -> None:
        """Answer what was received in the last day and never handled; `alone`, whoever had it.

        With others on the same database, go on looking for what those who die leave behind. Call
        it before new events come in.
        """
        if alone:
            async with self._services.store.begin() as work:
                await work.inbound.take_all(self._services.me, self._services.now())
        await self.resume()
        if not alone:
            self._pump.start()

    async def resume(self) -> None:
        """Answer what nobody has in hand, and hold on to what is being answered here."""
        now, me = self._services.now(), self._services.me
        async with self._services.store.begin() as work:
            left = await work.inbound.take(since=now - RESUMED_FOR, by=me, now=now)
        for item in left:
            self.begin(item.payload["event"], item.id)

    async def stop(self) -> None:
        """Wait for the answers in progress; one that takes longer is left to whoever is there."""
        await self._pump.stop()
        if self._in_progress:
            _, late = await asyncio.wait(self._in_progress.values(), timeout=ANSWER_LIMIT_S)
            for task in late:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        async with self._services.store.begin() as work:
            await work.inbound.let_go(self._services.me)

    async def _handle(self, said: Said, inbound_id: int, before: asyncio.Task[None] | None) -> None:
        """Answer a message, after what the same person said `before` in the same thread."""
        if before is not None:
            await asyncio.wait([before])
        try:
            async with told(lambda message: self._whisper(said, message), action="message"):
                await self._answer(said)
        except Exception:
            # even the apology could not be said: it stays unhandled, for the next start to answer
            log.exception("An answer could not be posted", action="unanswered")
            return
        async with self._services.store.begin() as work:
            await work.inbound.handled(inbound_id, self._services.now())

    async def _answer(self, said: Said) -> None:
        async with self._room:
            talk = await talks.recall(said.channel, said.thread_ts, said.user, self._services)
            ask = await self._asker(said, talk)
            zone = await self._zone(said, ask)
            meant = await talks.meant(said.text, talk, ask, zone, self._services)
        if meant is not None:
            await self._answer_meant(meant, ask, said, talk)
            return
        reading = await self._services.interpreter.read(  # may wait for a model, without room
            said.text,
            zone=zone,
            in_thread=ask.task is not None,
            addressed=said.concern in CALLED,
        )
        if isinstance(reading.intent, intents.Nothing) and said.concern not in CALLED:
            return
        if is_overheard(reading.intent, ask, said):
            return
        async with self._room:
            every = (reading, *reading.further)
            await self._act_on(every, replace(ask, zone=zone), said, talk)

    async def _act_on(
        self, readings: Sequence[Reading], ask: Ask, said: Said, talk: Talk | None
    ) -> None:
        """Answer the requests of one message in their order, as far as each can be."""
        so_far = Heard()
        deletes = [each.intent for each in readings if isinstance(each.intent, intents.DeleteTask)]
        if 1 < len(deletes) == len(readings) and await self._ask_at_once(deletes, ask, said, talk):
            return
        for number, each in enumerate(readings):
            key = f"{said.key}#{number}" if number else said.key
            async with told(lambda message: self._whisper(said, message), action="message"):
                one = for_agent(replace(ask, key=key), each.agent, said)
                so_far = await self._act(each, one, said, talk, so_far)
                if so_far.tasks:  # what "it" is then
                    ask = replace(ask, task=so_far.tasks[0], rivals=())

    async def _ask_at_once(
        self, deletes: Sequence[intents.DeleteTask], ask: Ask, said: Said, talk: Talk | None
    ) -> bool:
        """Ask about all deletes of a message in one question; False where each has its own."""
        async with told(lambda message: self._whisper(said, message), action="message"):
            reply = await requests.deleted(deletes, ask, self._services)
            if reply is None:
                return False
            await self._keep(Heard(asked=reply.asked), deletes[0], said, talk)
            await self._say(said, reply)
        return True

    async def _answer_meant(self, meant: Meant, ask: Ask, said: Said, talk: Talk | None) -> None:
        """Do what an answer comes to; a question is answered once, whoever is quicker."""
        async with self._room:
            if meant.answers is not None and not await self._is_first(meant, said):
                await self._whisper(said, await self._answered_already(meant.answers, said))
                return
            if isinstance(meant.answers, WhichTask) and talk is not None:
                talk = replace(talk, tasks=(*meant.answers.choices, *talk.tasks))
            if meant.press is not None:
                reply = await requests.pressed(meant.press, ask, self._services)
                if reply.asked is not None:
                    told_of = () if reply.about is None else (reply.about,)
                    heard = Heard(tasks=told_of, asked=reply.asked)
                    await self._keep(heard, ask.last or intents.Nothing(), said, talk)
                await self._say(said, reply)
                await show_present_cards(reply.changed, self._services)
                return
            if not meant.intents:
                await self._whisper(said, words.plain("Withdrawn; nothing changed."))
                return
            first = meant.intents[0]
            if meant.confirmed and isinstance(first, intents.DeleteTask):
                async with told(lambda message: self._whisper(said, message), action="message"):
                    await self._say(
                        said, await task_answers.delete_at_once(first, ask, self._services)
                    )
                return
            every = [Reading(intent=intent) for intent in meant.intents]
            await self._act_on(every, ask, said, talk)

    async def _is_first(self, meant: Meant, said: Said) -> bool:
        asked = meant.answers
        return asked is not None and await talks.settle(
            said.channel,
            said.user,
            self._services,
            fits=lambda each: each == asked,
            task=talks.task_of(asked),
            done=presses.does_to_many(meant.press),
        )

    async def _answered_already(self, asked: Asked, said: Said) -> Message:
        """Say that a question has its answer, and how its task stands."""
        number = talks.task_of(asked)
        if number is None:
            return cards.answered_already(None)
        async with self._services.store.read() as work:
            task = await work.tasks.get(TaskId(number))
        known = await self._services.gate.visible([] if task is None else [task], said.user)
        return cards.answered_already(known[0] if known else None)

    async def _act(
        self, reading: Reading, ask: Ask, said: Said, talk: Talk | None, so_far: Heard
    ) -> Heard:
        """Answer one request, and give what the message has heard by then."""
        reply = await readings.answer(reading, ask, self._services)
        spoken = await self._told_of(reply, said)
        asked = presses.asked_by(reply, spoken[0] if spoken else None, said.user)
        heard = so_far.and_then(spoken, asked)
        await self._keep(heard, reading.intent, said, talk)
        if reply is not None:  # kept before, so that an answer that comes at once finds it
            await self._say(said, reply)
        return heard

    async def _keep(self, heard: Heard, last: Intent, said: Said, talk: Talk | None) -> None:
        await talks.keep(
            talk,
            channel=said.channel,
            thread_ts=said.answer_in,
            person=said.user,
            tasks=heard.tasks,
            last=last,
            asked=heard.asked,
            services=self._services,
        )

    async def _told_of(self, reply: Reply | None, said: Said) -> list[Task]:
        """Give the task that an answer told of; a new one's card is owed to its own thread."""
        if reply is not None:
            return [] if reply.about is None else [reply.about]
        async with self._services.store.read() as work:
            made = await work.tasks.of_thread(said.channel, said.answer_in)
        return [] if made is None else [made]

    async def _asker(self, said: Said, talk: Talk | None) -> Ask:
        """Say who asks, where, and which task they have in mind: the thread's, or the last one."""
        directory = self._services.directory
        person = await directory.person(said.user)
        is_direct = said.concern is Concern.DIRECT
        await directory.witness(said.channel, said.user, is_direct=is_direct)
        subject = await subject_of(said, talk, self._services)
        return Ask(
            person=person,
            origin=Origin.MESSAGE,
            channel=said.channel,
            thread_ts=said.answer_in,
            key=said.key,
            task=subject.task,
            rivals=subject.rivals,
            last=None if talk is None else unpacked(talk.last),
        )

    async def _zone(self, said: Said, ask: Ask) -> str:
        if ask.task is not None and ask.task.channel == said.channel and said.thread_ts:
            return ask.task.zone
        return (await zone_in(said.channel, ask.person, self._services))[0]

    async def _say(self, said: Said, reply: Reply) -> None:
        speaker = self._services.speaker
        if reply.is_public:
            await speaker.answer(
                said.channel,
                reply.message,
                persona=reply.persona,
                thread_ts=said.answer_in,
                asker=said.user,
            )
        else:
            await self._whisper(said, reply.message, persona=reply.persona)

    async def _whisper(self, said: Said, message: Message, *, persona: str = "anna") -> None:
        await self._services.speaker.whisper(
            said.channel, said.user, message, persona=persona, thread_ts=said.thread_ts
        )


async def on_message(
    event: dict[str, Any], context: AsyncBoltContext, conversation: Conversation
) -> None:
    """Answer a message that was stored on its way in."""
    conversation.begin(event, context["inbound_id"])
