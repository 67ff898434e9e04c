"""`chatcron demo`: a local Slack, the bot, and a page to try it, in one process and one folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.assemble import App
from bot.errors import StartError
from bot.logs import set_up_logs
from bot.playground.server import LocalSlack
from bot.playground.state_file import BrokenState
from bot.process import run_until_stopped
from bot.settings import Settings, own_settings

FOLDER = Path("data/demo")
_BOT_TOKEN = "xoxb-local"  # noqa: S105  of the local Slack, which runs on this machine alone
_APP_TOKEN = "xapp-local"  # noqa: S105  the same


async def run_demo(*, port: int, database: str | None, fresh: bool) -> None:
    """Run until stopped; `fresh` forgets the messages and tasks of the demo before."""
    began = time.monotonic()
    _prepare(fresh=fresh)
    slack = LocalSlack(
        port=port,
        state_file=FOLDER / "slack.json",
        bot_token=_BOT_TOKEN,
        app_token=_APP_TOKEN,
    )
    try:
        await slack.start()
    except OSError as error:
        raise StartError(
            f"Port {port} is in use: is another demo running? Choose one with --port."
        ) from error
    except BrokenState as error:
        raise StartError(str(error)) from error
    settings = _settings(slack.api_url, database)
    set_up_logs("warning", settings.log_format, secrets=settings.secret_texts)
    app = App(settings)

    async def say_where() -> None:
        sys.stdout.write(
            f"\n  Chatcron is up after {time.monotonic() - began:.1f} s. Open {slack.url}\n"
            "  Write in #finops: @alex schedule daily cost report at 8 AM\n"
            f"{_model_line(settings)}"
            f"{'  Costs are sample data.' if settings.sample_data else ' '}"
            " Stop with Ctrl-C; --fresh starts over.\n\n"
        )
        sys.stdout.flush()

    try:
        await run_until_stopped(app, when_up=say_where)
    finally:
        await slack.stop()


def _model_line(settings: Settings) -> str:
    if not settings.asks_model:
        return ""
    return f"  What the grammar can't read goes to the model you set, {settings.model}.\n"


def _prepare(*, fresh: bool) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if fresh:
        for file in FOLDER.iterdir():
            file.unlink()


def _settings(api_url: str, database: str | None) -> Settings:
    """Take the person's own settings, but never their Slack."""
    own = own_settings()
    for name in ("CHATCRON_DATABASE_URL", "CHATCRON_DATABASE_URL_FILE"):
        own.pop(name, None)
    local = {
        "SLACK_BOT_TOKEN": _BOT_TOKEN,
        "SLACK_APP_TOKEN": _APP_TOKEN,
        "SLACK_API_URL": api_url,
        "CHATCRON_DATABASE_URL": database or f"sqlite:///{FOLDER / 'chatcron.db'}",
        "CHATCRON_HTTP_PORT": "0",
    }
    return Settings.read({"CHATCRON_SAMPLE_DATA": "1"} | own | local)
