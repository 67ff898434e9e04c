"""`chatcron doctor`: looks at all that Chatcron stands on, beside a running one or without any."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from bot.doctor.agents import look_at_agents
from bot.doctor.check import Check, ok, problem, unknown
from bot.doctor.machine import look_at_address, look_at_model
from bot.doctor.sharing import look_at_sharing
from bot.doctor.storing import look_at_database
from bot.doctor.workspace import look_at_slack
from bot.errors import SettingsError
from bot.settings import Settings
from scheduler.now import Now, utc_now

LIMIT_S = 90
_README = "The README lists the settings and what each takes."


async def examine(
    environment: Mapping[str, str] | None = None, *, now: Now = utc_now
) -> list[Check]:
    """Look at everything and say how it is; a look that fails is unknown, and the others go on."""
    try:
        settings = Settings.read(environment)
    except SettingsError as error:
        wrong = [problem("settings", line, _README) for line in str(error).splitlines()]
        return [*wrong, unknown("the rest", "Not looked at, as the settings are not right.")]
    looks: dict[str, Coroutine[Any, Any, list[Check]]] = {
        "slack": look_at_slack(settings, now),
        "database": look_at_database(settings, now),
        "sharing": look_at_sharing(settings),
        "http": look_at_address(settings),
        "agents": look_at_agents(settings, now()),
        "model": look_at_model(settings),
    }
    found = await asyncio.gather(*(_guarded(name, look) for name, look in looks.items()))
    return [_settings(settings), *(check for checks in found for check in checks)]


async def _guarded(name: str, look: Coroutine[Any, Any, list[Check]]) -> list[Check]:
    """Let no look keep the others from being told."""
    try:
        async with asyncio.timeout(LIMIT_S):
            return await look
    except TimeoutError:
        return [unknown(name, f"It took more than {LIMIT_S} s and was given up.")]
    except Exception as error:
        return [unknown(name, f"It could not be looked at ({type(error).__name__}).")]


def _settings(settings: Settings) -> Check:
    given = len(settings.model_fields_set)
    text = f"{given} {'is' if given == 1 else 'are'} given, and each is allowed."
    if settings.bare_secrets:
        text += f" In the environment itself: {', '.join(settings.bare_secrets)}."
    return ok("settings", text)
