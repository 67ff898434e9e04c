"""Who is who and what is where: asked of Slack, remembered, and kept right by its events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.directory import LEFT_ALONE_FOR, PERSON_FRESH_FOR, PLACE_FRESH_FOR, SlackDirectory
from bot.playground.server import LocalSlack
from bot.survey import Survey
from storage.database import Database
from storage.migrate import migrate
from storage.records import PlaceKind
from storage.store import Store
from tests.fakes import Hand
from tests.plants import make_task, plant

SECOPS, BOARD, RANDOM, FINOPS = "C0SECOPS", "C0BOARD", "C0RANDOM", "C0FINOPS"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Give an empty store; what is stored is tested elsewhere, on both databases."""
    async with Database(f"sqlite:///{tmp_path / 'chatcron.db'}") as database:
        await migrate(database)
        yield Store(database)


@pytest.fixture
def hand(now: datetime) -> Hand:
    """Give a clock to move."""
    return Hand(now)


@pytest.fixture
def directory(store: Store, client: AsyncWebClient, hand: Hand) -> SlackDirectory:
    """Give the directory of the local Slack's workspace."""
    found = SlackDirectory(store, client, now=hand)
    found.of_team("T0ACME")
    return found


async def order(slack: LocalSlack, what: str, **body: Any) -> None:
    """Let something happen in the local Slack."""
    async with ClientSession() as session:
        await session.post(f"{slack.url}/control/{what}", json=body)


async def lose(slack: LocalSlack, *methods: str, times: int = 99) -> None:
    """Let Slack's methods answer nothing any more."""
    for method in methods:
        await order(slack, "fail", method=method, kind="500", times=times)


@pytest.mark.parametrize(
    ("person", "slots"),
    [
        ("U0MAYA", {"is_admin"}),
        ("U0RAVI", set[str]()),
        ("U0GITA", {"is_guest"}),
        ("U0STAN", {"is_stranger"}),
        ("U0OTTO", {"is_bot"}),
    ],
)
async def test_people_are_what_slack_says(
    directory: SlackDirectory, person: str, slots: set[str]
) -> None:
    """Admins, guests, strangers and bots are told apart."""
    found = await directory.person(person)

    named = {"is_admin", "is_guest", "is_stranger", "is_bot", "is_gone"}
    assert {slot for slot in named if getattr(found, slot)} == slots


async def test_places_are_what_slack_says(directory: SlackDirectory) -> None:
    """Open, private and direct; with the bot and without; shared; and one that is not there."""
    secops, random = await directory.place(SECOPS), await directory.place(RANDOM)
    shared, direct = await directory.place("C0GLOBEX"), await directory.place("D0SAM")

    assert secops is not None
    assert (secops.kind, secops.has_bot) == (PlaceKind.PRIVATE, True)
    assert random is not None
    assert (random.kind, random.has_bot) == (PlaceKind.PUBLIC, False)
    assert shared is not None
    assert shared.is_shared
    assert direct is not None
    assert direct.kind is PlaceKind.DIRECT
    assert await directory.members("D0SAM") == frozenset({"U0SAM"})
    assert await directory.place(BOARD) is None
    assert await directory.members(BOARD) is None


async def test_what_is_known_counts_while_slack_is_silent(
    slack: LocalSlack, directory: SlackDirectory, hand: Hand
) -> None:
    """Old knowledge is asked for anew, but serves when nobody answers."""
    maya, secops = await directory.person("U0MAYA"), await directory.place(SECOPS)
    members = await directory.members(SECOPS)
    await lose(slack, "users.info", "conversations.info", "conversations.members")
    hand.at += max(PERSON_FRESH_FOR, PLACE_FRESH_FOR) * 2

    assert await directory.person("U0MAYA") == maya
    assert await directory.members(SECOPS) == members
    known = await directory.place(SECOPS)
    assert known is not None
    assert secops is not None
    assert (known.name, known.has_bot) == (secops.name, True)


async def test_nobody_is_a_member_of_what_could_not_be_listed(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """A listing that failed from the first is not the same as an empty channel."""
    await lose(slack, "conversations.members")

    assert await directory.members(SECOPS) is None


async def test_a_private_channel_that_threw_the_bot_out_keeps_its_name(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Slack knows it no longer; its name and its last members are remembered."""
    before = await directory.members(SECOPS)
    await order(slack, "remove", channel=SECOPS, user="U0BOT")

    lost = await directory.learn_place(SECOPS, has_bot=False)

    assert lost is not None
    assert (lost.name, lost.has_bot) == ("secops", False)
    assert await directory.members(SECOPS) == before


async def test_an_event_counts_where_slack_can_t_be_asked(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Told that a channel was archived, it is; what Slack itself says goes first."""
    await directory.place(FINOPS)
    corrected = await directory.learn_place(FINOPS, is_archived=True)
    await lose(slack, "conversations.info")
    told = await directory.learn_place(FINOPS, is_archived=True)

    assert corrected is not None
    assert told is not None
    assert (corrected.is_archived, told.is_archived) == (False, True)


async def test_comings_and_goings_are_remembered(directory: SlackDirectory) -> None:
    """Members follow the events; a place nobody listed yet is listed when it is needed."""
    await directory.learn_member(SECOPS, "U0SAM", is_in=True)
    assert "U0SAM" not in (await directory.members(SECOPS) or ())
    await directory.learn_member(SECOPS, "U0SAM", is_in=True)
    await directory.learn_member(SECOPS, "U0RAVI", is_in=False)

    members = await directory.members(SECOPS)
    assert members is not None
    assert "U0SAM" in members
    assert "U0RAVI" not in members


async def test_a_message_proves_where_both_are(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Without the scopes to look, a place is a private one of those who spoke in it."""
    reads = [f"{family}:read" for family in ("channels", "groups", "im", "mpim")]
    await order(slack, "scopes", drop=reads)
    assert await directory.place(FINOPS) is None

    for person in ("U0MAYA", "U0RAVI"):
        await directory.witness(FINOPS, person, is_direct=False)
    await directory.witness("D0SAM", "U0SAM", is_direct=True)

    place, direct = await directory.place(FINOPS), await directory.place("D0SAM")
    assert place is not None
    assert (place.kind, place.has_bot) == (PlaceKind.PRIVATE, True)
    assert await directory.members(FINOPS) == frozenset({"U0MAYA", "U0RAVI"})
    assert direct is not None
    assert direct.kind is PlaceKind.DIRECT


async def test_only_changes_of_rights_are_worth_a_look(
    directory: SlackDirectory, client: AsyncWebClient
) -> None:
    """A new photo is not; leaving is, even of somebody who never spoke to us."""
    ravi = (await client.users_info(user="U0RAVI"))["user"]
    assert not await directory.relearn_person(ravi)
    await directory.person("U0RAVI")

    assert not await directory.relearn_person({**ravi, "name": "ravi.k"})
    assert await directory.relearn_person({**ravi, "is_restricted": True})
    assert await directory.relearn_person({**ravi, "deleted": True})
    assert (await directory.person("U0RAVI")).is_gone
    sam = (await client.users_info(user="U0SAM"))["user"]
    assert await directory.relearn_person({**sam, "deleted": True})


async def test_admins_are_looked_for_where_none_has_spoken(
    slack: LocalSlack, directory: SlackDirectory
) -> None:
    """Slack is asked once; then it is known."""
    assert [admin.id for admin in await directory.admins()] == ["U0MAYA"]
    await lose(slack, "users.list")
    assert [admin.id for admin in await directory.admins()] == ["U0MAYA"]


class Asked(AsyncWebClient):
    """A client that counts the questions it carries."""

    count = 0

    async def api_call(self, *of: Any, **named: Any) -> AsyncSlackResponse:
        self.count += 1
        return await super().api_call(*of, **named)


@pytest.fixture
async def asked(slack: LocalSlack) -> AsyncIterator[Asked]:
    """Give such a client, with the bot's token."""
    async with ClientSession() as session:
        yield Asked(token="xoxb-local", base_url=slack.api_url, session=session)


async def test_a_slack_that_thinks_too_long_is_not_waited_for(
    slack: LocalSlack, store: Store, asked: Asked, hand: Hand
) -> None:
    """What is known counts after a moment, and is not asked for again and again."""
    directory = SlackDirectory(store, asked, now=hand)
    maya, members = await directory.person("U0MAYA"), await directory.members(SECOPS)
    impatient = SlackDirectory(store, asked, now=hand, patience_s=0.2)
    hand.at += max(PERSON_FRESH_FOR, PLACE_FRESH_FOR) * 2
    for method in ("users.info", "conversations.info", "conversations.members"):
        await order(slack, "fail", method=method, kind="delay", times=9, seconds=1.0)

    asked.count = 0
    for _ in range(5):
        assert await impatient.person("U0MAYA") == maya
        assert await impatient.members(SECOPS) == members
    assert asked.count == 1

    hand.at += LEFT_ALONE_FOR * 2
    await impatient.person("U0MAYA")
    assert asked.count == 2


async def test_what_slack_never_said_is_asked_for_each_time(
    slack: LocalSlack, store: Store, asked: Asked, hand: Hand
) -> None:
    """A place nothing is known of may answer the next moment, when the bot is let in."""
    directory = SlackDirectory(store, asked, now=hand)
    await order(slack, "fail", method="conversations.info", kind="500", times=1)

    assert await directory.place(SECOPS) is None
    assert await directory.place(SECOPS) is not None


async def test_what_a_message_proved_gives_way_to_slack_s_own_word(
    slack: LocalSlack, directory: SlackDirectory, hand: Hand
) -> None:
    """A moment's silence of Slack shuts nobody out of an open channel for long."""
    await lose(slack, "conversations.info", times=1)
    await directory.witness(FINOPS, "U0MAYA", is_direct=False)
    hand.at += LEFT_ALONE_FOR * 2

    place = await directory.place(FINOPS)

    assert place is not None
    assert place.kind is PlaceKind.PUBLIC
    assert "U0RAVI" in (await directory.members(FINOPS) or ())


async def test_a_zone_nobody_knows_is_no_zone(
    directory: SlackDirectory, client: AsyncWebClient
) -> None:
    """Somebody whose zone this machine lacks is answered in the zone set for Chatcron."""
    ravi = (await client.users_info(user="U0RAVI"))["user"]

    assert (await directory.learn_person({**ravi, "tz": "Mars/Olympus"})).zone is None
    assert (await directory.learn_person(ravi)).zone == "America/Chicago"


async def test_one_silence_speaks_for_all(
    slack: LocalSlack, store: Store, asked: Asked, hand: Hand
) -> None:
    """Where Slack hangs, a list of many places waits for it once, not once a place."""
    directory = SlackDirectory(store, asked, now=hand, patience_s=0.2)
    places = (SECOPS, FINOPS, RANDOM)
    known = [await directory.place(each) for each in places]
    hand.at += PLACE_FRESH_FOR * 2
    await order(slack, "fail", method="conversations.info", kind="delay", times=9, seconds=1.0)

    asked.count = 0
    assert [await directory.place(each) for each in places] == known
    assert asked.count == 1


async def test_guests_are_learnt_and_nobody_else(
    directory: SlackDirectory, store: Store, slack: LocalSlack
) -> None:
    """Who must be kept from things is known before they speak; all others stay unknown."""
    assert await directory.learn_guests()

    async with store.read() as work:
        known = {name: await work.people.get(name) for name in ("U0GITA", "U0RAVI")}
    assert known["U0GITA"] is not None
    assert known["U0GITA"].is_guest
    assert known["U0RAVI"] is None


async def test_a_place_with_a_guest_has_one(directory: SlackDirectory, slack: LocalSlack) -> None:
    """Where a guest was listed, what is told may be read by a guest."""
    assert not await directory.has_guests("C0PLATFORM")  # nobody is known yet

    await directory.learn_guests()

    assert await directory.has_guests("C0PLATFORM")
    assert not await directory.has_guests(FINOPS)


async def test_a_survey_learns_the_places_of_old_tasks(
    directory: SlackDirectory, store: Store
) -> None:
    """After an upgrade a task's channel is known without anybody having spoken there."""
    await plant(store, make_task(channel=FINOPS))

    await Survey(store, directory, between_s=0).look()

    async with store.read() as work:
        place = await work.places.get(FINOPS)
        assert place is not None
        assert place.members_at is not None


async def test_a_survey_that_slack_does_not_answer_ends(
    directory: SlackDirectory, store: Store, slack: LocalSlack
) -> None:
    """A silent Slack costs the start nothing, and leaves what is unknown unknown."""
    await lose(slack, "users.list", "conversations.info", "conversations.members")
    await plant(store, make_task(channel=FINOPS))

    await Survey(store, directory, between_s=0).look()

    async with store.read() as work:
        assert await work.places.get(FINOPS) is None
