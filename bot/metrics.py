"""Metrics: what this process counted and what the database holds, as Prometheus reads it.

The only importer of prometheus_client, and only when somebody asks. Labels hold states and causes:
never a name, a person or a channel.
"""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import accumulate
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from bot.readiness import Readiness, Signs
from scheduler import policy
from scheduler.now import Now
from scheduler.tally import DELAYS_S, Tally
from storage.figures import Figures
from storage.migrate import REVISIONS
from storage.outage import is_outage
from storage.records import OPEN_RUNS, DeliveryState, RunStatus, TaskState
from storage.store import Store

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

KEPT_S = 5.0
"""How long the database's figures are kept: however many ask, it is looked at this often."""
LOOK_LIMIT_S = 5
_ENDS = [status for status in RunStatus if status not in OPEN_RUNS]
_KEPT_TASKS = [state for state in TaskState if state is not TaskState.REMOVED]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is answered: a body and its media type."""

    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """All that one sheet shows; `figures` is None while the database does not answer."""

    tally: Tally
    signs: Signs
    figures: Figures | None
    tick_age_s: float | None
    now: datetime


class Metrics:
    """Writes the sheet; the database is asked at most every few seconds."""

    def __init__(
        self,
        store: Store,
        tally: Tally,
        readiness: Readiness,
        *,
        last_tick: Callable[[], float | None],
        zone: str,
        now: Now,
    ) -> None:
        self._store = store
        self._tally = tally
        self._readiness = readiness
        self._last_tick = last_tick
        self._zone = ZoneInfo(zone)
        self._now = now
        self._kept: tuple[float, Figures] | None = None

    async def sheet(self) -> Sheet:
        """Write it all as of now; what can't be read is left out, and the checks say why."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        last = self._last_tick()
        seen = _Seen(
            tally=self._tally,
            signs=await self._readiness.look(),
            figures=await self._figures(),
            tick_age_s=None if last is None else asyncio.get_running_loop().time() - last,
            now=self._now(),
        )
        body = generate_latest(_registry(seen)) + generate_latest(_of_process())
        return Sheet(body=body, media_type=CONTENT_TYPE_LATEST)

    async def _figures(self) -> Figures | None:
        asked_at = asyncio.get_running_loop().time()
        if self._kept is not None and asked_at - self._kept[0] < KEPT_S:
            return self._kept[1]
        now = self._now()
        today = datetime.combine(now.astimezone(self._zone).date(), time(), tzinfo=self._zone)
        try:
            async with asyncio.timeout(LOOK_LIMIT_S), self._store.read() as work:
                found = await work.counts.figures(now, since=today)
        except Exception as error:
            if not is_outage(error):
                log.warning("No figures", action="figures_failed", error=type(error).__name__)
            return None
        self._kept = (asked_at, found)
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shown:
    """What the client asks for metrics."""

    seen: _Seen

    def collect(self) -> Iterator[Metric]:
        """Give every metric."""
        yield from _counted(self.seen.tally)
        yield from _checked(self.seen)
        if self.seen.figures is not None:
            yield from _stored(self.seen.figures, self.seen.now)


def _registry(seen: _Seen) -> CollectorRegistry:
    from prometheus_client import CollectorRegistry

    registry = CollectorRegistry()
    registry.register(_Shown(seen=seen))
    return registry


@cache
def _of_process() -> CollectorRegistry:
    """Give what the client knows of a process: memory, processor time, open files."""
    from prometheus_client import CollectorRegistry, ProcessCollector

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry


def _counted(tally: Tally) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

    bounds = [*(f"{bound:g}" for bound in DELAYS_S), "+Inf"]
    yield HistogramMetricFamily(
        "chatcron_start_delay_seconds",
        "From a due moment to the start of its first attempt.",
        buckets=list(zip(bounds, map(float, accumulate(tally.delays)), strict=True)),
        sum_value=tally.delay_sum_s,
    )
    yield _counter(
        "chatcron_runs_ended",
        "Due moments and requests by how they ended; cancelled: a later moment took the place.",
        "state",
        {str(status): tally.ended[status] for status in _ENDS},
    )
    yield _counter(
        "chatcron_moments_missed",
        "Due moments that were missed, by why.",
        "reason",
        {cause: tally.missed[cause] for cause in policy.CAUSES},
    )
    yield _counter(
        "chatcron_clock_jumps",
        "Times the wall clock jumped by 2 s or more.",
        "direction",
        tally.jumps,
    )
    yield CounterMetricFamily(
        "chatcron_attempts_taken_over",
        "Attempts that a dead or frozen process left behind.",
        value=tally.taken_over,
    )


def _checked(seen: _Seen) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

    yield InfoMetricFamily(
        "chatcron_build",
        "What runs.",
        value={
            "version": _version(),
            "python": platform.python_version(),
            "schema": REVISIONS[-1],
        },
    )
    yield _gauge(
        "chatcron_check_ok",
        "Each check of /readyz: 1 where it holds.",
        "check",
        {name: float(found.ok) for name, found in seen.signs.items()},
    )
    if seen.tick_age_s is not None:
        name, what = "chatcron_last_tick_age_seconds", "Since the pump's last tick ended."
        yield GaugeMetricFamily(name, what, value=seen.tick_age_s)


def _stored(figures: Figures, now: datetime) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    kept = {str(state): figures.tasks.get(state, 0) for state in _KEPT_TASKS}
    yield _gauge("chatcron_tasks", "Tasks by state.", "state", kept)
    open_runs = {str(status): figures.open_runs.get(status, 0) for status in OPEN_RUNS}
    yield _gauge("chatcron_runs_open", "Runs that have not ended.", "state", open_runs)
    outbox = (DeliveryState.OWED, DeliveryState.SENDING)
    owed = {str(state): figures.outbox.get(state, 0) for state in outbox}
    yield _gauge("chatcron_outbox_deliveries", "Messages not sent yet.", "state", owed)
    ages = {
        "chatcron_queue_oldest_age_seconds": (figures.oldest_run, "Longest wait of a ready run."),
        "chatcron_outbox_overdue_seconds": (figures.overdue, "Longest delay of a due message."),
        "chatcron_outbox_oldest_age_seconds": (figures.oldest_delivery, "Age of the oldest owed."),
    }
    for name, (since, what) in ages.items():
        age = 0.0 if since is None else max((now - since).total_seconds(), 0.0)
        yield GaugeMetricFamily(name, what, value=age)
    calls = "chatcron_model_calls_today"
    yield GaugeMetricFamily(calls, "Calls to the model today.", value=figures.model_calls)
    tokens = {"in": figures.tokens_in, "out": figures.tokens_out}
    yield _gauge("chatcron_model_tokens_today", "Tokens used today.", "direction", tokens)


def _counter(name: str, what: str, label: str, values: Mapping[str, int]) -> Metric:
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(name, what, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _gauge(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, what, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _version() -> str:
    try:
        return version("chatcron")
    except PackageNotFoundError:
        return "unknown"
