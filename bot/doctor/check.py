"""What the doctor says: one line for each thing looked at, and what to do where it is not well."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import typer


class Grade(StrEnum):
    """How something is; what could not be looked at is unknown, never ok."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; `fix` says what to do, and is empty where all is well."""

    name: str
    grade: Grade
    text: str
    fix: str = ""


def ok(name: str, text: str) -> Check:
    """Say that something is well."""
    return Check(name=name, grade=Grade.OK, text=text)


def warning(name: str, text: str, fix: str) -> Check:
    """Say that something works less well than it could."""
    return Check(name=name, grade=Grade.WARNING, text=text, fix=fix)


def problem(name: str, text: str, fix: str) -> Check:
    """Say that something keeps Chatcron from its work."""
    return Check(name=name, grade=Grade.PROBLEM, text=text, fix=fix)


def unknown(name: str, text: str, fix: str = "") -> Check:
    """Say that something could not be looked at."""
    return Check(name=name, grade=Grade.UNKNOWN, text=text, fix=fix)


def has_problem(checks: Sequence[Check]) -> bool:
    """Say whether anything keeps Chatcron from its work."""
    return any(check.grade is Grade.PROBLEM for check in checks)


def as_json(checks: Sequence[Check]) -> str:
    """Write the checks for a program."""
    body = {"ok": not has_problem(checks), "checks": [asdict(check) for check in checks]}
    return json.dumps(body, indent=1, ensure_ascii=False)


def as_text(checks: Sequence[Check]) -> str:
    """Write the checks for a person, with colours that a terminal shows and a file does not."""
    lines = [line for check in checks for line in _lines(check)]
    counted = Counter(check.grade for check in checks)
    said = ", ".join(_counted(grade, counted[grade]) for grade in Grade if counted[grade])
    return "\n".join([*lines, "", f"{len(checks)} checks: {said}."])


def _counted(grade: Grade, count: int) -> str:
    has_plural = grade in (Grade.WARNING, Grade.PROBLEM) and count > 1
    return f"{count} {grade}{'s' if has_plural else ''}"


_COLOURS = {
    Grade.OK: typer.colors.GREEN,
    Grade.WARNING: typer.colors.YELLOW,
    Grade.PROBLEM: typer.colors.RED,
    Grade.UNKNOWN: typer.colors.CYAN,
}
_WIDTH = max(len(grade) for grade in Grade)


def _lines(check: Check) -> list[str]:
    grade = typer.style(check.grade.ljust(_WIDTH), fg=_COLOURS[check.grade])
    lines = [f"{grade}  {check.name}: {check.text}"]
    if check.fix:
        lines.append(f"{' ' * _WIDTH}  → {check.fix}")
    return lines
