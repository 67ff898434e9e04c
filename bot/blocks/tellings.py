"""What is said of runs to those who asked to be told, and of who is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.blocks import kit, policies, results
from bot.blocks.cards import Message, asked_by, value_of
from bot.blocks.text import channel_link, clip, escape, fit, literal
from scheduler.sentences import moment, moments, zone_name
from storage.policies import Notice, NoticeOn
from storage.records import Run, RunStatus, Task

LIMIT = 2_900
VALUE_LIMIT = 2_000
LABEL = 75


def notice(task: Task, run: Run, target: str) -> Message:
    """Tell somebody of a run that ended, in the words its own channel reads."""
    if run.status is RunStatus.SUCCEEDED and run.report is not None:
        said = results.result(task, run, run.report)
        where = kit.context(f"Posted {_posted_in(task)}; you are told of it as was asked.")
        return said if target == task.channel else Message(
            text=said.text, blocks=(*said.blocks, where)
        )  # fmt: skip
    reason = f": {escape(clip((run.reason or '').rstrip('.'), 300))}" if run.reason else ""
    return _plain(f"*{literal(task.name)}* {_ended(run)}{reason}. · T-{task.id} · R-{run.id}")


def began(task: Task, run: Run) -> Message:
    """Tell somebody that a run began."""
    said = f"*{literal(task.name)}* has started, {asked_by(run)}. Its result comes"
    return _plain(f"{said} {_posted_in(task)}. · T-{task.id} · R-{run.id}")


def note(task: Task, said: dict[str, Any]) -> Message:
    """Tell an owner one thing about their task, and what would help."""
    target = said.get("target")
    what = escape(said["what"])
    wanted = f" {escape(said['wanted'])}." if said.get("wanted") else ""
    named = f"*{literal(task.name)}* (T-{task.id})"
    if target:
        return _plain(f"{named} can't tell {policies.name_of(target)}: {what}{wanted}")
    return _plain(f"{named}: {what}{wanted}")


def missed_question(task: Task, told: dict[str, Any], now: datetime) -> Message:
    """Ask an owner whether a task that lost moments is to run once now."""
    [missed] = told["tasks"]
    named = [datetime.fromisoformat(each) for each in missed["named"]]
    count = missed["moments"]
    many = count > 1
    at = moments(named, missed["zone"], now) if many else moment(named[0], missed["zone"], now)
    at += f" and {count - len(named)} more" if count > len(named) else ""
    missing = f"{count} moments" if many else "one moment"
    lines = [
        f"While I was away, {missing} of *{literal(task.name)}* did not run · T-{task.id}",
        f"{at}, {zone_name(missed['zone'])}",
        "Shall it run once now? Its next moments come as ever.",
    ]
    buttons = kit.actions(
        kit.button("Run now", "run", value_of(task), style="primary"),
        kit.button("Leave it", "keep", value_of(task)),
    )
    return Message(text=lines[0], blocks=(kit.section("\n".join(lines)), buttons))


def told(before: Task, after: Task, wanted: Sequence[Notice], *, stop: bool) -> Message:
    """Say who is told of a task's runs from now on, or no longer, and offer to take it back."""
    named = f"*{literal(after.name)}*"
    if before == after:
        is_so = "tells nobody like that" if stop else "does that already"
        return _plain(f"{named} {is_so}; nothing changed. · T-{after.id}")
    if stop:
        gone = [each for each in before.notices if each not in after.notices]
        rest = f"it still tells {policies.hearers(after.notices)}"
        left = rest if after.notices else "only its own channel hears of its runs"
        said = f"{_targets(gone)} {_are(gone)} no longer told of {named}; {left}."
    else:
        said = " ".join(f"{line}." for line in _lines(wanted, named))
    text = f"{said} · T-{after.id}"
    undo = kit.actions(kit.button("Undo", "undo", value_of(after)))
    return Message(text=text, blocks=(kit.section(text), undo))


def question(task: Task, wanted: Sequence[Notice]) -> Message:
    """Ask before people are told of a task who could not read what it posts."""
    text = (
        f"Shall {_targets(wanted)} be told when *{literal(task.name)}* {_events(wanted)}? People"
        " there who can't read it now will see its name and its results. Nothing changes until you"
        f" choose. · T-{task.id}"
    )
    packed = json.dumps([[each.target, str(each.on)] for each in wanted], separators=(",", ":"))
    value = value_of(task, packed)
    if len(value) > VALUE_LIMIT:
        return _plain("Those are too many for one question; nothing changed. Name fewer.")
    buttons = kit.actions(
        kit.button("Yes, tell them", "tell", value, style="primary"),
        kit.button("Keep", "keep", value_of(task)),
    )
    return Message(text=text, blocks=(kit.section(text), buttons))


def unpacked(packed: str) -> tuple[Notice, ...]:
    """Read back the notices that a question's button carries."""
    return tuple(Notice(target=target, on=NoticeOn(on)) for target, on in json.loads(packed))


def hush_question(wanted: Sequence[Notice], telling: Sequence[Task]) -> Message:
    """Ask before several tasks stop telling somebody; without any, say so."""
    whom = _targets(wanted)
    if not telling:
        return _plain(f"No task tells {whom} of its runs; nothing changed.")
    title = f"These {len(telling)} tasks tell {whom} of their runs. Which one is to stop?"
    lines = [f"• *{literal(task.name)}* · T-{task.id}" for task in telling]
    example = f"Say it with a number, like “stop notifying {whom} about T-{telling[0].id}”."
    return Message(text=title, blocks=(kit.section(fit([title, example, *lines], LIMIT)),))


def _lines(wanted: Sequence[Notice], named: str) -> list[str]:
    by_event: dict[NoticeOn, list[Notice]] = {}
    for each in wanted:
        by_event.setdefault(each.on, []).append(each)
    return [
        f"{_targets(told)} {_are(told)} told when {named} {policies.event(on)}"
        for on, told in by_event.items()
    ]


def _events(wanted: Sequence[Notice]) -> str:
    return policies.listed(list(dict.fromkeys(policies.event(each.on) for each in wanted)))


def _targets(wanted: Sequence[Notice]) -> str:
    return policies.listed(list(dict.fromkeys(policies.name_of(it.target) for it in wanted)))


def _are(wanted: Sequence[Notice]) -> str:
    return "is" if len({each.target for each in wanted}) == 1 else "are"


def _posted_in(task: Task) -> str:
    is_direct = task.channel.startswith("D")
    return "in a direct message" if is_direct else f"in {channel_link(task.channel)}"


def _ended(run: Run) -> str:
    return {
        RunStatus.SUCCEEDED: "ended",
        RunStatus.TIMED_OUT: "took too long and was stopped",
        RunStatus.LOST: "was cut off and did not finish",
        RunStatus.CANCELLED: "was cancelled",
    }.get(run.status, "did not run")


def _plain(text: str) -> Message:
    return Message(text=text, blocks=(kit.section(text),))
