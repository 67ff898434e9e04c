"""Sentences that change one task: its time, zone, work, name, channel, agent, limits, policies."""

from __future__ import annotations

from typing import Any

from bot.intent.intents import Changes, EditTask, Intent, ScheduleChange, TaskRef, Unclear
from bot.intent.patterns import Bound, Make, Rule

_OFTEN = "[always|only|please|just|now]"


def _edit(**fixed: Any) -> Make:
    """Change what is named here, of the task in the blank; "it" where there is no blank."""
    changes = Changes(**fixed)
    return lambda bound: EditTask(ref=ref_of(bound), changes=changes)


def edit_from(slot: str, blank: str) -> Make:
    """Put what stands in a blank into a slot."""
    return lambda bound: EditTask(ref=ref_of(bound), changes=Changes(**{slot: bound[blank]}))


def asking(question: str, *, understood: str, reason: str) -> Make:
    """Ask back, whatever stands in the blanks."""
    return lambda _: Unclear(question=question, understood=understood, reason=reason)


def ref_of(bound: Bound) -> TaskRef:
    """Give the task that was named, and "it" where none was."""
    for blank in ("TASK", "SURE", "OWNER"):
        found = bound.get(blank)
        if isinstance(found, TaskRef):
            return found
    return TaskRef(it=True)


def _timed(bound: Bound) -> Intent | None:
    when = bound["WHEN"] if "WHEN" in bound else bound["ANEW"]
    if isinstance(when, Unclear):
        return when
    assert isinstance(when, Changes)
    return EditTask(ref=ref_of(bound), changes=when)


def _changed(slot: str, blank: str) -> Make:
    """Put what stands in a blank into a slot of the schedule."""
    return lambda bound: EditTask(
        ref=ref_of(bound),
        changes=Changes(schedule=ScheduleChange(**{slot: bound[blank]})),
    )


def _zoned(bound: Bound) -> Intent:
    change = ScheduleChange(zone=bound["ZONE"])
    return EditTask(ref=ref_of(bound), changes=Changes(schedule=change))


def _which_time(bound: Bound) -> Intent:
    named = "TASK" in bound or "SURE" in bound
    return Unclear(
        question="To what? Say it like “move it to 9:00” or “weekdays only”."
        if named else "Of which task, and to what? Say it like “move T-12 to 9:00”.",
        understood="change the time",
        reason="no_change",
    )  # fmt: skip


_how_much = asking(
    "I move times to a time, not by a length. At what time should it run?",
    understood="another time",
    reason="no_change",
)


def _what_else(bound: Bound) -> Intent:
    return Unclear(
        question="Should I put that in place of what it does now? "
        "Then write the whole work: “change what it does to …”.",
        understood=f"more work: {bound['REST']}",
        reason="no_change",
    )


_MOVE = "move|shift|change|reschedule|adjust|switch|set|push|postpone|update|bump|put|delay"
_TIMES = (
    Rule(
        said=f"""
            {_MOVE} TASK [back|forward|over] [from] to|for|on|onto|->|=>|→ WHEN; {_MOVE} TASK from
            OLD to WHEN; {_MOVE} TASK from OLD OLD to WHEN; {_MOVE} TASK so_that|so it runs|run|
            only_runs|fires WHEN; {_MOVE} TASK to run|be_run|fire WHEN; {_MOVE} TASK ,|:|-
            [it_should] [run_it|run|make_it|make_it_run] WHEN; {_MOVE} the schedule|time|times|day|
            timing|start_time|cadence|frequency|hour of|for TASK [from] to WHEN; {_MOVE} the
            schedule|time|times|day|timing|start_time|cadence|frequency|hour of|for TASK from OLD to
            WHEN; {_MOVE} OWNER schedule|time|times|day|timing|start_time|cadence|hour to WHEN; make
            SURE run|fire|go WHEN; make TASK run|fire|go WHEN; have|let SURE run|fire|go WHEN; SURE
            should|must|needs_to|has_to|shall|can|may {_OFTEN} run|be_run|fire|start WHEN; SURE
            only_needs_to|should_only|must_only|can_only run|be_run WHEN; SURE should|must|shall be
            moved|changed|shifted to WHEN; SURE [:|,|-|->|=>] [but] [should_be] only|at|instead
            WHEN; SURE : WHEN; SURE [:|,|-] OLD ->|=>|→ WHEN; change|update|edit it so [that] TASK
            runs|run|starts|fires WHEN; run SURE only|just WHEN; only run SURE WHEN; the|new time|
            schedule for|of TASK [is|should_be|:|shall_be] WHEN; OWNER new time|schedule [is|
            should_be|:] WHEN
        """,
        make=_timed,
    ),
    Rule(
        said="""
            [the|my|our] TASK should|must|shall|needs_to run|be_run|start|fire ANEW; run|start|do
            TASK ANEW; have|let|make TASK run|fire|start ANEW; do TASK ANEW
        """,
        make=_timed,
    ),
    Rule(
        said="""
            move|put|switch|change|set|run|keep TASK [over] to|in|on|onto|into ZONE; run SURE in|on
            ZONE; run TASK in|on ZONE from_now_on|instead|going_forward|please; move|put|switch|
            change|set|keep TASK [over] to|in|on ZONE instead|from_now_on|please; change|set|switch|
            update the time_zone|timezone|zone|tz of|for|on TASK to ZONE; change|set|switch|update
            OWNER time_zone|timezone|zone|tz to ZONE; have|let|make TASK use|follow|run_in|run_on
            ZONE; SURE should|must be in|on ZONE , not OTHER; TASK is|was firing|running|scheduled|
            set in|on OTHER [,] [but|and|-] [it] should be|run [in|on] ZONE [time] [,] [please]
            [change|fix|correct] [it|that]; TASK runs|ran|fires|starts in|on OTHER [,] [but|and|-]
            [it] should be|run|fire [in|on] ZONE [time]; SURE in ZONE; SURE in|on ZONE time; use
            ZONE for TASK; TASK should run|be in|on ZONE; SURE is [meant] in|on ZONE; the time_zone|
            timezone|zone of|for TASK is|should_be ZONE; TASK should use ZONE; TASK : ZONE; SURE
            uses|use ZONE
        """,
        make=_zoned,
    ),
    Rule(
        said="""
            let|have|make TASK end|stop|expire [on|at|after] DAY; end|stop TASK after|on DAY; TASK
            should|must|shall end|stop|expire [on|at|after] DAY; TASK ends|expires [on] DAY; set|
            change the end|end_date of|for TASK to DAY; no runs of TASK after DAY
        """,
        make=_changed("ends", "DAY"),
    ),
    Rule(
        said="""
            let|have|make TASK start|begin [on|from|after] DAY; start|begin SURE [on|from] DAY; TASK
            should|must|shall start|begin [on|from|after] DAY; TASK starts|begins [on] DAY; set|
            change the start|start_date|beginning of|for TASK to DAY
        """,
        make=_changed("starts", "DAY"),
    ),
    Rule(
        said="""
            TASK : add|also|plus DAYS; add DAYS to TASK; let|have TASK [also] run DAYS too|as_well|
            also; let|have|make TASK also run DAYS; run SURE DAYS too|as_well|also; TASK should also
            run DAYS; TASK should run DAYS too|as_well|also; THREAD [and] [also] DAYS too|as_well|
            also [please]; THREAD also|and DAYS; run TASK also DAYS; also run TASK DAYS
        """,
        make=_changed("add_weekdays", "DAYS"),
    ),
    Rule(
        said="""
            no_more|remove|drop|skip|leave_out|without|not [the] DAYS for|from|in|of|with TASK;
            remove|drop|skip|cancel|leave_out the DAYS run|runs|ones of|from|for TASK; THREAD
            no_more|not|remove|drop|skip|leave_out|never|without DAYS [any_more|please]; don't|
            do_not|never run TASK DAYS [any_more|anymore]; TASK : drop|skip|remove|no|without|not|
            leave_out [the] DAYS; take DAYS out of TASK; TASK should not|never run DAYS; TASK
            shouldn't run DAYS; SURE not DAYS
        """,
        make=_changed("drop_weekdays", "DAYS"),
    ),
    Rule(
        said="""
            TASK : add|also|plus CLOCKS; add CLOCKS to TASK; THREAD [and] also CLOCKS; THREAD [and]
            CLOCKS too|as_well|also; run TASK also CLOCKS; also run TASK CLOCKS; let|have TASK also
            run CLOCKS; TASK should also run CLOCKS; run|have|let TASK [run] CLOCKS too|as_well|also
        """,
        make=_changed("add_times", "CLOCKS"),
    ),
    Rule(
        said=f"""
            {_MOVE} the time|schedule|day|days|times; {_MOVE} the time|schedule|day of TASK; {_MOVE}
            OWNER time|schedule|day; reschedule [TASK]; move the time
        """,
        make=_which_time,
    ),
    Rule(
        said="""
            make|run|move|push|shift|start|bump|pull TASK LENGTH later|earlier|sooner|back|forward;
            make|run|move|push|shift|delay|postpone|bump TASK [back|forward] by LENGTH; delay|
            postpone|push TASK [back|forward] [by] LENGTH; make|run|move TASK [a_bit|a_little]
            later|earlier|sooner; TASK should run [LENGTH] later|earlier
        """,
        make=_how_much,
    ),
)  # fmt: skip


_HOLIDAY = ("holidays|public_holidays|bank_holidays|national_holidays|company_holidays|holiday|"
            "federal_holidays|public_holiday|bank_holiday|official_holidays")  # fmt: skip
_HOLIDAYS = (
    Rule(
        said=f"""
            skip|leave_out|exclude|omit [all|the|any] {_HOLIDAY} for|from|in|of|on|with TASK; TASK
            should|must|shall not|never run [on|during] [the|any] {_HOLIDAY}; TASK shouldn't|
            mustn't|needn't|doesn't_need_to run [on|during] [the|any] {_HOLIDAY}; don't|do_not|never
            run|start TASK [on|during] [the|any] {_HOLIDAY}; no TASK on|during [the|any] {_HOLIDAY};
            TASK [:|,] not|never|no|don't_run|except|skip|leave_out [it] [on|during] [the|any]
            {_HOLIDAY}; TASK should|must|can|may skip|leave_out|respect|observe [the|all|our]
            {_HOLIDAY}; let|have|make TASK skip|leave_out|observe [the|all] {_HOLIDAY}; THREAD skip|
            leave_out|exclude|omit|except|not [on|for] [the|all|any|on_the] {_HOLIDAY}; pause|stop
            TASK on|during [the|all|any] {_HOLIDAY}
        """,
        make=_edit(skip_holidays=True),
    ),
    Rule(
        said=f"""
            run|start TASK [also|even] on|during [the|all] {_HOLIDAY} [too|also|as_well|again]; run
            TASK on|during [the|all] {_HOLIDAY} too|also|as_well|again; TASK should|must|can|may
            [also|even] run [also|even] on|during [the|all] {_HOLIDAY} [too|also|as_well|again];
            don't|do_not|no_longer|stop skip|skipping [the] {_HOLIDAY} for|of|in TASK; include [the|
            all] {_HOLIDAY} in|for TASK [again]; TASK [:|,] include|also_on|even_on [the|all]
            {_HOLIDAY} [again|too]; THREAD include|also|even|also_on|even_on [on|the|all] {_HOLIDAY}
            [again|too]
        """,
        make=_edit(skip_holidays=False),
    ),
)  # fmt: skip

_WHAT = "prompt|instructions|instruction|work|description|text|wording|job_description|goal"


def _reworked(bound: Bound) -> Intent | None:
    prompt = str(bound["REST"]).strip(" .\"“”'`:")
    if not prompt:
        return None
    return EditTask(ref=ref_of(bound), changes=Changes(prompt=prompt))


_WORK = (
    Rule(
        said=f"""
            change|set|update|edit|replace|rewrite the {_WHAT} of|for|in TASK to|:|with|as|-> [:|
            read] REST; change|set|update|edit|replace OWNER {_WHAT} to|:|with [:] REST; the {_WHAT}
            of|for TASK should_be|is_now|: [now|:] REST; change|update what TASK does|do|checks|
            looks_at to|: [:] REST; change|update|edit TASK [so_that] to|and [only|also] check|
            report|list|look_at REST; edit|update TASK : REST; instead , TASK should REST; TASK
            should instead REST; from_now_on TASK should|shall [only] check|report|list|look_at REST
        """,
        make=_reworked,
    ),
    Rule(
        said="""
            SURE should|must|shall|needs_to also|additionally REST; make|have|let TASK also REST; it
            should|must also REST; add REST to the prompt|work|instructions; TASK should_also REST;
            TASK : [please] adapt|change|extend|update|adjust the prompt|work|instructions so_that|
            so REST; adapt|extend the prompt|work|instructions of|for TASK so_that|so|to REST
        """,
        make=_what_else,
    ),
    Rule(
        said="""
            rename TASK to|as|into|: NAME; call SURE NAME; name SURE NAME; call|name TASK NAME
            from_now_on|instead|please; change|set|update the name|title of|for TASK to|: NAME;
            change|set|update OWNER name|title to|: NAME; give TASK the|a [new] name NAME; TASK is|
            should_be now|from_now_on called|named NAME; SURE should_be called|named NAME; SURE is
            [now] called|named NAME; the name of TASK is now|should_be NAME; retitle TASK [to|as]
            NAME
        """,
        make=edit_from("name", "NAME"),
    ),
)  # fmt: skip


_OUT = "results|result|output|report|findings|outcome|posts|updates|summary|reports"
_NOW_ON = "[instead|from_now_on|now|going_forward|rather|please|only|in_future]"
_ELSE = "instead|from_now_on|now|going_forward|rather|only|in_future|from_here_on"
_WHOSE = Rule(
    said=f"send|post|put|deliver my|our|all|the|all_my|all_our {_OUT} to|in|into CHANNEL {_ELSE}",
    make=asking(
        "Of which task? Say it like “send the results of T-12 to #ops instead”.",
        understood="results elsewhere",
        reason="no_task",
    ),
)
_PLACES = (
    _WHOSE,
    Rule(
        said=f"""
            post|send|deliver|publish|put|route|share [the] SURE {_OUT} [over] to|in|into CHANNEL
            {_ELSE}; post|send|deliver|publish|put|report|share|route TASK [over] to|in|into|on
            CHANNEL {_ELSE}; post|send|deliver|publish|put|report|share|route TASK [over] to|in|into
            CHANNEL [,] instead_of|not|rather_than OTHER; post|send|deliver|publish|put|route|share
            [the] {_OUT} of|from TASK [over] to|in|into CHANNEL {_ELSE}; post|send|deliver|publish|
            put|route|share OWNER {_OUT} [over] to|in|into CHANNEL {_ELSE}; move|switch|redirect|
            relocate|transfer|route TASK [over] to|in|into CHANNEL {_NOW_ON}; move|redirect|route
            the {_OUT} of|from TASK [over] to|into CHANNEL {_NOW_ON}; change|set|switch|update the
            channel|destination|target of|for TASK to CHANNEL {_NOW_ON}; change|set|switch|update
            OWNER channel|destination|target to CHANNEL {_NOW_ON}; TASK should|must|shall|may|can
            [now|only] post|report|go|be_posted|live|run|land|go_out [to|in|into] CHANNEL {_NOW_ON};
            let|have|make TASK post|report|go [to|in|into] CHANNEL {_NOW_ON}; SURE [:|,|-] posts|
            reports|goes|belongs|post|go [to|in|into] CHANNEL {_NOW_ON}; TASK belongs|goes [to|in|
            into] CHANNEL {_NOW_ON}; [the] {_OUT} of|from TASK should|shall|must|to go|be_posted|
            be_sent|land|appear [to|in|into] CHANNEL {_NOW_ON}; [the] {_OUT} of|from TASK go|belong
            [to|in|into] CHANNEL {_NOW_ON}; use CHANNEL for TASK [from_now_on|instead]; post|send
            TASK CHANNEL {_ELSE}; the channel of|for TASK is|should_be [now] CHANNEL; TASK : post|
            send|put|deliver|report [the|all|its|it] [{_OUT}] to|in|into CHANNEL {_ELSE}; SURE [:|,|
            -] post|send|put|deliver|report [the|all|its] {_OUT} to|in|into CHANNEL {_NOW_ON}
        """,
        make=edit_from("channel", "CHANNEL"),
    ),
)  # fmt: skip


_ALONE = (
    Rule(
        said="change|edit|update|modify|adjust SURE [please]",
        make=asking(
            "What should change about it? Say it like “move T-12 to 9:00” or “rename T-12 to …”; "
            "`/tasks edit T-12` opens a form.",
            understood="change a task",
            reason="no_change",
        ),
    ),
)

RULES = (*_HOLIDAYS, *_TIMES, *_ALONE, *_WORK, *_PLACES)
