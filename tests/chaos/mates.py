"""Mates: processes of a crew, forked from one that has loaded everything, so that a start is quick.

Each is a process of its own, which a signal stops or kills as it would any other.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.chaos import crew

START_LIMIT_S = 40.0
STOP_LIMIT_S = 30.0

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.chaos.crew", "procrastinate"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mate:
    """One process of a crew; what it writes goes to its file, first that it is up."""

    role: str
    file: Path
    process: ForkServerProcess

    @property
    def pid(self) -> int:
        """Give the number of the process."""
        assert self.process.pid is not None
        return self.process.pid

    @property
    def output(self) -> str:
        """Give everything it wrote so far."""
        return self.file.read_text(encoding="utf-8") if self.file.exists() else ""

    @property
    def is_up(self) -> bool:
        """Say whether it has begun its part."""
        return crew.UP in self.output

    async def up(self) -> None:
        """Wait until it has begun its part."""
        async with asyncio.timeout(START_LIMIT_S):
            while not self.is_up:
                assert self.process.is_alive(), self.output
                await asyncio.sleep(0.02)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    async def ended(self) -> int | None:
        """Wait for its end, and give its code; None where it has not ended in time."""
        await asyncio.to_thread(self.process.join, STOP_LIMIT_S)
        return self.process.exitcode


@dataclass
class Crew:
    """The processes on one database; whoever is left aboard at the end is killed."""

    url: str
    folder: Path
    mates: list[Mate] = field(default_factory=list)
    hired: int = 0

    @classmethod
    @contextmanager
    def on(cls, url: str, folder: Path) -> Iterator[Crew]:
        """Give a crew that is yet to be hired; the files of its mates go to the folder."""
        whole = cls(url, folder)
        try:
            yield whole
        finally:
            for mate in whole.mates:
                if mate.process.is_alive():
                    mate.process.kill()
                mate.process.join(STOP_LIMIT_S)

    def hire(self, role: str, *, waits_in: Path | None = None) -> Mate:
        """Start one more; its agent waits in the folder for a file named `go`, if one is given."""
        self.hired += 1
        file = self.folder / f"{self.hired}-{role}.log"
        process = _context.Process(target=crew.serve, args=(role, self.url, waits_in, file))
        process.start()
        mate = Mate(role=role, file=file, process=process)
        self.mates.append(mate)
        return mate

    async def kill(self, role: str) -> None:
        """Kill -9 the one of a role who is up for longest, and hire another at once."""
        victim = next(mate for mate in self.mates if mate.role == role)
        await victim.up()
        victim.signal(signal.SIGKILL)
        await victim.ended()
        self.mates.remove(victim)
        self.hire(role)

    async def dismiss(self) -> list[int | None]:
        """Ask all to stop, and give the codes they end with."""
        for mate in self.mates:
            await mate.up()
            mate.signal(signal.SIGTERM)
        return [await mate.ended() for mate in self.mates]
