"""`chatcron run` with odd agents: `python -m tests.chaos.odd_run FOLDER [BUSY_TIMEOUT_MS]`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.assemble import App
from bot.logs import set_up_logs
from bot.process import run_until_stopped
from bot.settings import Settings
from storage import database
from tests.chaos.odd_agents import agents_in

if __name__ == "__main__":
    settings = Settings.read()
    if len(sys.argv) > 2:
        database.BUSY_TIMEOUT_MS = int(sys.argv[2])
    set_up_logs(settings.log_level, settings.log_format)
    asyncio.run(run_until_stopped(App(settings, agents=agents_in(Path(sys.argv[1])))))
