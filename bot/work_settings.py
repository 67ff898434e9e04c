"""The settings that decide how runs are worked on; part of `bot.settings.Settings`."""

from __future__ import annotations

from pydantic import BaseModel, Field


class WorkSettings(BaseModel):
    """How many runs at once, how soon again, how long a stop waits, and when one counts as dead."""

    workers: int = Field(
        16, alias="CHATCRON_WORKERS", ge=1, le=64, description="runs at once, from 1 to 64"
    )
    runs_at_once: int = Field(
        64,
        alias="CHATCRON_RUNS_AT_ONCE",
        ge=1,
        le=1000,
        description="runs at once in all processes together, from 1 to 1000",
    )
    agent_runs_at_once: int = Field(
        16,
        alias="CHATCRON_AGENT_RUNS_AT_ONCE",
        ge=1,
        le=1000,
        description="runs at once of one agent in all processes together, from 1 to 1000",
    )
    min_interval_s: int = Field(
        60,
        alias="CHATCRON_MIN_INTERVAL_S",
        ge=60,
        le=86_400,
        description="seconds between two moments of a task at least, from 60 to 86400",
    )
    retry_delay_s: float = Field(
        60,
        alias="CHATCRON_RETRY_DELAY_S",
        ge=0,
        le=3600,
        description="seconds before the first retry, from 0 to 3600",
    )
    keep_runs_days: int = Field(
        400,
        alias="CHATCRON_KEEP_RUNS_DAYS",
        ge=0,
        le=36_500,
        description="days a run that has ended is kept, up to 36500; 0 keeps all",
    )
    lease_s: float = Field(
        30,
        alias="CHATCRON_LEASE_S",
        ge=3,
        le=600,
        description="seconds after which a silent process counts as dead, from 3 to 600",
    )
    drain_s: float = Field(
        20,
        alias="CHATCRON_DRAIN_S",
        ge=0,
        le=3600,
        description="seconds a stop waits for runs in progress, from 0 to 3600",
    )
