"""Forms: the view that asks when a task should run, and how its answer is read back."""

from __future__ import annotations

import json
from typing import Any

from bot.blocks.text import clip
from scheduler.sentences import sentence, zone_name
from storage.records import Task

TIME_FORM = "time_form"
FIELD = "when"
INPUT = "words"


def time_form(task: Task) -> dict[str, Any]:
    """Give the form, filled in with the present schedule."""
    hint = f"Like “8:30”, “weekdays at 9:00” or “every 2 hours”, in {zone_name(task.zone)}."
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "max_length": 200,
    }
    if task.schedule is not None:
        element["initial_value"] = clip(sentence(task.schedule), 200)
    return {
        "type": "modal",
        "callback_id": TIME_FORM,
        "private_metadata": json.dumps({"task": task.id}),
        "title": {"type": "plain_text", "text": clip(f"When? T-{task.id}", 24)},
        "submit": {"type": "plain_text", "text": "Change"},
        "close": {"type": "plain_text", "text": "Leave it"},
        "blocks": [
            {
                "type": "input",
                "block_id": FIELD,
                "label": {"type": "plain_text", "text": clip(f"When should {task.name} run?", 150)},
                "hint": {"type": "plain_text", "text": hint},
                "element": element,
            }
        ],
    }


def words_given(view: dict[str, Any]) -> str:
    """Give what the person wrote."""
    return str(view["state"]["values"][FIELD][INPUT].get("value") or "").strip()
