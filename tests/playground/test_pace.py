"""The pace of calls: a burst, then one message a second for each channel."""

from __future__ import annotations

from bot.playground.pace import Pace


def test_a_channel_earns_one_message_a_second() -> None:
    """After its burst a channel waits a second for each message, apart from other channels."""
    now = [0.0]
    pace = Pace(clock=lambda: now[0], burst=2)

    burst = [pace.wait_s("chat.postMessage", "C1") for _ in range(3)]
    other = pace.wait_s("chat.postMessage", "C2")
    now[0] = 1.0
    later = [pace.wait_s("chat.postMessage", "C1") for _ in range(2)]

    assert burst == [0, 0, 1]
    assert other == 0
    assert later == [0, 1]


def test_a_method_has_its_tier() -> None:
    """conversations.list takes twenty calls in a minute, and none is too many for auth.test."""
    pace = Pace(clock=lambda: 0.0)

    listed = [pace.wait_s("conversations.list", "") for _ in range(21)]

    assert listed == [0] * 20 + [3]
    assert {pace.wait_s("auth.test", "") for _ in range(200)} == {0}
