"""Help that can be said as it stands: each example reads as a request of its topic's kind."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest

from bot.blocks.topics import TOPICS, help_topic
from bot.intent.intents import Topic
from bot.intent.reader import read
from scheduler.agents import PROFILES

KINDS = {
    "times": {"create"},
    "agents": {"create"},
    "edit": {"edit"},
    "pause": {"pause", "bulk", "resume"},
    "notify": {"notify"},
    "templates": {"save_template", "use_template", "templates"},
    "workflows": {"workflow"},
    "zones": {"zone", "create"},
    "lists": {"list"},
}


def test_every_topic_has_its_help() -> None:
    """What can be asked about is what there is help for."""
    assert set(get_args(Topic)) == set(TOPICS) == set(KINDS)


@pytest.mark.parametrize(
    ("topic", "example"),
    [(topic, example) for topic, known in TOPICS.items() for example in known.examples],
)
def test_an_example_reads_as_what_it_is_for(topic: str, example: str, now: datetime) -> None:
    """Whoever says an example is understood, with nothing left open."""
    reading = read(example, now=now, zone="Europe/Berlin", agents=frozenset(PROFILES))

    assert reading.intent.kind in KINDS[topic]
    assert reading.assumed == ()
    assert f"`{example}`" in help_topic(topic).text
