"""What the doctor finds around the bot: its address, its model's server, bills and agents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.doctor.check import Check, Grade, as_json
from bot.doctor.examination import examine
from bot.doctor.machine import look_at_model
from bot.settings import Settings
from tests.journeys.books import write_bill
from tests.journeys.driver import free_port

READY = {
    "ready": False,
    "checks": {
        "database": {"ok": True, "reason": "It answers."},
        "slack": {"ok": False, "reason": "The socket is closed."},
    },
}
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def _named(checks: list[Check], name: str) -> Check:
    found = [check for check in checks if check.name == name]
    assert len(found) == 1, f"{name} among {checks}"
    return found[0]


@asynccontextmanager
async def _serving(path: str, status: int, body: Any) -> AsyncIterator[str]:
    """Serve one answer at one path, and give the address before it."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_get(path, answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "body", "grade", "said"),
    [
        (200, {"data": [{"id": "gpt-4.1-mini"}]}, Grade.OK, "has gpt-4.1-mini"),
        (200, {"data": [{"id": "other"}]}, Grade.WARNING, "no gpt-4.1-mini"),
        (401, {"error": "no"}, Grade.WARNING, "refused the key"),
        (404, {}, Grade.WARNING, "does not list"),
        (200, ["?"], Grade.WARNING, "does not list"),
    ],
)
async def test_a_models_server_is_asked_for_its_models(
    status: int, body: Any, grade: Grade, said: str
) -> None:
    """What the server answers is told, and the key never is."""
    async with _serving("/v1/models", status, body) as address:
        given = {"OPENAI_API_KEY": "sk-secret", "OPENAI_BASE_URL": f"{address}/v1"}
        checks = await look_at_model(Settings.read(given))

    assert checks[0].grade is grade
    assert said in checks[0].text
    assert "sk-secret" not in as_json(checks)


async def test_something_else_on_our_port_is_a_problem() -> None:
    """An address that answers without being Chatcron's is told apart from a running one."""
    async with _serving("/", 200, {}) as address:
        checks = await examine({"CHATCRON_HTTP_PORT": address.rpartition(":")[2]})

    assert _named(checks, "http").grade is Grade.PROBLEM


async def test_parts_that_do_not_work_are_named() -> None:
    """A running Chatcron that is not ready says which part is not."""
    async with _serving("/readyz", 503, READY) as address:
        checks = await examine({"CHATCRON_HTTP_PORT": address.rpartition(":")[2]})

    found = _named(checks, "http")
    assert found.grade is Grade.PROBLEM
    assert "slack (The socket is closed.)" in found.text
    assert "database" not in found.text


async def test_an_address_for_everybody_is_a_warning() -> None:
    """Plain HTTP on every network is said, beside whether it is free."""
    checks = await examine(
        {"CHATCRON_HTTP_HOST": "0.0.0.0", "CHATCRON_HTTP_PORT": str(free_port())}
    )

    assert _named(checks, "http address").grade is Grade.WARNING
    assert _named(checks, "http").grade is Grade.OK


async def test_bills_and_agents_are_looked_at(tmp_path: Path) -> None:
    """Alex's newest day is told, an export that stopped too, and Kai says what he lacks."""
    bill = tmp_path / "focus.csv"
    write_bill(bill, NOON.date())
    given = {"CHATCRON_BILLING": str(bill), "CHATCRON_HTTP_PORT": "0"}

    fresh = await examine(given, now=lambda: NOON)
    late = await examine(given, now=lambda: NOON + timedelta(days=9))
    none = await examine(given | {"CHATCRON_BILLING": str(tmp_path / "none")})

    assert _named(fresh, "alex").grade is Grade.OK
    assert "4 Mar 2026" in _named(fresh, "alex").text
    assert "export stopped" in _named(late, "alex").fix
    assert _named(none, "alex").grade is Grade.WARNING
    assert "KUBECONFIG" in _named(none, "kai").fix
