"""Rules of the house that import contracts can't state, checked over every file of ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "scheduler", "storage")
FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
ALL_FILES = [*FILES, *sorted((ROOT / "tests").rglob("*.py"))]
ERRORS = [ROOT / package / "errors.py" for package in PACKAGES]
CLOCK = ROOT / "scheduler" / "now.py"
"""The one file that may read the wall clock."""
FILE_LINES = 400
FUNCTION_LINES = 40
NOW = frozenset({"now", "utcnow", "today"})
DATES = frozenset({"datetime", "date"})
STARTERS = frozenset({"create_task", "ensure_future"})
MIGRATIONS = ROOT / "storage" / "migrations" / "versions"
"""A migration is one list of statements, kept as it was released."""


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _nodes(file: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def _called(node: ast.AST) -> tuple[str, str]:
    """Give what a call is made on and what is called, by their last names."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
            return owner, name
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=owner), attr=name)):
            return owner, name
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return "", name
        case _:
            return "", ""


def _reads_the_clock(node: ast.AST) -> bool:
    owner, name = _called(node)
    return (owner in DATES and name in NOW) or (owner, name) == ("time", "time")


def _lets_go(node: ast.AST) -> bool:
    """Say whether a statement starts work and keeps no hold of it, nor lets a group hold it."""
    match node:
        case ast.Expr(value=call):
            owner, name = _called(call)
            return name in STARTERS and owner != "group"
        case _:
            return False


def test_there_is_something_to_check() -> None:
    """The files are found, so that no rule below holds for want of them."""
    assert {file.relative_to(ROOT).parts[0] for file in FILES} == set(PACKAGES)
    assert CLOCK in FILES


def test_one_file_reads_the_wall_clock() -> None:
    """Everybody else is handed the moment."""
    readers = [_name(file) for file in FILES if any(map(_reads_the_clock, _nodes(file)))]

    assert readers == [_name(CLOCK)]


def test_no_work_is_left_to_itself() -> None:
    """Who starts a task of asyncio's keeps it, so that it can be waited for and ended."""
    found = [
        f"{_name(file)}:{node.lineno}"
        for file in FILES
        for node in _nodes(file)
        if isinstance(node, ast.Expr) and _lets_go(node)
    ]

    assert found == []


def test_the_bot_writes_through_the_planner() -> None:
    """It opens no transaction of its own, but for the events it receives and the people in them."""
    openers = {
        _name(file)
        for file in (ROOT / "bot").rglob("*.py")
        if "playground" not in file.parts
        and any(_called(node) in (("store", "begin"), ("_store", "begin")) for node in _nodes(file))
    }

    assert openers == {
        "bot/slack/conversation.py",
        "bot/slack/talks.py",
        "bot/slack/intake.py",
        "bot/directory.py",
    }


@pytest.mark.parametrize("file", ALL_FILES, ids=_name)
def test_a_file_can_be_read_in_one_sitting(file: Path) -> None:
    """No file is longer than it may be."""
    assert len(file.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("file", [f for f in ALL_FILES if f.parent != MIGRATIONS], ids=_name)
def test_a_function_can_be_seen_at_once(file: Path) -> None:
    """No function is longer than it may be."""
    too_long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in _nodes(file)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]

    assert too_long == []


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_a_module_says_why_it_is_there(file: Path) -> None:
    """Only the `__init__.py` of a package may be empty; every other file has a docstring."""
    text = file.read_text(encoding="utf-8")
    is_empty_package = file.name == "__init__.py" and not text.strip()

    assert is_empty_package or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("file", ERRORS, ids=_name)
def test_an_error_says_what_is_so(file: Path) -> None:
    """The docstring of an error is its default sentence."""
    silent = [
        node.name
        for node in _nodes(file)
        if isinstance(node, ast.ClassDef) and not ast.get_docstring(node)
    ]

    assert silent == []
