"""`chat.*` and `reactions.*`: what the app says, changes and takes back."""

from __future__ import annotations

from bot.blocks.limits import MESSAGE_TEXT, UPDATE_TEXT, Problem, check_message, check_view
from bot.playground import shapes
from bot.playground.calls import Arguments, Method, SlackError
from bot.playground.entities import Channel, ChannelKind, Json, Message
from bot.playground.grants import Grants
from bot.playground.place_methods import check_reachable
from bot.playground.workspace import Workspace, new_id

_INTERACTIVE_BLOCKS = ("actions", "section", "input", "context_actions")


class ChatMethods:
    """The methods by which the app speaks."""

    def __init__(self, workspace: Workspace, grants: Grants) -> None:
        self._workspace = workspace
        self._grants = grants

    def table(self) -> dict[str, Method]:
        """Name the methods."""
        return {
            "chat.postMessage": Method(run=self.post, scope="chat:write"),
            "chat.postEphemeral": Method(run=self.post_ephemeral, scope="chat:write"),
            "chat.update": Method(run=self.update, scope="chat:write"),
            "chat.delete": Method(run=self.delete, scope="chat:write"),
            "chat.getPermalink": Method(run=self.permalink),
            "reactions.add": Method(run=self.add_reaction, scope="reactions:write"),
            "reactions.remove": Method(run=self.remove_reaction, scope="reactions:write"),
            "blocks.validate": Method(run=self.validate, token=None),
        }

    def post(self, arguments: Arguments) -> Json:
        """Post a message as the bot, or as the persona it names."""
        channel = self.writable(arguments.required("channel"))
        message = self._workspace.post(self._drafted(arguments, channel))
        shown = shapes.message(message, self._workspace, metadata=True)
        return {"channel": channel.id, "ts": message.ts, "message": shown}

    def post_ephemeral(self, arguments: Arguments) -> Json:
        """Show a message to one person of the channel alone."""
        channel = self.writable(arguments.required("channel"))
        person = arguments.required("user")
        if person not in self._workspace.present(channel):
            raise SlackError("user_not_in_channel")
        message = self._drafted(arguments, channel, ephemeral_to=person)
        return {"message_ts": self._workspace.post(message).ts}

    def update(self, arguments: Arguments) -> Json:
        """Change a message of the bot's own; what is not given stays."""
        message = self._own(arguments, "cant_update_message")
        text = arguments.text("text")
        if text and len(text) > UPDATE_TEXT:
            raise SlackError("msg_too_long")
        content = self._content(arguments)
        if not any(arguments.has(name) for name in ("text", "blocks", "metadata")):
            raise SlackError("no_text")
        metadata = arguments.structure("metadata", "invalid_metadata_format")
        changed = self._workspace.change(
            message,
            text=text if arguments.has("text") else message.text,
            blocks=content if arguments.has("blocks") else message.blocks,
            metadata=metadata if arguments.has("metadata") else message.metadata,
            edited_ts=self._workspace.next_ts(),
        )
        shown = shapes.message(changed, self._workspace, metadata=True)
        return {
            "channel": changed.channel,
            "ts": changed.ts,
            "text": changed.text,
            "message": shown,
        }

    def delete(self, arguments: Arguments) -> Json:
        """Take back a message of the bot's own."""
        message = self._own(arguments, "cant_delete_message")
        self._workspace.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def permalink(self, arguments: Arguments) -> Json:
        """Give an address of a message."""
        channel = self._channel(arguments.required("channel"))
        ts = arguments.required("message_ts")
        if self._workspace.message(channel.id, ts) is None:
            raise SlackError("message_not_found")
        domain = self._workspace.team.domain
        link = f"https://{domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def add_reaction(self, arguments: Arguments) -> Json:
        """React to a message as the bot."""
        message, name = self._reacted(arguments)
        users = message.reactions.get(name, ())
        if self._workspace.app.user in users:
            raise SlackError("already_reacted")
        self._workspace.react(message, name, (*users, self._workspace.app.user))
        return {}

    def remove_reaction(self, arguments: Arguments) -> Json:
        """Take back the bot's reaction."""
        message, name = self._reacted(arguments)
        users = message.reactions.get(name, ())
        if self._workspace.app.user not in users:
            raise SlackError("no_reaction")
        left = tuple(user for user in users if user != self._workspace.app.user)
        self._workspace.react(message, name, left)
        return {}

    def validate(self, arguments: Arguments) -> Json:
        """Say whether blocks, a message or a view keep Slack's limits."""
        problems = problems_in(arguments)
        if problems:
            raise SlackError("invalid_blocks", errors=[each.to_json() for each in problems])
        return {}

    def _drafted(
        self, arguments: Arguments, channel: Channel, *, ephemeral_to: str | None = None
    ) -> Message:
        if any(arguments.has(name) for name in ("username", "icon_emoji", "icon_url")):
            self._grants.require("chat:write.customize")
        blocks = self._content(arguments)
        text = arguments.text("text") or arguments.text("markdown_text") or ""
        if not text and not blocks and not arguments.structure("attachments"):
            raise SlackError("no_text")
        return Message(
            ts=self._workspace.next_ts(),
            channel=channel.id,
            user=self._workspace.app.user,
            text=text[:MESSAGE_TEXT],
            blocks=blocks,
            thread_ts=self.thread(arguments, channel),
            reply_broadcast=arguments.flag("reply_broadcast"),
            username=arguments.text("username"),
            icon_emoji=arguments.text("icon_emoji"),
            icon_url=arguments.text("icon_url"),
            metadata=arguments.structure("metadata", "invalid_metadata_format"),
            ephemeral_to=ephemeral_to,
        )

    def _content(self, arguments: Arguments) -> list[Json]:
        blocks = arguments.structure("blocks", "invalid_blocks_format") or []
        markdown = arguments.text("markdown_text")
        if markdown and (blocks or arguments.text("text")):
            raise SlackError("markdown_text_conflict")
        if markdown:
            blocks = [{"type": "markdown", "text": markdown}]
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        problems = check_message({"blocks": blocks})
        if any(problem.pointer == "/blocks" and problem.code == "too_long" for problem in problems):
            raise SlackError("msg_blocks_too_long", **refusal(problems))
        if problems:
            raise SlackError("invalid_blocks", **refusal(problems))
        return name_blocks(blocks)

    def thread(self, arguments: Arguments, channel: Channel) -> str | None:
        """Find the thread a call answers in, by its first message; raises SlackError."""
        thread_ts = arguments.text("thread_ts")
        if thread_ts is None:
            return None
        root = self._workspace.message(channel.id, thread_ts)
        if root is None or root.ephemeral_to is not None:
            raise SlackError("thread_not_found")
        return root.thread_ts or root.ts

    def _channel(self, name: str) -> Channel:
        """Find a channel by id, by #name, or as the direct conversation with a person."""
        workspace = self._workspace
        found = workspace.channels.get(name)
        if found is None and name in workspace.people:
            check_reachable(name, workspace)
            return workspace.open_im(name)
        for channel in workspace.channels.values() if found is None else ():
            if channel.kind is ChannelKind.CHANNEL and name == f"#{channel.name}":
                found = channel
        if found is None or not (found.is_open or workspace.has_bot(found.id)):
            raise SlackError("channel_not_found")
        return found

    def writable(self, name: str) -> Channel:
        """Find a channel the app may post in; raises SlackError."""
        channel = self._channel(name)
        if channel.is_archived:
            raise SlackError("is_archived")
        if not self._workspace.has_bot(channel.id) and not self._grants.has("chat:write.public"):
            raise SlackError("not_in_channel")
        return channel

    def _own(self, arguments: Arguments, otherwise: str) -> Message:
        channel = self._channel(arguments.required("channel"))
        message = self._workspace.message(channel.id, arguments.required("ts"))
        if message is None or message.ephemeral_to is not None:
            raise SlackError("message_not_found")
        if message.user != self._workspace.app.user:
            raise SlackError(otherwise)
        return message

    def _reacted(self, arguments: Arguments) -> tuple[Message, str]:
        channel = self._channel(arguments.required("channel"))
        message = self._workspace.message(channel.id, arguments.required("timestamp"))
        if message is None or message.ephemeral_to is not None:
            raise SlackError("message_not_found")
        return message, arguments.required("name").strip(":")


def problems_in(arguments: Arguments) -> list[Problem]:
    """Check whichever of `blocks`, `message` and `view` a call carries."""
    view = arguments.structure("view", "invalid_blocks_format")
    if view is not None:
        return check_view(view)
    message = arguments.structure("message", "invalid_blocks_format")
    return check_message(message or {"blocks": arguments.structure("blocks") or []})


def refusal(problems: list[Problem]) -> Json:
    """Word what is wrong with blocks as the posting methods do."""
    lines = [f"{problem.message} [json-pointer:{problem.pointer}]" for problem in problems]
    return {
        "errors": lines,
        "response_metadata": {"messages": [f"[ERROR] {line}" for line in lines]},
    }


def name_blocks(blocks: list[Json]) -> list[Json]:
    """Give a block id to every block, and an action id to every element, that came without one."""
    return [_named(block) for block in blocks]


def _named(block: Json) -> Json:
    named = {**block, "block_id": block.get("block_id") or new_id("", 5)}
    if block.get("type") not in _INTERACTIVE_BLOCKS:
        return named
    if "elements" in block:
        named["elements"] = [_with_action_id(element) for element in block["elements"]]
    for slot in ("accessory", "element"):
        if isinstance(block.get(slot), dict):
            named[slot] = _with_action_id(block[slot])
    return named


def _with_action_id(element: Json) -> Json:
    if element.get("type") == "image":
        return element
    return {**element, "action_id": element.get("action_id") or new_id("", 5)}
