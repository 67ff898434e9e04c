"""Sentences about several tasks at once, and runs with values of their own."""

from __future__ import annotations

from typing import Literal

from bot.intent.intents import ChangeMany, Intent, Pause, RunTask, Selection, Unclear
from bot.intent.patterns import Bound, Make, Rule
from bot.intent.reworks import ref_of
from bot.intent.steers import OPEN

Act = Literal["pause", "resume", "delete", "run"]

_MAY = "[we_can|you_can|let's|you_may|please|just|feel_free_to|can]"
_BE = "can|may|should|must|shall|need_to|have_to"
_PAUSE = ("put_a_hold_on|hold_off_on|hold_off|pause|suspend|snooze|disable|hold|halt|freeze|"
          "turn_off|switch_off|stop_running|stop|silence|mute|park")  # fmt: skip
_RESUME = ("resume|unpause|un-pause|continue|reenable|re-enable|enable|reactivate|turn_on|"
           "turn_back_on|switch_on|switch_back_on|restart|unfreeze|activate|unmute")  # fmt: skip
_DELETE = ("delete|remove|erase|cancel|get_rid_of|drop|kill|trash|scrap|unschedule|retire|"
           "throw_away|throw_out|discard")  # fmt: skip
_RUN = ("go_ahead_and_run|run|execute|trigger|kick_off|fire_off|start|launch|rerun|re-run|fire|"
        "retry|repeat")  # fmt: skip
_NOW = "[now|right_now|again|once|immediately|right_away|at_once|once_more]"


def _many(act: Act, *, paused: bool = False) -> Make:
    """Do this to the tasks in the blank; `paused` where only paused ones can be meant."""

    def make(bound: Bound) -> Intent | None:
        which, until = bound["MANY"], bound.get("UNTIL")
        assert isinstance(which, Selection)
        if paused and which.state != "paused":
            return None
        return ChangeMany(act=act, which=which, until=until if isinstance(until, Pause) else None)

    return make


def _all_but(act: Act) -> Make:
    """Say that some can't be left out."""

    def make(_: Bound) -> Intent:
        return Unclear(
            question=f"I can't {act} all but some yet. Say which ones to {act}: by agent, channel "
            "or words of their names, as in “all of kai's tasks”.",
            understood=f"{act} all but some",
            reason="except",
        )

    return make


def _with_values(bound: Bound) -> Intent:
    return RunTask(ref=ref_of(bound), variables=bound["VALUES"])


_BUT = "[,] except|but|besides|excluding|save|without|apart REST"
RULES = (
    Rule(
        said=f"""
            {_MAY} {_PAUSE} MANY [UNTIL]; {_MAY} {_PAUSE} MANY , UNTIL; {_MAY} {_PAUSE} MANY {OPEN};
            put MANY on_hold|on_ice|on_pause|to_sleep [UNTIL]; turn|switch MANY off [UNTIL]; MANY
            {_BE} be paused|stopped|suspended|on_hold|off [UNTIL]; MANY {_BE} pause|rest|wait|stop
            [UNTIL]; get|have MANY paused|stopped [UNTIL]; i|we want|need MANY paused [UNTIL];
            don't|do_not run MANY UNTIL; give MANY a rest|break|pause [UNTIL]
        """,
        make=_many("pause"),
    ),
    Rule(
        said=f"""
            {_MAY} {_RESUME} MANY {_NOW}; turn|switch MANY back on; turn|switch MANY on [again];
            get|set MANY going|running [again]; MANY {_BE} be resumed|unpaused [now]; MANY {_BE}
            run|start|resume|go_on|continue again [now]; let MANY run|go_on|continue again [now]
        """,
        make=_many("resume"),
    ),
    Rule(
        said="start|bring_back MANY [again|up]; start|bring MANY back|again [up]",
        make=_many("resume", paused=True),
    ),
    Rule(
        said=f"""
            {_MAY} {_DELETE} MANY [for_good|permanently|forever]; MANY {_BE} be deleted|removed|
            dropped|scrapped; MANY can|may|should go; throw MANY away|out; we|i don't_need|
            no_longer_need MANY [any_more|anymore]
        """,
        make=_many("delete"),
    ),
    Rule(
        said=f"{_MAY} {_RUN} MANY {_NOW}; MANY {_BE} be run|rerun|re-run {_NOW}",
        make=_many("run"),
    ),
    Rule(said=f"{_PAUSE} all|everything [of] [OTHERS] {_BUT}", make=_all_but("pause")),
    Rule(said=f"{_RESUME} all|everything [of] [OTHERS] {_BUT}", make=_all_but("resume")),
    Rule(said=f"{_DELETE} all|everything [of] [OTHERS] {_BUT}", make=_all_but("delete")),
    Rule(said=f"{_RUN} all|everything [of] [OTHERS] {_BUT}", make=_all_but("run")),
    Rule(
        said=f"{_MAY} {_RUN} TASK [now|again] [with|using|,|for|:|where] VALUES",
        make=_with_values,
    ),
)  # fmt: skip
