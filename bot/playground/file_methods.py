"""`files.*` and the upload address: a file comes in three steps, as Slack has it."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from bot.playground import shapes
from bot.playground.calls import Arguments, Method, SlackError
from bot.playground.chat_methods import ChatMethods
from bot.playground.entities import Channel, File, Json, Message
from bot.playground.workspace import Workspace, new_id


class FileMethods:
    """The methods that take files; messages with them are posted through `chat`."""

    def __init__(
        self, workspace: Workspace, chat: ChatMethods, base_url: Callable[[], str]
    ) -> None:
        self._workspace = workspace
        self._chat = chat
        self._base_url = base_url

    def table(self) -> dict[str, Method]:
        """Name the methods."""
        return {
            "files.getUploadURLExternal": Method(run=self.begin, scope="files:write"),
            "files.completeUploadExternal": Method(run=self.complete, scope="files:write"),
        }

    def begin(self, arguments: Arguments) -> Json:
        """Announce a file and give the address for its bytes."""
        name = arguments.required("filename")
        length = arguments.number("length", 0)
        if length < 1:
            raise SlackError("invalid_arguments")
        file = File(
            id=new_id("F"),
            name=name,
            title=name,
            mimetype=mimetypes.guess_type(name)[0] or "text/plain",
            size=length,
            user=self._workspace.app.user,
            created=int(self._workspace.clock()),
        )
        self._workspace.files[file.id] = file
        return {"upload_url": f"{self._base_url()}/upload/{file.id}", "file_id": file.id}

    async def receive(self, request: web.Request) -> web.Response:
        """Take the bytes of an announced file, as they are or as a form."""
        file = self._workspace.files.get(request.match_info["file"])
        if file is None or file.content is not None:
            raise web.HTTPNotFound(text="no such upload")
        content = await _bytes(request)
        if len(content) != file.size:
            raise web.HTTPBadRequest(text=f"announced {file.size} bytes, got {len(content)}")
        self._workspace.files[file.id] = replace(file, content=content)
        return web.Response(text=f"OK - {len(content)}")

    def complete(self, arguments: Arguments) -> Json:
        """Finish uploads, and share them in a channel if one is named."""
        files = [self._finished(each) for each in arguments.structure("files") or []]
        if not files:
            raise SlackError("invalid_arguments")
        channel = arguments.text("channel_id")
        place = self._chat.writable(channel) if channel else None
        self._workspace.files.update({file.id: file for file in files})
        if place:
            self._share(place, files, arguments)
        return {"files": [shapes.file(file) for file in files]}

    def _share(self, place: Channel, files: list[File], arguments: Arguments) -> None:
        self._workspace.post(
            Message(
                ts=self._workspace.next_ts(),
                channel=place.id,
                user=self._workspace.app.user,
                text=arguments.text("initial_comment") or "",
                thread_ts=self._chat.thread(arguments, place),
                files=tuple(file.id for file in files),
                username=arguments.text("username"),
                icon_emoji=arguments.text("icon_emoji"),
            )
        )

    def _finished(self, given: Json) -> File:
        file = self._workspace.files.get(given.get("id", ""))
        if file is None or file.content is None or file.completed:
            raise SlackError("file_not_found")
        return replace(file, title=given.get("title") or file.title, completed=True)


async def _bytes(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    raise web.HTTPBadRequest(text="no file in the form")
