"""Walking folders within limits, without following links: what the looks at files stand on."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.agents.tools.inspection import Observer, counted, listed
from storage.reports import Finding, Severity

MOST_ENTRIES = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder (or one file) to look into; `deep` says whether into the folders below it too."""

    path: str
    deep: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something in a folder, as lstat describes it."""

    path: Path
    status: os.stat_result

    @property
    def is_file(self) -> bool:
        """Say whether it is a plain file: no folder, link, pipe or device."""
        return stat.S_ISREG(self.status.st_mode)

    @property
    def is_folder(self) -> bool:
        """Say whether it is a folder."""
        return stat.S_ISDIR(self.status.st_mode)


@dataclass(slots=True, kw_only=True)
class Walk:
    """One walk over some folders until a moment of the monotonic clock; notes what it misses."""

    folders: Sequence[Folder]
    until: float
    absent: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    cut_off: str = ""

    def entries(self) -> Iterator[Entry]:
        """Give everything there is, each once, the folders themselves included."""
        count, seen = 0, set()
        for folder in self.folders:
            for path in self._paths(folder):
                if str(path) in seen:
                    continue
                seen.add(str(path))
                count += 1
                if count > MOST_ENTRIES:
                    self.cut_off = f"there are more than {MOST_ENTRIES:,} files"
                    return
                if self.is_late():
                    return
                try:
                    yield Entry(path=path, status=path.lstat())
                except OSError:
                    self.closed.append(str(path))

    def is_late(self) -> bool:
        """Say whether the time is up, and note it."""
        if time.monotonic() > self.until:
            self.cut_off = "the time was up"
        return bool(self.cut_off)

    def _paths(self, folder: Folder) -> Iterator[Path]:
        root = Path(folder.path).resolve()
        if not root.exists():
            self.absent.append(folder.path)
            return
        yield root
        if not root.is_dir():
            return
        for at, below, files in os.walk(root, onerror=self._note):
            below.sort()
            yield from (Path(at, name) for name in sorted(files))
            if not folder.deep:
                return
            yield from (Path(at, name) for name in below)

    def _note(self, error: OSError) -> None:
        self.closed.append(str(error.filename))

    def unseen(self, observer: Observer) -> Iterator[Finding]:
        """Give a finding for each folder that is not there, and for what could not be looked at."""
        for path in self.absent:
            text = f"{path}, as there is no such folder (CHATCRON_OLIVER_FOLDERS)."
            yield observer.finding("folder", path, Severity.UNKNOWN, text)
        if self.closed:
            count = len(self.closed)
            what = counted(count, "file or folder", "files and folders")
            text = f"{what} closed to Chatcron's user: {listed(self.closed)}."
            yield observer.finding("closed", "files", Severity.UNKNOWN, text, value=count)
        if self.cut_off:
            text = f"the rest of the folders, as {self.cut_off}."
            yield observer.finding("cut_off", "files", Severity.UNKNOWN, text)
