"""What people do besides talking: slash commands and clicks, and the app's answers to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.blocks.limits import check_message
from bot.playground import shapes
from bot.playground.actions import find_element, read_action, values_of
from bot.playground.calls import SlackError, read_body
from bot.playground.chat_methods import name_blocks, refusal
from bot.playground.delivery import Delivery, Kind, NotAcked, NotConnected
from bot.playground.entities import SLACKBOT, Family, Json, Message
from bot.playground.triggers import ReturnAddress, ReturnAddresses, Triggers
from bot.playground.typed import to_wire
from bot.playground.workspace import Workspace

_NAMES = {Family.GROUPS: "privategroup", Family.IM: "directmessage"}
"""What stands for the name of a conversation that is not public."""


class Interactions:
    """Carries commands and clicks to the app and shows the person what came of them."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        triggers: Triggers,
        *,
        base_url: Callable[[], str],
        clock: Callable[[], float],
    ) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._triggers = triggers
        self._base_url = base_url
        self._addresses = ReturnAddresses(clock=clock)

    async def slash(
        self, person: str, channel: str, command: str, text: str, *, thread_ts: str | None = None
    ) -> bool:
        """Run a slash command; a failure is shown to the person as a note by Slackbot."""
        if thread_ts:
            self.note(person, channel, f"`{command}` is not supported in threads.", thread_ts)
            return False
        try:
            answer = await self._delivery.ask(
                Kind.COMMAND, self._command(person, channel, command, text)
            )
        except NotAcked as failure:
            code = "dispatch_failed" if isinstance(failure, NotConnected) else "operation_timeout"
            name = self._workspace.app.name
            sentence = f"`{command}` failed because {name} did not respond ({code})."
            self.note(person, channel, sentence)
            return False
        if answer.get("text") or answer.get("blocks"):
            self._post(answer, self._address(person, channel))
        return True

    async def click(
        self, person: str, message: Message, given: Json, state: Json | None = None
    ) -> None:
        """Carry one action on a message to the app; raises BadAction or NotAcked."""
        element = find_element(message.blocks, given)
        action = read_action(element, given, action_ts=self._workspace.next_ts())
        workspace = self._workspace
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.ephemeral_to is not None,
        }
        if message.is_reply:
            container["thread_ts"] = message.thread_ts
        payload = self._who("block_actions", person) | {
            "container": container,
            "trigger_id": self._triggers.issue(person),
            "channel": self._where(message.channel),
            "state": {"values": values_of(message.blocks, state or {}, given, action)},
            "response_url": self._url(person, message.channel, message.ts),
            "actions": [action],
        }
        if message.ephemeral_to is None:
            payload["message"] = shapes.message(message, workspace, metadata=True)
        await self._delivery.ask(Kind.INTERACTIVE, payload)

    async def respond(self, request: web.Request) -> web.Response:
        """Take a post to a response URL, five times in half an hour."""
        try:
            self.answer(request.match_info["key"], await read_body(request))
        except SlackError as failure:
            gone = failure.error in ("used_url", "expired_url")
            return web.Response(text=failure.error, status=404 if gone else 400)
        return web.Response(text="ok")

    def answer(self, key: str, answer: Json) -> None:
        """Show an answer where its response URL says; raises SlackError where it may not."""
        address = self._addresses.take(key)
        original = self._original(address)
        if answer.get("delete_original"):
            if original:
                self._workspace.remove(original)
            return
        blocks = _checked(answer)
        if answer.get("replace_original") and original:
            self._workspace.change(
                original,
                text=answer.get("text", ""),
                blocks=blocks,
                edited_ts=original.edited_ts
                if original.ephemeral_to
                else self._workspace.next_ts(),
            )
            return
        self._post(answer, address)

    def _post(self, answer: Json, address: ReturnAddress) -> None:
        blocks = _checked(answer)
        if not answer.get("text") and not blocks:
            raise SlackError("no_text")
        in_channel = answer.get("response_type") == "in_channel"
        self._workspace.post(
            Message(
                ts=self._workspace.next_ts(),
                channel=address.channel,
                user=self._workspace.app.user,
                text=answer.get("text", ""),
                blocks=blocks,
                thread_ts=answer.get("thread_ts"),
                ephemeral_to=None if in_channel else address.person,
            )
        )

    def _command(self, person: str, channel: str, command: str, text: str) -> Json:
        workspace = self._workspace
        where = self._where(channel)
        return {
            "token": shapes.VERIFICATION_TOKEN,
            "team_id": workspace.team.id,
            "team_domain": workspace.team.domain,
            "channel_id": where["id"],
            "channel_name": where["name"],
            "user_id": person,
            "user_name": workspace.people[person].name,
            "command": command,
            "text": to_wire(
                text, workspace.people.values(), workspace.visible_to(person), labels=True
            ),
            "api_app_id": workspace.app.id,
            "is_enterprise_install": "false",
            "response_url": self._url(person, channel),
            "trigger_id": self._triggers.issue(person),
        }

    def _who(self, kind: str, person: str) -> Json:
        return who(kind, person, self._workspace)

    def _where(self, channel: str) -> Json:
        found = self._workspace.channels[channel]
        return {"id": found.id, "name": _NAMES.get(found.family, found.name)}

    def _url(self, person: str, channel: str, message_ts: str | None = None) -> str:
        return f"{self._base_url()}/response/{self._addresses.issue(person, channel, message_ts)}"

    def _address(self, person: str, channel: str) -> ReturnAddress:
        return self._addresses.take(self._addresses.issue(person, channel))

    def _original(self, address: ReturnAddress) -> Message | None:
        if address.message_ts is None:
            return None
        return self._workspace.message(address.channel, address.message_ts)

    def note(self, person: str, channel: str, text: str, thread_ts: str | None = None) -> None:
        """Let Slackbot say something to one person alone."""
        self._workspace.post(
            Message(
                ts=self._workspace.next_ts(),
                channel=channel,
                user=SLACKBOT,
                text=text,
                thread_ts=thread_ts,
                ephemeral_to=person,
            )
        )


def who(kind: str, person: str, workspace: Workspace) -> Json:
    """Begin an interaction's payload: what it is, who did it, where, and in which app."""
    name = workspace.people[person].name
    team = {"id": workspace.team.id, "domain": workspace.team.domain}
    return {
        "type": kind,
        "user": {
            "id": person,
            "username": name,
            "name": name,
            "team_id": workspace.team_of(person),
        },
        "api_app_id": workspace.app.id,
        "token": shapes.VERIFICATION_TOKEN,
        "team": team,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _checked(answer: Json) -> list[Json]:
    blocks: list[Any] = answer.get("blocks") or []
    problems = check_message({"blocks": blocks})
    if problems:
        raise SlackError("invalid_blocks", **refusal(problems))
    return name_blocks(blocks)
