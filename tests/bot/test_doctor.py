"""The doctor: what it finds at tokens, scopes, people, database, clock, agents, address, model."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.assemble import App
from bot.cli import app as command_line
from bot.doctor import storing, workspace
from bot.doctor.check import Check, Grade, as_json, as_text, has_problem, ok, problem, warning
from bot.doctor.clock import drift
from bot.doctor.examination import examine
from bot.doctor.storing import look_at_database
from bot.doctor.workspace import look_at_slack
from bot.playground.seed import ACME
from bot.playground.server import LocalSlack
from bot.scopes import SCOPES, scopes_of_manifest
from bot.settings import Settings
from scheduler.forgetting import Forgetting
from scheduler.now import utc_now
from storage.database import Database
from storage.migrate import REVISIONS, migrate
from storage.records import ModelCall, RunStatus
from storage.store import Store
from tests.journeys.driver import free_port
from tests.plants import make_task, plant
from tests.storage.test_retention import past

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-local", "SLACK_APP_TOKEN": "xapp-local"}


def _settings(slack: LocalSlack, **named: str) -> Settings:
    return Settings.read(TOKENS | {"SLACK_API_URL": slack.api_url} | named)


def _named(checks: list[Check], name: str) -> Check:
    found = [check for check in checks if check.name == name]
    assert len(found) == 1, f"{name} among {checks}"
    return found[0]


async def test_a_workspace_in_order_has_nothing_but_ok(slack: LocalSlack) -> None:
    """Tokens, scopes, clock and people are all well where the app is installed as it should."""
    checks = await look_at_slack(_settings(slack), utc_now)

    assert [check.name for check in checks] == [
        "bot token", "app token", "scopes", "clock", "people",
    ]  # fmt: skip
    assert {check.grade for check in checks} == {Grade.OK}
    assert "Acme" in checks[0].text


async def test_a_missing_scope_is_named_with_what_is_lost(slack: LocalSlack) -> None:
    """Each scope that is not granted has a line of its own; without chat:write nothing works."""
    slack.grants.scopes -= {"files:write", "chat:write"}

    checks = await look_at_slack(_settings(slack), utc_now)

    lost = _named(checks, "scope files:write")
    assert lost.grade is Grade.WARNING
    assert "very long reports" in lost.text
    assert "reinstall" in lost.fix
    assert _named(checks, "scope chat:write").grade is Grade.PROBLEM


async def test_a_scope_nobody_uses_is_named(slack: LocalSlack) -> None:
    """What was granted beyond the manifest stands there to be taken away."""
    slack.grants.scopes.add("channels:manage")

    found = _named(await look_at_slack(_settings(slack), utc_now), "unused scopes")

    assert found.grade is Grade.WARNING
    assert "channels:manage" in found.text


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_refuses_is_a_problem(slack: LocalSlack, name: str) -> None:
    """Slack's own word stands beside where the right token is found."""
    wrong = {"SLACK_BOT_TOKEN": "xoxb-of-another", "SLACK_APP_TOKEN": "xapp-of-another"}[name]

    checks = await look_at_slack(_settings(slack, **{name: wrong}), utc_now)

    found = _named(checks, "bot token" if "BOT" in name else "app token")
    assert found.grade is Grade.PROBLEM
    assert "invalid_auth" in found.text


async def test_a_slack_out_of_reach_is_a_problem(slack: LocalSlack) -> None:
    """Where nothing answers, the address and what to look at are said."""
    settings = _settings(slack, SLACK_API_URL=f"http://127.0.0.1:{free_port()}/api/")

    found = _named(await look_at_slack(settings, utc_now), "bot token")

    assert found.grade is Grade.PROBLEM
    assert "SLACK_API_URL" in found.fix


@pytest.mark.parametrize("called", ["handle", "display name"])
async def test_a_person_called_like_an_agent_is_named(
    called: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever goes by an agent's name is found on any page; one who has left is not."""
    maya = ACME.people[0]
    tony = replace(maya, id="U0TONY", name="tony", deleted=True)
    name = "alex" if called == "handle" else "a.smith"
    shown = "Alex" if called == "display name" else "Smith"
    alex = replace(maya, id="U0ALEX", name=name, real_name=shown)
    slack = LocalSlack(page=False, seed=replace(ACME, people=(*ACME.people, tony, alex)))
    monkeypatch.setattr(workspace, "PAGE", 3)
    await slack.start()
    try:
        checks = await look_at_slack(_settings(slack), utc_now)
    finally:
        await slack.stop()

    found = _named(checks, "people")
    assert found.grade is Grade.WARNING
    assert "alex (U0ALEX)" in found.text
    assert "@Chatcron alex" in found.fix


async def test_people_who_were_not_all_listed_are_unknown(slack: LocalSlack) -> None:
    """Without the right to list people, nobody is said to be fine."""
    slack.grants.scopes.discard("users:read")

    found = _named(await look_at_slack(_settings(slack), utc_now), "people")

    assert found.grade is Grade.UNKNOWN
    assert "missing_scope" in found.text


async def test_a_clock_that_is_wrong_is_told_by_slacks(slack: LocalSlack) -> None:
    """Slack's Date header shows that this machine is an hour ahead."""
    checks = await look_at_slack(_settings(slack), lambda: utc_now() + timedelta(hours=1))

    found = _named(checks, "clock")
    assert found.grade is Grade.WARNING
    assert "ahead of Slack's" in found.text


@pytest.mark.parametrize(
    ("before", "after", "apart"),
    [(-3, -2, -2.0), (0, 1, 0.0), (0.9, 1.1, 0.0), (3, 4, 2.0), (-9, 9, 0.0)],
)
def test_an_answer_that_took_a_while_accuses_nobody(
    before: float, after: float, apart: float
) -> None:
    """Only what the time of the question and the cut to whole seconds can't explain is counted."""
    said = drift(
        NOON + timedelta(seconds=before),
        NOON + timedelta(seconds=after),
        NOON,
        grain=timedelta(seconds=1),
    )

    assert said.total_seconds() == apart


async def test_a_database_beside_a_running_chatcron_is_looked_at(
    slack: LocalSlack, tmp_path: Path
) -> None:
    """With the file held and Chatcron up, the database, its schema and its parts are all well."""
    file = tmp_path / "chatcron.db"
    async with Database(f"sqlite:///{file}") as database:
        await migrate(database)
    running = App(
        _settings(slack, CHATCRON_DATABASE_URL=f"sqlite:///{file}", CHATCRON_HTTP_PORT="0")
    )
    try:
        await running.start()
        assert running.http is not None
        async with asyncio.timeout(30):
            while not all(sign.ok for sign in (await running.readiness.look()).values()):
                pass  # each look lets the others work
        port = str(running.http.port)
        environment = TOKENS | {
            "SLACK_API_URL": slack.api_url,
            "CHATCRON_DATABASE_URL": f"sqlite:///{file}",
            "CHATCRON_HTTP_PORT": port,
        }
        checks = await examine(environment)
    finally:
        await running.stop()

    assert not [check for check in checks if check.grade is Grade.PROBLEM]
    assert not has_problem(checks)
    assert "can be read and written" in _named(checks, "database").text
    assert _named(checks, "schema").grade is Grade.OK
    assert _named(checks, "disk").grade is not Grade.UNKNOWN
    assert "all its parts work" in _named(checks, "http").text


async def test_every_database_is_looked_at(database_url: str, slack: LocalSlack) -> None:
    """On SQLite and on Postgres: empty first, then as it is needed; Postgres tells the time."""
    settings = _settings(slack, CHATCRON_DATABASE_URL=database_url)
    async with Database(database_url) as database:
        if not database.is_sqlite:
            empty = await look_at_database(settings, utc_now)
            assert _named(empty, "schema").grade is Grade.PROBLEM
        await migrate(database)

    checks = await look_at_database(settings, utc_now)

    assert _named(checks, "database").grade is Grade.OK
    assert REVISIONS[-1] in _named(checks, "schema").text
    if database.is_sqlite:
        assert _named(checks, "write-ahead log").grade is Grade.OK
    else:
        assert _named(checks, "database clock").grade is Grade.OK


@pytest.mark.parametrize(("cap", "grade"), [(3, Grade.OK), (2, Grade.WARNING)])
async def test_the_models_use_today_is_told(
    slack: LocalSlack, database_url: str, cap: int, grade: Grade
) -> None:
    """Where a model is set, its calls and tokens of the local day stand beside the day's cap."""
    settings = _settings(
        slack,
        CHATCRON_DATABASE_URL=database_url,
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        CHATCRON_MODEL_CALLS_PER_DAY=str(cap),
        CHATCRON_TIMEZONE="Asia/Tokyo",
    )
    async with Database(database_url) as database:
        await migrate(database)
        async with Store(database).begin() as work:
            for at in (NOON, NOON - timedelta(hours=22)):  # the earlier one is of Tokyo's yesterday
                await work.model_calls.record(ModelCall(
                    at=at, purpose="intent", model="m", tokens_in=900, tokens_out=60, took_ms=9,
                    outcome="ok",
                ))  # fmt: skip
            for _ in range(2):
                await work.model_calls.reserve(NOON.date(), cap=cap)

    found = _named(await look_at_database(settings, lambda: NOON), "model use")

    assert found.grade is grade
    assert f"2 of today's {cap} calls are taken; they used 960 tokens." in found.text


async def test_runs_that_are_about_to_be_forgotten_are_named(
    slack: LocalSlack, database_url: str
) -> None:
    """Until a day after that was said; where all is kept there is nothing to say."""
    settings = _settings(slack, CHATCRON_DATABASE_URL=database_url)
    kept = _settings(slack, CHATCRON_DATABASE_URL=database_url, CHATCRON_KEEP_RUNS_DAYS="0")
    async with Database(database_url) as database:
        await migrate(database)
        store = Store(database)
        task = await plant(store, make_task())
        await past(store, task, NOON - timedelta(days=500), RunStatus.MISSED)
        await past(store, task, NOON, RunStatus.MISSED)
        first = _named(await look_at_database(settings, lambda: NOON), "old runs")
        await Forgetting(store, days=400).round(NOON)
    told = _named(await look_at_database(settings, lambda: NOON), "old runs")
    later = await look_at_database(settings, lambda: NOON + timedelta(days=1))

    assert (first.grade, told.grade) == (Grade.WARNING, Grade.WARNING)
    assert "ago: 1, from Mon 21 Oct 2024 on. They are forgotten a day after" in first.text
    assert "from 2026-03-06 12:00 UTC on" in told.text
    named = [check.name for check in (*later, *await look_at_database(kept, lambda: NOON))]
    assert "old runs" not in named


async def test_looking_makes_no_database(slack: LocalSlack, tmp_path: Path) -> None:
    """Where there is none the doctor says so, and leaves it at that."""
    place = tmp_path / "none" / "chatcron.db"
    settings = _settings(slack, CHATCRON_DATABASE_URL=f"sqlite:///{place}")

    found = _named(await look_at_database(settings, utc_now), "database")

    assert found.grade is Grade.WARNING
    assert not place.parent.exists()


@pytest.mark.parametrize(("version", "fix"), [("0001", "chatcron migrate"), ("9999", "Update")])
async def test_a_schema_of_another_version_is_a_problem(
    slack: LocalSlack, tmp_path: Path, version: str, fix: str
) -> None:
    """An older schema asks to be migrated, a newer one for a newer Chatcron."""
    file = tmp_path / "chatcron.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))
    connection.close()
    settings = _settings(slack, CHATCRON_DATABASE_URL=f"sqlite:///{file}")

    found = _named(await look_at_database(settings, utc_now), "schema")

    assert found.grade is Grade.PROBLEM
    assert fix in found.fix


async def test_a_full_disk_and_a_long_log_are_seen(
    slack: LocalSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Little room is a problem, a write-ahead log that grew too long a warning."""
    async with Database(f"sqlite:///{tmp_path / 'c.db'}") as database:
        await migrate(database)
        monkeypatch.setattr(storing, "WAL_LARGE", 0)
        left = shutil.disk_usage(tmp_path)._replace(free=3 * storing.MIB)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: left)
        settings = _settings(slack, CHATCRON_DATABASE_URL=f"sqlite:///{tmp_path / 'c.db'}")
        checks = await look_at_database(settings, utc_now)

    assert _named(checks, "disk").grade is Grade.PROBLEM
    assert "3.0 MiB" in _named(checks, "disk").text
    assert _named(checks, "write-ahead log").grade is Grade.WARNING


async def test_a_database_out_of_reach_is_told_without_its_password(slack: LocalSlack) -> None:
    """The address is shown with the password taken out, and the reason in the driver's words."""
    url = f"postgresql://bot:hunter2@127.0.0.1:{free_port()}/chatcron"

    checks = await look_at_database(_settings(slack, CHATCRON_DATABASE_URL=url), utc_now)

    found = _named(checks, "database")
    assert found.grade is Grade.PROBLEM
    assert "Connection refused" in found.text
    assert "hunter2" not in as_json(checks)


async def test_a_look_that_breaks_keeps_nothing_else_from_being_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bug in one look is unknown, by its kind alone, and all the others are there."""

    async def broken(*_: object) -> list[Check]:
        raise ZeroDivisionError("with a secret in it")

    monkeypatch.setattr("bot.doctor.examination.look_at_database", broken)
    checks = await examine({"CHATCRON_HTTP_PORT": "0"})

    assert _named(checks, "database").grade is Grade.UNKNOWN
    assert "ZeroDivisionError" in _named(checks, "database").text
    assert "secret" not in as_text(checks)
    assert _named(checks, "model").grade is Grade.OK


def test_without_a_slack_the_command_says_so_and_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no token at all the doctor works, names what is missing, and its code tells a script."""
    for name in TOKENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHATCRON_DATABASE_URL", f"sqlite:///{tmp_path / 'c.db'}")
    monkeypatch.setenv("CHATCRON_HTTP_PORT", "0")

    shown = CliRunner().invoke(command_line, ["doctor"])
    written = CliRunner().invoke(command_line, ["doctor", "--json"])

    assert (shown.exit_code, written.exit_code) == (1, 1)
    assert "SLACK_BOT_TOKEN is missing" in shown.output
    body = json.loads(written.output)
    assert body["ok"] is False
    assert {"name", "grade", "text", "fix"} == set(body["checks"][0])


def test_a_wrong_setting_is_a_problem_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wrong setting has a line; what could not be looked at for it is not said to be well."""
    monkeypatch.setenv("CHATCRON_TIMEZONE", "Mars/Olympus")
    monkeypatch.setenv("CHATCRON_HTTP_PORT", "80800")

    done = CliRunner().invoke(command_line, ["doctor", "--json"])

    grades = [check["grade"] for check in json.loads(done.output)["checks"]]
    assert grades == ["problem", "problem", "unknown"]
    assert done.exit_code == 1


def test_each_check_is_a_line_and_what_to_do_stands_below() -> None:
    """The text has one line a check, one more where something is to be done, and a count."""
    lines = as_text([ok("a", "fine."), warning("b", "so.", "do."), problem("c", "no.", "do.")])

    assert [line.count("→") for line in lines.splitlines()] == [0, 0, 1, 0, 1, 0, 0]
    assert lines.endswith("3 checks: 1 ok, 1 warning, 1 problem.")


def test_every_scope_of_the_manifest_has_its_reason() -> None:
    """What the doctor says of scopes is about those of the manifest, in their order."""
    assert tuple(scope.name for scope in SCOPES) == scopes_of_manifest()
