"""What the reader promises beyond single messages: agents, limits, assumptions, speed."""

from __future__ import annotations

from datetime import datetime, time
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from bot.intent.intents import CreateTask, EditTask, Nothing, Unclear
from bot.intent.reader import LONGEST, read
from bot.intent.reading import Reading
from storage.schedules import Daily, Weekly

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 9, 12, 0, tzinfo=ZoneInfo(ZONE))
AGENTS = frozenset({"alex", "kai"})


def read_here(text: str, *, in_thread: bool = False, addressed: bool = True) -> Reading:
    return read(text, now=NOW, zone=ZONE, agents=AGENTS, in_thread=in_thread, addressed=addressed)


@pytest.mark.parametrize("form", ["alex {}", "@alex {}", "@alex, {}", "@Alex: {}", "hey @alex, {}"])
def test_a_persona_is_heard_however_it_is_called(form: str) -> None:
    """The agent's name at the start is taken off, and the rest is read alone."""
    reading = read_here(form.format("schedule daily cost report at 8 AM"))

    assert reading.agent == "alex"
    assert isinstance(reading.intent, CreateTask)
    assert reading.intent.name == "Daily cost report"


def test_an_unknown_agent_is_answered_with_those_we_have() -> None:
    """A mention of nobody we know creates nothing and names the agents there are."""
    intent = read_here("@bob schedule a report at 8am").intent

    assert isinstance(intent, Unclear)
    assert intent.reason == "unknown_agent"
    assert "Alex, Kai" in intent.question


def test_a_missing_time_is_asked_with_answers() -> None:
    """A day without a time leaves the time assumed and offers times to choose from."""
    reading = read_here("schedule a review on Mondays")

    assert reading.assumed == ("time",)
    assert isinstance(reading.intent, CreateTask)
    assert reading.intent.choices == ("08:00", "09:00", "10:00")


def test_a_bare_hour_offers_both_readings() -> None:
    """Five o'clock without a half of the day is asked, the likelier reading first."""
    intent = read_here("check the disks every day at 5").intent

    assert isinstance(intent, CreateTask)
    assert intent.assumed == ("meridiem",)
    assert intent.choices == ("17:00", "05:00")


def test_a_stated_schedule_assumes_nothing() -> None:
    """What is said outright is not asked again."""
    intent = read_here("check the disks every weekday at 17:00").intent

    assert isinstance(intent, CreateTask)
    assert intent.assumed == ()
    assert intent.schedule is not None
    assert isinstance(intent.schedule.rule, Weekly)
    assert intent.schedule.rule.times == (time(17),)


def test_a_time_counts_in_the_zone_that_was_named() -> None:
    """A city in the text wins over the zone of the person."""
    intent = read_here("check the disks every day at 9am Tokyo").intent

    assert isinstance(intent, CreateTask)
    assert intent.schedule is not None
    assert intent.schedule.zone == "Asia/Tokyo"
    assert isinstance(intent.schedule.rule, Daily)


def test_an_overlong_message_is_refused_at_once() -> None:
    """Forty thousand characters are not read, and that takes less than a tenth of a second."""
    began = process_time()
    intent = read_here("every day at 9 " * 2700).intent

    assert isinstance(intent, Unclear)
    assert intent.reason == "too_long"
    assert process_time() - began < 0.1


def test_a_long_message_below_the_limit_is_read_in_linear_time() -> None:
    """The longest message that is read takes less than a second's work."""
    began = process_time()
    read_here(("every 5 and " * 400)[:LONGEST])

    assert process_time() - began < 1


def test_markup_never_reaches_a_name() -> None:
    """Broadcasts, links and formatting are left out of a task's name."""
    intent = read_here(
        "create a task to check *<!channel>* <https://x.example|the page> `now`"
    ).intent

    assert isinstance(intent, CreateTask)
    assert not set("<>*`!|") & set(intent.name)


def test_doubt_in_a_message_to_others_is_silence() -> None:
    """What was not said to the bot and cannot be read gets no question."""
    assert isinstance(read_here("schedule it", addressed=False).intent, Nothing)


def test_it_needs_a_thread() -> None:
    """Outside a task's thread "it" names no task."""
    intent = read_here("pause it").intent

    assert isinstance(intent, Unclear)
    assert intent.reason == "no_task"


def test_a_change_in_a_thread_is_about_its_task() -> None:
    """Nine instead, in a task's thread, changes that task's time and nothing else."""
    intent = read_here("make it 9 instead", in_thread=True).intent

    assert isinstance(intent, EditTask)
    assert intent.ref.it
    assert intent.changes.schedule is not None
    assert intent.changes.schedule.times == (time(9),)
    assert intent.changes.schedule.rule is None


@pytest.mark.parametrize(
    "said", ["move T-3 to {}", "change the channel of T-3 to {}", "edit T-3 to post in {}"]
)
@pytest.mark.parametrize("place", ["#finops", "<#C0FINOPS|finops>"])
def test_a_move_names_its_task_and_its_place(said: str, place: str) -> None:
    """The channel is the change, by name or by link, and no part of the task's name."""
    intent = read_here(said.format(place)).intent

    assert isinstance(intent, EditTask)
    assert (intent.ref.number, intent.changes.channel) == (3, place)


@pytest.mark.parametrize("said", ["for now", "until now", "as of now"])
def test_now_in_passing_asks_for_nothing_at_once(said: str) -> None:
    """A "now" that belongs to other words is no wish to run something."""
    intent = read_here(f"give the cost thing a rest {said}").intent

    assert not isinstance(intent, CreateTask)
