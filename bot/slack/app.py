"""The bolt app: one table of listeners, one middleware, one error handler."""

from __future__ import annotations

import re
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.forms import EDIT_FORM
from bot.services import Services
from bot.slack import places
from bot.slack.actions import CLICKS, on_click, on_page
from bot.slack.all_tasks import on_all
from bot.slack.commands import on_tasks
from bot.slack.conversation import Conversation, on_message
from bot.slack.crowd_answers import on_many
from bot.slack.home import on_home_opened
from bot.slack.middleware import Receive
from bot.slack.modals import on_edit_given
from bot.slack.setting_answers import on_posts_to

EVENTS = {
    "app_mention": on_message,
    "message": on_message,
    "app_home_opened": on_home_opened,
    "member_joined_channel": places.on_joined,
    "member_left_channel": places.on_left,
    "channel_left": places.on_removed,
    "group_left": places.on_removed,
    "channel_archive": places.on_archived,
    "group_archive": places.on_archived,
    "channel_unarchive": places.on_unarchived,
    "group_unarchive": places.on_unarchived,
    "user_change": places.on_person_changed,
}
COMMANDS = {"/tasks": on_tasks}
ACTIONS = {
    re.compile(rf"^({'|'.join(CLICKS)})(_\d+)?$|^more$"): on_click,
    re.compile(r"^page_(back|on)$"): on_page,
    re.compile(r"^all_(pause|resume|keep)$"): on_all,
    re.compile(r"^many_(yes|no)$"): on_many,
    re.compile(r"^posts_to$"): on_posts_to,
}
VIEWS = {EDIT_FORM: on_edit_given}

log = structlog.get_logger(__name__)


def build_app(
    *,
    client: AsyncWebClient,
    signing_secret: str | None,
    services: Services,
    conversation: Conversation,
) -> AsyncApp:
    """Give the app with every listener in its place; nothing is connected yet."""
    app = AsyncApp(
        client=client,
        signing_secret=signing_secret or "",
        request_verification_enabled=signing_secret is not None,
        raise_error_for_unhandled_request=False,
    )

    async def provide(context: AsyncBoltContext, next_: Any) -> None:
        context["services"] = services
        context["conversation"] = conversation
        await next_()

    receive = Receive(services.store, personas=services.profiles, now=services.now, me=services.me)
    app.use(receive)
    app.use(provide)
    for event, on_event in EVENTS.items():
        app.event(event)(on_event)
    for command, on_command in COMMANDS.items():
        app.command(command)(on_command)
    for pattern, on_action in ACTIONS.items():
        app.action(pattern)(on_action)
    for view, on_view in VIEWS.items():
        app.view(view)(on_view)
    app.error(on_error)
    return app


async def on_error(error: Exception, body: dict[str, Any]) -> None:
    """Log what no listener told the asker."""
    log.error(
        "A Slack request failed",
        action="listener_failed",
        type=body.get("type"),
        exc_info=error,
    )
