"""The composition root: settings in, a running Chatcron out; only this file makes the parts."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SettingsError, StartError
from bot.http.routes import build_routes
from bot.http.server import HttpServer
from bot.outlets.to_slack import SlackOutlet
from bot.retries import RepeatUnlessSaid
from bot.services import Services
from bot.settings import Settings
from bot.slack.app import build_app
from bot.slack.connection import SocketConnection
from bot.slack.conversation import Conversation
from bot.speaker import Speaker
from scheduler.agents import PROFILES, Sources, roster
from scheduler.agents.agent import Agent
from scheduler.clock import Clock
from scheduler.courier import Courier
from scheduler.dispatcher import Dispatcher
from scheduler.housekeeper import Housekeeper
from scheduler.local_queue import LocalQueue
from scheduler.now import Now, utc_now
from scheduler.planner import Planner
from scheduler.runner import Runner
from storage.database import Database, FileLock
from storage.errors import SchemaMissing
from storage.migrate import check, migrate
from storage.store import Store

TICK_AGE_LIMIT_S = 10.0
CALL_LIMIT_S = 20

log = structlog.get_logger(__name__)


class App:
    """Everything that runs in one process; `start` and `stop` keep the order."""

    def __init__(
        self,
        settings: Settings,
        *,
        agents: Mapping[str, Agent] | None = None,
        now: Now = utc_now,
    ) -> None:
        self._settings = settings
        self._database = Database(settings.database_url.get_secret_value())
        self._lock = _lock_of(self._database)
        self.store = Store(self._database)
        working = roster(_sources(settings)) if agents is None else agents
        self._client = _client(settings)
        speaker = Speaker(self._client, PROFILES)
        self.planner = Planner(
            self.store, working, confirm=settings.confirm, now=now, wake=self._wake
        )
        outlet = SlackOutlet(speaker, preview=self.planner.preview, now=now)
        self.courier = Courier(self.store, {"slack": outlet}, now=now)
        self.runner = _runner(settings, self.store, working, self.courier, now)
        self.queue = LocalQueue(
            self.store, self.runner.run, workers=settings.workers, drain_s=settings.drain_s, now=now
        )
        self.dispatcher = Dispatcher(self.store, self.queue)
        self._housekeeper = Housekeeper(self.store, self.runner)
        self.clock = Clock(self._tick)
        self.services = Services(
            store=self.store,
            planner=self.planner,
            speaker=speaker,
            profiles=PROFILES,
            zone=settings.timezone,
            now=now,
        )
        self._now = now
        self._session: ClientSession | None = None
        self._conversation: Conversation | None = None
        self._connection: SocketConnection | None = None
        self.http: HttpServer | None = None

    async def start(self) -> None:
        """Bring everything up; raises SettingsError, StorageError or StartError with a sentence."""
        self._settings.check_for_run()
        self._client.session = self._session = ClientSession()
        if self._lock is not None:
            self._lock.hold()
        await self._check_schema()
        conversation = await self._introduce()
        if self._lock is not None:  # nobody else works on this file: what is open was cut off
            await self.runner.recover(every=True)
            await self.courier.recover()
        await self.queue.start()
        await self.courier.start()
        await self.clock.start()
        await conversation.resume()
        await self._listen(conversation)
        log.info("Chatcron is up", action="started", http=self.http.port if self.http else None)

    async def stop(self) -> None:
        """Stop listeners, clock, queue and courier, in this order, and close the database.

        A part that fails to stop is logged and does not keep the others from stopping.
        """
        for stop in self._stops():
            try:
                await stop()
            except Exception:
                log.exception("A part did not stop in order", action="stop_failed")
        if self._lock is not None:
            self._lock.release()
        log.info("Chatcron has stopped", action="stopped")

    def _stops(self) -> Iterator[Callable[[], Awaitable[None]]]:
        if self._connection is not None:
            yield self._connection.stop
        if self.http is not None:
            yield self.http.stop
        if self._conversation is not None:
            yield self._conversation.stop
        yield from (self.clock.stop, self.queue.stop, self.courier.stop)
        if self._session is not None:
            yield self._session.close
        yield self._database.close

    async def health(self) -> dict[str, bool]:
        """Say of each part whether it works."""
        parts = {"database": True, "clock": self._is_ticking()}
        try:
            async with asyncio.timeout(2):
                await self.dispatcher.next_due()
        except Exception:
            log.exception("The database does not answer", action="unhealthy")
            parts["database"] = False
        if self._connection is not None:
            parts["slack"] = await self._connection.is_connected()
        return parts

    def _wake(self) -> None:
        self.clock.ring()
        self.queue.wake()
        self.courier.wake()

    async def _tick(self) -> datetime | None:
        now = self._now()
        try:
            await self._housekeeper.round(now)
        except Exception:
            log.exception("Housekeeping failed; what is due goes on", action="housekeeping_failed")
        return await self.dispatcher.tick(now)

    def _is_ticking(self) -> bool:
        last = self.clock.last_tick
        return last is not None and asyncio.get_running_loop().time() - last < TICK_AGE_LIMIT_S

    async def _check_schema(self) -> None:
        try:
            await check(self._database)
        except SchemaMissing:
            if not self._database.is_sqlite:
                raise
            await migrate(self._database)

    async def _introduce(self) -> Conversation:
        """Ask Slack who we are; raises StartError when it refuses the token."""
        try:
            who = await self._client.auth_test()
        except SlackApiError as error:
            code = error.response.get("error")
            raise SettingsError(
                f"SLACK_BOT_TOKEN was refused by Slack ({code}): copy the Bot User OAuth Token"
                " (xoxb-…) of the installed app."
            ) from error
        except OSError as error:
            raise StartError(
                f"Slack can't be reached at {self._settings.slack_api_url}: check the network and"
                " SLACK_API_URL."
            ) from error
        self._conversation = Conversation(
            self.services, bot_user=str(who["user_id"]), team=str(who["team_id"])
        )
        return self._conversation

    async def _listen(self, conversation: Conversation) -> None:
        settings = self._settings
        secret, app_token = settings.slack_signing_secret, settings.slack_app_token
        slack = build_app(
            client=self._client,
            signing_secret=secret.get_secret_value() if secret and not app_token else None,
            services=self.services,
            conversation=conversation,
        )
        self.http = HttpServer(
            build_routes(None if app_token else slack, self.health),
            host=settings.http_host,
            port=settings.http_port,
        )
        await self.http.start()
        if app_token is not None:
            self._connection = SocketConnection(slack, app_token.get_secret_value())
            try:
                await self._connection.start()
            except SlackApiError as error:
                code = error.response.get("error")
                raise SettingsError(
                    f"SLACK_APP_TOKEN was refused by Slack ({code}): make an app-level token"
                    " (xapp-…) with the scope connections:write."
                ) from error


def _client(settings: Settings) -> AsyncWebClient:
    token = settings.slack_bot_token
    client = AsyncWebClient(
        token=None if token is None else token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=CALL_LIMIT_S,
        retry_handlers=[RepeatUnlessSaid()],
    )
    if is_loopback(settings.slack_api_url):  # a proxy of the environment is not for these
        client.proxy = None
    return client


def _runner(
    settings: Settings, store: Store, agents: Mapping[str, Agent], courier: Courier, now: Now
) -> Runner:
    return Runner(
        store,
        agents,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        retry_delay=timedelta(seconds=settings.retry_delay_s),
        now=now,
        wake_courier=courier.wake,
    )


def is_loopback(address: str) -> bool:
    """Say whether an address is on this machine."""
    return urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")


def _lock_of(database: Database) -> FileLock | None:
    if not database.is_sqlite:
        return None
    assert database.url.database is not None
    return FileLock(Path(database.url.database))


def _sources(settings: Settings) -> Sources:
    tony = settings.tony_database_url
    return Sources(
        billing=settings.billing,
        sample_data=settings.sample_data,
        database_url=settings.database_url.get_secret_value(),
        tony_database_url=None if tony is None else tony.get_secret_value(),
        kubeconfig=settings.kubeconfig,
    )
