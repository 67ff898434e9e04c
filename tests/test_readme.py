"""Hold the README to the code: its settings, its commands and its examples."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.cli import app
from bot.intent.intents import Nothing, Unclear
from bot.intent.reader import read
from bot.settings import Settings
from scheduler.agents import ROSTER

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SETTINGS = dict(re.findall(r"^\| `([A-Z_]+)` \| `?(.+?)`? \|", README, re.MULTILINE))
_SAID = README.partition("## What you can say")[2].partition("\n| agent")[0]
PHRASES = [
    *re.findall(r"^    ((?:@|[a-z]).+)$", _SAID, re.MULTILINE),
    *re.findall(r"`(make it [^`]+|weekdays only|undo)`", _SAID),
    *re.findall(r"`(@alex [^`]+)`", README),
]


def _shown(default: Any) -> str:
    match default:
        case None:
            return "none"
        case bool():
            return str(int(default))
        case SecretStr():
            return default.get_secret_value()
        case StrEnum():
            return default.value
        case _:
            return str(default)


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    """The table lists the settings there are, with what they are when nobody sets them."""
    fields = Settings.model_fields.values()

    assert {str(field.alias): _shown(field.default) for field in fields} == SETTINGS


def test_every_command_is_named() -> None:
    """A command of the command line stands in the README."""
    names = {command.callback.__name__ for command in app.registered_commands if command.callback}

    assert {name for name in names if f"`chatcron {name}" not in README} == set()


def test_the_examples_are_found() -> None:
    """The examples are there to be read, so that the next test reads something."""
    assert len(PHRASES) > 15


@pytest.mark.parametrize("phrase", PHRASES)
def test_an_example_is_understood(phrase: str) -> None:
    """What the README says one can say is read as a request."""
    said = read(
        phrase.removeprefix("@Chatcron "),
        now=datetime(2026, 3, 5, 15, 17, tzinfo=UTC),
        zone="Europe/Berlin",
        agents=frozenset(ROSTER),
        in_thread=True,
    )

    assert not isinstance(said.intent, Unclear | Nothing), said.intent
