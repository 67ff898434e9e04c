"""Details: everything a task is set to, one line each; its card says only what is unusual."""

from __future__ import annotations

from datetime import timedelta

from bot.blocks import kit, policies
from bot.blocks.cards import Message
from bot.blocks.text import clip, escape, fit, literal, person_link
from scheduler.policy import lasting
from scheduler.sentences import sentence, zone_name
from storage.policies import AS_USUAL, Missed
from storage.records import Task

LIMIT = 2_900
_PROMPT_LIMIT = 600


def details(task: Task) -> Message:
    """Show what a task does in every case, in the order its form has it."""
    title = f"*{literal(task.name)}* · T-{task.id}"
    when = "only when somebody asks" if task.schedule is None else sentence(task.schedule)
    said = [
        ("When", escape(clip(when, 400))),
        ("Zone", f"{escape(zone_name(task.zone))} ({escape(task.zone_from)})"),
        ("Agent", task.agent.capitalize()),
        ("Work", escape(clip(task.prompt, _PROMPT_LIMIT))),
        ("Owner", person_link(task.owner)),
        ("Told of failures when the owner can't be", _stand_in(task)),
        ("Tells", policies.hearers(task.notices)),
        ("Time limit of a run", lasting(timedelta(seconds=task.timeout_s))),
        ("Retries", str(task.retries)),
        ("A run due during another", policies.OVERLAPS[task.overlap]),
        ("Of missed moments", policies.missed(task)),
        ("A missed moment runs", _late(task)),
        *_apart(task),
        ("After failures", _after_failures(task)),
        *_on_holidays(task),
    ]
    lines = [f"• {what}: {how}" for what, how in said]
    foot = "*Edit* on its card changes these."
    return Message(
        text=f"Details of {literal(task.name)}",
        blocks=(kit.section(fit([title, *lines], LIMIT)), kit.context(foot)),
    )


def _stand_in(task: Task) -> str:
    return "the admins" if task.delegate is None else person_link(task.delegate)


def _late(task: Task) -> str:
    limit = policies.leeway(task, "fresh_s")
    if task.missed in (Missed.SKIP, Missed.ASK):
        return f"if it is noticed within {limit}"
    return f"at most {limit} late" if limit else "however late it is noticed"


def _apart(task: Task) -> list[tuple[str, str]]:
    within = policies.leeway(task, "jitter_s")
    said = [("Starts", f"at a random moment within {within}" if within else "at its time")]
    if task.missed is Missed.ALL or task.leeway.spread_s:
        over = policies.leeway(task, "spread_s")
        said.append(("What is caught up", f"is spread over {over}" if over else "runs in turn"))
    return said


def _after_failures(task: Task) -> str:
    most = task.leeway.pause_after
    if most == AS_USUAL.pause_after:
        return "it goes on, and its owner is told at the 1st, 10th and 100th in a row"
    return "it is paused after the first" if most == 1 else f"it is paused after {most} in a row"


def _on_holidays(task: Task) -> list[tuple[str, str]]:
    if task.schedule is None:
        return []
    is_left_out = task.schedule.exceptions.holidays is not None
    which = policies.IS_LEFT_OUT if is_left_out else policies.RUNS
    return [("A run due on a holiday", policies.HOLIDAYS[which].removeprefix("it "))]
