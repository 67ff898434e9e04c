"""A start that finds fewer tasks on than there were tells each admin, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.assemble import App
from bot.playground.server import LocalSlack
from bot.roll_call import sentence
from bot.settings import Settings
from scheduler.headcount import Drop
from scheduler.now import utc_now
from storage.tables import tasks
from tests.plants import make_task

ADMIN = "D0MAYA"


async def _start_and_stop(settings: Settings) -> None:
    app = App(settings)
    try:
        await app.start()
    finally:
        await app.stop()


@pytest.fixture
def settings(slack: LocalSlack, tmp_path: Path) -> Settings:
    """Give the settings of a bot in the local Slack."""
    return Settings.read(
        {
            "SLACK_BOT_TOKEN": "xoxb-local",
            "SLACK_APP_TOKEN": "xapp-local",
            "SLACK_API_URL": slack.api_url,
            "CHATCRON_DATABASE_URL": f"sqlite:///{tmp_path / 'chatcron.db'}",
            "CHATCRON_HTTP_PORT": "0",
        }
    )


def _told(slack: LocalSlack) -> list[str]:
    return [each.text for each in slack.workspace.messages(ADMIN)]


async def test_an_admin_is_told_once_that_tasks_are_gone(
    slack: LocalSlack, settings: Settings
) -> None:
    """Two tasks were on; one row is gone at the next start, and the admin hears of it then."""
    await _start_and_stop(settings)
    later = utc_now() + timedelta(days=30)
    app = App(settings)
    async with app.parts.store.begin() as work:
        for name in ("one", "two"):
            await work.tasks.add(make_task(name=name, next_run_at=later))
    await app.start()
    await app.stop()
    assert _told(slack) == []

    async with App(settings).parts.database as database, database.begin() as connection:
        await connection.execute(sa.delete(tasks).where(tasks.c.name == "two"))
    await _start_and_stop(settings)
    assert len(_told(slack)) == 1
    assert "started with 1 active task; when I last counted there were 2" in _told(slack)[0]

    await _start_and_stop(settings)
    assert len(_told(slack)) == 1


async def test_a_start_that_failed_forgets_nothing(slack: LocalSlack, settings: Settings) -> None:
    """When Slack refuses the start, the count stays for the next one to compare with."""
    app = App(settings)
    await app.start()
    async with app.parts.store.begin() as work:
        await work.tasks.add(make_task(next_run_at=utc_now() + timedelta(days=30)))
    await app.stop()
    async with App(settings).parts.database as database, database.begin() as connection:
        await connection.execute(sa.delete(tasks))

    wrong = Settings.read(
        {
            "SLACK_BOT_TOKEN": "xoxb-of-another",
            "SLACK_APP_TOKEN": "xapp-local",
            "SLACK_API_URL": settings.slack_api_url,
            "CHATCRON_DATABASE_URL": settings.database_url.get_secret_value(),
            "CHATCRON_HTTP_PORT": "0",
        }
    )
    with pytest.raises(Exception, match="SLACK_BOT_TOKEN was refused"):
        await _start_and_stop(wrong)
    await _start_and_stop(settings)

    assert len(_told(slack)) == 1


def test_an_admin_is_told_in_numbers_alone() -> None:
    """No task's name is in it: admins may not be in its channel."""
    said = sentence(Drop(before=12, after=9, lost=(4, 7, 9)))

    assert "9 active tasks" in said
    assert "the 3 that are missing" in said
