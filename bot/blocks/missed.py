"""What a channel reads after an outage: one message about every moment its tasks lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.blocks.text import fit, literal
from scheduler.sentences import moment, moments, zone_name

LIMIT = 2_900
BUTTONS = 3


def missed_summary(told: dict[str, Any], now: datetime) -> Message:
    """Say what did not run and when; up to three buttons run what is not caught up by itself."""
    tasks = told["tasks"]
    count = sum(task["moments"] for task in tasks)
    title = (
        f"While I was away, {count} moment{'s' if count > 1 else ''} here did not run"
        f" (noticed {_span(told, now)}):"
    )
    lines = [_line(task, now) for task in tasks]
    blocks = [kit.section(fit([title, *lines], LIMIT))]
    left = [task for task in tasks if not task["runs_now"]][:BUTTONS]
    if left:
        blocks.append(kit.actions(*(_button(task, at, len(tasks)) for at, task in enumerate(left))))
    return Message(text=title.removesuffix(":"), blocks=tuple(blocks))


def _span(told: dict[str, Any], now: datetime) -> str:
    zone = told["tasks"][0]["zone"]
    noticed = datetime.fromisoformat(told["noticed_at"])
    return f"{moment(noticed, zone, now)}, {zone_name(zone)}"


def _line(task: dict[str, Any], now: datetime) -> str:
    named = [datetime.fromisoformat(each) for each in task["named"]]
    when = moment(named[0], task["zone"], now) if len(named) == 1 else None
    when = when or moments(named, task["zone"], now)
    more = task["moments"] - len(named)
    if more:
        until = moment(datetime.fromisoformat(task["last"]), task["zone"], now)
        when = f"{when} and {more} more until {until}"
    later = "; the latest runs now, late" if task["runs_now"] else ""
    return f"• *{literal(task['name'])}* · T-{task['id']}: {when}, {zone_name(task['zone'])}{later}"


def _button(task: dict[str, Any], at: int, count: int) -> kit.Block:
    label = "Run now" if count == 1 else f"Run T-{task['id']} now"
    return kit.button(label, f"run_{at}", f"{task['id']}:{task['version']}:")
