"""Chatcron's own set-up: where it listens, whom it trusts with secrets, who may read its files.

Called by Oliver through a child process; only modes are read, no contents.
"""

from __future__ import annotations

import ipaddress
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from scheduler.agents.tools.folders import Folder
from scheduler.agents.tools.inspection import Inspection, Observer, counted, listed
from storage.reports import Finding, Severity

Verdict = tuple[str, Severity, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSetup:
    """How Chatcron was started, as far as its safety goes.

    `bare_secrets` names the secrets that stand in the environment, `private_files` the paths of
    those that stand in files.
    """

    http_host: str = "127.0.0.1"
    http_port: int = 0
    slack_api_url: str = "https://slack.com/api/"
    bare_secrets: tuple[str, ...] = ()
    private_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """All there is to look at: the set-up and the database, by its file or by its address."""

    setup: OwnSetup | None
    database_file: str | None
    database_url: str = field(repr=False)

    @property
    def folder(self) -> Folder | None:
        """Give the data folder, whose own files (not those below) are searched for secrets.

        None where there is none, or where it is a folder that everybody writes to.
        """
        if self.database_file is None:
            return None
        path = Path(self.database_file).resolve().parent
        return None if _mode(path) & stat.S_IWOTH else Folder(path=str(path), deep=False)


def look(own: Own, now: datetime) -> Inspection:
    """Look at the set-up, the database's file or connection, and the files that hold secrets."""
    observer = Observer(topic="own", now=now, source="settings and file modes")
    verdicts = [*_setup(own.setup), *_files(own), *_connection(own), *_user()]
    findings = tuple(_finding(observer, name, severity, text) for name, severity, text in verdicts)
    unknowns = () if own.setup else ("Chatcron's settings, which were not handed to Oliver.",)
    return Inspection(
        looked_at=counted(len(findings), "point"), findings=findings, unknowns=unknowns
    )


def _finding(observer: Observer, name: str, severity: Severity, text: str) -> Finding:
    return observer.finding(name, "chatcron", severity, text)


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _setup(setup: OwnSetup | None) -> Iterator[Verdict]:
    if setup is None:
        return
    yield _listening(setup)
    slack = urlsplit(setup.slack_api_url)
    if slack.scheme != "https" and not is_loopback(slack.hostname or ""):
        text = "The bot token goes to Slack in plain HTTP: give SLACK_API_URL an https address."
        yield "slack", Severity.CRITICAL, text
    else:
        yield "slack", Severity.OK, "The bot token leaves this machine over HTTPS only."
    if setup.bare_secrets:
        names = listed(setup.bare_secrets)
        text = f"Secrets in the environment: {names}. NAME_FILE keeps each in a file instead."
        yield "environment", Severity.INFO, text


def _listening(setup: OwnSetup) -> Verdict:
    where = f"port {setup.http_port}" if setup.http_port else "a free port"
    if is_loopback(setup.http_host):
        text = f"Chatcron listens on {where} of this machine only ({setup.http_host})."
        return "listening", Severity.OK, text
    every = setup.http_host in ("0.0.0.0", "::", "")  # noqa: S104  it is looked for, not bound
    reach = "every network of this machine" if every else setup.http_host
    text = (
        f"Chatcron listens on {where} of {reach} in plain HTTP: set CHATCRON_HTTP_HOST=127.0.0.1 "
        "and put a TLS proxy before it."
    )
    return "listening", Severity.WARNING, text


def _files(own: Own) -> Iterator[Verdict]:
    if own.database_file is not None:
        yield from _database(Path(own.database_file).resolve())
    files = [Path(it) for it in (own.setup.private_files if own.setup else ())]
    opened = [str(it) for it in files if _mode(it) & (stat.S_IRGRP | stat.S_IROTH)]
    gone = [str(it) for it in files if not it.exists()]
    if opened:
        names = " ".join(opened)
        text = f"Others may read the files of secrets {listed(opened)} (chmod 600 {names})."
        yield "secret_files", Severity.WARNING, text
    if gone:
        text = f"files of secrets that can't be looked at: {listed(gone)}."
        yield "secret_files_gone", Severity.UNKNOWN, text
    if files and not (opened or gone):
        yield "secret_files", Severity.OK, "Only Chatcron's user may read its files of secrets."


def _database(path: Path) -> Iterator[Verdict]:
    """Judge the database file by its own mode and by that of its folder, which may shut it off."""
    folder = path.parent
    if not path.is_file():
        text = f"permissions of the database, as there is no file {path}."
        yield "database_file", Severity.UNKNOWN, text
        return
    mode = 0
    for suffix in ("", "-wal", "-shm", "-journal"):
        mode |= _mode(folder / f"{path.name}{suffix}")
    through = _mode(folder)
    if through & stat.S_IWOTH:
        text = f"Anybody on the machine may put files beside the database, in {folder}."
        yield "data_folder", Severity.WARNING, text
    if mode & stat.S_IWOTH and through & stat.S_IXOTH:
        text = f"Anybody on the machine may change the database (chmod 600 {path}*)."
        yield "database_file", Severity.CRITICAL, text
    elif mode & stat.S_IROTH and through & stat.S_IXOTH:
        text = (
            "Anybody on the machine may read the database, with all tasks and messages in it "
            f"(chmod 700 {folder})."
        )
        yield "database_file", Severity.WARNING, text
    else:
        yield "database_file", Severity.OK, "Other users of the machine can't read the database."


def _connection(own: Own) -> Iterator[Verdict]:
    """Judge how the database's server is reached, where it is not a file."""
    if own.database_file is not None:
        return
    url = urlsplit(own.database_url)
    asked = parse_qs(url.query)
    host = url.hostname or asked.get("host", [""])[0]
    mode = asked.get("sslmode", ["prefer"])[0]
    if not host or host.startswith("/") or is_loopback(host):
        yield "database", Severity.OK, "The database is on this machine."
    elif mode in ("require", "verify-ca", "verify-full"):
        yield "database", Severity.OK, "The database is reached over TLS only."
    else:
        text = (
            f"The connection to the database at {host} may go without TLS: add sslmode=require to "
            "CHATCRON_DATABASE_URL."
        )
        yield "database", Severity.WARNING, text


def _user() -> Iterator[Verdict]:
    if os.geteuid() == 0:
        text = "Chatcron runs as root; a user of its own is enough."
        yield "user", Severity.INFO, text
    else:
        yield "user", Severity.OK, "Chatcron does not run as root."


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0
