"""What is said about zones: which one a channel has, and what a new one changes."""

from __future__ import annotations

from bot.blocks import kit
from bot.blocks.cards import Message
from scheduler.sentences import zone_name


def present(zone: str, zone_from: str) -> Message:
    """Say which zone times said here are in, and how to set another."""
    text = (
        f"Times said here are in {zone_name(zone)} ({zone_from})."
        " `/tasks zone Berlin` sets the zone of this channel."
    )
    return Message(text=text, blocks=(kit.section(text),))


def own(zone: str | None) -> Message:
    """Say who keeps somebody's own zone."""
    now = f" It says {zone_name(zone)} now." if zone else ""
    text = (
        f"Slack keeps your time zone: change it in Slack's preferences, and I read it anew.{now}"
        " `/tasks zone Berlin` sets the zone of this channel, for everybody in it."
    )
    return Message(text=text, blocks=(kit.section(text),))


def is_off() -> Message:
    """Say whose zones count in a channel that has none of its own any more."""
    text = (
        "This channel has no zone of its own any more: times said here are in the Slack zone of"
        " whoever says them. Tasks that are there already keep their zone."
    )
    return Message(text=text, blocks=(kit.section(text),))


def is_set(before: str, zone: str) -> Message:
    """Say what the new zone of a channel changes, and what it leaves."""
    if before == zone:
        text = f"Times said here are in {zone_name(zone)} from now on, whoever says them."
    else:
        text = (
            f"Changed: times said here were in {zone_name(before)} and are now in"
            f" {zone_name(zone)}, whoever says them."
        )
    text += " Tasks that are there already keep their zone; Edit changes one."
    return Message(text=text, blocks=(kit.section(text),))
