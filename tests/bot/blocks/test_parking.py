"""What is said of lost places, lost owners and other audiences, in so many words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from bot.blocks import audiences, cards, lists, parking, stories
from bot.blocks.cards import Message
from bot.blocks.limits import check_message
from scheduler import speaking
from scheduler.speaking import KEPT, Lack
from storage.records import (
    Delivery,
    DeliveryId,
    DeliveryKind,
    DeliveryState,
    Hold,
    Place,
    PlaceKind,
    Run,
    RunId,
    RunStatus,
    Task,
    TaskId,
    TaskState,
    Trigger,
)
from tests.bot.blocks.hostile import names
from tests.plants import ALICE, SOME_DAY, make_place, make_task

TASK = make_task(id=TaskId(12))
OTHER = make_task(id=TaskId(13), name="Waste")
RAN = Run(
    id=RunId(9),
    task_id=TASK.id,
    task_version=1,
    trigger=Trigger.SCHEDULE,
    scheduled_for=SOME_DAY,
    status=RunStatus.SUCCEEDED,
    ready_at=SOME_DAY,
    started_at=SOME_DAY,
    finished_at=SOME_DAY,
    created_at=SOME_DAY,
)
OUT = speaking.place_obstacle(make_place(has_bot=False))
PRIVATE = make_place("G0SECOPS", kind=PlaceKind.PRIVATE, name="secops")
OPEN = make_place("C0GENERAL", name="general")


def told(*tasks: Task, **named: Any) -> dict[str, Any]:
    """Give what a message about these tasks is made of."""
    listed = [{"id": task.id, "name": task.name} for task in tasks]
    of_owner = {"owner": ALICE.id, "channel": "C0FINOPS", "lack": str(Lack.OWNER_GONE)}
    assert OUT is not None
    return {"tasks": listed, "what": OUT.what, "wanted": OUT.wanted, **of_owner, **named}


def shown(message: Message) -> str:
    """Give all that a message says."""
    return str(message.blocks)


def held(hold: Hold, reason: str, **named: Any) -> Task:
    """Give a task on hold."""
    return replace(
        TASK, state=TaskState.PAUSED, hold=hold, hold_reason=reason, next_run_at=None, **named
    )


def test_one_lost_task_is_told_in_two_lines() -> None:
    """What is so, what is on hold, what to do, and what becomes of results."""
    message = parking.parked_dm(told(TASK))

    assert message.blocks[0]["text"]["text"] == (
        "I am not in #finops. *Daily cost report* · T-12 is on hold.\n"
        "Invite me there with /invite @Chatcron, then it goes on."
        " Results that are owed are kept for 30 days."
    )


def test_many_tasks_are_counted_and_the_first_are_named() -> None:
    """Ten names are enough for one message."""
    many = [replace(TASK, id=TaskId(number), name=f"Task {number}") for number in range(14)]
    said = shown(parking.parked_dm(told(*many)))

    assert "These 14 tasks are on hold" in said
    assert "Task 9" in said
    assert "Task 10" not in said
    assert "and 4 more" in said


@pytest.mark.parametrize("is_back", [False, True])
def test_what_is_none_of_an_admin_s_business_is_not_named(is_back: bool) -> None:
    """Neither a task's name nor its channel; only whose tasks wait, and how many."""
    hidden = told(TASK, OTHER, is_hidden=True, **({"is_back": True} if is_back else {}))
    said = shown(parking.parked_dm(hidden))

    for secret in (TASK.name, OTHER.name, "C0FINOPS", "finops", "T-12"):
        assert secret not in said
    assert "2 tasks of <@U0ALICE>" in said


@pytest.mark.parametrize(
    ("lack", "said"),
    [
        (Lack.OWNER_GONE, "has left this workspace"),
        (Lack.OWNER_GUEST, "is a guest now"),
        (Lack.OWNER_OUT, "is not in this channel any more"),
    ],
)
def test_a_channel_is_told_why_it_is_asked(lack: Lack, said: str) -> None:
    """The reason stands before the question, and the button takes what is listed."""
    message = parking.take_over(TASK, told(TASK, OTHER, lack=str(lack)))

    assert f"<@U0ALICE> {said}, so these 2 tasks are on hold." in shown(message)
    [button] = message.blocks[1]["elements"]
    assert (button["text"]["text"], button["value"]) == ("Take over all", "12:1:12,13")


def test_a_result_that_waited_says_from_when_it_is() -> None:
    """Posted two days late, it bears its time; posted at once, it does not."""
    said = Message(text="All is well")
    late = parking.posted_late(said, TASK, RAN, SOME_DAY + timedelta(days=2))

    assert "From Thu 5 Mar 10:17, New York time" in late.text
    assert parking.posted_late(said, TASK, RAN, SOME_DAY) == said


@pytest.mark.parametrize(
    ("goal", "now_in", "readers", "said", "warns"),
    [
        (PRIVATE, OPEN, 42, "42 people can read it there.", False),
        (OPEN, PRIVATE, 42, "42 people are in it, and everybody here can look in.", True),
        (OPEN, OPEN, 1, "One person is in it, and everybody here can look in.", False),
        (PRIVATE, replace(PRIVATE, id="G0BOARD"), None, "The people in it can read it", True),
        (
            replace(OPEN, is_shared=True),
            OPEN,
            2,
            "everybody here can look in. Some are of other companies.",
            False,
        ),
    ],
)
def test_another_audience_is_named(
    goal: Place, now_in: Place, readers: int | None, said: str, warns: bool
) -> None:
    """Who reads there, and, out of a private place, what they will see."""
    task = replace(TASK, channel=now_in.id)
    message = audiences.question(task, goal, now_in, readers=readers)

    assert said in shown(message)
    assert ("private place now" in shown(message)) is warns
    yes, keep = message.blocks[1]["elements"]
    assert (yes["text"]["text"], yes["value"]) == (f"Post it in #{goal.name}", f"12:1:{goal.id}")
    assert keep["text"]["text"] == "Keep"


def test_a_card_left_behind_names_no_private_place() -> None:
    """Where the task went is said only where all may know."""
    assert "G0SECOPS" not in shown(audiences.moved(replace(TASK, channel="G0SECOPS"),
                                                   tells_where=False))  # fmt: skip
    assert "<#C0FINOPS>" in shown(audiences.moved(TASK, tells_where=True))


@pytest.mark.parametrize(("hold", "button"), [(Hold.PLACE, "Try again"), (Hold.OWNER, "Take over")])
def test_a_card_on_hold_says_why_and_offers_the_way_back(hold: Hold, button: str) -> None:
    """Its reason is a line of the card, and its first button what helps."""
    card = cards.task_card(held(hold, "#finops is archived."), [], SOME_DAY)

    assert "is on hold" in card.text
    assert "#finops is archived." in shown(card)
    assert card.blocks[1]["elements"][0]["text"]["text"] == button


def test_why_and_list_say_what_a_task_waits_for() -> None:
    """Both states have their answer, before any run as well."""
    assert OUT is not None
    parked = held(Hold.PLACE, OUT.sentence)
    draft = replace(parked, state=TaskState.DRAFT, hold=Hold.INVITATION)

    for task, said in ((parked, "It is on hold."), (draft, "It was never started.")):
        story = shown(stories.why(task, None, [], [], SOME_DAY))
        assert said in story
        assert "Invite me there with /invite @Chatcron" in story
    listed = shown(lists.task_list([parked, draft], {}, SOME_DAY, total=2))
    assert "on hold" in listed
    assert "waits to be let into its channel" in listed


def test_why_says_that_a_result_is_kept() -> None:
    """It is not lost, and not on its way either."""
    kept = Delivery(
        id=DeliveryId(1),
        kind=DeliveryKind.RESULT,
        outlet="slack",
        target="C0FINOPS",
        task_id=TASK.id,
        run_id=RAN.id,
        state=DeliveryState.OWED,
        next_try_at=SOME_DAY,
        error=KEPT,
        created_at=SOME_DAY,
    )
    assert "Its result is kept until I can post there." in shown(
        stories.why(TASK, RAN, [], [kept], SOME_DAY)
    )


@settings(max_examples=60, deadline=None, database=None)
@given(names)
def test_whatever_a_task_is_called_pings_nobody(name: str) -> None:
    """Hostile names of tasks and places stay text, within Slack's limits."""
    task = replace(TASK, name=name)
    place = make_place(name=name[:20])
    obstacle = speaking.place_obstacle(replace(place, has_bot=False))
    assert obstacle is not None
    many = told(*[task] * 200, what=obstacle.what)
    messages: Iterable[Message] = (
        parking.parked_dm(told(task, what=obstacle.what)),
        parking.parked_dm(many),
        parking.parked_dm({**many, "is_back": True}),
        parking.take_over(task, many),
        parking.taken_over([task] * 20, ALICE.id),
        audiences.question(task, place, PRIVATE, readers=3),
        audiences.moved(task, tells_where=True),
        cards.task_card(held(Hold.PLACE, obstacle.sentence, name=name), [], SOME_DAY),
    )
    ours = re.compile(r"<@U0ALICE>|<#C0FINOPS>|<!date\^\d+\^[a-z_ {}]+\|[^<>]+>")
    for message in messages:
        assert check_message(message.arguments()) == []
        said = [message.text, *(block["text"]["text"] for block in message.blocks[:1])]
        assert [text for text in said if "<" in ours.sub("", text)] == []
