"""What a person types becomes what Slack keeps: escaped text with mentions as ids; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from bot.playground.entities import Channel, ChannelKind, Json, Person

_BROADCASTS = frozenset({"here", "channel", "everyone"})
_WORD = re.compile(r"(?<![\w<])([@#])([\w.-]*\w)")
_MARK = re.compile(r"<([@#!])([^>|]+)(?:\|[^>]*)?>")


def to_wire(
    text: str, people: Iterable[Person], channels: Iterable[Channel], *, labels: bool = False
) -> str:
    """Escape typed text and turn the names of people and channels into mentions.

    A name nobody has stays as typed. With `labels`, people carry their name, as slash commands
    show them.
    """
    by_name = {person.name.lower(): person for person in people}
    by_channel = {
        channel.name.lower(): channel for channel in channels if channel.kind is not ChannelKind.IM
    }

    def mention(match: re.Match[str]) -> str:
        name = match[2].lower()
        if match[1] == "#" and (channel := by_channel.get(name)):
            return f"<#{channel.id}|{channel.name}>"
        if match[1] == "@" and (person := by_name.get(name)):
            return f"<@{person.id}|{person.name}>" if labels else f"<@{person.id}>"
        if match[1] == "@" and name in _BROADCASTS:
            return f"<!{name}>"
        return match[0]

    return _WORD.sub(mention, escape(text))


def escape(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rich_text(text: str) -> list[Json]:
    """Show kept text as the rich text block that comes with every message of a person."""
    elements: list[Json] = []
    at = 0
    for match in _MARK.finditer(text):
        if match.start() > at:
            elements.append({"type": "text", "text": unescape(text[at : match.start()])})
        elements.append(_element(match[1], match[2]))
        at = match.end()
    if at < len(text):
        elements.append({"type": "text", "text": unescape(text[at:])})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def _element(mark: str, name: str) -> Json:
    if mark == "@":
        return {"type": "user", "user_id": name}
    if mark == "#":
        return {"type": "channel", "channel_id": name}
    return {"type": "broadcast", "range": name}
