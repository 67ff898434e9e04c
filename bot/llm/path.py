"""The parts of one process that ask a model; where none is set there are none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.llm.connection import Connection
from bot.llm.endpoint import Endpoint
from bot.llm.interpreter import Interpreter
from bot.llm.model_reader import LIMIT_S, ModelReader
from bot.llm.worded_agent import WordedAgent
from scheduler.agents.agent import Agent
from scheduler.allowance import Allowance
from scheduler.now import Now
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPath:
    """The parts that ask a model; `stop` lets them finish what they write and close."""

    connection: Connection
    reader: ModelReader
    allowance: Allowance

    async def stop(self) -> None:
        """Write down what was used and close the connection."""
        await self.reader.close()
        await self.connection.close()


def model_path(
    endpoint: Endpoint,
    store: Store,
    *,
    calls_per_day: int,
    zone: str,
    now: Now,
    limit_s: float = LIMIT_S,
) -> ModelPath:
    """Make the model's path to a server."""
    connection = Connection(endpoint)
    allowance = Allowance(store, calls_per_day=calls_per_day, zone=zone, now=now)
    reader = ModelReader(
        connection.model, name=endpoint.model, allowance=allowance, now=now, limit_s=limit_s
    )
    return ModelPath(connection=connection, reader=reader, allowance=allowance)


def worded(agents: Mapping[str, Agent], path: ModelPath | None, *, now: Now) -> Mapping[str, Agent]:
    """Give the agents, with a model to word their reports where there is one."""
    if path is None:
        return agents
    return {
        name: WordedAgent(agent, path.connection, path.allowance, now=now)
        for name, agent in agents.items()
    }


def interpreter(
    path: ModelPath | None,
    *,
    agents: frozenset[str],
    now: Now,
    keeps_holidays: Callable[[], Awaitable[bool]] | None = None,
) -> Interpreter:
    """Make what reads messages, with a model where there is one."""
    return Interpreter(
        None if path is None else path.reader,
        agents=agents,
        now=now,
        keeps_holidays=keeps_holidays,
    )
