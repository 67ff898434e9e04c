"""Sentences on how late, how spread out and how often in vain a task may run."""

from __future__ import annotations

from bot.intent.intents import Changes, EditTask, Intent
from bot.intent.patterns import Bound, Make, Rule
from bot.intent.reworks import ref_of

_MISSED = "missed|late|overdue"
_RUNS = "runs|run|moments|ones"
_MAX = "up_to|at_most|no_more_than|not_more_than|a_maximum_of"


def _of_length(slot: str) -> Make:
    return lambda bound: _edit(bound, slot, "LENGTH")


def _of_number(slot: str) -> Make:
    return lambda bound: _edit(bound, slot, "NUMBER") if bound["NUMBER"] else None


def _edit(bound: Bound, slot: str, blank: str) -> Intent:
    return EditTask(ref=ref_of(bound), changes=Changes(leeway=((slot, bound[blank]),)))


RULES = (
    Rule(
        said=f"""
            TASK may|can|should|must [only] run|start|be|begin [{_MAX}] LENGTH late [only]; run|
            start TASK [only] {_MAX} LENGTH late; don't|do_not|never run|start TASK more_than LENGTH
            late; TASK is_stale|is_too_late|is_too_old after LENGTH; skip TASK if|when it is|it's
            more_than LENGTH late
        """,
        make=_of_length("fresh_s"),
    ),
    Rule(
        said="""
            start|run TASK within LENGTH of|after its|the time; add|give [a|some] jitter of LENGTH
            to|for TASK; give TASK a jitter of LENGTH; jitter TASK by|over LENGTH; TASK may|can|
            should start|run within LENGTH of|after its|the time; spread the start of TASK over
            LENGTH
        """,
        make=_of_length("jitter_s"),
    ),
    Rule(
        said=f"""
            spread [the] {_MISSED} {_RUNS} of|for TASK over LENGTH; catch_up on TASK over LENGTH
        """,
        make=_of_length("spread_s"),
    ),
    Rule(
        said=f"""
            run|do|make_up|catch_up_on {_MAX} NUMBER [of_the] {_MISSED} {_RUNS} of|for TASK; run|do
            the last|latest NUMBER {_MISSED} {_RUNS} of|for TASK
        """,
        make=_of_number("catch_up"),
    ),
    Rule(
        said="""
            pause|stop|suspend TASK after NUMBER failures|failed_runs|failure|errors|failing_runs
            [in_a_row|running]; pause|stop|suspend TASK if|when|once it fails|failed|has_failed
            NUMBER time [in_a_row|running]; TASK should|must pause|stop after NUMBER failures|
            failure|failed_runs [in_a_row]; if TASK fails NUMBER time [in_a_row] , pause|stop it
        """,
        make=_of_number("pause_after"),
    ),
)  # fmt: skip
