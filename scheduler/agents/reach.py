"""What a prompt asks for that an agent can't see, so that the report names it; pure.

Each agent keeps a table of topics and adds what `not_checked` gives to its unknowns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A thing out of reach: `said` is how people ask for it (a pattern), `why` ends a sentence."""

    said: str
    name: str
    why: str


def not_checked(prompt: str, topics: Iterable[Topic]) -> tuple[str, ...]:
    """Name every topic that a prompt asks for, each in one sentence with the reason."""
    return tuple(
        f"I did not check {topic.name}: {topic.why}."
        for topic in topics
        if re.search(rf"\b(?:{topic.said})\b", prompt, re.IGNORECASE)
    )
