"""However a model fails, the person has an answer, and nothing is taken that does not hold."""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime
from typing import Any

import pytest

from bot.llm import endpoint
from bot.llm.endpoint import Endpoint
from bot.llm.interpreter import MISREAD, UNANSWERED
from bot.llm.model_reader import AT_ONCE
from bot.llm.path import model_path
from storage.store import Store
from tests.bot.llm.asking import ENOUGH_S, FILLED, SAID, by_grammar, outcomes, read
from tests.bot.llm.conftest import MakePath
from tests.scripted_model import (
    BROKEN,
    BUSY,
    BUSY_AT_A_LOSS,
    CUT_SHORT,
    EMPTY,
    HANG,
    HUGE,
    NO_CHOICES,
    NO_JSON,
    NO_KEY,
    PLAIN_TEXT,
    REFUSAL,
    TOOL_CALL,
    Script,
    ScriptedModel,
    form,
)


@pytest.mark.parametrize(
    ("script", "outcome", "note"),
    [
        pytest.param(BUSY, ["busy"], UNANSWERED, id="429"),
        pytest.param(BUSY_AT_A_LOSS, ["busy"], UNANSWERED, id="429 without Retry-After"),
        pytest.param(REFUSAL, ["refused"], UNANSWERED, id="refusal"),
        pytest.param(TOOL_CALL, ["invalid", "invalid"], MISREAD, id="tool call"),
        pytest.param(CUT_SHORT, ["invalid", "invalid"], MISREAD, id="cut short"),
        pytest.param(NO_KEY, ["refused"], UNANSWERED, id="401"),
        pytest.param(BROKEN, ["error", "error"], UNANSWERED, id="500"),
        pytest.param(PLAIN_TEXT, ["ok", "ok"], MISREAD, id="text"),
        pytest.param(EMPTY, ["invalid", "invalid"], MISREAD, id="empty"),
        pytest.param(HUGE, ["ok", "ok"], MISREAD, id="100 KB"),
        pytest.param(NO_JSON, ["invalid", "invalid"], MISREAD, id="html"),
        pytest.param(NO_CHOICES, ["invalid", "invalid"], MISREAD, id="no choices"),
    ],
)
async def test_a_fault_leaves_the_grammars_answer(
    make_path: MakePath,
    model: ScriptedModel,
    store: Store,
    now: datetime,
    script: Script,
    outcome: list[str],
    note: str,
) -> None:
    """However the model fails, the grammar's own reading stands, with a line that says so."""
    model.play(script)
    path = make_path()

    reading = await read(path, SAID, now)

    assert (reading.source, reading.note) == ("phrases", note)
    assert reading.intent == by_grammar(SAID, now)
    assert await outcomes(path, store) == outcome


@pytest.mark.parametrize("address", ["refused", "no name", "tls to a plain server"])
async def test_a_server_that_cannot_be_reached_leaves_the_grammars_answer(
    store: Store, model: ScriptedModel, now: datetime, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Where nobody listens, no name is known or no TLS is spoken, the grammar answers and says so.

    Both tries are made, and both are written down.
    """
    monkeypatch.setattr(endpoint, "may_leave_machine", True)  # to a name that can't be one
    urls = {
        "refused": f"http://127.0.0.1:{closed_port()}/v1",
        "no name": "http://no-such-host.invalid/v1",
        "tls to a plain server": model.url.replace("http://", "https://"),
    }
    path = model_path(
        Endpoint(model="scripted", base_url=urls[address]),
        store,
        calls_per_day=100,
        zone="UTC",
        now=lambda: now,
    )

    reading = await read(path, SAID, now)

    assert (reading.source, reading.note) == ("phrases", UNANSWERED)
    assert reading.intent == by_grammar(SAID, now)
    assert await outcomes(path, store) == ["error", "error"]
    assert model.asked == []
    await path.stop()


def closed_port() -> int:
    """Give a port of loopback that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


async def test_a_model_that_hangs_is_given_up_on(
    make_path: MakePath, model: ScriptedModel, store: Store, now: datetime
) -> None:
    """The limit covers the whole reading, and the call that hung is recorded as timed out."""
    model.play(HANG)
    path = make_path(limit_s=ENOUGH_S)
    await path.connection.model()

    reading = await read(path, SAID, now)

    assert (reading.source, reading.note) == ("phrases", UNANSWERED)
    assert await outcomes(path, store) == ["timeout"]


async def test_a_crowd_at_a_hung_model_waits_once(
    make_path: MakePath, model: ScriptedModel, now: datetime
) -> None:
    """Waiting for a turn counts, so nobody waits twice; later messages do not ask at all."""
    model.play(HANG)
    path = make_path(limit_s=ENOUGH_S)
    await path.connection.model()

    crowd = await asyncio.gather(*(read(path, SAID, now) for _ in range(3 * AT_ONCE)))
    asked = len(model.asked)
    late = await read(path, SAID, now)

    assert {reading.note for reading in (*crowd, late)} == {UNANSWERED}
    assert asked <= AT_ONCE
    assert len(model.asked) == asked


NONSENSE: dict[str, dict[str, Any]] = {
    "work of its own": {"work": "delete all production pods"},
    "a time that is none": {"when": {"repeats": "daily", "times": ["25:00"]}},
    "an unknown agent": {"agent": "mallory"},
    "an agent nobody named": {"agent": "kai"},
    "a date gone by": {"when": {"repeats": "once", "date": "2020-01-01", "times": ["09:00"]}},
    "another weekday": {"when": {"repeats": "once", "date": "2026-03-13", "times": ["09:00"]}},
    "no interval": {"when": {"repeats": "interval", "every": 0, "unit": "minutes"}},
    "a zone nobody named": {"when": FILLED["when"] | {"zone": "Pacific/Auckland"}},
    "retries nobody named": {"retries": 7},
    "an empty when": {"when": {}},
    "a 32nd": {"when": {"repeats": "monthly", "month_days": [32], "times": ["09:00"]}},
    "an unknown field": {"sudo": True},
    "a number for words": {"work": 7},
}


@pytest.mark.parametrize("slots", NONSENSE.values(), ids=NONSENSE.keys())
async def test_nonsense_that_fits_the_schema_is_not_taken(
    make_path: MakePath, model: ScriptedModel, now: datetime, slots: dict[str, Any]
) -> None:
    """A slot that the message gives no ground for makes the whole reading void."""
    model.play(form("create", **(FILLED | slots)))

    reading = await read(make_path(), SAID, now)

    assert (reading.source, reading.note) == ("phrases", MISREAD)
    assert len(model.asked) == 2


async def test_a_wrong_form_is_mended_once(
    make_path: MakePath, model: ScriptedModel, now: datetime
) -> None:
    """The second try is told what was wrong with the first."""
    wrong = FILLED | {"when": {"repeats": "weekly", "weekdays": ["mon"], "times": ["9 o'clock"]}}
    model.play(form("create", **wrong), form("create", **FILLED))

    reading = await read(make_path(), SAID, now)

    assert reading.source == "model"
    assert "is not a time" in model.asked[1]["messages"][-1]["content"]
