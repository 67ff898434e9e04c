"""The local Slack's memory across restarts: one JSON file, written whole, at most once a second."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode, b64encode
from dataclasses import asdict
from pathlib import Path

from bot.playground.entities import Channel, ChannelKind, File, Json, Message, Person
from bot.playground.workspace import Change, Workspace

WRITE_EVERY_S = 1.0


class BrokenState(Exception):
    """The saved state is no state of a workspace."""


class StateFile:
    """Reads a workspace's state at the start and writes it after changes."""

    def __init__(self, path: Path, workspace: Workspace) -> None:
        self._path = path
        self._workspace = workspace
        self._due: asyncio.TimerHandle | None = None

    def load(self) -> None:
        """Put the saved state into the workspace, if there is any.

        Raises BrokenState for a file that can't be read; it is kept beside, as ".broken".
        """
        if not self._path.exists():
            return
        try:
            self._restore(json.loads(self._path.read_text(encoding="utf-8")))
        except (ValueError, LookupError, TypeError, AttributeError) as wrong:
            kept = self._path.with_suffix(self._path.suffix + ".broken")
            self._path.replace(kept)
            raise BrokenState(
                f"The local Slack's memory could not be read; it is kept as {kept}. Start again"
                " with --fresh: the demo then begins anew."
            ) from wrong

    def _restore(self, saved: Json) -> None:
        for person in saved.get("people", ()):
            self._workspace.people[person["id"]] = Person(**person)
        for channel in saved["channels"]:
            read = _channel(channel)
            self._workspace.channels[read.id] = read
        for file in saved["files"]:
            self._workspace.files[file["id"]] = _file(file)
        for message in saved["messages"]:
            self._workspace.restore(_message(message))

    def on_change(self, _: Change | None = None) -> None:
        """Write within a second, however many changes come till then."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(WRITE_EVERY_S, self.write)

    def write(self) -> None:
        """Write the state now, so that a crash leaves the old file or the new one."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        workspace = self._workspace
        state = {
            "people": [asdict(each) for each in workspace.people.values()],
            "channels": [asdict(each) for each in workspace.channels.values()],
            "files": [_saved(each) for each in workspace.files.values()],
            "messages": [
                asdict(message)
                for channel in workspace.channels
                for message in workspace.messages(channel)
            ],
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(self._path.suffix + ".new")
        fresh.write_text(json.dumps(state), encoding="utf-8")
        fresh.replace(self._path)


def _saved(file: File) -> Json:
    content = None if file.content is None else b64encode(file.content).decode()
    return asdict(file) | {"content": content}


def _file(saved: Json) -> File:
    content = saved["content"]
    return File(**(saved | {"content": None if content is None else b64decode(content)}))


def _channel(saved: Json) -> Channel:
    fixed = {"kind": ChannelKind(saved["kind"]), "members": tuple(saved["members"])}
    return Channel(**(saved | fixed))


def _message(saved: Json) -> Message:
    reactions = {name: tuple(users) for name, users in saved["reactions"].items()}
    return Message(**(saved | {"files": tuple(saved["files"]), "reactions": reactions}))
