"""Speaker: says things in Slack as one of the agents, for the listeners and the Slack outlet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.cards import Message
from scheduler.agents.agent import Profile

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, "link_names": False}

log = structlog.get_logger(__name__)


class Speaker:
    """Posts under an agent's name and icon; without that scope, with the name before the text."""

    def __init__(self, client: AsyncWebClient, profiles: Mapping[str, Profile]) -> None:
        self.client = client
        self._profiles = profiles
        self._has_faces = True

    async def say(
        self,
        channel: str,
        message: Message,
        *,
        persona: str,
        thread_ts: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> tuple[str, str]:
        """Post for all to see; returns the channel and the time of the message."""
        extra = {} if metadata is None else {"metadata": metadata}
        answer = await self._speak(
            "chat.postMessage", message, persona, channel=channel, thread_ts=thread_ts, **extra
        )
        return str(answer["channel"]), str(answer["ts"])

    async def answer(
        self, channel: str, message: Message, *, persona: str, thread_ts: str | None, asker: str
    ) -> None:
        """Post in the thread of what was asked; where that is gone, only the asker sees it."""
        try:
            await self.say(channel, message, persona=persona, thread_ts=thread_ts)
        except SlackApiError as error:
            if error.response.get("error") != "thread_not_found":
                raise
            await self.whisper(channel, asker, message, persona=persona)

    async def whisper(
        self,
        channel: str,
        person: str,
        message: Message,
        *,
        persona: str,
        thread_ts: str | None = None,
    ) -> None:
        """Say something that only `person` sees; in a direct message it is an ordinary message."""
        if channel.startswith("D"):
            await self.say(channel, message, persona=persona, thread_ts=thread_ts)
            return
        await self._speak(
            "chat.postEphemeral",
            message,
            persona,
            channel=channel,
            user=person,
            thread_ts=thread_ts,
        )

    async def change(self, channel: str, ts: str, message: Message) -> bool:
        """Show something else in a message that was said before; False when it could not be."""
        arguments = {"channel": channel, "ts": ts, **message.arguments()}
        try:
            await self.client.api_call("chat.update", json=arguments)
        except (SlackApiError, ClientError, OSError, TimeoutError):
            log.warning(
                "A message could not be brought up to date", action="not_changed", exc_info=True
            )
            return False
        return True

    async def _speak(
        self, method: str, message: Message, persona: str, **where: Any
    ) -> Mapping[str, Any]:
        arguments = {key: value for key, value in where.items() if value is not None} | QUIET
        if self._has_faces:
            try:
                face = self._face(persona)
                said = await self.client.api_call(
                    method, json={**arguments, **message.arguments(), **face}
                )
            except SlackApiError as error:
                if error.response.get("error") != "missing_scope":
                    raise
                log.warning(
                    "The scope chat:write.customize is missing; names stand before the text",
                    action="no_faces",
                )
                self._has_faces = False
            else:
                return _body(said.data)
        said = await self.client.api_call(
            method, json={**arguments, **self._named(message, persona).arguments()}
        )
        return _body(said.data)

    def _face(self, persona: str) -> dict[str, str]:
        profile = self._profiles.get(persona)
        if profile is None:
            return {}
        return {"username": profile.shown, "icon_emoji": profile.emoji}

    def _named(self, message: Message, persona: str) -> Message:
        profile = self._profiles.get(persona)
        if profile is None:
            return message
        name = f"*{profile.shown}:* "
        blocks = list(message.blocks)
        if blocks and blocks[0]["type"] == "section":
            text = blocks[0]["text"]
            blocks[0] = {**blocks[0], "text": {**text, "text": name + text["text"]}}
        return Message(text=name + message.text, blocks=tuple(blocks))


def _body(data: object) -> Mapping[str, Any]:
    assert isinstance(data, dict)
    return data
