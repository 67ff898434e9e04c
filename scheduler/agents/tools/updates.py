"""Pending security updates of this machine, as its package lists tell them: no network, no root.

Called by Oliver through a child process. `apt-get` only simulates (`-s`), and writes no cache. The
lists are as old as they are: their age is told, and what is too old proves nothing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from scheduler.agents.tools.inspection import Inspection, Observer, counted, listed
from storage.reports import Finding, Severity

WARN_DAYS = 2
UNKNOWN_DAYS = 7
LIMIT_S = 120
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
RESOURCE = "this machine"
ELSEWHERE = (
    "pending updates, as this machine is not Debian or Ubuntu, the only ones that can be asked. "
    "Ask it by hand: `softwareupdate -l` (macOS), `dnf updateinfo` (Fedora, RHEL)."
)
_ROW = re.compile(r"Inst (\S+) .*\((\S+) ([^)]*)\)")
_SECURITY = re.compile(r"(?:^|[\s,])(?:Debian-Security:|\S+/\S+-security\b)")
_HELD = re.compile(r" and (\d+) not upgraded")
_VALID_UNTIL = re.compile(r"^Valid-Until: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What a simulated upgrade would do: how many packages in all, which for security, held."""

    all: int
    security: tuple[str, ...]
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The package lists: when they were last fetched, and whether they name a security archive."""

    fetched: datetime
    has_security: bool
    is_expired: bool


def look(root: str, now: datetime) -> Inspection:
    """Look at the Debian or Ubuntu system whose files lie under `root`, usually "/"."""
    observer = Observer(topic="updates", now=now, source="local package lists, apt simulation")
    folder = Path(root, "var/lib/apt/lists")
    if (
        shutil.which("apt-get", path=PATH) is None
        or not Path(root, "var/lib/dpkg/status").is_file()
    ):
        findings = [observer.finding("pending", RESOURCE, Severity.UNKNOWN, ELSEWHERE)]
        return Inspection(looked_at=RESOURCE, findings=tuple(findings))
    lists = read_lists(folder, now)
    pending = _simulate(root)
    return Inspection(looked_at=RESOURCE, findings=tuple(judge(lists, pending, observer)))


def read_lists(folder: Path, now: datetime) -> Lists | None:
    """Read what there is of package lists; None for none."""
    try:
        releases = [it for it in folder.iterdir() if it.name.endswith("Release")]
        security = [it for it in releases if "security" in it.name]
        stamps = [it.stat().st_mtime for it in (security or releases)]
    except OSError:
        return None
    if not releases:
        return None
    stamp = folder.parent / "periodic" / "update-success-stamp"
    if stamp.exists():
        stamps.append(stamp.stat().st_mtime)
    return Lists(
        fetched=datetime.fromtimestamp(max(stamps), UTC),
        has_security=bool(security),
        is_expired=bool(security) and all(_is_expired(it, now) for it in security),
    )


def _is_expired(release: Path, now: datetime) -> bool:
    with release.open(encoding="utf-8", errors="replace") as file:
        found = _VALID_UNTIL.search(file.read(4096))
    if found is None:
        return False
    try:
        return parsedate_to_datetime(found[1].replace("UTC", "+0000")) < now
    except ValueError:
        return False


def _simulate(root: str) -> Pending | None:
    """Ask apt-get what an upgrade would do; None where it gives no answer."""
    options = {
        "Dir": root,
        "Dir::State::status": f"{root.rstrip('/')}/var/lib/dpkg/status",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Debug::NoLocking": "1",
        "APT::Get::Always-Include-Phased-Updates": "1",
    }
    given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    try:
        done = subprocess.run(  # noqa: S603  a fixed command
            ["apt-get", "-s", *given, "dist-upgrade"],  # noqa: S607  where the system keeps it
            env={"PATH": PATH, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_S,
            check=True,
            text=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return read_simulation(done.stdout.splitlines())


def read_simulation(lines: Iterable[str]) -> Pending:
    """Read what `apt-get -s dist-upgrade` says."""
    packages, security, held = set(), set(), 0
    for line in lines:
        if found := _ROW.match(line):
            packages.add(found[1])
            if _SECURITY.search(found[3]):
                security.add(found[1])
        elif found := _HELD.search(line):
            held = int(found[1])
    return Pending(all=len(packages), security=tuple(sorted(security)), held=held)


def judge(lists: Lists | None, pending: Pending | None, observer: Observer) -> Iterator[Finding]:
    """Say what is pending, and how old the knowledge is."""
    if lists is None:
        text = (
            "pending updates, as this machine has no package lists. `apt-get update` fetches them."
        )
        yield observer.finding("pending", RESOURCE, Severity.UNKNOWN, text)
        return
    if pending is None:
        text = "pending updates, as apt-get gave no answer. See what `apt-get -s upgrade` says."
        yield observer.finding("pending", RESOURCE, Severity.UNKNOWN, text)
        return
    yield _pending(lists, pending, observer)
    yield _age(lists, observer)
    if pending.held:
        text = f"{counted(pending.held, 'package')} held back, for which an update may be pending."
        yield observer.finding(
            "held", RESOURCE, Severity.UNKNOWN, text, value=pending.held, unit="packages"
        )


def _pending(lists: Lists, pending: Pending, observer: Observer) -> Finding:
    count = len(pending.security)
    days = _days(lists, observer.now)
    is_sure = lists.has_security and not lists.is_expired and days <= WARN_DAYS
    if count:
        least = "" if is_sure else "At least "
        text = (
            f"{least}{counted(count, 'security update')} pending on this machine: "
            f"{listed(pending.security)}."
        )
        severity = Severity.WARNING
    elif not lists.has_security:
        text = "security updates, as the package lists name no security archive."
        severity = Severity.UNKNOWN
    elif not is_sure:
        text = f"security updates newer than the package lists of {_ago(days)}; those name none."
        severity = Severity.UNKNOWN
    else:
        text, severity = "No security update is pending on this machine.", Severity.OK
    return observer.finding("pending", RESOURCE, severity, text, value=count, unit="updates")


def _age(lists: Lists, observer: Observer) -> Finding:
    days = _days(lists, observer.now)
    told = f"The package lists are from {_ago(days)}"
    fix = "`apt-get update` renews them"
    if lists.is_expired or days > UNKNOWN_DAYS:
        why = "past their date" if lists.is_expired else "too old to go by"
        severity, text = Severity.UNKNOWN, f"newer updates. {told}, {why}: {fix}."
    elif days > WARN_DAYS:
        severity, text = Severity.WARNING, f"{told}: {fix}."
    else:
        severity, text = Severity.OK, f"{told}."
    return observer.finding("lists", RESOURCE, severity, text, value=round(days, 1), unit="days")


def _days(lists: Lists, now: datetime) -> float:
    return max((now - lists.fetched).total_seconds() / 86_400, 0.0)


def _ago(days: float) -> str:
    hours = int(days * 24)
    if hours < 1:
        return "less than an hour ago"
    return f"{counted(hours, 'hour')} ago" if hours < 48 else f"{counted(hours // 24, 'day')} ago"
