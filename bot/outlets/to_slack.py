"""SlackOutlet: writes and posts what is owed, and finds what an earlier try already posted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks import results
from bot.blocks.cards import Message
from bot.outlets import letters
from bot.outlets.letters import Preview
from bot.speaker import Speaker
from scheduler import notices
from scheduler.courier import Parcel, Sent
from scheduler.errors import Busy, PlaceClosed, Undeliverable
from storage.records import IN_PLACE, Delivery

EVENT = "chatcron_delivery"
MESSAGES_AT_MOST = 3
"""Details that need more messages than this go into a file after the first of them."""

_NO_SCOPE = "missing_scope"
_CLOSED: Mapping[str, str] = {
    "channel_not_found": "I can't find that channel",
    "not_in_channel": "I am not in that channel; invite me with /invite",
    "is_archived": "that channel is archived",
}
"""What is so until somebody opens the channel to us, where a channel is written to."""
_PERMANENT: Mapping[str, str] = {
    "user_disabled": "that person is not here any more",
    "user_not_found": "that person is not here any more",
    "cannot_dm_bot": "that person can't be sent a message",
    "restricted_action": "this workspace does not let me post there",
    "msg_too_long": "Slack refused it as too long",
    "invalid_blocks": "Slack refused its form",
    "no_text": "there was nothing to say",
}

_GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
"""Slack's words for a message that can't be changed any more."""

log = structlog.get_logger(__name__)


class SlackOutlet:
    """Delivers to Slack channels and people."""

    def __init__(self, speaker: Speaker, *, preview: Preview, now: Callable[[], datetime]) -> None:
        self._speaker = speaker
        self._preview = preview
        self._now = now

    async def send(self, parcel: Parcel) -> Sent:
        """Post what is owed, each part once; raises Undeliverable or Busy as the courier knows."""
        try:
            if parcel.delivery.kind in IN_PLACE and parcel.leader is not None:
                return await self._change(parcel, parcel.leader)
            channel = await self._channel_of(parcel)
            there = await self._parts_there(parcel, channel) if parcel.again else {}
            return await self._post(parcel, channel, there)
        except SlackApiError as error:
            raise _translated(error, parcel.delivery.target) from error

    async def _change(self, parcel: Parcel, leader: Delivery) -> Sent:
        """Change the message of the leader; where it is gone, say anew what must be said."""
        assert leader.ref is not None
        assert leader.sent_to is not None
        message = letters.write(parcel, self._preview, self._now())[0]
        where = {"channel": leader.sent_to, "ts": leader.ref}
        try:
            await self._speaker.client.api_call("chat.update", json=where | message.arguments())
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                raise
            if notices.stands_alone(parcel.delivery):
                return await self.send(replace(parcel, leader=None))
        return Sent(ref=leader.ref, sent_to=leader.sent_to)

    async def _channel_of(self, parcel: Parcel) -> str:
        target = parcel.delivery.target
        if not target.startswith(("U", "W")):
            return target
        opened = await self._speaker.client.conversations_open(users=target)
        return str(opened["channel"]["id"])

    async def _post(self, parcel: Parcel, channel: str, there: dict[int, str]) -> Sent:
        thread_ts = parcel.leader.ref if parcel.leader else parcel.delivery.thread_ts
        messages = letters.write(parcel, self._preview, self._now())
        first = ""
        for part, message in enumerate(messages[:MESSAGES_AT_MOST]):
            ts = there.get(part)
            if ts is None:
                _, ts = await self._speaker.say(
                    channel,
                    message,
                    persona=parcel.task.agent,
                    thread_ts=thread_ts,
                    metadata=_metadata(parcel, part),
                )
            first = first or ts
        if len(messages) > MESSAGES_AT_MOST and MESSAGES_AT_MOST not in there:
            await self._attach(parcel, channel, thread_ts)
        return Sent(ref=first, sent_to=channel)

    async def _attach(self, parcel: Parcel, channel: str, thread_ts: str | None) -> None:
        """Put the whole of a long report into a file in the thread, and say that it is there."""
        run = letters.known(parcel.run)
        note = Message(text=f"The rest is long: R-{run.id}.txt holds the whole report.")
        try:
            await self._speaker.client.files_upload_v2(
                channel=channel,
                thread_ts=thread_ts,
                filename=f"R-{run.id}.txt",
                title=f"R-{run.id}, the whole report",
                content=results.as_file(letters.report_of(run)),
            )
        except SlackApiError as error:
            if error.response.get("error") != _NO_SCOPE:
                raise
            note = Message(text="The rest is long, and I may not add files (scope files:write).")
        await self._speaker.say(
            channel,
            note,
            persona=parcel.task.agent,
            thread_ts=thread_ts,
            metadata=_metadata(parcel, MESSAGES_AT_MOST),
        )

    async def _parts_there(self, parcel: Parcel, channel: str) -> dict[int, str]:
        """Find which parts of the delivery an earlier try posted, by their metadata.

        Where we may not read the place, none is found: better twice than never.
        """
        there = {}
        try:
            async for message in self._messages_since(parcel, channel):
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                is_ours = metadata.get("event_type") == EVENT
                if is_ours and payload.get("delivery_id") == parcel.delivery.id:
                    there[int(payload["part"])] = str(message["ts"])
        except SlackApiError as error:
            if error.response.get("error") != _NO_SCOPE:
                raise
            log.warning("A history scope is missing; a message may stand twice", action="unseen")
        return there

    async def _messages_since(self, parcel: Parcel, channel: str) -> AsyncIterator[dict[str, Any]]:
        """Give what stands where the delivery belongs, since a minute before it was owed."""
        delivery = parcel.delivery
        thread_ts = parcel.leader.ref if parcel.leader else delivery.thread_ts
        where: dict[str, Any] = {
            "channel": channel,
            "oldest": str(delivery.created_at.timestamp() - 60),
            "limit": 200,
            "include_all_metadata": True,
        }
        client = self._speaker.client
        while True:
            page = await (
                client.conversations_history(**where)
                if thread_ts is None
                else client.conversations_replies(ts=thread_ts, **where)
            )
            for message in page["messages"]:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            where["cursor"] = cursor


def _metadata(parcel: Parcel, part: int) -> dict[str, Any]:
    return {
        "event_type": EVENT,
        "event_payload": {"delivery_id": parcel.delivery.id, "part": part},
    }


def _translated(error: SlackApiError, target: str) -> Exception:
    code = str(error.response.get("error"))
    if code == "ratelimited":
        headers = getattr(error.response, "headers", {}) or {}
        wait = headers.get("Retry-After") or headers.get("retry-after")
        return Busy("Slack asked to wait", wait_s=None if wait is None else float(wait))
    if code in _CLOSED:
        is_person = target.startswith(("U", "W", "D"))
        return (Undeliverable if is_person else PlaceClosed)(_CLOSED[code])
    if code in _PERMANENT:
        return Undeliverable(_PERMANENT[code])
    return error
