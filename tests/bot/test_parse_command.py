"""What `chatcron parse` writes."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.parse_command import parse_lines
from bot.parse_told import explain
from scheduler.now import utc_now
from storage.database import Database
from storage.migrate import migrate
from storage.store import Store
from tests.journeys.driver import environment
from tests.scripted_model import ScriptedModel, form

NOWHERE = "http://127.0.0.1:9/v1"


def test_a_bad_line_is_answered_and_the_rest_goes_on() -> None:
    """A line that is no JSON gives an error line, and the next one is read."""
    good = json.dumps({"id": "a", "text": "check disks every day at 9am",
                       "now": "2026-03-05T10:17:00", "tz": "America/New_York"})  # fmt: skip
    out = io.StringIO()

    code = parse_lines(["nonsense", good], out)

    bad, row = (json.loads(line) for line in out.getvalue().splitlines())
    assert code == 1
    assert "error" in bad
    assert (row["id"], row["intent"], row["source"]) == ("a", "create", "phrases")
    assert row["next"][0] == "2026-03-06T09:00:00-05:00"


def test_people_are_told_what_was_assumed() -> None:
    """The explanation names the slots, the assumption and the next runs."""
    now = datetime(2026, 3, 5, 10, 17, tzinfo=ZoneInfo("America/New_York"))

    said = explain("schedule a review on Mondays", now, "America/New_York")

    assert "Name: Review" in said
    assert "Assumed, so it would ask: time" in said


def row_of(text: str) -> dict[str, Any]:
    out = io.StringIO()
    asked = {"id": "a", "text": text, "now": "2026-03-05T10:17:00", "tz": "America/New_York"}
    assert parse_lines([json.dumps(asked)], out) == 0
    row: dict[str, Any] = json.loads(out.getvalue())
    return row


@pytest.mark.parametrize(
    ("text", "intent", "detail"),
    [
        ("cost report daily at 8am", "create", "create"),
        ("save T-3 as a template called x", "create", "save_template"),
        ("use template x with env=prod", "create", "use_template"),
        ("which templates are there?", "list", "templates"),
        ("cost report -> audit -> summary", "workflow", "workflow"),
        ("set this channel's zone to Berlin", "edit", "zone"),
        ("why didn't the cost report run?", "history", "why"),
        ("thanks, see you at 9", "none", "nothing"),
        ("delete all databases every day at 3am", "clarify", "unclear"),
    ],
)
def test_a_row_names_the_coarse_and_the_fine(text: str, intent: str, detail: str) -> None:
    """The few names checks rely on stand in "intent", our own in "detail"."""
    row = row_of(text)

    assert (row["intent"], row["detail"]) == (intent, detail)


def test_a_row_tells_of_channels_people_and_further_requests() -> None:
    """Where results go and who is told stand in "notify"; more requests are counted."""
    row = row_of("cost report daily at 8am in #finops and email me if it fails. Also list my tasks")

    assert row["notify"] == ["#finops", "me by email"]
    assert row["further"] == 1
    assert row["name"] == "Cost report"


EXPLAINED = {
    "@alex daily cost report at 8 AM in #finops and tell #ops if it fails": (
        "Agent: alex", "Results in: #finops", "Tells: #ops on failure, by slack",
        "When: every day at 08:00, New York time"),
    "alex checks cost, then anna sums up, and if severity is high notify #sec": (
        "Stage 1: alex: check cost", "Stage 3: if severity is high: notify #sec"),
    "use the eu-costs template with env=prod every Monday at 9am": (
        "Name: eu-costs", "Variable env: prod"),
    "pause T-3 and list my tasks": ("Request 1 of 2", "Task: 3", "Request 2 of 2"),
    "restart the workers every night at 2am": (
        "Understood: Restart the workers", "Because: agents only look"),
    "check the replication lag of every database in every region " * 4 + "every day at 5": (
        "Assumed, so it would ask: meridiem", "Answers it would offer: 17:00, 05:00"),
}  # fmt: skip


@pytest.mark.parametrize("text", EXPLAINED, ids=lambda text: text[:30])
def test_every_slot_is_explained_in_eighty_columns(text: str) -> None:
    """Words with their parts, slots, stages, doubts and answers stand in narrow lines."""
    now = datetime(2026, 3, 5, 10, 17, tzinfo=ZoneInfo("America/New_York"))

    said = explain(text, now, "America/New_York")

    plainly = " ".join(said.split())
    assert all(line in plainly for line in EXPLAINED[text]), said
    assert max(len(line) for line in said.splitlines()) <= 80


LOADED = (
    "import sys; from bot.cli import main; sys.argv = ['chatcron', 'parse', {arguments}];"
    "\ntry: main()\nfinally: print([name for name in ('openai', 'agents', 'sqlalchemy', 'duckdb')"
    " if name in sys.modules])"
)


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        ("'list tasks'", {}),
        ("'--offline', 'list tasks'", {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": NOWHERE}),
    ],
)
def test_without_a_model_nothing_heavy_is_loaded(arguments: str, settings: dict[str, str]) -> None:
    """Offline, or with no key, a message is read without any client, agent or database."""
    ended = subprocess.run(
        [sys.executable, "-c", LOADED.format(arguments=arguments)],
        env=environment(settings),
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.splitlines()[-1] == "[]"


async def test_with_a_model_a_line_says_who_read_it() -> None:
    """What the grammar can't read goes to the model that is set, and the row says so."""
    said = "would love it if alex could eyeball what we burn on EC2 come Monday mornings, nine-ish"
    line = {"id": "a", "text": said, "now": "2026-03-05T10:17:00", "tz": "America/New_York"}
    filled = form(
        "create",
        work="eyeball what we burn on EC2",
        when={"repeats": "weekly", "weekdays": ["mon"], "times": ["09:00"]},
    )
    async with ScriptedModel(filled) as model:
        ended = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "parse", "--jsonl",
            env=environment({"OPENAI_BASE_URL": model.url}),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        written, _ = await ended.communicate(json.dumps(line).encode())

    row = json.loads(written)
    assert (row["source"], row["intent"]) == ("model", "create")
    assert row["next"][0] == "2026-03-09T09:00:00-04:00"
    assert "confirm" in row["assumed"]


async def test_a_call_is_counted_in_the_database_that_is_named(tmp_path: Path) -> None:
    """Tokens and time of a call of `parse` stand beside the bot's; a file that is none is not made.

    The call counts on the day it is made, whatever moment the message is read as of.
    """
    said = "would love it if alex could eyeball what we burn on EC2 come Monday mornings, nine-ish"
    line = json.dumps({"id": "a", "text": said, "now": "2026-03-05T10:17:00", "tz": "UTC"})
    address, absent = (f"sqlite:///{tmp_path / name}.db" for name in ("there", "absent"))
    async with Database(address) as database:
        await migrate(database)
    began = utc_now()

    async with ScriptedModel(form("nothing")) as model:
        for named in (address, absent):
            given = {"OPENAI_BASE_URL": model.url, "CHATCRON_DATABASE_URL": named}
            ended = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "parse", "--jsonl",
                env=environment(given),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            written, _ = await ended.communicate(line.encode())
            assert json.loads(written)["id"] == "a"

    assert len(model.asked) == 2
    assert not (tmp_path / "absent.db").exists()
    async with Database(address) as database, Store(database).read() as work:
        [call] = await work.model_calls.calls()
        assert await work.model_calls.used(call.at.date()) == 1
    assert (call.tokens_in, call.tokens_out, call.outcome) == (900, 60, "ok")
    assert call.at >= began
    assert call.took_ms >= 0


def test_an_address_that_is_none_is_a_sentence() -> None:
    """A model's address that can't be one ends the command with its name, and no traceback."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "parse", "list my tasks"],
        env=environment({}) | {"OPENAI_BASE_URL": "http://["},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert "OPENAI_BASE_URL is wrong" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_model_that_is_not_there_leaves_the_rows_whole() -> None:
    """Nothing but JSON lines is written, and the grammar's reading stands in them."""
    said = "would love it if alex could eyeball what we burn on EC2 come Monday mornings, nine-ish"
    line = {"id": "a", "text": said, "now": "2026-03-05T10:17:00", "tz": "America/New_York"}

    ended = subprocess.run(
        [sys.executable, "-m", "bot", "parse", "--jsonl"],
        env=environment({}) | {"OPENAI_BASE_URL": NOWHERE},
        input=json.dumps(line),
        capture_output=True,
        text=True,
        check=True,
    )

    [row] = [json.loads(each) for each in ended.stdout.splitlines()]
    assert (row["source"], row["intent"]) == ("phrases", "none")
