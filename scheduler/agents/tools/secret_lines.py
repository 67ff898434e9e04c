"""What a secret looks like in a line: detect-secrets' plugins, a few patterns of ours, our filters.

Used by `tools.secrets` alone, in a child process. The plugins are called one by one, since
detect-secrets' own walk passes by files that git does not track, that are not UTF-8, or that it
takes for a style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detect_secrets.plugins.base import BasePlugin


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


LINE_CHARS = 4_000
OVERLAP = 300
SKIPPED_PLUGINS = frozenset({"IPPublicDetector"})
_KEYWORD = "Secret Keyword"
_RANDOM = frozenset({"Base64 High Entropy String", "Hex High Entropy String"})
_TITLES = {
    _KEYWORD: "Password or key",
    "Basic Auth Credentials": "Password in an address",
    "Private Key": "Private key",
}
_COMMON = _words("Token Tokens Key Access Credentials Secret Bot Web Storage")
_OURS = (
    ("Slack app token", re.compile(r"xapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{20,}", re.IGNORECASE)),
    ("Slack token", re.compile(r"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{20,}")),
    ("OpenAI key", re.compile(r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}")),
    ("Anthropic key", re.compile(r"sk-ant-[A-Za-z0-9_-]{20,}")),
    ("Google API key", re.compile(r"AIza[A-Za-z0-9_-]{35}")),
    ("GitHub token", re.compile(r"github_pat_[A-Za-z0-9_]{22,}|gh[opsur]_[A-Za-z0-9]{36}")),
    ("Webhook secret", re.compile(r"whsec_[A-Za-z0-9+/=]{24,}")),
    ("Bearer token", re.compile(r"(?i:bearer)\s+([A-Za-z0-9._~+/-]{24,}=*)")),
)
_IN_BINARY = (
    *_OURS[:-1],
    ("AWS access key", re.compile(r"(?:AKIA|ASIA)[0-9A-Z]{16}")),
    (
        "Private key",
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/=\s]{32}"),
    ),
)
_TOKEN = re.compile(
    r"(?i:token|credential|passphrase)s?[\"']?\s*(?:=>|:=|[:=])\s*[\"']([^\"'\s]{12,})[\"']"
)
_ASSIGNMENT = re.compile(
    r"\s*(?:export\s+|set\s+|ENV\s+|ARG\s+|-\s+)?[\"']?([\w.-]+)[\"']?\s*(?:=|:\s)\s*([^\s\"'#]\S*)"
    r"\s*(?:#.*)?"
)
_SENSITIVE = re.compile(r"token|key|secret|pass|pwd|cred|auth", re.IGNORECASE)
_BEFORE = re.compile(r"([\w.-]+)[\"'\]]*\s*(?:=>|:=|={1,3}|:)\s*[\"'`]?$")
_POINTS = re.compile(
    r"(?:^|[_.-]|(?<=[a-z]))(file|path|dir|name|ref|url|uri|id|hint|policy|type|field|label|length"
    r"|min|max|count|version|algorithm|timeout|header|prefix)s?$",
    re.IGNORECASE,
)
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
_CODE = _words(
    "c cc cls cpp cs go h hpp java js jsx kt m md php pl py pyi rb rs rst scala swift ts tsx"
)
"""Ends of files where a value without quotes is a name, not a value."""
_STAND_INS = _words(
    "password passwd passphrase pass pw pwd secret token key user username none null nil true"
    " false example required optional redacted string str text todo unset undefined"
)
_FILLED = re.compile(
    r"[x*.•_-]+|(?:your|my|the|some|an?)[-_ ].*|\$.*|<.*>|%.*%|.*\{.*\}.*"
    r"|(?:\.{0,2}/[\w.-]+)+/?",
    re.IGNORECASE,
)
"""Values to be filled in, or filled in by something else, and paths."""
_LOCKS = re.compile(r".*(\.lock|-lock\.json|\.sum|\.resolved|\.lock\.json)")


class Kind(StrEnum):
    """How sure it is: of a known form, named as a secret, or random by its looks alone."""

    KNOWN = "known"
    NAMED = "named"
    RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Something that looks like a secret: `title` is its type for people, `slug` for keys."""

    kind: Kind
    title: str
    line: int
    secret: str = field(repr=False)

    @property
    def slug(self) -> str:
        """Give the type as it stands in a key."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


class Lines:
    """Looks at the lines of text files."""

    def __init__(self) -> None:
        from detect_secrets.settings import default_settings, get_plugins

        with default_settings():
            plugins: list[BasePlugin] = get_plugins()
        self._plugins = [it for it in plugins if type(it).__name__ not in SKIPPED_PLUGINS]

    def sights(self, path: Path, text: str, *, is_late: Callable[[], bool]) -> Iterator[Sight]:
        """Give what looks like a secret, stopping where `is_late` says so."""
        lines = text.splitlines()
        takes_bare = path.suffix.lower().lstrip(".") not in _CODE
        is_lock = bool(_LOCKS.fullmatch(path.name))
        for at, line in enumerate(lines):
            if is_late():
                return
            if len(line) < 6:
                continue
            sights = list(self._line(path, line, at + 1, takes_bare=takes_bare))
            if not sights or _is_allowed(path, lines, at):
                continue
            for sight in _best(sights):
                if sight.kind is Kind.RANDOM and is_lock:
                    continue
                yield _with_body(sight, lines, at)

    def _line(self, path: Path, line: str, number: int, *, takes_bare: bool) -> Iterator[Sight]:
        for piece in _pieces(line):
            yield from _ours(piece, number)
            is_code = _is_code(piece)
            yield from self._theirs(path, piece, number, is_code=is_code)
            if takes_bare and not is_code and (quoted := _quoted(piece)):
                yield from _tokens(quoted, number)
                yield from self._theirs(path, quoted, number, is_code=False)

    def _theirs(self, path: Path, line: str, number: int, *, is_code: bool) -> Iterator[Sight]:
        for plugin in self._plugins:
            for found in plugin.analyze_line(filename=path.name, line=line, line_number=number):
                secret = found.secret_value
                if not secret:
                    continue
                kind = _kind(found.type, line, secret)
                if kind is Kind.KNOWN or (kind is not None and not is_code):
                    title = _title(found.type, kind)
                    yield Sight(kind=kind, title=title, line=number, secret=secret)


def _pieces(line: str) -> Iterator[str]:
    """Cut a very long line, so that no pattern takes long over it."""
    for start in range(0, max(len(line) - OVERLAP, 1), LINE_CHARS - OVERLAP):
        yield line[start : start + LINE_CHARS]


def _quoted(line: str) -> str | None:
    """Give `name = "value"` for an assignment without quotes, as settings files have it."""
    found = _ASSIGNMENT.fullmatch(line)
    return f'{found[1]} = "{found[2]}"' if found else None


def known(text: str) -> Iterator[Sight]:
    """Give the secrets of known forms in a binary file, read as Latin-1."""
    for title, pattern in _IN_BINARY:
        for found in pattern.finditer(text):
            yield Sight(kind=Kind.KNOWN, title=title, line=0, secret=found[0])


def _ours(line: str, number: int) -> Iterator[Sight]:
    for title, pattern in _OURS:
        for found in pattern.finditer(line):
            secret = found[found.lastindex or 0]
            yield Sight(kind=Kind.KNOWN, title=title, line=number, secret=secret)
    yield from _tokens(line, number)


def _tokens(line: str, number: int) -> Iterator[Sight]:
    """Give the quoted values that are called tokens, a word detect-secrets does not listen for."""
    for found in _TOKEN.finditer(line):
        secret = found[1]
        mixed = any(it.isdigit() for it in secret) and any(it.isalpha() for it in secret)
        if mixed and not _is_stand_in(line, secret):
            yield Sight(kind=Kind.NAMED, title=_TITLES[_KEYWORD], line=number, secret=secret)


def _title(type_: str, kind: Kind) -> str:
    """Give a type of detect-secrets' as people write it: "AWS access key", "GitHub token"."""
    if kind is Kind.NAMED:
        return _TITLES[_KEYWORD]
    if type_ in _TITLES:
        return _TITLES[type_]
    return " ".join(word.lower() if word in _COMMON else word for word in type_.split())


def _kind(type_: str, line: str, secret: str) -> Kind | None:
    """Say how sure a find of detect-secrets' is; None for what is no secret."""
    from detect_secrets.filters import heuristic

    if heuristic.is_templated_secret(secret):
        return None
    if type_ in _RANDOM:
        doubtful = (
            heuristic.is_sequential_string(secret)
            or heuristic.is_potential_uuid(secret)
            or heuristic.is_likely_id_string(secret, line)
            or heuristic.is_not_alphanumeric_string(secret)
        )
        if doubtful or _is_stand_in(line, secret):
            return None
        return Kind.NAMED if _SENSITIVE.search(_name_before(line, secret)) else Kind.RANDOM
    if type_ == _KEYWORD:
        is_pin = secret.isdigit() and len(secret) >= 4
        if heuristic.is_not_alphanumeric_string(secret) and not is_pin:
            return None
        return None if _is_stand_in(line, secret) else Kind.NAMED
    if type_ == "Basic Auth Credentials":
        return None if _is_stand_in("", secret) else Kind.KNOWN
    if type_ == "Private Key" and f"-----{secret}" not in line and "PuTTY" not in secret:
        return None
    return Kind.KNOWN


def _name_before(line: str, secret: str) -> str:
    """Give the name a value is assigned to."""
    at = line.find(secret)
    found = _BEFORE.search(line[:at]) if at > 0 else None
    return found[1] if found else ""


def _is_code(line: str) -> bool:
    """Say whether a line assigns the result of a call or a look-up, not a value."""
    from detect_secrets.filters.heuristic import is_indirect_reference

    return is_indirect_reference(line)


def _is_stand_in(line: str, secret: str) -> bool:
    """Say whether a value only stands for a secret: a placeholder, a path, a name, some prose."""
    value = secret.strip().rstrip(";,")
    return (
        value.lower() in _STAND_INS
        or bool(_FILLED.fullmatch(value) or _CONSTANT.fullmatch(value))
        or value.count(" ") > 1
        or bool(_POINTS.search(_name_before(line, secret)))
    )


def _is_allowed(path: Path, lines: Sequence[str], at: int) -> bool:
    """Say whether somebody marked the line as no secret, in detect-secrets' way."""
    from detect_secrets.filters.allowlist import is_line_allowlisted
    from detect_secrets.util.code_snippet import get_code_snippet

    snippet = get_code_snippet(
        lines=list(lines[max(at - 1, 0) : at + 1]), line_number=min(at, 1) + 1
    )
    return is_line_allowlisted(path.name, lines[at], snippet)


def _best(sights: Sequence[Sight]) -> list[Sight]:
    """Give each secret of a line once, by the surest of those who saw it."""
    order = list(Kind)
    kept: list[Sight] = []
    for sight in sorted(sights, key=lambda it: order.index(it.kind)):
        if not any(it.secret in sight.secret or sight.secret in it.secret for it in kept):
            kept.append(sight)
    return kept


def _with_body(sight: Sight, lines: Sequence[str], at: int) -> Sight:
    """Tell private keys apart by what follows their first line, which is the same for all."""
    if sight.title != _TITLES["Private Key"]:
        return sight
    body = "".join(lines[at : at + 3])
    return Sight(kind=sight.kind, title=sight.title, line=sight.line, secret=body)
