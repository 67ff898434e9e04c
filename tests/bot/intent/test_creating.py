"""Requests for a new task: whom it is for, what it is called, what it does, whom it tells."""

from __future__ import annotations

from itertools import product

import pytest

from bot.intent.intents import CreateTask, Notice, Unclear
from tests.bot.intent.said import read_here, runs

WISHES = (
    "{}", "please {}", "could you please {}", "can you {}?", "hey, could you maybe {}",
    "would it be possible to {}?", "is it possible to {}", "I'd like you to {}", "I want you to {}",
    "I was wondering if you could {}", "it'd be great if you could {}", "do me a favor and {}",
    "whenever you get a chance, {}", "would you mind, {}", "{}, thanks!", "{} please", "{} ty!",
    "hi team, {}", "ok {}", "{}, if possible", "Good morning! {}",
)  # fmt: skip
ORDERS = (
    "{work} {when}", "{when} {work}", "{when}, {work}", "{when}: {work}", "{work}, {when}",
    "{work} - {when}",
)  # fmt: skip


@pytest.mark.parametrize("wish", WISHES)
def test_politeness_is_no_part_of_the_work(wish: str) -> None:
    """However it is wished for, the name is the work's words alone."""
    intent = read_here(wish.format("check the TLS certificates every Tuesday at 14:00")).intent

    assert isinstance(intent, CreateTask)
    assert intent.name == "Check the TLS certificates"
    assert runs(intent.schedule, 2) == ["Tue 10 14:00", "Tue 17 14:00"]


@pytest.mark.parametrize(
    ("order", "work", "when"),
    list(product(
        ORDERS,
        ("check the disk usage", "list orphaned snapshots", "cost report for prod",
         "summarise open incidents", "slow query digest"),
        ("every Monday at 9am", "weekdays at 17:30", "every 6 hours", "on the 1st at 6am"),
    )),
)  # fmt: skip
def test_any_order_keeps_the_words_of_the_work(order: str, work: str, when: str) -> None:
    """No word of the time is left in the name, and none of the work's is lost."""
    intent = read_here(order.format(work=work, when=when)).intent

    assert isinstance(intent, CreateTask)
    assert intent.prompt == work
    assert intent.schedule is not None


@pytest.mark.parametrize(
    "text",
    [
        "@kai review the cluster every day at 7am",
        "kai, review the cluster every day at 7am",
        "please have kai review the cluster every day at 7am",
        "ask kai to review the cluster every day at 7am",
        "I want kai to review the cluster every day at 7am",
        "let's have kai review the cluster every day at 7am",
        "schedule a task for kai to review the cluster every day at 7am",
        "create a daily task for @kai at 7am: review the cluster",
        "review the cluster every day at 7am (kai)",
        "review the cluster, every day at 7am, by kai",
        "every day at 7am: review the cluster, kai",
        "review the cluster every day at 7am, kai 🎉",
    ],
)
def test_the_agent_is_heard_wherever_it_stands(text: str) -> None:
    """The task is kai's, and kai is no word of it."""
    reading = read_here(text)

    assert isinstance(reading.intent, CreateTask)
    assert (reading.agent, reading.intent.agent) == ("kai", "kai")
    assert reading.intent.name == "Review the cluster"


@pytest.mark.parametrize(
    ("text", "name", "prompt"),
    [
        ("create a task called “Night watch” to check the pods daily at 2am", "Night watch",
         "check the pods"),
        ("create a task named Fleet check to list unreachable hosts every 6 hours", "Fleet check",
         "list unreachable hosts"),
        ("new task: disk usage per host, daily at 7am", "Disk usage per host",
         "disk usage per host"),
        ("I need a task that lists unused addresses every Wednesday at 11:00",
         "Lists unused addresses", "lists unused addresses"),
        ("set a reminder to renew the domain on March 30 at 10am", "Renew the domain",
         "renew the domain"),
        ("remind the team every Friday at 3pm to fill in timesheets", "Fill in timesheets",
         "fill in timesheets"),
        ("daily cost report at 8am. It should cover EC2.", "Daily cost report",
         "daily cost report. It should cover EC2"),
        ("can we get a weekly digest of failed logins on Mondays at 9am?",
         "Weekly digest of failed logins", "weekly digest of failed logins"),
        ("@alex on Saturday at 8:30am look at weekend spend", "Look at weekend spend",
         "look at weekend spend"),
    ],
)  # fmt: skip
def test_the_name_and_the_work_are_told_apart(text: str, name: str, prompt: str) -> None:
    """A name that was given is the name; else the first sentence of the work is."""
    intent = read_here(text).intent

    assert isinstance(intent, CreateTask)
    assert (intent.name, intent.prompt) == (name, prompt)


@pytest.mark.parametrize(
    "place",
    ["in #finops", "to #finops", ", post it to #finops", "and send the results to #finops",
     ", then post the results in #finops", "and share it with #finops"],
)  # fmt: skip
def test_a_channel_for_the_results_is_no_word_of_the_work(place: str) -> None:
    """The channel is where results go, however that is put."""
    intent = read_here(f"list idle load balancers every Monday at 8am {place}").intent

    assert isinstance(intent, CreateTask)
    assert (intent.channel, intent.prompt) == ("#finops", "list idle load balancers")
    assert intent.notify == ()


@pytest.mark.parametrize(
    ("said", "notice"),
    [
        ("and notify #ops when done", Notice(target="#ops")),
        (", tell #ops when it is done", Notice(target="#ops")),
        ("and let #ops know once it finishes", Notice(target="#ops")),
        ("and page oncall if it fails", Notice(target="oncall", on="failure")),
        ("and if it fails notify #ops", Notice(target="#ops", on="failure")),
        (". If it fails, tell #ops.", Notice(target="#ops", on="failure")),
        ("; alert #ops on failure", Notice(target="#ops", on="failure")),
        (
            "& page oncall via pagerduty on failure",
            Notice(target="oncall via pagerduty", on="failure"),
        ),
        ("and email me if it fails", Notice(target="me", on="failure", by="email")),
        ("and email it to sec@example.com", Notice(target="sec@example.com", by="email")),
        ("and ping me when it starts", Notice(target="me", on="start")),
        ("and dm me if it finds anything", Notice(target="me", on="output")),
    ],
)
@pytest.mark.parametrize("at_the_end", [True, False])
def test_whom_to_tell_is_said_along(said: str, notice: Notice, at_the_end: bool) -> None:
    """Who is to be told, of what and how, is no word of the work, before or after the time."""
    if at_the_end or said.startswith("."):
        text = f"check the queue depth every hour {said}"
    else:
        text = f"check the queue depth {said}, every hour"

    intent = read_here(text).intent

    assert isinstance(intent, CreateTask)
    assert (intent.prompt, intent.notify) == ("check the queue depth", (notice,))


def test_two_are_told_of_two_ends() -> None:
    """One hears of failures, another of the good end."""
    intent = read_here(
        "every day at 6am run the restore drill; tell #dba if it fails and #ops when it is done"
    ).intent

    assert isinstance(intent, CreateTask)
    assert intent.notify == (Notice(target="#dba", on="failure"), Notice(target="#ops"))


@pytest.mark.parametrize(
    "text",
    ["create an on demand task for alex: compare EKS and ECS costs",
     "new manual task: compare EKS and ECS costs",
     "create a task to compare EKS and ECS costs, no schedule",
     "add a task to compare EKS and ECS costs, only when asked"],
)  # fmt: skip
def test_a_task_without_a_schedule_assumes_none(text: str) -> None:
    """What is to run on demand is made at once, with no time asked."""
    intent = read_here(text).intent

    assert isinstance(intent, CreateTask)
    assert (intent.name, intent.schedule, intent.assumed) == ("Compare EKS and ECS costs", None, ())


@pytest.mark.parametrize(
    "text",
    ["we need someone to check the disks every day at 9am",
     "can somebody look at the queue at 5pm?", "someone should audit access every Monday"],
)  # fmt: skip
def test_what_people_are_asked_is_not_ours(text: str) -> None:
    """Work for somebody among the people makes no task."""
    assert read_here(text).intent.kind == "nothing"


def test_work_without_words_is_asked() -> None:
    """A check of nothing in particular is asked for its object."""
    intent = read_here("@kai schedule a check").intent

    assert isinstance(intent, Unclear)
    assert intent.reason == "no_work"


def test_the_one_request_amid_talk_is_found() -> None:
    """A sentence that calls an agent counts among sentences that only talk."""
    reading = read_here(
        "Hi team, we keep being surprised by growth. @alex, please report bucket growth every "
        "Monday at 10:00. Thanks a lot!"
    )

    assert isinstance(reading.intent, CreateTask)
    assert (reading.agent, reading.intent.name) == ("alex", "Report bucket growth")
