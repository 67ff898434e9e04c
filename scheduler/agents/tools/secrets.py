"""Secrets in files: every text file is searched line by line, tracked by git or not.

Called by Oliver through a child process. What is found is told by type, file and line; the secret
itself goes no further than this file. Nothing is verified: no secret is sent anywhere.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from scheduler.agents.tools.folders import Entry, Folder, Walk
from scheduler.agents.tools.inspection import Inspection, Observer, counted, listed
from scheduler.agents.tools.secret_lines import Kind, Lines, Sight, known
from storage.reports import Finding, Severity

MOST_BYTES = 1024 * 1024
MOST_BINARY_BYTES = 16 * MOST_BYTES
MOST_FILES = 20_000
MOST_FINDINGS = 100
SNIFFED = 8192
INSTALLED = frozenset({"node_modules", "site-packages", "__pycache__"})
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_SEVERITY = {
    Kind.KNOWN: Severity.CRITICAL,
    Kind.NAMED: Severity.WARNING,
    Kind.RANDOM: Severity.INFO,
}


@dataclass(slots=True, kw_only=True)
class _Search:
    """What one search has seen so far."""

    lines: Lines
    observer: Observer
    searched: int = 0
    found: dict[str, Finding] = field(default_factory=dict)
    random: dict[Path, list[int]] = field(default_factory=dict)
    left: int = 0
    big: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    binary: list[str] = field(default_factory=list)
    installed: set[str] = field(default_factory=set)


def look(folders: Sequence[Folder], now: datetime, limit_s: float) -> Inspection:
    """Search the folders for at most `limit_s` seconds; what was not searched is named."""
    observer = Observer(topic="secrets", now=now, source="file contents")
    walk = Walk(folders=folders, until=time.monotonic() + limit_s)
    search = _Search(lines=Lines(), observer=observer)
    for entry in walk.entries():
        if entry.is_file:
            _file(search, entry, walk)
    return Inspection(
        looked_at=counted(search.searched, "file"),
        findings=(*_told(search), *_unsearched(search), *walk.unseen(observer)),
        unknowns=_limits(search),
    )


def _file(search: _Search, entry: Entry, walk: Walk) -> None:
    path = entry.path
    if installed := INSTALLED.intersection(path.parts[:-1]):
        search.installed |= installed
        return
    if search.searched >= MOST_FILES:
        walk.cut_off = f"there are more than {MOST_FILES:,} files"
        return
    try:
        sights = _sights(search, entry, walk)
    except OSError:
        search.closed.append(str(path))
        return
    for sight in sights:
        _note(search, path, sight)


def _sights(search: _Search, entry: Entry, walk: Walk) -> Iterable[Sight]:
    """Search one file: all of a text file, a binary one for known forms only."""
    path, size = entry.path, entry.status.st_size
    is_binary = _is_binary(path)
    if size > (MOST_BINARY_BYTES if is_binary else MOST_BYTES):
        search.big.append(str(path))
        return ()
    content = path.read_bytes()
    search.searched += 1
    if is_binary:
        search.binary.append(str(path))
        return known(content.decode("latin-1"))
    return search.lines.sights(path, _text(content), is_late=walk.is_late)


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(SNIFFED)
    return b"\0" in head and not head.startswith(tuple(_MARKS))


def _text(content: bytes) -> str:
    """Give a file's text, whatever its encoding."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _note(search: _Search, path: Path, sight: Sight) -> None:
    if sight.kind is Kind.RANDOM:
        search.random.setdefault(path, []).append(sight.line)
        return
    mark = _mark(path, sight.secret)
    name = f"{sight.slug}.{mark}"
    where = f"{path}, line {sight.line}" if sight.line else f"{path}, a binary file"
    finding = search.observer.finding(
        name, str(path), _SEVERITY[sight.kind], f"{sight.title} in {where}."
    )
    if finding.key in search.found:
        return
    if len(search.found) >= MOST_FINDINGS:
        search.left += 1
        return
    search.found[finding.key] = finding


def _mark(path: Path, secret: str) -> str:
    """Tell two secrets of a file apart: too short a hash to find a secret by."""
    salted = hashlib.sha256(f"{path}\0{secret}".encode("utf-8", "surrogatepass"))
    return salted.hexdigest()[:5]


def _told(search: _Search) -> Iterator[Finding]:
    yield from search.found.values()
    if search.left:
        text = f"{search.left:,} more secrets are not listed: mend those above first."
        yield search.observer.finding(
            "more", "files", Severity.CRITICAL, text, value=search.left, unit="secrets"
        )
    for path, lines in search.random.items():
        where = ", ".join(str(line) for line in lines[:5]) + (", …" if len(lines) > 5 else "")
        text = f"{path} has random-looking text, which may be a key (line {where})."
        yield search.observer.finding("random", str(path), Severity.INFO, text, value=len(lines))
    if search.searched and not search.found:
        text = f"No secret was found in {counted(search.searched, 'file')}."
        yield search.observer.finding("none", "files", Severity.OK, text)


def _unsearched(search: _Search) -> Iterator[Finding]:
    """Name the files that should have been searched and could not be."""
    for name, paths, why in (
        ("big", search.big, "too big to search"),
        ("closed", search.closed, "closed to Chatcron's user"),
    ):
        if paths:
            files = counted(len(paths), "file")
            text = f"{files} {why}, for secrets: {listed(paths)}."
            yield search.observer.finding(
                name, "files", Severity.UNKNOWN, text, value=len(paths), unit="files"
            )


def _limits(search: _Search) -> tuple[str, ...]:
    limits = []
    if search.binary:
        files = counted(len(search.binary), "binary file")
        limits.append(f"{files}, but for tokens of known forms: {listed(search.binary)}.")
    if search.installed:
        names = ", ".join(sorted(search.installed))
        limits.append(f"installed packages, for secrets ({names}).")
    return tuple(limits)
