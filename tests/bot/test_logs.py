"""What must never stand in a log line."""

from __future__ import annotations

import logging
from urllib.parse import quote

import psycopg
import pytest
import structlog
from sqlalchemy.exc import OperationalError

from bot.logs import is_heard, set_up_logs, without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("token xoxb-12-abc refused", "token xoxb-… refused"),
        ("xapp-1-A0-9f", "xapp-…"),
        ("Bearer eyJ.abc", "Bearer …"),
        ("postgresql://bot:hunter2@db/chatcron", "postgresql://bot:…@db/chatcron"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secrets_are_taken_out(text: str, shown: str) -> None:
    """Tokens, keys and passwords are cut off after what tells their kind."""
    assert without_secrets(None, "info", {"event": text}) == {"event": shown}


def test_what_is_no_text_stays() -> None:
    """Ids and numbers pass through."""
    assert without_secrets(None, "info", {"run_id": 345}) == {"run_id": 345}


@pytest.mark.parametrize(
    "text",
    [
        "password=hunter2!",
        'a body of {"api_key": "hunter2!"}',
        "Authorization: hunter2!",
        "client_secret='hunter2!'",
        "postgresql://:hunter2!@db/chatcron",
    ],
)
def test_what_is_named_a_secret_is_cut_off(text: str) -> None:
    """A value behind the name of a secret goes, whatever it looks like."""
    line = without_secrets(None, "info", {"event": text})

    assert "hunter2!" not in str(line)


def test_a_field_named_a_secret_is_not_shown() -> None:
    """The whole value of such a field goes; counts of a model's tokens stay."""
    line = without_secrets(None, "info", {"bot_token": "abc", "tokens_in": "120"})

    assert line == {"bot_token": "…", "tokens_in": "120"}


SECRET = 'pa"ss/wörd'


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_known_secret_is_cut_out_wherever_it_stands(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a sentence, deep in a structure, in a library's line and in a trace, in each format."""
    before = logging.root.handlers[:]
    try:
        set_up_logs("debug", form, secrets={SECRET, "short"})
        log = structlog.get_logger("test")
        log.info(f"with {SECRET} in it", deep={"of": [SECRET]}, quoted=quote(SECRET, safe=""))
        logging.getLogger("a.library").warning("told %r and short", SECRET)
        try:
            int(SECRET)
        except ValueError:
            log.exception("it broke")
    finally:
        logging.root.handlers[:] = before
        logging.root.setLevel(logging.WARNING)
        structlog.reset_defaults()

    written = capsys.readouterr().err
    assert "it broke" in written
    assert "ValueError" in written
    assert "wörd" not in written
    assert "w\\u00f6rd" not in written
    assert quote(SECRET, safe="") not in written
    assert "short" in written


@pytest.mark.parametrize(
    ("name", "level", "heard"),
    [
        ("slack_bolt.AsyncApp", logging.DEBUG, False),
        ("slack_bolt.AsyncApp", logging.WARNING, True),
        ("bot.assemble", logging.DEBUG, True),
    ],
)
def test_a_library_that_tells_what_was_said_is_heard_from_warnings_on(
    name: str, level: int, heard: bool
) -> None:
    """Bolt takes the root's level for its own loggers, and would write every message at debug."""
    record = logging.LogRecord(name, level, __file__, 1, "said", None, None)

    assert is_heard(record) is heard


@pytest.mark.parametrize(("level", "count"), [("INFO", 1), ("DEBUG", 3)])
def test_a_line_that_only_says_that_the_database_is_away_is_left_out(
    capsys: pytest.CaptureFixture[str], level: str, count: int
) -> None:
    """Neither we nor a library write a traceback for it, but at level debug."""
    away = OperationalError("SELECT 1", {}, psycopg.OperationalError("connection refused"))
    before = logging.root.handlers[:]
    try:
        set_up_logs(level, "json")
        for error in (away, ValueError("a fault of our own")):
            try:
                raise error
            except (OperationalError, ValueError):
                structlog.get_logger("ours").exception("A round failed")
                if error is away:
                    logging.getLogger("library").exception("A round failed")
    finally:
        logging.root.handlers[:] = before
        logging.root.setLevel(logging.WARNING)
        structlog.reset_defaults()

    written = capsys.readouterr().err
    assert written.count("A round failed") == count
    assert "a fault of our own" in written
