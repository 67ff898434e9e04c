"""A blocking tool runs in a child that cannot hold the loop, outlive its limit or see secrets."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from scheduler.agents.child import AT_ONCE, in_child
from scheduler.errors import Refused, Temporary

CHILDREN = Path("/proc/self/task")

needs_proc = pytest.mark.skipif(not CHILDREN.exists(), reason="reads /proc")


def children() -> set[str]:
    """Give the ids of this process's children, zombies included.

    A thread may end between the listing and the reading; its children are then another thread's.
    """
    found: set[str] = set()
    for thread in CHILDREN.iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            found.update((thread / "children").read_text().split())
    return found


async def test_the_result_comes_back() -> None:
    """What the function returns in the child is what the caller gets."""
    assert await in_child(divmod, 17, 5, limit_s=30) == (3, 2)


async def test_it_is_another_process() -> None:
    """The function does not run in the caller's process."""
    assert await in_child(os.getpid, limit_s=30) != os.getpid()


@needs_proc
async def test_a_call_that_never_returns_is_killed_while_the_loop_ticks() -> None:
    """The limit kills the child, leaves no zombie, and the loop was never held up meanwhile."""
    gaps: list[float] = []
    before = children()

    async def tick() -> None:
        while True:
            since = time.monotonic()
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - since)

    async with asyncio.TaskGroup() as group:
        ticking = group.create_task(tick())
        with pytest.raises(Temporary, match="not done within 2 s"):
            await in_child(time.sleep, 3600, limit_s=2)
        ticking.cancel()

    assert len(gaps) > 10
    assert max(gaps) < 1.9, "the loop was held for the length of the call"
    assert children() == before


@needs_proc
async def test_cancelling_kills_the_child() -> None:
    """A cancelled caller leaves no child behind."""
    before = children()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await in_child(time.sleep, 3600, limit_s=3600)

    assert children() == before


async def young(before: set[str]) -> set[str]:
    """Wait until as many children work as may, and give them."""
    async with asyncio.timeout(30):
        while len(found := children() - before) < AT_ONCE:  # noqa: ASYNC110  the system is asked
            await asyncio.sleep(0.01)
    return found


@needs_proc
async def test_one_more_than_may_waits_for_its_turn() -> None:
    """So many children work at a time; the next one begins once one of them has ended."""
    before = children()
    calls = [
        asyncio.ensure_future(in_child(time.sleep, 3600, limit_s=3600)) for _ in range(AT_ONCE + 1)
    ]
    first = await young(before)
    calls[0].cancel()
    await asyncio.wait(calls[:1])
    second = await young(before)
    for call in calls:
        call.cancel()
    await asyncio.wait(calls)

    assert (len(first), len(second), len(second - first)) == (AT_ONCE, AT_ONCE, 1)
    assert children() == before


async def test_a_child_that_dies_is_temporary() -> None:
    """A crash of the child's interpreter is told as such, and may be tried again."""
    with pytest.raises(Temporary, match="died before it was done"):
        await in_child(os.abort, limit_s=30)


async def test_our_errors_come_back_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal keeps its sentence and its way out."""
    (tmp_path / "stubborn.py").write_text(
        "from scheduler.errors import Refused\n"
        "def refuse():\n    raise Refused('No such folder.', fix='Make it.')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    stubborn = __import__("stubborn")

    with pytest.raises(Refused, match="No such folder") as refusal:
        await in_child(stubborn.refuse, limit_s=30)

    assert refusal.value.fix == "Make it."


async def test_a_bug_comes_back_with_its_traceback() -> None:
    """Any other error is a bug, and its traceback is there for the log."""
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        await in_child(divmod, 1, 0, limit_s=30)


async def test_secrets_stay_with_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's environment has no token or key of the bot's."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")

    environment = await in_child(subprocess.getoutput, "env", limit_s=30)

    assert "PATH=" in environment
    assert "canary" not in environment


async def test_printing_does_not_spoil_the_answer() -> None:
    """What a library prints is kept out of the answer."""
    assert await in_child(os.system, "echo noise", limit_s=30) == 0


async def test_nothing_is_left_open() -> None:
    """Pipes and transports are closed once the answer is there."""
    await in_child(divmod, 1, 1, limit_s=30)
    gc.collect()


def is_over(process: Path) -> bool:
    """Say whether a process is gone, or dead and not yet reaped."""
    try:
        return process.joinpath("stat").read_text().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@needs_proc
def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    """A parent that is killed outright leaves no child working."""
    program = (
        "import asyncio, time\n"
        "from scheduler.agents.child import in_child\n"
        "asyncio.run(in_child(time.sleep, 3600, limit_s=3600))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program])
    listing = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    while not (found := listing.read_text().split()):
        time.sleep(0.01)
    child = Path("/proc", found[0])

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    deadline = time.monotonic() + 20
    while not is_over(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)
