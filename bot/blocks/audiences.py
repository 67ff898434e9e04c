"""The question before a task posts for other people, and what it leaves in its old place."""

from __future__ import annotations

from bot.blocks import kit
from bot.blocks.cards import Message, value_of
from bot.blocks.text import channel_link, clip, literal
from scheduler import rights
from storage.records import Place, PlaceKind, Task

LABEL = 75


def question(task: Task, goal: Place, now_in: Place | None, *, readers: int | None) -> Message:
    """Ask whether a task shall post in another place, naming who reads there."""
    move = f"in {channel_link(goal.id)} instead of {_shown(now_in, task)}?"
    lines = [
        f"Post *{literal(task.name)}* {move} {who_reads(goal, readers=readers)}",
        *([_WIDER] if _is_wider(goal, now_in) else []),
        f"Nothing changes until you choose. · T-{task.id}",
    ]
    yes = f"Post it in #{goal.name}" if goal.name else "Post it there"
    buttons = kit.actions(
        kit.button(clip(yes, LABEL), "redirect", value_of(task, goal.id), style="primary"),
        kit.button("Keep", "keep", value_of(task)),
    )
    return Message(text=lines[0], blocks=(kit.section("\n".join(lines)), buttons))


_WIDER = (
    "It posts in a private place now: people who can't read it there will see its name and its"
    " results."
)


def moved(task: Task, *, tells_where: bool) -> Message:
    """Say in the place a task has left that it posts elsewhere; where, only if all may know."""
    where = f"in {channel_link(task.channel)}" if tells_where else "in another place"
    text = f"*{literal(task.name)}* posts {where} now. · T-{task.id}"
    return Message(text=text, blocks=(kit.section(text),))


def who_reads(goal: Place, *, readers: int | None) -> str:
    """Say who reads what stands in a place."""
    people = {None: "The people in it", 1: "One person"}.get(readers, f"{readers} people")
    strangers = " Some are of other companies." if goal.is_shared else ""
    if goal.kind is PlaceKind.PUBLIC:
        are = "is in it" if readers == 1 else "are in it" if readers is not None else ""
        return " ".join(f"{people} {are}, and everybody here can look in.{strangers}".split())
    return f"{people} can read it there.{strangers}"


def _is_wider(goal: Place, now_in: Place | None) -> bool:
    is_private = now_in is None or now_in.kind is not PlaceKind.PUBLIC
    return is_private and (now_in is None or not rights.is_narrower(goal, now_in))


def _shown(place: Place | None, task: Task) -> str:
    is_talk = place is not None and place.kind in (PlaceKind.DIRECT, PlaceKind.GROUP)
    return "our conversation" if is_talk else channel_link(task.channel)


def default_question(goal: Place, *, readers: int | None) -> Message:
    """Ask whether results of new tasks shall go where more people read them."""
    text = (
        f"Let the results of new tasks asked for here go to {channel_link(goal.id)}?"
        f" {who_reads(goal, readers=readers)} Nothing changes until you choose."
    )
    buttons = kit.actions(
        kit.button("Yes, post them there", "posts_to", goal.id, style="primary"),
        kit.button("Cancel", "many_no", "-"),
    )
    return Message(text=text, blocks=(kit.section(text), buttons))


def default_set(channel: str | None) -> Message:
    """Say where the results of new tasks go from now on."""
    where = "stay here" if channel is None else f"go to {channel_link(channel)}"
    text = f"Results of new tasks asked for here {where} from now on. Tasks there are stay as set."
    return Message(text=text, blocks=(kit.section(text),))
