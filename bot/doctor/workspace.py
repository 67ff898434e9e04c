"""What the doctor asks Slack: whose the tokens are, what they may do, and who is called alex."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from typing import Any

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor.check import Check, ok, problem, unknown, warning
from bot.doctor.clock import against_header
from bot.scopes import not_granted, scopes_of_manifest
from bot.settings import Settings
from bot.wiring import slack_client
from scheduler.agents import PROFILES
from scheduler.now import Now

PAGE = 1_000
PAGES_AT_MOST = 20
UNREACHED = (ClientError, OSError, TimeoutError)
_REINSTALL = "Add it at api.slack.com/apps → OAuth & Permissions, then reinstall the app."
_NEEDED = "chat:write"

Described = Mapping[str, Any]


async def look_at_slack(settings: Settings, now: Now) -> list[Check]:
    """Look at the tokens, the scopes, the people and Slack's clock."""
    async with ClientSession() as session:
        client = slack_client(settings)
        client.session = session
        bot_token, *rest = await _as_the_bot(client, settings, now)
        return [bot_token, await _app_token(client, settings), *rest]


async def _as_the_bot(client: AsyncWebClient, settings: Settings, now: Now) -> list[Check]:
    if settings.slack_bot_token is None:
        lacks = "SLACK_BOT_TOKEN is missing, so nothing in Slack was looked at."
        fix = "Copy the Bot User OAuth Token (xoxb-…) at api.slack.com/apps → OAuth & Permissions."
        return [problem("bot token", lacks, fix)]
    before = now()
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        fix = "Copy the Bot User OAuth Token (xoxb-…) of the installed app."
        return [problem("bot token", f"Slack refused it ({_code(error)}).", fix)]
    except UNREACHED:
        return [_out_of_reach("bot token", settings)]
    after = now()
    user, team = answer.get("user"), answer.get("team")
    return [
        ok("bot token", f"It is @{user}'s, in the workspace {team}."),
        *_scopes(answer.headers),
        against_header("clock", "Slack", answer.headers, before, after),
        *await _people(client, str(answer.get("user_id"))),
    ]


async def _app_token(client: AsyncWebClient, settings: Settings) -> Check:
    token, secret = settings.slack_app_token, settings.slack_signing_secret
    if token is None and secret is None:
        return problem(
            "app token",
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set, so no event can come in.",
            "Make an app-level token (xapp-…) with the scope connections:write.",
        )
    if token is None:
        text = "None is set: events come over signed HTTP, and only they can prove the secret."
        return ok("app token", text)
    try:
        await client.apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as error:
        fix = "Make an app-level token (xapp-…) with the scope connections:write."
        return problem("app token", f"Slack refused it ({_code(error)}).", fix)
    except UNREACHED:
        return _out_of_reach("app token", settings)
    return ok("app token", "It opens a socket, by which events come.")


def _scopes(headers: Mapping[str, str]) -> Iterator[Check]:
    told = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    if told is None:
        yield unknown("scopes", "Slack did not say which are granted.")
        return
    granted = frozenset(each.strip() for each in told.split(",") if each.strip())
    lacking = not_granted(granted)
    wanted = scopes_of_manifest()
    if not lacking:
        yield ok("scopes", f"All {len(wanted)} that the manifest asks for are granted.")
    for scope in lacking:
        name, text = f"scope {scope.name}", f"It is not granted. Lost: {scope.lost}."
        judge = problem if scope.name == _NEEDED else warning
        yield judge(name, text, _REINSTALL)
    if extra := sorted(granted - set(wanted)):
        fix = "Take them from the app at api.slack.com/apps, then reinstall it."
        yield warning("unused scopes", f"Granted and never used: {', '.join(extra)}.", fix)


async def _people(client: AsyncWebClient, bot_user: str) -> list[Check]:
    seen = 0
    found: list[Check] = []
    try:
        async for person in _listed(client):
            seen += 1
            if person["id"] != bot_user and (taken := name_taken(person, PROFILES)):
                found.append(_namesake(person, taken))
    except SlackApiError as error:
        found.append(unknown("people", f"Slack listed {seen} of them, then said {_code(error)}."))
    except UNREACHED:
        found.append(unknown("people", f"Slack listed {seen} of them, then was out of reach."))
    return found or [ok("people", f"Of {seen}, nobody is called like an agent.")]


def _namesake(person: Described, taken: str) -> Check:
    text = f"A person is called {taken} ({person['id']}): Slack makes @{taken} a mention of them."
    return warning("people", text, f"To ask the agent, write “@Chatcron {taken} …”.")


def name_taken(person: Described, names: Collection[str]) -> str | None:
    """Give the agent's name that somebody goes by; None for those who have left."""
    profile = person.get("profile") or {}
    called: Iterable[Any] = (
        person.get("name"),
        profile.get("display_name"),
        profile.get("display_name_normalized"),
    )
    if person.get("deleted"):
        return None
    return next((str(it).lower() for it in called if str(it or "").lower() in names), None)


async def _listed(client: AsyncWebClient) -> AsyncIterator[Described]:
    cursor: str | None = None
    for _ in range(PAGES_AT_MOST):
        page = await client.users_list(limit=PAGE, cursor=cursor)
        for person in page["members"]:
            yield person
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise SlackApiError("more", {"error": "that there are more"})  # type: ignore[no-untyped-call]


def _out_of_reach(name: str, settings: Settings) -> Check:
    text = f"Slack can't be reached at {settings.slack_api_url}."
    return problem(name, text, "Check the network, the proxy and SLACK_API_URL.")


def _code(error: SlackApiError) -> str:
    return str(error.response.get("error"))
