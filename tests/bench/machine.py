"""What a machine spends on Chatcron: memory, seconds to begin, packages and megabytes installed."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from time import perf_counter

from tests.bench.table import Row
from tests.journeys.driver import ROOT, environment

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
_COMMANDS = {"--help": ("--help",), "parse": ("parse", "list tasks")}


def facts() -> str:
    """Say on what the bench ran."""
    load = os.getloadavg()[0]
    compiled = "compiled anew at each start" if sys.dont_write_bytecode else "compiled once"
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, modules {compiled}; load {load:.1f} when it began"
    )


def resident_mb(pid: int) -> float:
    """Say how many megabytes of memory a process holds."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        kilobytes = int(status.read_text().split("VmRSS:")[1].split()[0])
    else:
        shown = subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)], text=True)
        kilobytes = int(shown)
    return kilobytes / 1024


def cpu_seconds(pid: int) -> float:
    """Say how long a process has kept a processor busy, in user and system mode."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    shown = subprocess.check_output(["ps", "-o", "time=", "-p", str(pid)], text=True)
    *hours, minutes, seconds = shown.strip().replace("-", ":").split(":")
    return sum(int(each) * 3600 for each in hours[-1:]) + int(minutes) * 60 + float(seconds)


def command_rows(times: int) -> Iterator[Row]:
    """Time commands that need neither Slack nor a database, from start to end."""
    bare = _seconds(("-c", "pass"), times)
    for name, arguments in _COMMANDS.items():
        spent = _seconds(("-m", "bot", *arguments), times)
        yield Row(
            what=f"chatcron {name}",
            ours=f"{spent * 1000:,.0f}",
            unit="ms",
            beside=f"bare Python {bare * 1000:,.0f}",
            n=times,
            how="a process from start to end, median",
        )


def _seconds(arguments: tuple[str, ...], times: int) -> float:
    spent = []
    for _ in range(times):
        began = perf_counter()
        subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment({}),
            stdout=subprocess.DEVNULL,
            check=True,
        )
        spent.append(perf_counter() - began)
    return statistics.median(spent)


def installed_rows() -> Iterator[Row]:
    """Count what `make install` brings, and weigh it."""
    locked = _PINNED.findall((ROOT / "requirements.lock").read_text())
    sizes = {name: size for name in locked if (size := _size(name)) is not None}
    heaviest = sorted(sizes, key=sizes.__getitem__, reverse=True)[:3]
    yield Row(
        what="packages installed",
        ours=f"{len(sizes)}",
        unit="packages",
        beside=f"{len(locked)} locked for all systems",
        n=1,
        how="those of requirements.lock that are here",
    )
    yield Row(
        what="size installed",
        ours=f"{sum(sizes.values()) / 1e6:,.0f}",
        unit="MB",
        beside=", ".join(f"{name} {sizes[name] / 1e6:,.0f}" for name in heaviest),
        n=len(sizes),
        how="the files of these packages, compiled ones too",
    )


def _size(name: str) -> int | None:
    try:
        files = distribution(name).files or ()
    except PackageNotFoundError:
        return None
    paths = (Path(str(file.locate())) for file in files)
    return sum(path.stat().st_size for path in paths if path.exists())
