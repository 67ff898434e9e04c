"""The parts of one process, made from the settings and wired to each other; `bot.assemble` asks."""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from slack_sdk.web.async_client import AsyncWebClient

from bot.directory import SlackDirectory
from bot.llm.interpreter import Interpreter
from bot.llm.path import ModelPath, interpreter, model_path, worded
from bot.model_settings import endpoint_of
from bot.outlets.to_slack import SlackOutlet
from bot.retries import RepeatUnlessSaid
from bot.services import Services
from bot.settings import Settings
from bot.speaker import Speaker
from scheduler.agents import PROFILES, Sources, roster
from scheduler.agents.agent import Agent
from scheduler.agents.tools.hosts import parse_hosts, split_list
from scheduler.agents.tools.own_setup import OwnSetup
from scheduler.bulk import Bulk
from scheduler.clock import Clock
from scheduler.courier import Courier
from scheduler.destinations import Destinations
from scheduler.dispatcher import Dispatcher
from scheduler.drafts import Drafts
from scheduler.gate import Gate
from scheduler.herald import Herald
from scheduler.holidays import Holidays
from scheduler.housekeeper import Housekeeper
from scheduler.ledger import WorkspaceLedger
from scheduler.local_queue import LocalQueue
from scheduler.many import Many
from scheduler.now import Now
from scheduler.planner import Planner
from scheduler.reaper import Reaper
from scheduler.runner import Runner
from scheduler.shared_queue import SharedQueue, is_installed
from scheduler.shelf import Shelf
from scheduler.tally import Tally
from scheduler.warden import Warden
from scheduler.watch import Watch
from storage.database import Database, FileLock
from storage.records import RunId
from storage.slots import Limits
from storage.store import Store

CALL_LIMIT_S = 20


class Bell:
    """Wakes every pump there is; those who ring it need not know which."""

    def __init__(self) -> None:
        self._wakes: list[Callable[[], None]] = []

    def wakes(self, *pumps: Callable[[], None]) -> None:
        """Add what is woken."""
        self._wakes.extend(pumps)

    def ring(self) -> None:
        """Wake them all."""
        for wake in self._wakes:
            wake()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that runs in one process; nothing of it is started yet.

    `lock` is the database file's own, None on Postgres; `model` is None where no model is set.
    """

    database: Database
    lock: FileLock | None
    store: Store
    client: AsyncWebClient
    courier: Courier
    runner: Runner
    queue: LocalQueue | SharedQueue
    dispatcher: Dispatcher
    housekeeper: Housekeeper
    clock: Clock
    reaper: Reaper
    tally: Tally
    services: Services
    model: ModelPath | None


def make_parts(
    settings: Settings,
    agents: Mapping[str, Agent] | None,
    *,
    tick: Callable[[], Awaitable[datetime | None]],
    now: Now,
) -> Parts:
    """Make the parts; `agents` replaces the real ones in tests, `tick` is what the clock does."""
    store = Store(Database(settings.database_url.get_secret_value()), limits=_limits(settings))
    client, bell = slack_client(settings), Bell()
    directory = SlackDirectory(store, client, now=now)
    working = _agents(settings, store, directory, now) if agents is None else agents
    model = make_model_path(settings, store, now)
    queue = _queue(settings, store, lambda: runner, now)
    services = _services(settings, store, client, directory, working, queue, bell, model, now)
    outlet = SlackOutlet(services.speaker, preview=services.planner.preview, now=now)
    watch, tally = services.watch, Tally()
    courier = Courier(store, {"slack": outlet}, now=now, is_closed=watch.look_soon)
    agents = worded(working, model, now=now)
    runner = _runner(settings, store, agents, queue, courier, services, tally, now)
    clock = Clock(tick)
    bell.wakes(clock.ring, queue.wake, courier.wake)
    return Parts(
        database=store.database,
        lock=_lock_of(store.database),
        store=store,
        client=client,
        courier=courier,
        runner=runner,
        queue=queue,
        dispatcher=Dispatcher(store, queue, goes_on=watch.look_soon, tally=tally),
        housekeeper=_housekeeper(settings, store, watch, now),
        clock=clock,
        reaper=Reaper(runner, queue, now=now),
        tally=tally,
        services=services,
        model=model,
    )


def _housekeeper(settings: Settings, store: Store, watch: Watch, now: Now) -> Housekeeper:
    days = settings.keep_runs_days
    return Housekeeper(store, watch, Drafts(store, now=now), runs_kept_days=days)


def _agents(
    settings: Settings, store: Store, directory: SlackDirectory, now: Now
) -> Mapping[str, Agent]:
    ledger = WorkspaceLedger(store, visible_in=Gate(directory).visible_in, reader="anna")
    return roster(sources_of(settings), ledger=ledger, now=now)


def _services(
    settings: Settings,
    store: Store,
    client: AsyncWebClient,
    directory: SlackDirectory,
    agents: Mapping[str, Agent],
    queue: LocalQueue | SharedQueue,
    bell: Bell,
    model: ModelPath | None,
    now: Now,
) -> Services:
    gate = Gate(directory)
    warden = Warden(store, directory, gate=gate, now=now, wake=bell.ring)
    planner = Planner(
        store,
        agents,
        gate=gate,
        confirm=settings.confirm,
        now=now,
        wake=bell.ring,
        put=queue.put,
        shortest=timedelta(seconds=settings.min_interval_s),
    )
    return Services(
        me=f"{socket.gethostname()}:{os.getpid()}",
        store=store,
        planner=planner,
        bulk=Bulk(store, gate=gate, now=now, wake=bell.ring),
        many=Many(store, planner=planner, gate=gate, now=now, wake=bell.ring),
        shelf=Shelf(store, gate=gate, now=now),
        gate=gate,
        warden=warden,
        watch=Watch(store, directory, warden),
        directory=directory,
        interpreter=_interpreter(model, store, now),
        speaker=Speaker(client, PROFILES),
        profiles=PROFILES,
        zone=settings.timezone,
        now=now,
    )


def _interpreter(model: ModelPath | None, store: Store, now: Now) -> Interpreter:
    keeps = Holidays(store).are_kept
    return interpreter(model, agents=frozenset(PROFILES), now=now, keeps_holidays=keeps)


def make_model_path(settings: Settings, store: Store, now: Now) -> ModelPath | None:
    """Make what asks a language model; None where none is set."""
    if not settings.asks_model:
        return None
    return model_path(
        endpoint_of(settings),
        store,
        calls_per_day=settings.model_calls_per_day,
        zone=settings.timezone,
        now=now,
        limit_s=settings.model_limit_s,
    )


def is_loopback(address: str) -> bool:
    """Say whether an address is on this machine."""
    return urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")


def slack_client(settings: Settings) -> AsyncWebClient:
    """Make what calls Slack's methods with the bot's token."""
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
    settings: Settings,
    store: Store,
    agents: Mapping[str, Agent],
    queue: LocalQueue | SharedQueue,
    courier: Courier,
    services: Services,
    tally: Tally,
    now: Now,
) -> Runner:
    return Runner(
        store,
        agents,
        worker=services.me,
        retry_delay=timedelta(seconds=settings.retry_delay_s),
        now=now,
        wake_courier=courier.wake,
        refusal=services.warden.refusal,
        herald=Herald(store, Destinations(services.gate)),
        tally=tally,
        lease=timedelta(seconds=settings.lease_s),
        put=queue.put,
        worked=queue.worked,
    )


def _queue(
    settings: Settings, store: Store, runner: Callable[[], Runner], now: Now
) -> LocalQueue | SharedQueue:
    """Make the queue; its runner is asked for when there is a run, and may be made later."""

    async def run(run_id: RunId) -> None:
        await runner().run(run_id)

    async def foresee(run_ids: Sequence[RunId]) -> None:
        await runner().foresee(run_ids)

    workers, drain_s = settings.workers, settings.drain_s
    if settings.is_on_file or not is_installed():
        return LocalQueue(store, run, workers=workers, drain_s=drain_s, now=now, foresee=foresee)
    silent_for = timedelta(seconds=settings.lease_s)
    return SharedQueue(store, run, workers=workers, drain_s=drain_s, silent_for=silent_for)


def _limits(settings: Settings) -> Limits:
    """Give the limits that hold over all processes, where one alone could go past them."""
    alone = settings.workers if settings.is_on_file else None
    in_all, of_agent = settings.runs_at_once, settings.agent_runs_at_once
    return Limits(
        at_once=None if alone and alone <= in_all else in_all,
        of_agent=None if alone and alone <= of_agent else of_agent,
    )


def _lock_of(database: Database) -> FileLock | None:
    if not database.is_sqlite:
        return None
    assert database.url.database is not None
    return FileLock(Path(database.url.database))


def sources_of(settings: Settings) -> Sources:
    """Say where each agent looks."""
    tony = settings.tony_database_url
    return Sources(
        billing=settings.billing,
        sample_data=settings.sample_data,
        database_url=settings.database_url.get_secret_value(),
        tony_database_url=None if tony is None else tony.get_secret_value(),
        kubeconfig=settings.kubeconfig,
        kube_context=settings.kube_context,
        kube_namespaces=split_list(settings.kube_namespaces or ""),
        kube_host=settings.kube_host,
        kube_port=settings.kube_port,
        oliver_hosts=parse_hosts(settings.oliver_hosts or ""),
        oliver_folders=split_list(settings.oliver_folders or ""),
        own_setup=OwnSetup(
            http_host=settings.http_host,
            http_port=settings.http_port,
            slack_api_url=settings.slack_api_url,
            bare_secrets=settings.bare_secrets,
            private_files=settings.secret_files,
        ),
    )
