"""What people do all day: they ask, click, edit, chat, and click once more."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from aiohttp import ClientSession

from tests.journeys.persona import Message, Persona, labels_of, words_of

_CHATTER = (
    "lunch anyone?", "the daily report looks weird", "@alex thanks!", "nothing ran at 8 today?",
    "<!here> deploy at 5", "@tony lgtm", "see you at 10",
)  # fmt: skip
_EDITS = (
    "make it {h}:{m:02} instead",
    "weekdays only",
    "every day",
    "set the timeout to 5 minutes",
)
_ASKS = ("list", "next", "help", "list failing", "zone", "list mine", "why service {n}", "show 1")
_MENTIONS = (
    "@Chatcron why didn't service {n} run?", "@Chatcron what runs next?", "@Chatcron blub {n}",
    "@Chatcron pause service {n}", "@Chatcron resume service {n}", "@Chatcron run service {n}",
)  # fmt: skip
_CLICKS = ("Run now", "Pause", "Resume", "History", "Why", "Undo", "Keep", "08:00")


@dataclass
class Crowd:
    """People at random acts; `done` counts them by kind, `refused` what the wire would not take."""

    session: ClientSession
    url: str
    homes: dict[str, list[str]]
    random: Random
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    async def live(self, until: Callable[[], bool], pause_s: float) -> None:
        """Let one person after the other do something."""
        acts = (
            self._chat,
            self._edit,
            self._ask,
            self._mention,
            self._click,
            self._form,
            self._home,
        )
        while not until():
            resident = self.random.choice(list(self.homes))
            act = self.random.choice(acts)
            await self._do(act, Persona(self.session, self.url, resident))
            await asyncio.sleep(self.random.uniform(0, 2 * pause_s))

    async def _do(self, act: Callable[[Persona, str], Awaitable[None]], who: Persona) -> None:
        kind = act.__name__.strip("_")
        channel = self.random.choice(self.homes[who.user])
        try:
            await act(who, channel)
        except (AssertionError, TimeoutError, LookupError) as error:
            self.refused[f"{kind}: {str(error)[:60] or type(error).__name__}"] += 1
        else:
            self.done[kind] += 1

    async def _chat(self, who: Persona, channel: str) -> None:
        await who.say(self.random.choice(_CHATTER), channel)

    async def _ask(self, who: Persona, channel: str) -> None:
        await who.slash(self.random.choice(_ASKS).format(n=self._number()), channel)

    async def _mention(self, who: Persona, channel: str) -> None:
        await who.say(self.random.choice(_MENTIONS).format(n=self._number()), channel)

    async def _edit(self, who: Persona, channel: str) -> None:
        card = await self._card(who, channel)
        if card is not None:
            said = self.random.choice(_EDITS)
            hour, minute = self.random.randrange(24), self.random.randrange(60)
            await who.say(said.format(h=hour, m=minute), channel, thread_ts=card["thread_ts"])

    async def _click(self, who: Persona, channel: str) -> None:
        card = await self._card(who, channel)
        offered = [] if card is None else [each for each in _CLICKS if each in words_of(card)]
        if card is not None and offered:
            await who.click(card, self.random.choice(offered))

    async def _form(self, who: Persona, channel: str) -> None:
        card = await self._card(who, channel)
        if card is not None and "Edit" in labels_of(card):
            form = await who.open_form(card, "Edit")
            await who.submit(form, retries=self.random.choice(("0", "1", "99")))

    async def _home(self, who: Persona, _: str) -> None:
        await who.open_home()

    async def _card(self, who: Persona, channel: str) -> Message | None:
        """Find a card in one of the channel's threads, as somebody scrolling up would."""
        asked = [each for each in await who.read(channel) if "@Chatcron" in words_of(each)
                 or "<@U0BOT>" in words_of(each)]  # fmt: skip
        if not asked:
            return None
        thread = await who.read(channel, self.random.choice(asked)["ts"])
        cards = [each for each in thread if each["bot"] and "· T-" in words_of(each)]
        return self.random.choice(cards) if cards else None

    def _number(self) -> int:
        return self.random.randrange(500)
