"""What `chatcron parse` writes."""

from __future__ import annotations

import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.parse_command import explain, parse_lines


def test_a_bad_line_is_answered_and_the_rest_goes_on() -> None:
    """A line that is no JSON gives an error line, and the next one is read."""
    good = json.dumps({"id": "a", "text": "check disks every day at 9am",
                       "now": "2026-03-05T10:17:00", "tz": "America/New_York"})  # fmt: skip
    out = io.StringIO()

    code = parse_lines(["nonsense", good], out)

    bad, row = (json.loads(line) for line in out.getvalue().splitlines())
    assert code == 1
    assert "error" in bad
    assert (row["id"], row["intent"], row["source"]) == ("a", "create", "phrases")
    assert row["next"][0] == "2026-03-06T09:00:00-05:00"


def test_people_are_told_what_was_assumed() -> None:
    """The explanation names the slots, the assumption and the next runs."""
    now = datetime(2026, 3, 5, 10, 17, tzinfo=ZoneInfo("America/New_York"))

    said = explain("schedule a review on Mondays", now, "America/New_York")

    assert "Name: Review" in said
    assert "Assumed, so it would ask: time" in said
