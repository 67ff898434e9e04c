"""What a person sends from the composer: a message, or a command of the app's or of Slack's own."""

from __future__ import annotations

from bot.playground.calls import SlackError
from bot.playground.entities import Json, Message
from bot.playground.grants import Grants
from bot.playground.interactions import Interactions
from bot.playground.places import Places
from bot.playground.typed import to_wire
from bot.playground.workspace import Workspace


class Sayings:
    """Puts what people write where it belongs."""

    def __init__(
        self, workspace: Workspace, interactions: Interactions, places: Places, grants: Grants
    ) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self._places = places
        self._grants = grants
        self._own = {
            "/invite": self._invite,
            "/remove": self._remove,
            "/kick": self._remove,
            "/leave": self._leave,
            "/archive": self._archive,
            "/unarchive": self._unarchive,
            "/rename": self._rename,
        }

    def knows(self, command: str, person: str) -> bool:
        """Say whether the app has a command, and the person is of its workspace."""
        is_ours = not self._workspace.people[person].is_stranger
        commands = self._workspace.app.commands if self._grants.has("commands") else ()
        return is_ours and any(each.command == command for each in commands)

    async def say(
        self, person: str, channel: str, text: str, *, thread_ts: str | None = None
    ) -> Json:
        """Post as a person, or run the command the text begins with."""
        first, _, rest = text.strip().partition(" ")
        if self.knows(first, person):
            done = await self._interactions.slash(
                person, channel, first, rest.strip(), thread_ts=thread_ts
            )
            return {"ok": done}
        if own := self._own.get(first):
            try:
                own(person, channel, rest.strip())
            except SlackError as failure:
                return {"ok": False, "error": failure.error}
            return {"ok": True}
        if not text.strip():
            return {"ok": False, "error": "no_text"}
        return self._post(person, channel, text, thread_ts)

    def _post(self, person: str, channel: str, text: str, thread_ts: str | None) -> Json:
        workspace = self._workspace
        if workspace.channels[channel].is_archived:
            return {"ok": False, "error": "is_archived"}
        root = workspace.message(channel, thread_ts) if thread_ts else None
        if thread_ts and (root is None or root.ephemeral_to is not None):
            return {"ok": False, "error": "thread_not_found"}
        message = workspace.post(
            Message(
                ts=workspace.next_ts(),
                channel=channel,
                user=person,
                text=to_wire(text, workspace.people.values(), workspace.visible_to(person)),
                thread_ts=(root.thread_ts or root.ts) if root else None,
            )
        )
        workspace.mark_read(person, channel)
        if f"<@{workspace.app.user}>" in message.text and not workspace.has_bot(channel):
            name = workspace.app.name
            advice = f"{name} is not in this channel and saw nothing. Add it: `/invite @{name}`"
            self._interactions.note(person, channel, advice, message.thread_ts)
        return {"ok": True, "ts": message.ts}

    def _invite(self, person: str, channel: str, rest: str) -> None:
        self._places.check_actor(channel, person)
        self._places.invite(channel, self._named(rest), person)

    def _remove(self, person: str, channel: str, rest: str) -> None:
        self._places.check_actor(channel, person)
        self._places.remove(channel, self._named(rest), person)

    def _leave(self, person: str, channel: str, _: str) -> None:
        self._places.remove(channel, person, person)

    def _archive(self, person: str, channel: str, _: str) -> None:
        self._places.check_actor(channel, person)
        self._places.archive(channel, person)

    def _unarchive(self, person: str, channel: str, _: str) -> None:
        self._places.check_actor(channel, person)
        self._places.unarchive(channel, person)

    def _rename(self, person: str, channel: str, rest: str) -> None:
        self._places.check_actor(channel, person)
        name = rest.removeprefix("#").lower()
        if not name:
            raise SlackError("invalid_name_required")
        self._places.rename(channel, name, person)

    def _named(self, name: str) -> str:
        wanted = name.removeprefix("@").lower()
        for person in self._workspace.people.values():
            if person.name == wanted and not person.deleted:
                return person.id
        raise SlackError("user_not_found")
