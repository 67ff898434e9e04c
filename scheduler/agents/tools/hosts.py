"""Which hosts and folders Oliver may look at: those set, or what a prompt names of them.

Pure: `bot.settings` checks what it is given with `parse_hosts`, Oliver reads prompts with `named`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

PORTS = {"https": 443, "http": 80}
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_FILES = frozenset(
    {"conf", "crt", "csv", "db", "env", "html", "ini", "js", "json", "key", "log", "md", "pdf"}
    | {"pem", "py", "sh", "sql", "toml", "txt", "xml", "yaml", "yml"}
)
"""Ends of words with a dot that are more likely a file than a host."""
_WORD = re.compile(r"[^\s<>|,;()\"'\u2018\u2019\u201c\u201d]+")
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z]{2,}|(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:]+\]")
_HOST_AND_PORT = re.compile(r"(?=[^:]*[a-z])[a-z0-9_.-]+:\d{2,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A server: `name` is lower-case, in ASCII, or an IP address; `path` begins with a slash."""

    name: str
    port: int
    scheme: str = "https"
    path: str = "/"

    @property
    def shown(self) -> str:
        """Give the host as people write it: with its port only where that is not the usual one."""
        is_usual = self.port == PORTS[self.scheme]
        return self._bracketed if is_usual else f"{self._bracketed}:{self.port}"

    @property
    def url(self) -> str:
        """Give its address."""
        return f"{self.scheme}://{self._bracketed}:{self.port}{self.path}"

    @property
    def _bracketed(self) -> str:
        return f"[{self.name}]" if ":" in self.name else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a prompt names: of that, what may be looked at, and as written what may not."""

    hosts: tuple[Host, ...] = ()
    folders: tuple[str, ...] = ()
    refused_hosts: tuple[str, ...] = ()
    refused_folders: tuple[str, ...] = ()

    @property
    def something(self) -> bool:
        """Say whether the prompt names any host or folder at all."""
        return bool(self.hosts or self.folders or self.refused_hosts or self.refused_folders)


def split_list(text: str) -> tuple[str, ...]:
    """Split a setting at its commas."""
    return tuple(part for part in (piece.strip() for piece in text.split(",")) if part)


def parse_hosts(text: str) -> tuple[Host, ...]:
    """Read a list of hosts; raises ValueError for one that is none."""
    return tuple(dict.fromkeys(parse_host(part) for part in split_list(text)))


def parse_host(text: str) -> Host:
    """Read `host`, `host:port` or an http(s) address; raises ValueError for anything else."""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    name = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or parts.username is not None or parts.password is not None:
        raise ValueError("scheme")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if not (_NAME.fullmatch(name) or _is_address(name)):
        raise ValueError("name")
    return Host(
        name=name,
        port=parts.port or PORTS[parts.scheme],
        scheme=parts.scheme,
        path=parts.path or "/",
    )


def _is_address(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def named(prompt: str, hosts: Sequence[Host], folders: Sequence[str]) -> Named:
    """Say which of the hosts and folders a prompt names, and which others it asks for."""
    chosen: list[Host] = []
    places: list[str] = []
    refused: list[str] = []
    refused_places: list[str] = []
    names = {host.name for host in hosts}
    for word in (raw.rstrip(".:?!") for raw in _WORD.findall(prompt)):
        if word.startswith(("/", "~/")) and len(word) > 1:
            fitting = [it for it in folders if it.rstrip("/") == word.rstrip("/")]
            places += fitting
            refused_places += [] if fitting else [word]
        elif _is_host(word.lower()) or word.lower() in names:
            found = _of(word, hosts)
            chosen += found
            refused += [] if found else [word]
    return Named(
        hosts=tuple(dict.fromkeys(chosen)),
        folders=tuple(dict.fromkeys(places)),
        refused_hosts=tuple(dict.fromkeys(refused)),
        refused_folders=tuple(dict.fromkeys(refused_places)),
    )


def _is_host(word: str) -> bool:
    if word.startswith(("https://", "http://")):
        return True
    head = word.partition("/")[0]
    if "@" in word:
        return False
    if _HOST_AND_PORT.fullmatch(head) or re.fullmatch(r"\[[0-9a-f:]+\]:\d{2,5}", head):
        return True
    return bool(_HOST.fullmatch(head)) and head.rpartition(".")[2] not in _FILES


def _of(word: str, hosts: Sequence[Host]) -> list[Host]:
    """Give the hosts a word of a prompt means: by name alone, every port; else that one."""
    try:
        meant = parse_host(word)
        says_port = "://" in word or urlsplit(f"//{word}").port is not None
    except ValueError:
        return []
    return [
        host
        for host in hosts
        if host.name == meant.name and (not says_port or host.port == meant.port)
    ]
