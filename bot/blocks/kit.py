"""The few Block Kit pieces that cards, results and forms are made of; plain dicts, no logic."""

from __future__ import annotations

from typing import Any

Block = dict[str, Any]


def section(text: str, *, accessory: Block | None = None) -> Block:
    """Make a paragraph of mrkdwn."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return block if accessory is None else block | {"accessory": accessory}


def context(text: str) -> Block:
    """Make a small grey line of mrkdwn."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def actions(*elements: Block, name: str | None = None) -> Block:
    """Make a row of buttons; `name` tells a click in which kind of row it was."""
    block: Block = {"type": "actions", "elements": list(elements)}
    return block if name is None else block | {"block_id": name}


def button(label: str, action: str, value: str, *, style: str | None = None) -> Block:
    """Make a button; `action` must be in the table of listeners."""
    element: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": action,
        "value": value,
    }
    return element if style is None else element | {"style": style}


def overflow(action: str, options: list[tuple[str, str]]) -> Block:
    """Make the ⋯ menu, of (label, value)."""
    return {
        "type": "overflow",
        "action_id": action,
        "options": [
            {"text": {"type": "plain_text", "text": label}, "value": value}
            for label, value in options
        ],
    }
