"""The JSON that Slack puts on the wire for messages, people, channels, files and events; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from bot.playground.entities import (
    SLACKBOT,
    Channel,
    ChannelKind,
    Family,
    File,
    Json,
    Message,
    Person,
    Team,
)
from bot.playground.typed import rich_text
from bot.playground.workspace import Workspace, new_id

VERIFICATION_TOKEN = "local-verification"  # noqa: S105 - Slack's retired field, no secret


def team(value: Team) -> Json:
    """Show the workspace as `team.info` does."""
    return {
        "id": value.id,
        "name": value.name,
        "domain": value.domain,
        "url": f"https://{value.domain}.slack.com/",
        "email_domain": "",
        "icon": {"image_default": True},
    }


def person(value: Person, workspace: Workspace) -> Json:
    """Show a person as `users.info` does, with their zone; a deactivated one shows none."""
    team_id = value.team_id or workspace.team.id
    shown: Json = {
        "id": value.id,
        "team_id": team_id,
        "name": value.name,
        "deleted": value.deleted,
        "color": value.color,
        "real_name": value.real_name,
        "profile": {
            "real_name": value.real_name,
            "display_name": value.real_name,
            "real_name_normalized": value.real_name,
            "display_name_normalized": value.real_name,
            "team": team_id,
        },
        "is_bot": value.is_bot,
        "is_app_user": False,
        "is_admin": value.is_admin,
        "is_owner": value.is_admin,
        "is_primary_owner": value.is_admin,
        "is_restricted": value.is_guest,
        "is_ultra_restricted": value.is_ultra_restricted,
        "updated": 0,
    }
    if value.is_stranger:
        shown["is_stranger"] = True
    if value.is_bot and value.id != SLACKBOT:
        app_id, bot_id = bot_ids(value, workspace)
        shown["profile"] |= {"api_app_id": app_id, "bot_id": bot_id}
    return shown if value.deleted else shown | _zone(value, workspace)


def _zone(value: Person, workspace: Workspace) -> Json:
    now = datetime.fromtimestamp(workspace.clock(), UTC).astimezone(ZoneInfo(value.tz))
    offset = now.utcoffset()
    return {
        "tz": value.tz,
        "tz_label": now.tzname() or value.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def channel(value: Channel, workspace: Workspace) -> Json:
    """Show a conversation as `conversations.info` does."""
    is_shared = value.is_ext_shared
    common: Json = {
        "id": value.id,
        "created": 0,
        "updated": 0,
        "is_archived": value.is_archived,
        "is_channel": value.kind is ChannelKind.CHANNEL,
        "is_group": False,
        "is_im": value.family is Family.IM,
        "is_mpim": value.family is Family.MPIM,
        "is_private": not value.is_open,
        "is_shared": is_shared,
        "is_ext_shared": is_shared,
        "is_org_shared": False,
        "context_team_id": workspace.team.id,
    }
    if value.kind is ChannelKind.IM:
        user = next(each for each in value.members if each != workspace.app.user)
        gone = workspace.people[user].deleted
        return common | {"user": user, "is_user_deleted": gone, "priority": 0}
    teams = {workspace.team_of(member) for member in value.members} | {workspace.team.id}
    return common | {
        "name": value.name,
        "name_normalized": value.name,
        "is_general": value.name == "general",
        "is_member": workspace.has_bot(value.id),
        "creator": value.members[0] if value.members else "",
        "num_members": len(workspace.present(value)),
        "shared_team_ids": sorted(teams) if is_shared else [workspace.team.id],
        "pending_shared": [],
        "is_pending_ext_shared": False,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def bot_ids(value: Person, workspace: Workspace) -> tuple[str, str]:
    """Give the ids of the app and of the bot behind a bot's user."""
    if value.id == workspace.app.user:
        return workspace.app.id, workspace.app.bot_id
    return value.app_id, value.bot_id


def bot_profile(value: Person, workspace: Workspace) -> Json:
    """Show a bot as messages and `bots.info` do."""
    app_id, bot_id = bot_ids(value, workspace)
    return {
        "id": bot_id,
        "deleted": value.deleted,
        "name": value.real_name,
        "updated": 0,
        "app_id": app_id,
        "user_id": value.id,
        "icons": {"image_36": "", "image_48": "", "image_72": ""},
        "team_id": workspace.team.id,
    }


def file(value: File) -> Json:
    """Show a file as messages do."""
    return {
        "id": value.id,
        "created": value.created,
        "timestamp": value.created,
        "name": value.name,
        "title": value.title,
        "mimetype": value.mimetype,
        "filetype": value.name.rpartition(".")[2] or "text",
        "pretty_type": "Plain Text",
        "user": value.user,
        "size": value.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": True,
        "url_private": f"/ui/file/{value.id}",
        "url_private_download": f"/ui/file/{value.id}",
    }


def message(value: Message, workspace: Workspace, *, metadata: bool = False) -> Json:
    """Show a message as history does; with metadata only when it was asked for."""
    shown: Json = {"type": "message", "ts": value.ts, "text": value.text}
    shown |= _author(value, workspace)
    if value.blocks:
        shown["blocks"] = value.blocks
    if value.edited_ts:
        shown["edited"] = {"user": value.user, "ts": value.edited_ts}
    if value.files:
        shown["files"] = [file(workspace.files[each]) for each in value.files]
        shown["upload"] = False
    if value.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in value.reactions.items()
        ]
    if value.metadata and metadata:
        shown["metadata"] = value.metadata
    return shown | _thread(value, workspace)


def _author(value: Message, workspace: Workspace) -> Json:
    author, team_id = workspace.people[value.user], workspace.team_of(value.user)
    if value.subtype:
        inviter = {"inviter": value.inviter} if value.inviter else {}
        return {"subtype": value.subtype, "user": value.user, "team": team_id, **inviter}
    if not author.is_bot:
        by_person: Json = {
            "user": value.user,
            "team": team_id,
            "client_msg_id": str(uuid5(NAMESPACE_URL, f"{value.channel}/{value.ts}")),
            "blocks": rich_text(value.text),
        }
        abroad = {"user_team": team_id, "source_team": team_id} if author.is_stranger else {}
        return by_person | abroad
    app_id, bot_id = bot_ids(author, workspace)
    by_bot: Json = {"bot_id": bot_id, "app_id": app_id, "team": team_id}
    if not value.username:
        return by_bot | {"user": value.user, "bot_profile": bot_profile(author, workspace)}
    icons = {"emoji": value.icon_emoji} if value.icon_emoji else {"image_48": value.icon_url or ""}
    return by_bot | {"subtype": "bot_message", "username": value.username, "icons": icons}


def _thread(value: Message, workspace: Workspace) -> Json:
    if value.is_reply and value.thread_ts:
        root = workspace.message(value.channel, value.thread_ts)
        return {
            "thread_ts": value.thread_ts,
            "parent_user_id": root.user if root else workspace.app.user,
        }
    replies = workspace.replies(value.channel, value.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": value.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1].ts,
        "subscribed": False,
    }


def event_callback(event: Json, workspace: Workspace, *, is_ext_shared: bool = False) -> Json:
    """Wrap an event as Slack sends it, with an event id of its own."""
    team_id = workspace.team.id
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team_id,
        "context_team_id": team_id,
        "api_app_id": workspace.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(workspace.clock()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team_id,
                "user_id": workspace.app.user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": is_ext_shared,
        "event_context": new_id("4-"),
    }
