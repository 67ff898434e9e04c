"""What the doctor finds at the agents: what each is connected to, and how new the bills are."""

from __future__ import annotations

from datetime import datetime

from bot.doctor.check import Check, ok, warning
from bot.settings import Settings
from bot.wiring import sources_of
from scheduler.agents import roster
from scheduler.agents.alex import STALE_AFTER
from scheduler.agents.child import in_child
from scheduler.agents.costs import newest_complete, usage_days
from scheduler.agents.tools import billing
from scheduler.errors import Refused, Temporary

BILLING_LIMIT_S = 60


async def look_at_agents(settings: Settings, now: datetime) -> list[Check]:
    """Say of each agent what it lacks, and read the billing files where there are some."""
    checks = []
    for name, agent in roster(sources_of(settings)).items():
        if name == "alex" and settings.billing:
            checks.append(await _bills(settings.billing, now))
        elif (lack := agent.missing()) is not None:
            checks.append(warning(name, f"{name.capitalize()} is not connected.", lack))
        else:
            checks.append(ok(name, f"{name.capitalize()} has what is needed."))
    return checks


async def _bills(place: str, now: datetime) -> Check:
    try:
        bill = await in_child(billing.read, place, limit_s=BILLING_LIMIT_S)
    except (Refused, Temporary) as error:
        return warning("alex", str(error), error.fix or "Look at CHATCRON_BILLING.")
    day = newest_complete(usage_days(bill.charges, now), now)
    counted = f"{bill.files} {'file' if bill.files == 1 else 'files'}"
    if day is None:
        text = f"{counted} of bills, without a complete day yet."
        return warning("alex", text, "A day counts once a later one has charges.")
    text = f"{counted} of bills; the newest complete day is {day:%a %-d %b %Y} (UTC)."
    if now.date() - day > STALE_AFTER:
        return warning("alex", text, "Most likely the export stopped: check it.")
    return ok("alex", text)
