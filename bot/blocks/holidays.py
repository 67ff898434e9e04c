"""The workspace's holidays, as `/tasks holidays` shows them."""

from __future__ import annotations

from datetime import date

from bot.blocks import kit
from bot.blocks.cards import Message
from bot.blocks.text import clip, escape, fit
from scheduler.day_words import dated
from scheduler.holidays import HOW_TO_GIVE, NO_LIST, Observed

LIMIT = 2_900
SHOWN = 30


def coming(found: Observed, today: date) -> Message:
    """List the holidays to come, and say how many tasks leave them out."""
    if not found.holidays:
        text = f"{NO_LIST} {HOW_TO_GIVE}"
        return Message(text=text, blocks=(kit.section(text),))
    ahead = [holiday for holiday in found.holidays if holiday.day >= today]
    named = [(dated(each.day), escape(clip(each.name, 50))) for each in ahead[:SHOWN]]
    lines = [f"• {day}  {name}".rstrip() for day, name in named]
    more = [f"and {len(ahead) - SHOWN} more"] if len(ahead) > SHOWN else []
    last = found.holidays[-1].day
    ends = "is over" if last < today else f"ends on {dated(last)}"
    leave = "1 task leaves" if found.tasks == 1 else f"{found.tasks} tasks leave"
    foot = f"The list {ends}. {leave} these days out; a task's form says whether it does."
    text = fit(["*Holidays*", *lines, *more], LIMIT)
    return Message(text="Holidays", blocks=(kit.section(text), kit.context(foot)))
