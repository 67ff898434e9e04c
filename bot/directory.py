"""Directory: who is who and what is where, asked of Slack and remembered; the gate's source.

What Slack said is taken for a while; its events keep it right in between. When Slack does not
answer, what was known before counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import available_timezones

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scheduler.now import Now
from storage.records import Person, Place, PlaceKind
from storage.store import Store

PERSON_FRESH_FOR = timedelta(hours=1)
PLACE_FRESH_FOR = timedelta(minutes=10)
PATIENCE_S = 3.0
"""How long Slack may think about one question: people wait, and so do runs."""
LEFT_ALONE_FOR = timedelta(seconds=30)
"""How long what is known counts after a question that Slack did not answer."""
PAGE = 200
MEMBERS_PAGE = 999
_GONE = ("channel_not_found", "not_in_channel", "missing_scope", "is_archived")

_ZONES = available_timezones()
_ALL = "all"
"""The subject of every question, where Slack gave no sign of life."""
_TALKS = (PlaceKind.DIRECT, PlaceKind.GROUP)
"""What Slack describes only to those who are in it."""

log = structlog.get_logger(__name__)

Found = TypeVar("Found")


class SlackDirectory:
    """The people and places of the workspace; what it learns stands in the store."""

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        *,
        now: Now,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._store = store
        self._client = client
        self._now = now
        self._patience_s = patience_s
        self._team: str | None = None
        self._unanswered: dict[str, datetime] = {}

    def of_team(self, team: str) -> None:
        """Say which workspace is ours, so that people of others are known as strangers."""
        self._team = team

    async def person(self, person_id: str) -> Person:
        """Say who somebody is; when Slack does not answer, what was known, or only the id."""
        async with self._store.read() as work:
            known = await work.people.get(person_id)
        is_fresh = known is not None and self._now() - known.fetched_at < PERSON_FRESH_FOR
        if known is not None and (is_fresh or self._is_left_alone(person_id)):
            return known
        answer = await self._asked(self._client.users_info, user=person_id)
        if answer is None:
            self._unanswered[person_id] = self._now()
            return known or self._somebody(person_id)
        return await self.learn_person(answer["user"])

    async def recall(self, person_id: str) -> Person:
        """Say what is known of somebody without asking Slack, where every moment counts."""
        async with self._store.read() as work:
            known = await work.people.get(person_id)
        return known or self._somebody(person_id)

    async def place(self, place_id: str) -> Place | None:
        """Say what a place is; None when nothing is known of it."""
        async with self._store.read() as work:
            known = await work.places.get(place_id)
        is_fresh = known is not None and self._now() - known.fetched_at < PLACE_FRESH_FOR
        if known is not None and (is_fresh or self._is_left_alone(place_id)):
            return known
        return await self.look_at(place_id)

    async def look_at(self, place_id: str) -> Place | None:
        """Ask Slack what a place is now; what it says is gone keeps its name, without the bot."""
        return (await self._looked_at(place_id))[0]

    async def learn_place(
        self, place_id: str, *, has_bot: bool | None = None, is_archived: bool | None = None
    ) -> Place | None:
        """Look at a place of which an event told something, which counts if Slack says nothing."""
        place, is_fresh = await self._looked_at(place_id)
        if place is None or is_fresh:
            return place
        told = {"has_bot": has_bot, "is_archived": is_archived}
        named: dict[str, Any] = {slot: said for slot, said in told.items() if said is not None}
        return await self._keep(replace(place, **named))

    async def _looked_at(self, place_id: str) -> tuple[Place | None, bool]:
        """Ask Slack what a place is; gives what is known then, and whether Slack said it."""
        async with self._store.read() as work:
            known = await work.places.get(place_id)
        try:
            async with asyncio.timeout(self._patience_s):
                answer = await self._client.conversations_info(channel=place_id)
        except SlackApiError as error:
            code = error.response.get("error")
            if known is None or code not in _GONE or code == "missing_scope":
                log.info("Slack did not say what a place is", action="where_failed", error=code)
                self._unanswered[place_id] = self._now()
                return known, False
            return await self._keep(replace(known, has_bot=False, fetched_at=self._now())), True
        except (ClientError, OSError, TimeoutError) as error:
            said = type(error).__name__
            log.warning("Slack did not say what a place is", action="where_failed", error=said)
            self._unanswered[place_id] = self._unanswered[_ALL] = self._now()
            return known, False
        self._answered(place_id)
        place = await self._keep(_place_from(answer["channel"], self._now()))
        if place.kind is PlaceKind.DIRECT and answer["channel"].get("user"):
            async with self._store.begin() as work:
                await work.places.set_members(place_id, [answer["channel"]["user"]], self._now())
        return place, True

    async def members(self, place_id: str) -> frozenset[str] | None:
        """Say who is in a place, or who was in it last; None when that was never learnt."""
        place = await self.place(place_id)
        if place is None:
            return None
        is_fresh = place.members_at is not None and (
            place.kind is PlaceKind.DIRECT or self._now() - place.members_at < PLACE_FRESH_FOR
        )
        is_known = place.members_at is not None
        if not is_fresh and place.has_bot and not (is_known and self._is_left_alone(place_id)):
            found = await self._listed(place_id)
            if found is not None:
                async with self._store.begin() as work:
                    await work.places.set_members(place_id, found, self._now())
                return frozenset(found)
            self._unanswered[place_id] = self._now()
        if place.members_at is None:
            return None
        async with self._store.read() as work:
            return await work.places.members_of(place_id)

    async def has_guests(self, place_id: str) -> bool:
        """Say whether a guest, or somebody of another workspace, is known to be in a place."""
        await self.members(place_id)
        async with self._store.read() as work:
            return await work.people.has_guests(place_id)

    async def learn_guests(self) -> bool:
        """Remember who of the workspace is a guest, and nobody else; False where Slack is silent.

        Others are left unknown until they speak to us.
        """
        cursor: str | None = None
        while True:
            answer = await self._asked(self._client.users_list, limit=PAGE, cursor=cursor)
            if answer is None:
                return False
            for described in answer["members"]:
                person = _person_from(described, team=self._team, now=self._now())
                if (person.is_guest or person.is_stranger) and not person.is_gone:
                    await self.learn_person(described)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return True

    async def admins(self) -> list[Person]:
        """Give the admins who are there; asks Slack where none has spoken to us yet."""
        async with self._store.read() as work:
            known = await work.people.admins()
        if known:
            return known
        cursor: str | None = None
        while True:
            answer = await self._asked(self._client.users_list, limit=PAGE, cursor=cursor)
            if answer is None:
                return known
            for described in answer["members"]:
                if described.get("is_admin") and not described.get("deleted"):
                    known.append(await self.learn_person(described))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if known or not cursor:
                return known

    async def learn_person(self, described: Mapping[str, Any]) -> Person:
        """Remember somebody as Slack describes them."""
        person = _person_from(described, team=self._team, now=self._now())
        async with self._store.begin() as work:
            await work.people.put(person)
        return person

    async def witness(self, place_id: str, person_id: str, *, is_direct: bool) -> None:
        """Remember what a message proves, even where Slack tells us nothing: both are in there.

        Without its scopes a place is taken for a private one, of those who spoke in it; that is
        never fresh, so that Slack's own word counts as soon as there is one.
        """
        stale = self._now() - PLACE_FRESH_FOR
        if await self.place(place_id) is None:
            kind = PlaceKind.DIRECT if is_direct else PlaceKind.PRIVATE
            seen = Place(id=place_id, name="", kind=kind, has_bot=True, fetched_at=stale)
            await self._keep(seen)
        members = await self.members(place_id)
        if members is not None and person_id in members:
            return
        async with self._store.begin() as work:
            if members is None:
                await work.places.set_members(place_id, [person_id], stale)
            else:
                await work.places.join(place_id, person_id)

    async def relearn_person(self, described: Mapping[str, Any]) -> bool:
        """Remember what changed about somebody we know; False where it changes no rights.

        Whoever never spoke to us is left unknown, unless they leave or are guests.
        """
        async with self._store.read() as work:
            known = await work.people.get(str(described["id"]))
        is_guest = described.get("is_restricted") or described.get("is_ultra_restricted")
        if known is None and not (described.get("deleted") or is_guest):
            return False
        person = await self.learn_person(described)
        rights = ("is_gone", "is_guest", "is_stranger", "is_admin")
        return any(getattr(person, slot) != getattr(known, slot, False) for slot in rights)

    async def learn_member(self, place_id: str, person_id: str, *, is_in: bool) -> None:
        """Remember that somebody came into a known place, or left it."""
        async with self._store.begin() as work:
            known = await work.places.get(place_id)
            if known is None or known.members_at is None:
                return
            change = work.places.join if is_in else work.places.leave
            await change(place_id, person_id)

    async def _keep(self, place: Place) -> Place:
        async with self._store.begin() as work:
            await work.places.put(place)
            kept = await work.places.get(place.id)
        assert kept is not None
        return kept

    async def _listed(self, place_id: str) -> list[str] | None:
        found: list[str] = []
        cursor: str | None = None
        while True:
            answer = await self._asked(
                self._client.conversations_members,
                channel=place_id,
                limit=MEMBERS_PAGE,
                cursor=cursor,
            )
            if answer is None:
                return None
            found.extend(answer["members"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found

    async def _asked(self, method: Callable[..., Awaitable[Found]], **named: Any) -> Found | None:
        try:
            async with asyncio.timeout(self._patience_s):
                found = await method(**named)
        except (SlackApiError, ClientError, OSError, TimeoutError) as error:
            code = error.response.get("error") if isinstance(error, SlackApiError) else None
            said = code or type(error).__name__
            log.warning("Slack did not answer a question", action="asked_in_vain", error=said)
            if not isinstance(error, SlackApiError):
                self._unanswered[_ALL] = self._now()
            return None
        self._answered()
        return found

    def _answered(self, *subjects: str) -> None:
        for subject in (_ALL, *subjects):
            self._unanswered.pop(subject, None)

    def _is_left_alone(self, subject: str) -> bool:
        """Say whether Slack was asked about it in vain a moment ago, or was silent altogether."""
        asked = [self._unanswered[key] for key in (subject, _ALL) if key in self._unanswered]
        return any(self._now() - at < LEFT_ALONE_FOR for at in asked)

    def _somebody(self, person_id: str) -> Person:
        return Person(id=person_id, name="somebody", zone=None, fetched_at=self._now())


def _person_from(described: Mapping[str, Any], *, team: str | None, now: datetime) -> Person:
    profile = described.get("profile") or {}
    name = described.get("real_name") or profile.get("real_name") or described.get("name")
    home = described.get("team_id")
    return Person(
        id=str(described["id"]),
        name=str(name or described["id"]),
        handle=str(described.get("name") or ""),
        zone=described.get("tz") if described.get("tz") in _ZONES else None,
        is_admin=bool(described.get("is_admin") or described.get("is_owner")),
        is_guest=bool(described.get("is_restricted") or described.get("is_ultra_restricted")),
        is_stranger=bool(described.get("is_stranger"))
        or (team is not None and home not in (None, team)),
        is_bot=bool(described.get("is_bot")),
        is_gone=bool(described.get("deleted")),
        fetched_at=now,
    )


def _place_from(described: Mapping[str, Any], now: datetime) -> Place:
    if described.get("is_im"):
        kind = PlaceKind.DIRECT
    elif described.get("is_mpim"):
        kind = PlaceKind.GROUP
    elif described.get("is_private") or described.get("is_group"):
        kind = PlaceKind.PRIVATE
    else:
        kind = PlaceKind.PUBLIC
    return Place(
        id=str(described["id"]),
        name=str(described.get("name") or ""),
        kind=kind,
        is_archived=bool(described.get("is_archived")),
        is_shared=bool(described.get("is_ext_shared")),
        has_bot=kind in _TALKS or bool(described.get("is_member")),
        fetched_at=now,
    )
