"""The town of a soak: its people, its channels, and the tasks they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.journeys.driver import House

ZONES = ("Europe/Berlin", "America/Chicago", "Europe/London", "Asia/Kolkata", "Australia/Sydney")
PEOPLE_A_CHANNEL = 12
_WORK = (
    ("tony", "check {} health"),
    ("tony", "check {} bloat"),
    ("alex", "report {} cost"),
    ("anna", "sum up {} runs"),
    ("oliver", "check {} permissions"),
)
_WHEN = (
    "every day at {h}:15", "on weekdays at {h}:30", "every Monday at {h}:00", "every {n} hours",
    "on the 1st of the month at {h}:45",
)  # fmt: skip
_OFTEN = ("every 5 minutes", "every 10 minutes")


def people(count: int) -> list[str]:
    """Give the ids of the town's people."""
    return [f"U1P{number:03}" for number in range(count)]


def settle(
    house: House, residents: list[str], channels: int, random: Random
) -> dict[str, list[str]]:
    """Make the people and the channels, with the bot in each; says who is where."""
    for place, resident in enumerate(residents):
        zone = ZONES[place % len(ZONES)]
        name = f"p{place:03}"
        house.order("person", id=resident, name=name, real_name=name.title(), tz=zone)
    homes: dict[str, list[str]] = {}
    for number in range(channels):
        members = random.sample(residents, min(PEOPLE_A_CHANNEL, len(residents)))
        answer = house.order(
            "channel",
            name=f"team-{number:02}",
            is_private=number % 5 == 4,
            members=[*members, "U0BOT"],
        )
        for resident in members:
            homes.setdefault(resident, []).append(str(answer["channel"]))
    return homes


def requests(count: int, often: int, random: Random) -> Iterator[str]:
    """Give as many requests for tasks, the first `often` of which come due every few minutes."""
    for number in range(count):
        agent, work = random.choice(_WORK)
        when = random.choice(_OFTEN) if number < often else random.choice(_WHEN)
        said = when.format(h=f"{random.randrange(24):02}", n=random.choice((2, 3, 4, 6)))
        yield f"@Chatcron {agent} {work.format(f'service {number}')} {said}"
