"""Every sentence for a refusal, an error, or a request that was not understood."""

from __future__ import annotations

from collections.abc import Iterable

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.blocks.text import clip, escape, literal, named
from bot.intent.intents import Stage, Step
from scheduler.agents.agent import Profile
from scheduler.errors import Refused, SchedulerError
from scheduler.variables import names_in
from storage.records import Task, Template

EXAMPLES = (
    "`@alex schedule daily cost report at 8 AM`",
    "`@tony check the database every Monday at 9:00`",
    "`list my tasks`",
)


def plain(text: str) -> Message:
    """Show a sentence of ours, which may hold Slack's own marks."""
    return Message(text=text, blocks=(kit.section(clip(text, 2_900)),))


def refusal(error: SchedulerError) -> Message:
    """Say why something was not done and what to do instead."""
    fix = getattr(error, "fix", "")
    ending = "" if isinstance(error, Refused) else " Try again in a minute."
    return plain(f"{escape(clip(str(error), 1_500))} {escape(fix)}{ending}".strip())


def fault(reference: str) -> Message:
    """Say that a fault of ours stopped a request, under which name the log has it, and what now."""
    return plain(
        f"I hit a fault of my own and did not finish that (fault {reference}; the log has it)."
        " `/tasks list` shows what stands; try again, or show your admin that name."
    )


def unclear(understood: str, question: str, choices: Iterable[str]) -> Message:
    """Say what was understood and ask one question; channels are named as they were seen."""
    offered = ", ".join(f"`{escape(named(choice))}`" for choice in choices)
    parts = [
        f"I understood “{escape(clip(named(understood), 200))}”." if understood else "",
        escape(named(question)),
        f"For example: {offered}" if offered else "",
    ]
    return plain(" ".join(part for part in parts if part))


def no_request() -> Message:
    """Answer somebody who called us and asked for nothing we know."""
    return plain("I read no request in that. Try one of these:\n" + _listed(EXAMPLES))


def greeting() -> Message:
    """Answer somebody who only greets us."""
    return plain("Hello. Say what should run, and when:\n" + _listed(EXAMPLES))


def any_time() -> Message:
    """Answer thanks."""
    return plain("Any time.")


def no_task() -> Message:
    """Answer somebody who said "it" where nothing is meant by it."""
    return plain(
        "Which task do you mean? Name it, like `T-12`, or answer in its thread. Nothing changed."
    )


def say_it_with_a_number(tasks: Iterable[Task]) -> Message:
    """Ask for a number where several tasks have the name that was said."""
    named = "\n".join(f"• T-{task.id} {literal(task.name)}" for task in tasks)
    return plain(f"Which one? Say it again with its number; nothing changed.\n{named}")


def help_text(profiles: Iterable[Profile]) -> Message:
    """Say what can be asked, and of whom."""
    people = "\n".join(f"• *{who.shown}* {escape(who.does)}" for who in profiles)
    asks = _listed(
        (
            *EXAMPLES,
            "`pause the cost report`, `resume T-12`, `run T-12`, `delete T-12`",
            "`make it 9 instead` in a task's thread",
            "`why didn't the cost report run?`, `history of T-12`, `what runs next?`",
        )
    )
    return plain(
        f"Tell me what to do and when; I say it back with the next runs.\n{asks}\n{people}\n"
        "`/tasks list` shows every task. More: `help with times`, and the like with agents, edits,"
        " pauses, notifications, templates, workflows, zones and lists."
    )


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def template_saved(template: Template) -> Message:
    """Say that a task's work is kept, and how it is used."""
    needs = names_in(template.prompt)
    values = " with " + " and ".join(f"{name}=…" for name in needs) if needs else ""
    name = template.name
    use = f"create a task from template {escape(name)}{escape(values)} every Monday at 9:00"
    return plain(f"Kept as the template *{literal(name)}*. Use it: `{use}`.")


def templates(found: Iterable[Template]) -> Message:
    """List templates with their agents and variables."""
    lines = []
    for each in found:
        needs = ", ".join(names_in(each.prompt))
        values = f" (needs {escape(needs)})" if needs else ""
        lines.append(f"• *{literal(each.name)}* · {each.agent.capitalize()}{values}")
    return plain("Templates:\n" + "\n".join(lines))


def workflow(stages: Iterable[Stage], when: str | None) -> Message:
    """Say which stages were read, and that nothing runs them yet."""
    lines = []
    for number, stage in enumerate(stages, 1):
        steps = " and ".join(_step(step) for step in stage.steps)
        only_if = f"if {escape(named(stage.only_if))}: " if stage.only_if else ""
        other = " and ".join(_step(step) for step in stage.otherwise)
        lines.append(f"{number}. {only_if}{steps}{f'; otherwise {other}' if other else ''}")
    timed = f"\nWhen: {escape(when)}." if when else ""
    return plain(
        "I read these stages:\n"
        + "\n".join(lines)
        + timed
        + "\nI can't run workflows yet; nothing was created. Each step alone can be a task."
    )


def _step(step: Step) -> str:
    agent = f"{step.agent.capitalize()}: " if step.agent else ""
    return f"{agent}{escape(clip(named(step.work), 200))}"
