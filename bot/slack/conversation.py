"""Conversation: what people say to us, from the stored event to the answer.

Live events and those that a crash left unhandled take the same way through `begin`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncBoltContext

from bot.blocks import cards, words
from bot.blocks.cards import Message
from bot.intent import intents
from bot.intent.reading import Reading
from bot.intent.talk import Asked, Meant
from bot.services import Services
from bot.slack import mentions, presses, readings, requests, talks, task_answers
from bot.slack.asking import Ask, Reply, zone_in
from bot.slack.edge import told
from bot.slack.mentions import Concern, Said
from scheduler.pump import Pump
from storage.records import Origin, Person, Task, TaskId
from storage.talks import Talk

ANSWER_LIMIT_S = 10.0
AT_ONCE = 4
"""How many messages are answered at a time, so that a burst leaves room to acknowledge."""
RESUMED_FOR = timedelta(days=1)
RESUMED_EVERY_S = 10.0
_CALLED = (Concern.MENTION, Concern.DIRECT)

log = structlog.get_logger(__name__)


class Conversation:
    """Answers messages, each in a task of its own that `stop` waits for."""

    def __init__(self, services: Services, *, bot_user: str, team: str) -> None:
        self._services = services
        self._bot_user = bot_user
        self._team = team
        self._in_progress: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._pump = Pump("resume", self.resume, every_s=RESUMED_EVERY_S)

    def begin(self, event: dict[str, Any], inbound_id: int) -> None:
        """Answer a stored event, in the background; one that is being answered is left alone."""
        if inbound_id in self._in_progress:
            return
        said = mentions.said(
            event, team=self._team, bot_user=self._bot_user, personas=self._services.profiles
        )
        task = asyncio.ensure_future(self._handle(said, inbound_id))
        self._in_progress[inbound_id] = task
        task.add_done_callback(lambda _: self._in_progress.pop(inbound_id))

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

    async def _handle(self, said: Said, inbound_id: int) -> None:
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
            ask = await self._asker(said)
            zone = await self._zone(said, ask)
            talk = await talks.recall(said.channel, said.thread_ts, said.user, self._services)
            meant = await talks.meant(said.text, talk, ask, zone, self._services)
        if meant is not None:
            await self._answer_meant(meant, ask, said, talk)
            return
        reading = await self._services.interpreter.read(  # may wait for a model, without room
            said.text,
            zone=zone,
            in_thread=ask.task is not None,
            addressed=said.concern in _CALLED,
        )
        if isinstance(reading.intent, intents.Nothing) and said.concern not in _CALLED:
            return
        ask = replace(ask, zone=zone)
        async with self._room:
            for number, each in enumerate((reading, *reading.further)):
                key = f"{said.key}#{number}" if number else said.key
                async with told(lambda message: self._whisper(said, message), action="message"):
                    one = replace(ask, key=key, persona=each.agent)
                    spoken = await self._act(each, one, said, talk)
                    ask = replace(ask, task=spoken[0]) if spoken else ask  # what "it" is then

    async def _answer_meant(self, meant: Meant, ask: Ask, said: Said, talk: Talk | None) -> None:
        """Do what an answer comes to; a question is answered once, whoever is quicker."""
        async with self._room:
            if meant.answers is not None and not await self._is_first(meant.answers, said):
                await self._whisper(said, await self._answered_already(meant.answers, said))
                return
            if meant.press is not None:
                reply = await requests.pressed(meant.press, ask, self._services)
                await self._say(said, reply)
                return
            if not meant.intents:
                await self._whisper(said, words.plain("Withdrawn; nothing changed."))
                return
            for number, intent in enumerate(meant.intents):
                key = f"{said.key}#{number}" if number else said.key
                async with told(lambda message: self._whisper(said, message), action="message"):
                    one = replace(ask, key=key)
                    if meant.confirmed and isinstance(intent, intents.DeleteTask):
                        reply = await task_answers.delete_at_once(intent, one, self._services)
                        await self._say(said, reply)
                        continue
                    await self._act(Reading(intent=intent), one, said, talk)

    async def _is_first(self, asked: Asked, said: Said) -> bool:
        number = talks.task_of(asked)
        return await talks.settle(
            said.channel, said.user, self._services, fits=lambda each: each == asked, task=number
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

    async def _act(self, reading: Reading, ask: Ask, said: Said, talk: Talk | None) -> list[Task]:
        """Answer one request, and give the tasks that the answer told of."""
        reply = await readings.answer(reading, ask, self._services)
        spoken = await self._told_of(reply, said)
        await talks.keep(
            talk,
            channel=said.channel,
            thread_ts=said.answer_in,
            person=said.user,
            tasks=spoken,
            last=reading.intent,
            asked=presses.asked_by(reply, spoken[0] if spoken else None, said.user),
            services=self._services,
        )
        if reply is not None:  # kept before, so that an answer that comes at once finds it
            await self._say(said, reply)
        return spoken

    async def _told_of(self, reply: Reply | None, said: Said) -> list[Task]:
        """Give the task that an answer told of; a new one's card is owed to its own thread."""
        if reply is not None:
            return [] if reply.about is None else [reply.about]
        async with self._services.store.read() as work:
            made = await work.tasks.of_thread(said.channel, said.answer_in)
        return [] if made is None else [made]

    async def _asker(self, said: Said) -> Ask:
        """Say who asks, where, and which task they have in mind: the thread's, or the last one."""
        person, task = await self._who_and_what(said)
        if task is None and said.concern in _CALLED:
            spoken = await talks.spoken_of(said.channel, said.thread_ts, said.user, self._services)
            task = spoken[0] if spoken else None
        return Ask(
            person=person,
            origin=Origin.MESSAGE,
            channel=said.channel,
            thread_ts=said.answer_in,
            key=said.key,
            task=task,
        )

    async def _zone(self, said: Said, ask: Ask) -> str:
        if ask.task is not None and ask.task.channel == said.channel and said.thread_ts:
            return ask.task.zone
        return (await zone_in(said.channel, ask.person, self._services))[0]

    async def _who_and_what(self, said: Said) -> tuple[Person, Task | None]:
        """Say who speaks, and which task the thread is about."""
        directory = self._services.directory
        person = await directory.person(said.user)
        is_direct = said.concern is Concern.DIRECT
        await directory.witness(said.channel, said.user, is_direct=is_direct)
        if said.thread_ts is None:
            return person, None
        root = mentions.root_key(said.key, said.channel, said.thread_ts)
        async with self._services.store.read() as work:
            task = await work.tasks.of_thread(said.channel, said.thread_ts)
            return person, task or await work.tasks.of_request(root)  # it may post elsewhere

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
