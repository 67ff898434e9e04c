"""What listeners and routes are handed: one frozen bundle, made by `bot.assemble`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.directory import SlackDirectory
from bot.llm.interpreter import Interpreter
from bot.speaker import Speaker
from scheduler.agents.agent import Profile
from scheduler.bulk import Bulk
from scheduler.gate import Gate
from scheduler.many import Many
from scheduler.now import Now
from scheduler.planner import Planner
from scheduler.shelf import Shelf
from scheduler.warden import Warden
from scheduler.watch import Watch
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a listener may use: it reads through `store` and writes through `planner`.

    `me` is this process's name among those on the same database.
    """

    me: str
    store: Store
    planner: Planner
    bulk: Bulk
    many: Many
    shelf: Shelf
    gate: Gate
    warden: Warden
    watch: Watch
    directory: SlackDirectory
    interpreter: Interpreter
    speaker: Speaker
    profiles: Mapping[str, Profile]
    zone: str
    now: Now
