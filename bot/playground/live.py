"""What the browsers see at once: every change, pushed to the people who may see it."""

from __future__ import annotations

import asyncio

from aiohttp import WSMsgType, web

from bot.playground.entities import Json, Message
from bot.playground.workspace import Change, ChangeKind, Workspace

HEARTBEAT_S = 20.0


class Live:
    """Keeps the browsers' sockets, each with the person it shows."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._queues: dict[asyncio.Queue[Json | None], str] = {}

    async def serve(self, request: web.Request, person: str) -> web.StreamResponse:
        """Hold one browser's socket and push to it until it closes."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S)
        await socket.prepare(request)
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._queues[queue] = person
        try:
            async with asyncio.TaskGroup() as group:
                pushing = group.create_task(_push(queue, socket))
                async for message in socket:
                    if message.type is WSMsgType.ERROR:
                        break
                pushing.cancel()
        finally:
            del self._queues[queue]
        return socket

    def on_change(self, change: Change) -> None:
        """Push a changed message, and the state of the thread it stands in."""
        message = change.message
        for news in self._news(change):
            self._push(news, self._audience(message))

    def on_places(self) -> None:
        """Tell every browser that people or channels are no longer as they were."""
        self.push_to_all({"type": "places"})

    def push_to(self, person: str, news: Json) -> None:
        """Push something that only one person sees, such as a modal."""
        self._push(news, {person})

    def push_to_all(self, news: Json) -> None:
        """Push something that everybody sees."""
        self._push(news, set(self._workspace.people))

    def stop(self) -> None:
        """Let every browser go."""
        for queue in self._queues:
            queue.put_nowait(None)

    def _news(self, change: Change) -> list[Json]:
        message = change.message
        where = {"channel": message.channel, "ts": message.ts}
        shown = page_message(message, self._workspace)
        if change.kind is ChangeKind.REACTED:
            return [{"type": "reaction", "message": shown, **where}]
        if change.kind is ChangeKind.DELETED:
            kind = "ephemeral_deleted" if message.ephemeral_to else "deleted"
            return [{"type": kind, **where}, *self._thread_news(message)]
        if change.kind is ChangeKind.CHANGED:
            return [{"type": "changed", "message": shown}]
        kind = "ephemeral" if message.ephemeral_to else "message"
        return [{"type": kind, "message": shown}, *self._thread_news(message)]

    def _thread_news(self, message: Message) -> list[Json]:
        if not message.is_reply or message.ephemeral_to:
            return []
        thread = {"channel": message.channel, "thread_ts": message.thread_ts}
        facts = thread_facts(message.channel, str(message.thread_ts), self._workspace)
        return [{"type": "thread", **thread, **facts}]

    def _audience(self, message: Message) -> set[str]:
        if message.ephemeral_to:
            return {message.ephemeral_to}
        return set(self._workspace.channels[message.channel].members)

    def _push(self, news: Json, people: set[str]) -> None:
        for queue, person in self._queues.items():
            if person in people:
                queue.put_nowait(news)


async def _push(queue: asyncio.Queue[Json | None], socket: web.WebSocketResponse) -> None:
    while (news := await queue.get()) is not None:
        try:
            await socket.send_json(news)
        except ConnectionError:
            return
    await socket.close()


def thread_facts(channel: str, ts: str, workspace: Workspace) -> Json:
    """Say how many replies a thread has, who wrote them, and when the last one came."""
    replies = workspace.replies(channel, ts)
    return {
        "reply_count": len(replies),
        "latest_reply": replies[-1].ts if replies else None,
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
    }


def page_message(message: Message, workspace: Workspace) -> Json:
    """Show a message as the browser page reads it."""
    files = [workspace.files[each] for each in message.files]
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "bot": workspace.people[message.user].is_bot,
        "username": message.username,
        "icon_emoji": message.icon_emoji,
        "text": message.text,
        "subtype": message.subtype,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "reply_broadcast": message.reply_broadcast,
        **thread_facts(message.channel, message.ts, workspace),
        "edited": message.edited_ts is not None,
        "ephemeral": message.ephemeral_to is not None,
        "files": [
            {
                "id": file.id,
                "name": file.name,
                "mimetype": file.mimetype,
                "size": file.size,
                "url": f"/ui/file/{file.id}",
            }
            for file in files
        ],
        "reactions": [
            {"name": name, "users": list(users)} for name, users in message.reactions.items()
        ],
        "metadata": message.metadata,
    }
