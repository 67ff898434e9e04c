"""Another audience for a task: which place is meant, who reads there, and the move itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.blocks import audiences
from bot.blocks.cards import Message
from bot.services import Services
from scheduler.destinations import is_person
from scheduler.errors import Refused
from scheduler.rights import Act
from scheduler.wishes import Change, Edited
from storage.policies import Notice
from storage.records import Actor, Place, PlaceKind, Task

_LINK = re.compile(r"<#(?P<id>[A-Z0-9]+)(\|[^>]*)?>")
_PERSON = ("<@", "@")


async def question(task: Task, said: str, by: Actor, services: Services) -> Message:
    """Ask whether the task shall post in the place that was named; raises Refused if it can't."""
    if said.startswith(_PERSON):
        raise Refused(
            "A task posts in a channel, not to a person; nothing changed.",
            fix="“tell @somebody when it completes” lets a person hear of its runs.",
        )
    channel = await resolve(said, by, services)
    if channel == task.channel:
        raise Refused("It posts there already; nothing changed.")
    await services.planner.check_move(task.id, channel, by=by)
    goal = await services.directory.place(channel)
    assert goal is not None
    now_in = await services.directory.place(task.channel)
    return audiences.question(task, goal, now_in, readers=await readers(goal, services))


async def readers(place: Place, services: Services) -> int | None:
    """Count the people in a place; None where they are not known."""
    members = await services.directory.members(place.id)
    return None if members is None else len(members) - int(place.has_bot)


async def is_wider(notices: Iterable[Notice], channel: str, services: Services) -> bool:
    """Say whether telling these lets somebody read of what is posted in a channel who can't now."""
    return await reads_more(
        [each.target for each in notices if not is_person(each.target)], channel, services
    )


async def reads_more(targets: Iterable[str], channel: str, services: Services) -> bool:
    """Say whether somebody reads one of these places who can't read what stands in a channel."""
    places = set(targets) - {channel}
    if not places:
        return False
    if not await services.gate.is_open(channel):
        return True
    for place_id in places:
        place = await services.directory.place(place_id)
        has_guests = await services.directory.has_guests(place_id)
        if place is None or place.is_shared or has_guests:
            return True
    return False


def is_here(said: str) -> bool:
    """Say whether words for somebody to be told mean all who read the present channel."""
    return " ".join(said.casefold().split()) in _HERE


_HERE = frozenset(
    ("us", "here", "the channel", "this channel", "everyone", "everybody", "the team", "our team",
     "my team")
)  # fmt: skip


async def resolve(said: str, by: Actor, services: Services) -> str:
    """Give the id of the channel that a link or a name stands for; raises Refused."""
    link = _LINK.fullmatch(said.strip())
    if link is not None:
        return link["id"]
    if re.fullmatch(r"[CG][A-Z0-9]{5,}", said):
        return said
    name = said.strip().removeprefix("#")
    async with services.store.read() as work:
        called = await work.places.called(name)
    known = [each for each in called if await services.gate.may_in(Act.LOOK, each.id, by)]
    if len(known) != 1:
        raise Refused(
            f"I don't know which channel “{name[:80]}” is; nothing changed.",
            fix="Mention it so that it becomes a link, and invite me there first.",
        )
    return known[0].id


async def move(task: Task, channel: str, by: Actor, services: Services) -> Edited:
    """Let a task post in another place, and take its card from the old one."""
    edited = await services.planner.edit(task.id, Change(channel=channel), by=by)
    await leave_card(edited, services)
    return edited


async def leave_card(edited: Edited, services: Services) -> None:
    """Turn the card that a moved task leaves behind into a line that says so."""
    before, after = edited.before, edited.after
    if before.channel == after.channel or before.card_ts is None:
        return
    place = await services.directory.place(after.channel)
    tells_where = place is not None and place.kind is PlaceKind.PUBLIC
    left = audiences.moved(after, tells_where=tells_where)
    await services.speaker.change(before.channel, before.card_ts, left)


async def tell_alone(person: str, message: Message, persona: str, services: Services) -> None:
    """Say something to somebody in their direct messages."""
    opened = await services.speaker.client.conversations_open(users=person)
    await services.speaker.say(opened["channel"]["id"], message, persona=persona)
