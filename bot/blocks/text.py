"""Text that is safe to show: escaped for Slack, free of mentions nobody of us made, and split."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

_MARKS = "*_~`"
_WORD_JOINER = "\u2060"
_CHANNEL_LINK = re.compile(r"<#[A-Z0-9]+\|([^<>|]+)>")


def escape(text: str) -> str:
    """Make any text harmless to Slack's own marks for mentions and links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Make any text harmless, and show its stars, underlines, tildes and ticks as they stand."""
    safe = escape(" ".join(text.split()))
    return "".join(char + _WORD_JOINER if char in _MARKS else char for char in safe)


def clip(text: str, limit: int) -> str:
    """Cut a text to `limit` characters, with an ellipsis where something is gone."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def named(text: str) -> str:
    """Give what somebody wrote with its channels by name, in place of Slack's links."""
    return _CHANNEL_LINK.sub(r"#\1", text)


def fit(lines: Iterable[str], limit: int) -> str:
    """Join as many whole lines as fit, so that no mention or mark is cut in two."""
    kept: list[str] = []
    left = limit
    for line in lines:
        left -= len(line) + 1
        if left < 2:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)


def split(text: str, limit: int) -> Iterator[str]:
    """Cut a text into pieces of up to `limit` characters, at line ends where there are any."""
    piece = ""
    for line in text.split("\n"):
        for part in [line[at : at + limit] for at in range(0, len(line), limit)] or [""]:
            joined = f"{piece}\n{part}" if piece else part
            if len(joined) > limit:
                yield piece
                joined = part
            piece = joined
    if piece:
        yield piece


def for_reader(instant: datetime, zone: str) -> str:
    """Say an instant so that Slack shows it in each reader's own zone; `zone` is for all others."""
    local = instant.astimezone(ZoneInfo(zone))
    fallback = f"{local:%a %d %b %H:%M}, {zone}"
    return f"<!date^{int(instant.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def channel_link(channel: str) -> str:
    """Name a channel so that Slack shows it by its name."""
    return f"<#{channel}>"


def person_link(person: str) -> str:
    """Name a person so that Slack shows their name; it notifies them."""
    return f"<@{person}>"
