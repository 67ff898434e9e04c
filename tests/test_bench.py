"""The bench comes out whole; how fast this machine is today is not judged here."""

from __future__ import annotations

from tests.bench.__main__ import Sizes, measure
from tests.bench.crowd import Crowd
from tests.bench.table import OVER, Row, quantile, table

SMALL = Sizes(
    in_flight=3, rounds=1, alone=2, rest_s=0.1, due=20, jobs=5, commands=1, readings=1, next_runs=2,
    texts=100, crowd=Crowd(waiting=200, idle_s=0.2, claims=5, burst=200, ahead_s=1, asked=3),
)  # fmt: skip
PROMISED = (
    "ack,", "message to card, one", "message to card, 3", "chatcron run", "chatcron demo",
    "chatcron --help", "chatcron parse", "memory at rest", "a message read offline", "next run of",
    "claimed, SQLite", "claimed, Postgres", "start delay", "ledger kept", "packages installed",
    "size installed", "30 days down", "APScheduler alone, jobs that wait",
    "start with tasks that wait", "the one that comes due", "all claimed", "ack while",
)  # fmt: skip


async def test_every_promised_row_comes_out() -> None:
    """A tiny bench measures all it is for, each with a number, a peer, and how."""
    rows = await measure(SMALL)

    shown = table(rows)
    assert [words for words in PROMISED if words not in shown] == []
    assert all(row.ours and row.beside and row.how and row.n > 0 for row in rows)


def test_a_row_over_its_limit_is_marked() -> None:
    """Only the row whose limit does not hold says so."""
    kept = Row(what="a", ours="1", unit="s", beside="limit 2", n=1, how="once", holds=True)
    missed = Row(what="b", ours="3", unit="s", beside="limit 2", n=1, how="once", holds=False)

    lines = table([kept, missed]).splitlines()

    assert [OVER in line for line in lines] == [False, False, True]


def test_a_quantile_is_one_of_the_values() -> None:
    """p50 of an even number is the lower middle; p99 of a hundred is the last but one."""
    values = [float(number) for number in range(100, 0, -1)]

    assert (quantile(values, 0.5), quantile(values, 0.99)) == (50.0, 99.0)
    assert quantile([7.0], 0.99) == 7.0
