"""A person at the local Slack's page: says things, reads, clicks, and waits for what is to come."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from aiohttp import ClientSession

FINOPS, PLATFORM, GENERAL = "C0FINOPS", "C0PLATFORM", "C0GENERAL"
LIMIT_S = 40.0
_MARKED_ID = re.compile(r"\b([TR])-(\d+)\b")

Message = dict[str, Any]
Look = Callable[[Message], bool]
Found = TypeVar("Found")


def words_of(message: Message) -> str:
    """Give all text a message shows, as Slack keeps it."""
    parts = [str(message["text"]), *_texts(message["blocks"] or [])]
    return "\n".join(parts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def labels_of(message: Message) -> list[str]:
    """Give what stands on a message's buttons, from left to right."""
    return [element["text"]["text"] for _, element in _elements(message) if "text" in element]


def number_in(message: Message, letter: str) -> int:
    """Give the number of the first task (T) or run (R) that a message names."""
    found = [int(number) for each, number in _MARKED_ID.findall(words_of(message))
             if each == letter]  # fmt: skip
    assert found, f"no {letter}-number in {words_of(message)}"
    return found[0]


def _elements(message: Message) -> Iterator[tuple[str, Message]]:
    for block in message["blocks"] or []:
        found = block.get("elements", []) if block["type"] == "actions" else []
        for element in (*found, block.get("accessory", {})):
            if "action_id" in element:
                yield block["block_id"], element


def saying(*words: str, bot: bool = True) -> Look:
    """Look for a message, by the bot unless told otherwise, that holds all of these words."""

    def look(message: Message) -> bool:
        return message["bot"] is bot and all(word in words_of(message) for word in words)

    return look


class Persona:
    """One person, in their own browser."""

    def __init__(self, session: ClientSession, url: str, user: str) -> None:
        self.user = user
        self.dm = f"D0{user.removeprefix('U0')}"
        self._session = session
        self._url = url

    async def say(self, text: str, channel: str = FINOPS, *, thread_ts: str | None = None) -> str:
        """Say something and give its time, which is also the name of its thread."""
        answer = await self._post("say", channel=channel, text=text, thread_ts=thread_ts)
        assert answer["ok"], answer
        return str(answer["ts"])

    async def slash(self, text: str, channel: str = FINOPS) -> None:
        """Run /tasks; it must be acknowledged."""
        answer = await self._post("slash", channel=channel, command="/tasks", text=text)
        assert answer["ok"], answer

    async def command(self, text: str, channel: str = FINOPS) -> Message:
        """Type one of Slack's own commands, such as /invite; gives what Slack says to it."""
        return await self._post("say", channel=channel, text=text)

    async def see_home(self, look: Look) -> Message:
        """Open the app's Home tab and wait until it shows what is looked for."""
        live = self._session.ws_connect(f"{self._url}/ui/live?as={self.user}")
        async with asyncio.timeout(LIMIT_S), live as news:
            view = (await self._post("home", tab="home"))["view"]
            while view is None or not look(_as_message(view)):
                told = await news.receive_json()
                if told["type"] == "view" and told["action"] == "home":
                    view = told["view"]
            return _as_message(view)

    async def press(self, view: Message, label: str) -> Message:
        """Press a button of a Home or a form, or choose a line of its ⋯ menu."""
        given = next(_clicks(view, label), None)
        assert given is not None, f"no “{label}” among {labels_of(view)}"
        return await self._post("view", view_id=view["id"], **{**given, "action": "act"})

    async def read(self, channel: str = FINOPS, thread_ts: str | None = None) -> list[Message]:
        """Give what stands in a channel or a thread, from the oldest."""
        query = {"as": self.user, "channel": channel}
        if thread_ts is not None:
            query["thread_ts"] = thread_ts
        async with self._session.get(f"{self._url}/ui/messages", params=query) as response:
            shown: list[Message] = (await response.json())["messages"]
            return shown

    async def find(
        self, look: Look, channel: str = FINOPS, thread_ts: str | None = None
    ) -> list[Message]:
        """Give the messages that are looked for and stand there now."""
        return [each for each in await self.read(channel, thread_ts) if look(each)]

    async def see(
        self, look: Look, channel: str = FINOPS, thread_ts: str | None = None, *, count: int = 1
    ) -> Message:
        """Wait until that many such messages stand there, and give the last of them."""

        async def enough() -> Message | None:
            found = await self.find(look, channel, thread_ts)
            return found[-1] if len(found) >= count else None

        try:
            return await self.until(enough)
        except TimeoutError:
            shown = [words_of(each) for each in await self.read(channel, thread_ts)]
            raise AssertionError(f"not seen in {channel}, where there is: {shown}") from None

    async def until(
        self, look: Callable[[], Awaitable[Found | None]], *, within: float = LIMIT_S
    ) -> Found:
        """Look at each piece of news, and once in a while, until something is found."""
        live = self._session.ws_connect(f"{self._url}/ui/live?as={self.user}")
        async with asyncio.timeout(within), live as news:
            while (found := await look()) is None:
                with suppress(TimeoutError):
                    await news.receive(timeout=0.25)
            return found

    async def click(self, message: Message, label: str) -> Message:
        """Press a button, or choose a line of the ⋯ menu, by what stands on it."""
        given = next(_clicks(message, label), None)
        assert given is not None, f"no “{label}” among {labels_of(message)}"
        where = {"channel": message["channel"], "message_ts": message["ts"]}
        return await self._post("click", **where, **given)

    async def open_form(self, message: Message, label: str) -> Message:
        """Press a button that opens a form, and give the form."""
        return await self._opened(lambda: self.click(message, label))

    async def form_by_command(self, text: str, channel: str = FINOPS) -> Message:
        """Run /tasks with words that open a form, and give the form."""
        return await self._opened(lambda: self.slash(text, channel))

    async def _opened(self, act: Callable[[], Awaitable[Message | None]]) -> Message:
        live = self._session.ws_connect(f"{self._url}/ui/live?as={self.user}")
        async with asyncio.timeout(LIMIT_S), live as news:
            done = await act()
            assert done is None or done["ok"]
            while True:
                told = await news.receive_json()
                if told["type"] == "view" and (told.get("view") or {}).get("submit"):
                    view: Message = told["view"]
                    return view

    async def submit(self, view: Message, **changed: str) -> Message:
        """Send a form with these fields changed; the answer says whether it was taken."""
        values = {
            block["block_id"]: {
                block["element"]["action_id"]: _state(
                    block["element"], changed.get(block["block_id"])
                )
            }
            for block in view["blocks"]
            if block["type"] == "input"
        }
        return await self._post("view", view_id=view["id"], action="submit", values=values)

    async def open_home(self) -> Message | None:
        """Open the app's Home tab, and give what it shows at that moment."""
        view: Message | None = (await self._post("home", tab="home"))["view"]
        return view

    async def home(self) -> Message:
        """Open the app's Home tab, and give it once there is one."""
        return await self.until(self.open_home)

    async def file(self, url: str) -> str:
        """Read a file that was attached."""
        async with self._session.get(self._url + url) as response:
            return await response.text()

    async def _post(self, what: str, **body: Any) -> dict[str, Any]:
        async with self._session.post(
            f"{self._url}/ui/{what}", json={"as": self.user, **body}
        ) as response:
            answer: dict[str, Any] = await response.json()
            return answer


_SLOTS = {
    "plain_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "static_select": ("selected_option", "initial_option"),
}


def _state(element: Message, changed: str | None) -> Message:
    """Give what an input of a form holds when it is sent."""
    slot, initial = _SLOTS[element["type"]]
    held = element.get(initial) if changed is None else changed or None
    if element["type"] == "static_select" and changed is not None:
        [held] = [option for option in element["options"] if option["value"] == changed]
    return {"type": element["type"], slot: held}


def _as_message(view: Message) -> Message:
    return {"text": "", "bot": True} | view


def _clicks(message: Message, label: str) -> Iterator[dict[str, Any]]:
    for block_id, element in _elements(message):
        given = {
            "block_id": block_id,
            "action_id": element["action_id"],
            "type": element["type"],
        }
        if element.get("text", {}).get("text") == label:
            yield given | {"value": element["value"]}
        for option in element.get("options", []):
            if option["text"]["text"] == label:
                yield given | {"selected_option": option}
