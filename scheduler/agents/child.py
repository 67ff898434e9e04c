"""Blocking tools run here: a spawned child process that is killed at its limit, never on the loop.

Agents call `in_child`; the child's own side is `serve`. The child is a fresh interpreter with an
environment built from nothing, so the bot's tokens and keys are not in it. Arguments and results
travel pickled over pipes that only the two processes hold. A child whose parent dies ends itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import resource
import sys
import threading
import traceback
from collections.abc import Callable
from typing import BinaryIO, TypeVar, TypeVarTuple, cast
from weakref import WeakKeyDictionary

from scheduler.errors import SchedulerError, Temporary

Result = TypeVar("Result")
Args = TypeVarTuple("Args")

MEMORY_BYTES = 8 * 1024**3
AT_ONCE = 4
"""Children of one process at a time: each takes memory and a core, however many runs go on."""
_START = "from scheduler.agents.child import serve; serve()"
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "PGPASSFILE", "PGSSLROOTCERT")
_LENGTH = 8
_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def in_child(function: Callable[[*Args], Result], *args: *Args, limit_s: float) -> Result:
    """Call a module-level function in a child process and give back what it returns.

    An error of the scheduler's own comes back as it was raised. A child that dies, or is not done
    within `limit_s` seconds, is a `Temporary`; any other error is a bug and comes as RuntimeError.
    The child is dead and reaped when this returns or raises, on cancellation too. It waits for its
    turn where `AT_ONCE` others are at work, which the limit does not count.
    """
    async with _room():
        return await _called(function, args, limit_s=limit_s)


def _room() -> asyncio.Semaphore:
    return _rooms.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def _called(
    function: Callable[[*Args], Result], args: tuple[*Args], *, limit_s: float
) -> Result:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-c",
        _START,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=_environment(),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limit_s):
            answer = await _converse(child, pickle.dumps((function, args)))
    except TimeoutError:
        raise Temporary(f"It was not done within {limit_s:g} s and was stopped.") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await asyncio.shield(child.wait())
    return cast("Result", _unpack(answer, child.returncode))


async def _converse(child: asyncio.subprocess.Process, call: bytes) -> bytes:
    """Send the call, then read the answer; the input stays open, as it tells that we live."""
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child was started without its pipes")
    with contextlib.suppress(ConnectionError):  # a child that died early: its answer is empty
        child.stdin.write(len(call).to_bytes(_LENGTH, "big") + call)
        await child.stdin.drain()
    answer = await child.stdout.read()
    if answer:
        return answer
    await child.wait()
    return answer


def _unpack(answer: bytes, code: int | None) -> object:
    if not answer:
        raise Temporary(f"The program that looks at the data died before it was done ({code}).")
    kind, value = pickle.loads(answer)  # noqa: S301  written by `serve`, in a process of ours
    if kind == "result":
        return value
    if isinstance(value, SchedulerError):
        raise value
    raise RuntimeError(f"failed in its child process:\n{value}")


def _environment() -> dict[str, str]:
    """Build the child's environment: what a program needs to run, and no setting or secret."""
    inherited = os.environ  # noqa: TID251  nothing is configured from it, a few names are passed on
    kept = {name: inherited[name] for name in _KEPT if name in inherited}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def serve() -> None:
    """Be the child: read one call, make it, write the answer, end."""
    asked, answered = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand in the answer
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    call = asked.read(int.from_bytes(asked.read(_LENGTH), "big"))
    threading.Thread(target=_end_with_parent, args=(asked,), daemon=True).start()
    with answered:
        answered.write(_answer(call))
    sys.stderr.flush()
    os._exit(0)  # no interpreter shutdown: a library's threads cannot hold the end up


def _answer(call: bytes) -> bytes:
    try:
        function, args = pickle.loads(call)  # noqa: S301  written by `in_child`
        return pickle.dumps(("result", function(*args)))
    except SchedulerError as error:
        return pickle.dumps(("error", error))
    except Exception:  # an edge: what is raised here is raised again in the parent
        return pickle.dumps(("error", traceback.format_exc()))


def _end_with_parent(asked: BinaryIO) -> None:
    asked.read()
    os._exit(1)
