"""What a person sends from the composer: a message, a slash command, or an invitation."""

from __future__ import annotations

from bot.playground.entities import Json, Message
from bot.playground.events import Events
from bot.playground.interactions import Interactions
from bot.playground.typed import to_wire
from bot.playground.workspace import Workspace


class Sayings:
    """Puts what people write where it belongs."""

    def __init__(self, workspace: Workspace, interactions: Interactions, events: Events) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self._events = events

    def knows(self, command: str) -> bool:
        """Say whether the app has a command."""
        return any(each.command == command for each in self._workspace.app.commands)

    async def say(
        self, person: str, channel: str, text: str, *, thread_ts: str | None = None
    ) -> Json:
        """Post as a person, or run the command the text begins with."""
        first, _, rest = text.strip().partition(" ")
        if self.knows(first):
            done = await self._interactions.slash(
                person, channel, first, rest.strip(), thread_ts=thread_ts
            )
            return {"ok": done}
        if first in ("/invite", "/remove"):
            return self._move(person, channel, rest.strip(), joined=first == "/invite")
        if not text.strip():
            return {"ok": False, "error": "no_text"}
        return self._post(person, channel, text, thread_ts)

    def _post(self, person: str, channel: str, text: str, thread_ts: str | None) -> Json:
        workspace = self._workspace
        if workspace.channels[channel].is_archived:
            return {"ok": False, "error": "is_archived"}
        root = workspace.message(channel, thread_ts) if thread_ts else None
        if thread_ts and root is None:
            return {"ok": False, "error": "thread_not_found"}
        message = workspace.post(
            Message(
                ts=workspace.next_ts(),
                channel=channel,
                user=person,
                text=to_wire(text, workspace.people.values(), workspace.channels.values()),
                thread_ts=(root.thread_ts or root.ts) if root else None,
            )
        )
        workspace.mark_read(person, channel)
        return {"ok": True, "ts": message.ts}

    def _move(self, person: str, channel: str, name: str, *, joined: bool) -> Json:
        workspace = self._workspace
        wanted = name.removeprefix("@").lower()
        for other in workspace.people.values():
            if other.name == wanted:
                workspace.set_member(channel, other.id, joined=joined)
                if joined:
                    self._events.joined(workspace.channels[channel], other.id, person)
                return {"ok": True}
        return {"ok": False, "error": "user_not_found"}
