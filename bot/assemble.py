"""The composition root: settings in, a running Chatcron out; only this file makes the parts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime

import structlog
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError

from bot.errors import SettingsError, StartError
from bot.http.routes import build_routes
from bot.http.server import HttpServer
from bot.intent.warming import warm
from bot.metrics import Metrics, Sheet
from bot.ping import Ping
from bot.readiness import Readiness
from bot.roles import Role
from bot.roll_call import tell_admins
from bot.settings import Settings
from bot.slack.app import build_app
from bot.slack.connection import SocketConnection
from bot.slack.conversation import Conversation
from bot.survey import Survey
from bot.wiring import make_parts
from scheduler.agents.agent import Agent
from scheduler.headcount import Headcount
from scheduler.now import Now, utc_now
from scheduler.shared_queue import is_installed
from scheduler.tally import JumpWatch
from storage.errors import SchemaMissing
from storage.migrate import check, migrate
from storage.seat import Seat

CALL_LIMIT_S = 20

log = structlog.get_logger(__name__)


class App:
    """Everything that runs in one process of a role; `start` and `stop` keep the order."""

    def __init__(
        self,
        settings: Settings,
        *,
        role: Role = Role.ALL,
        agents: Mapping[str, Agent] | None = None,
        now: Now = utc_now,
    ) -> None:
        self._settings = settings
        self._role = role
        self.parts = make_parts(settings, agents, tick=self._tick, now=now)
        self._now = now
        self._headcount = Headcount(self.parts.store)
        self._seat = Seat(self.parts.database)
        self._survey = Survey(self.parts.store, self.parts.services.directory)
        self._jumps = JumpWatch(self.parts.tally)
        self.readiness = self._make_readiness()
        self._ping = self._make_ping()
        self._is_counting = False
        self._session: ClientSession | None = None
        self._conversation: Conversation | None = None
        self._connection: SocketConnection | None = None
        self.http: HttpServer | None = None

    async def start(self) -> None:
        """Bring everything up; raises SettingsError, StorageError or StartError with a sentence."""
        self._settings.check_for_run(self._role)
        if self._role is not Role.ALL and not is_installed():
            raise StartError(
                "Several processes need the optional part postgres: make install"
                ' EXTRAS="postgres", then `chatcron migrate`.'
            )
        self.parts.client.session = self._session = ClientSession()
        if self.parts.lock is not None:
            self.parts.lock.hold()
        await self._check_schema()
        if self._role.talks:
            await asyncio.to_thread(warm)
        is_first = self._role.talks and await self._seat.take()
        drop = await self._headcount.compare() if is_first else None
        await self._introduce()
        if self.parts.lock is not None:  # nobody else works on this file: what is open was cut off
            await self.parts.runner.recover(every=True)
            await self.parts.courier.recover()
        await self._begin_work()
        await self._listen()
        if drop is not None:
            await tell_admins(drop, self.parts.services)
        if is_first:
            self._survey.start()
        if self._ping is not None:
            self._ping.start()
        self._is_counting = True
        port = self.http.port if self.http else None
        log.info("Chatcron is up", action="started", role=str(self._role), http=port)

    async def _begin_work(self) -> None:
        """Start the parts of the role that work on what stands in the database."""
        if self._role.works:
            await self.parts.queue.start()
        if self._role.talks:
            await self.parts.courier.start()
        if self._role.fires:
            await self.parts.reaper.start()
            await self.parts.clock.start()
        if self.parts.model is not None and (self._role.talks or self._role.works):
            self.parts.model.connection.warm_up()
        if self._conversation is not None:
            await self._conversation.start(alone=self.parts.lock is not None)

    async def stop(self) -> None:
        """Stop listeners, clock, queue and courier, in this order, and close the database.

        A part that fails to stop is logged and does not keep the others from stopping.
        """
        for stop in self._stops():
            try:
                await stop()
            except Exception:
                log.exception("A part did not stop in order", action="stop_failed")
        if self.parts.lock is not None:
            self.parts.lock.release()
        log.info("Chatcron has stopped", action="stopped")

    def _stops(self) -> Iterator[Callable[[], Awaitable[None]]]:
        if self._ping is not None:
            yield self._ping.stop
        if self._connection is not None:
            yield self._connection.stop
        if self.http is not None:
            yield self.http.stop
        if self._conversation is not None:
            yield self._conversation.stop
        yield from (self.parts.clock.stop, self.parts.reaper.stop)
        yield from (self.parts.queue.stop, self.parts.courier.stop)
        yield self._survey.stop
        yield self.parts.services.watch.stop
        if self.parts.model is not None:
            yield self.parts.model.stop
        if self._session is not None:
            yield self._session.close
        if self._is_counting:
            yield lambda: self._headcount.count(self._now())
        yield self.readiness.stop
        yield self._seat.leave
        yield self.parts.database.close

    async def _tick(self) -> datetime | None:
        now = self._now()
        jump = self._jumps.look(now, asyncio.get_running_loop().time())
        if jump is not None:
            seconds = round(jump.total_seconds(), 1)
            log.warning("The wall clock jumped", action="clock_jumped", seconds=seconds)
            if seconds < 0:
                self.parts.housekeeper.set_back(-jump)
        try:
            await self.parts.housekeeper.round(now)
            if self._is_counting:
                await self._headcount.round(now)
        except Exception:
            log.exception("Housekeeping failed; what is due goes on", action="housekeeping_failed")
        return await self.parts.dispatcher.tick(now)

    def _make_readiness(self) -> Readiness:
        return Readiness(
            self.parts.store,
            last_tick=self._last_tick if self._role.fires else None,
            is_connected=self._is_connected if self._role.talks else None,
        )

    def _last_tick(self) -> float | None:
        return self.parts.clock.last_tick

    async def _is_connected(self) -> bool | None:
        """Say whether Slack's socket is open; None where Slack posts to us."""
        if self._settings.slack_app_token is None:
            return None
        return self._connection is not None and await self._connection.is_connected()

    def _make_ping(self) -> Ping | None:
        url = self._settings.ping_url
        if url is None or not self._role.fires:
            return None

        async def is_well() -> bool:
            return all(sign.ok for sign in (await self.readiness.look_at_work()).values())

        every_s = self._settings.ping_every_s
        return Ping(url.get_secret_value(), every_s=every_s, is_well=is_well)

    def _metrics(self) -> Callable[[], Awaitable[Sheet]]:
        return Metrics(
            self.parts.store,
            self.parts.tally,
            self.readiness,
            last_tick=self._last_tick,
            zone=self._settings.timezone,
            now=self._now,
        ).sheet

    async def _check_schema(self) -> None:
        try:
            await check(self.parts.database)
        except SchemaMissing:
            if not self.parts.database.is_sqlite:
                raise
            await migrate(self.parts.database)
        await self.parts.queue.check()

    async def _introduce(self) -> None:
        """Ask Slack who we are, to talk as that; raises StartError when it refuses the token."""
        try:
            who = await self.parts.client.auth_test()
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
        self.parts.services.directory.of_team(str(who["team_id"]))
        if self._role.talks:
            self._conversation = Conversation(
                self.parts.services, bot_user=str(who["user_id"]), team=str(who["team_id"])
            )

    async def _listen(self) -> None:
        """Answer those who watch over HTTP, and where the role talks take what Slack sends."""
        settings = self._settings
        secret, app_token = settings.slack_signing_secret, settings.slack_app_token
        slack = None
        if self._conversation is not None:
            slack = build_app(
                client=self.parts.client,
                signing_secret=secret.get_secret_value() if secret and not app_token else None,
                services=self.parts.services,
                conversation=self._conversation,
            )
        self.http = HttpServer(
            build_routes(None if app_token else slack, self.readiness.look, self._metrics()),
            host=settings.http_host,
            port=settings.http_port,
        )
        await self.http.start()
        if app_token is not None and slack is not None:
            self._connection = SocketConnection(slack, app_token.get_secret_value())
            try:
                await self._connection.start()
            except SlackApiError as error:
                code = error.response.get("error")
                raise SettingsError(
                    f"SLACK_APP_TOKEN was refused by Slack ({code}): make an app-level token"
                    " (xapp-…) with the scope connections:write."
                ) from error
