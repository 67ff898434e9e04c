"""Permissions: files that everybody may change, keys that others may read, programs with setuid.

Called by Oliver through a child process. Only names, modes and the heads of key files are read.
"""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from scheduler.agents.tools.folders import Entry, Folder, Walk
from scheduler.agents.tools.inspection import Inspection, Observer, counted
from storage.reports import Finding, Severity

MOST_OF_A_KIND = 25
HEAD_BYTES = 65_536
_KEY_NAMES = re.compile(
    r"id_(rsa|dsa|ecdsa|ed25519)(_sk)?|ssh_host_\w+_key|\.pgpass|\.netrc|\.git-credentials"
    r"|.+\.(p12|pfx|jks|keystore|kdbx|ppk)",
    re.IGNORECASE,
)
_PEM_NAMES = re.compile(r".+\.(pem|key)", re.IGNORECASE)
_ENV_NAMES = re.compile(
    r"(.+)?\.env(\.(?!example$|sample$|template$|dist$).+)?|\.envrc", re.IGNORECASE
)
_PEM_KINDS = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_OPEN_KINDS = (b"CERTIFICATE", b"PUBLIC KEY", b"PARAMETERS", b"X509 CRL")

Verdict = tuple[str, Severity, str]


def look(folders: Sequence[Folder], now: datetime, limit_s: float) -> Inspection:
    """Look at the modes of all that is in the folders, for at most `limit_s` seconds."""
    observer = Observer(topic="permissions", now=now, source="file modes")
    walk = Walk(folders=folders, until=time.monotonic() + limit_s)
    count, found = 0, dict[str, list[Finding]]()
    for entry in walk.entries():
        count += 1
        for kind, severity, text in judge(entry):
            each = found.setdefault(kind, [])
            each.append(observer.finding(kind, str(entry.path), severity, text))
    findings = [it for kind in found.values() for it in _capped(kind, observer)]
    findings += walk.unseen(observer)
    if count and not findings:
        text = "No file is open to everybody, and no key to others."
        findings.append(observer.finding("all", "files", Severity.OK, text))
    return Inspection(
        looked_at=counted(count, "file or folder", "files and folders"), findings=tuple(findings)
    )


def _capped(findings: list[Finding], observer: Observer) -> list[Finding]:
    """Give the worst of one kind, and one finding that counts the others."""
    ordered = sorted(findings, key=lambda it: it.severity is not Severity.CRITICAL)
    if len(ordered) <= MOST_OF_A_KIND:
        return ordered
    kept, rest = ordered[: MOST_OF_A_KIND - 1], ordered[MOST_OF_A_KIND - 1 :]
    kind = rest[0].key.partition(":")[0].partition(".")[2]
    text = f"{len(rest):,} more of this kind: {_KINDS[kind]}."
    return [*kept, observer.finding(kind, "others", rest[0].severity, text, value=len(rest))]


_KINDS = {
    "writable": "anybody on the machine may change them",
    "setuid": "they run with another user's or group's rights",
    "key": "others may read the keys",
    "env": "others may read the settings",
}


def judge(entry: Entry) -> Iterator[Verdict]:
    """Say what is wrong with the mode of a file or folder."""
    mode, path = entry.status.st_mode, entry.path
    if entry.is_folder:
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            fix = f"chmod o-w {path}"
            yield "writable", Severity.WARNING, f"Anybody may put files into {path} ({fix})."
        return
    if not entry.is_file:
        return
    if mode & stat.S_IWOTH:
        fix = f"chmod o-w {path}"
        yield "writable", Severity.WARNING, f"Anybody may change {path} ({fix})."
    if mode & stat.S_ISUID or (mode & stat.S_ISGID and mode & stat.S_IXGRP):
        flag, whose = ("setuid", "owner") if mode & stat.S_ISUID else ("setgid", "group")
        severity = Severity.CRITICAL if mode & stat.S_IWOTH else Severity.WARNING
        text = f"{path} runs with the rights of its {whose}, whoever starts it ({flag})."
        yield "setuid", severity, text
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        yield from _open(path, mode)


def _open(path: Path, mode: int) -> Iterator[Verdict]:
    kind = _kind(path)
    if kind is None:
        return
    who = "Anybody on the machine" if mode & stat.S_IROTH else "Its group"
    severity = Severity.CRITICAL if mode & stat.S_IROTH else Severity.WARNING
    what = "the key" if kind == "key" else "the settings"
    yield kind, severity, f"{who} may read {what} in {path} (chmod 600 {path})."


def _kind(path: Path) -> str | None:
    """Say whether a file holds a key or settings, by its name and, for PEM, by its head."""
    if _ENV_NAMES.fullmatch(path.name):
        return "env"
    if _KEY_NAMES.fullmatch(path.name):
        return "key"
    if _PEM_NAMES.fullmatch(path.name):
        return "key" if _is_key(path) else None
    return None


def _is_key(path: Path) -> bool:
    """Say whether a PEM file holds more than certificates and public keys."""
    try:
        with path.open("rb") as file:
            kinds = _PEM_KINDS.findall(file.read(HEAD_BYTES))
    except OSError:
        return True
    return not kinds or any(not kind.endswith(_OPEN_KINDS) for kind in kinds)
