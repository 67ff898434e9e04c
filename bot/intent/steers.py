"""Sentences that pause, resume, delete, run or undo, said in roundabout ways."""

from __future__ import annotations

from bot.intent.intents import (
    DeleteTask,
    Intent,
    Pause,
    PauseTask,
    ResumeTask,
    RunTask,
    UndoChange,
)
from bot.intent.patterns import Bound, Rule
from bot.intent.reworks import asking, ref_of

_PAUSE = ("pause|suspend|snooze|disable|hold|halt|freeze|silence|stop|"
          "stop_running|turn_off|switch_off|put_a_hold_on|hold_off_on|park|shelve")  # fmt: skip
_MAY = "[we_can|you_can|let's|you_may|time_to|we_should_probably|please|just|feel_free_to|can]"
OPEN = ("for_now|for_good|for_a_while|until_further_notice|until_i_say_so|until_i_tell_you|"
         "until_i_say_otherwise|any_more|anymore|until_i_am_back|until_i'm_back|"
         "until_we_say_so|indefinitely|temporarily|til_further_notice|"
         "till_further_notice")  # fmt: skip


def _paused(bound: Bound) -> Intent:
    ends = bound.get("UNTIL")
    return PauseTask(ref=ref_of(bound), until=ends if isinstance(ends, Pause) else None)


def _resumed(bound: Bound) -> Intent:
    return ResumeTask(ref=ref_of(bound))


def _deleted(bound: Bound) -> Intent:
    return DeleteTask(ref=ref_of(bound))


def _run(bound: Bound) -> Intent:
    return RunTask(ref=ref_of(bound))


def _undone(bound: Bound) -> Intent:
    ref = ref_of(bound)
    return UndoChange(ref=None if ref.it else ref)


_later = asking(
    "I can resume it now, or end its pause by itself: “pause T-12 until Monday”. "
    "Which shall it be?",
    understood="resume later",
    reason="later",
)
_pause_later = asking(
    "I can pause it from now on: until you resume it, or until a moment you name, "
    "as in “pause T-12 until Monday”. Which shall it be?",
    understood="pause later",
    reason="later",
)
_skipped = asking(
    "I can't leave out a single run, but I can pause it for a while: "
    "“pause T-12 until Monday”. Until when should it pause?",
    understood="leave out a run",
    reason="later",
)
_under_way = asking(
    "I can't end a run that has begun: it ends by itself, at its time limit at the latest. "
    "“pause T-12” keeps the next ones from running.",
    understood="end a run",
    reason="under_way",
)
_tasks_run = asking(
    "I run tasks, not single runs again. Which task should I run? “run T-12 again”.",
    understood="run again",
    reason="no_task",
)
_END = "cancel|stop|kill|abort|end|terminate|interrupt|delete"
_UNDER_WAY = "current|running|ongoing|present|active|live|hanging|stuck"
RULES = (
    Rule(
        said=f"""
            {_END} RUN [now|please]; {_END} [the|that|this] {_UNDER_WAY} run|execution|job [of|for]
            [TASK] [now|please]; {_END} the {_UNDER_WAY} TASK
        """,
        make=_under_way,
    ),
    Rule(said="retry|rerun|re-run|repeat|redo|run RUN [again|now|please]", make=_tasks_run),
    Rule(
        said=f"""
            {_MAY} {_PAUSE} TASK UNTIL; {_MAY} {_PAUSE} TASK , UNTIL; hold_off|pause|snooze UNTIL;
            give TASK a|some rest|break|pause|time_off|week_off|day_off UNTIL; give TASK a|some
            rest|break|pause|time_off [for_now]; give TASK the weekend off; put TASK on_hold|on_ice|
            on_pause|to_sleep|on_the_back_burner UNTIL; put TASK on_hold|on_ice|on_pause|to_sleep|
            on_the_back_burner [{OPEN}]; don't|do_not|never run|start TASK [again] UNTIL; don't|
            do_not run TASK [again] {OPEN}; stop|quit running|doing TASK [{OPEN}]; no runs|run of
            TASK UNTIL; TASK can|may|should|must pause|rest|sleep|be_paused|stay_paused|wait UNTIL;
            SURE off UNTIL; SURE [is] off {OPEN}; TASK can|may|should|must be paused|stopped|off|
            suspended UNTIL; TASK can|may|should be paused|stopped|suspended [for_now]; SURE should
            not run UNTIL; SURE shouldn't run UNTIL; TASK is not needed UNTIL; turn|switch TASK off
            UNTIL; turn|switch TASK off [{OPEN}]; take TASK offline [UNTIL]; take a break from TASK
            [UNTIL]; we don't need TASK UNTIL; leave TASK off|paused UNTIL; TASK :|-|-> pause|
            suspend|snooze [it] [please|now] [UNTIL]; SURE [:|,|-] pause|suspend|snooze|hold|stop|
            freeze [now|for_now] [UNTIL]; take a break with|from TASK [UNTIL]; keep TASK paused|off|
            on_hold UNTIL; stop SURE; pause TASK {OPEN}; i|we want|need TASK paused UNTIL; get TASK
            paused [UNTIL]; have TASK paused [UNTIL]
        """,
        make=_paused,
    ),
    Rule(
        said=f"""
            {_MAY} resume|unpause|unsnooze|unfreeze|unsuspend|unhalt|reactivate|re-activate|wake|
            awaken TASK [up] [again|now|please]; turn|switch TASK back on|on_again [again|now];
            turn|switch|bring back on TASK; turn|switch TASK on [again|now]; wake TASK up [again];
            wake up TASK [again]; bring TASK back [to_life|online|up] [again]; bring back TASK;
            restart|continue [with] SURE; TASK can|may|should run|start|go_on|continue again [now];
            TASK can|may|should resume|continue|be_resumed [now]; get|set TASK going|running|started
            [again]; get|set TASK going|running|started [up] again; TASK can|may|should go_on|
            carry_on|restart [now|again]; activate TASK [again|now]; TASK :|-|-> resume|unpause [it]
            [please|now]; SURE [:|,|-] resume|unpause|go_on|continue|reactivate [now|again|please];
            take TASK off hold|pause|ice; lift|end|remove|cancel|undo the pause|hold|snooze of|on|
            for|from TASK; take the pause|hold off TASK; let TASK run|go_on|continue again [now|
            as_before|as_usual]; start SURE [back] [up] again; start|bring|fire TASK back up [again|
            now|please]; unpark TASK; end OWNER pause; go on with TASK [again]; put TASK back on|
            in_service|to_work|on_duty|to_work_again; we need TASK again; re-enable|enable TASK
            [again]
        """,
        make=_resumed,
    ),
    Rule(
        said="""
            resume|unpause|reactivate|turn_on TASK on|in|at|from WHEN; restart|continue|enable SURE
            on|in|at|from WHEN; resume|unpause|reactivate TASK WHEN; turn|switch TASK back on WHEN
        """,
        make=_later,
    ),
    Rule(
        said=f"""
            {_PAUSE} TASK from|starting|beginning|as_of|after [on] REST; {_PAUSE} TASK at WHEN;
            {_PAUSE} TASK over|during|while|when|whenever|between REST; {_PAUSE} TASK tomorrow|
            tonight [REST]; {_PAUSE} TASK on DAYS [REST]; {_PAUSE} TASK every|next REST; {_PAUSE}
            TASK in|within LENGTH; {_PAUSE} TASK for a|some|few [few] while|days|weeks|hours|day|
            hour|week|time; don't|do_not|never run TASK tomorrow|tonight|today|DAY; don't|do_not run
            TASK DAY
        """,
        make=_pause_later,
    ),
    Rule(
        said="""
            skip|leave_out|omit [the] next|tomorrow's|today's|upcoming run|one|execution of|for
            TASK; skip TASK [on|just|only] [this_once|once|one_time|WHEN]; skip the next TASK; skip
            the next run; skip the next one; skip [only|just] tomorrow|today; skip TASK WHEN
        """,
        make=_skipped,
    ),
    Rule(
        said=f"""
            {_MAY} delete|remove|erase|trash|scrap|retire|bin|get_rid_of|throw_away|throw_out|drop|
            discard|ditch|axe SURE [for_good|permanently|forever|entirely|completely|please|now];
            throw|toss TASK away|out; we|i|nobody|no_one|you don't|needs|no_longer|doesn't need TASK
            any_more|anymore|any_longer|now; we|i|nobody|no_one don't_need|no_longer_need|needs|
            do_not_need TASK [any_more|anymore|any_longer]; we|i don't need TASK any_more|anymore|
            any_longer [,|so|-] [please] get rid of it|that; TASK is no_longer|not|no_more needed|
            required|wanted|useful|necessary [any_more|anymore|any_longer]; TASK isn't needed|
            required|wanted|useful|necessary any_more|anymore|any_longer|now; TASK can|may|should|
            must go [away]; TASK can|may|should|must be deleted|removed|dropped|retired|scrapped;
            TASK is obsolete|superfluous , delete|remove|drop [it]; TASK is no_longer|not needed|
            required|used|wanted [any_more|anymore] [,|so] [please] delete|remove|drop|kill it; we|i
            don't need|use|want TASK any_more|anymore|any_longer [,|so|-] [you_can|please] delete|
            remove|drop|kill|scrap it|that; TASK can|may go , delete|drop|remove it; we_don't_need|
            no_longer_need|i_don't_need TASK [any_more|anymore] [,|so] [please] drop|delete|remove
            it; SURE [:|,|-] delete|remove|erase [please|now]; TASK :|-|-> delete|remove|erase [it]
            [please|now]; take TASK down|off_the_list|out_of_the_list; get TASK deleted|removed;
            cancel SURE [for_good|altogether|entirely]
        """,
        make=_deleted,
    ),
    Rule(
        said="""
            run|rerun|re-run|trigger|execute|start|launch|do|repeat|try|test SURE [right_now|now|
            again|once|once_more|one_more_time|immediately|right_away|for_me|a_second_time|at_once|
            anyway]; run|rerun|re-run|trigger|execute|start|launch|repeat TASK [again|once_more]
            [right_now|now|once|once_more|one_more_time|immediately|right_away|for_me|anyway|
            at_once|a_second_time]; run|do|give SURE another time|go|run; give SURE a|another run|
            go|try|shot|spin [now]; TASK , one_extra|one_more run [right_now|now]; SURE [:|,|-] run|
            rerun|run_it|go [now|again|please|right_now|once]; TASK , run now; an|one extra|
            additional run of TASK [now|please]; do SURE right_now|now|again|once_more; let TASK run
            now|right_now|once|at_once|immediately|once_more|right_away; run it again; again
            [please]; once_more|one_more_time [please]; and again; same_again; get me a|the fresh
            TASK; give me a|the fresh TASK; kick SURE off [now|again]; kick|fire TASK off [now|
            again]; set TASK off now; run|do|repeat|execute SURE [again] [please] [,] right_now|now|
            at_once|immediately [please]; retry|redo|repeat SURE [now|again|please|once_more]; force
            a run of TASK; force|start|trigger|do|make a|an|another|one [extra|new|manual|fresh|
            additional] run of TASK [now]; rerun|re-run [it]; the TASK should run now|right_now|
            immediately; have TASK run now|right_now|once|immediately
        """,
        make=_run,
    ),
    Rule(
        said="""
            undo|revert|reverse|cancel|take_back|roll_back|withdraw the|my|that|your [last|latest|
            previous] change|edit|one|changes [please]; undo|revert|reverse|take_back|roll_back|
            withdraw [the|my] [last|latest|previous] [change|edit] of|to|on|for|in TASK; undo|
            revert|reverse|roll_back TASK; undo|revert [it|that|this] [again] [please|all]; take|
            roll|change|put|turn|set it|that|this back [again|as_it_was|to_how_it_was|
            to_what_it_was|the_way_it_was|to_before]; put|change|set|turn it back [to] [as|how|what|
            the_way] [it] [was] [before]; restore the previous|last|old version|state|settings [of]
            [TASK]; oops|sorry|nevermind|damn|argh|whoops|oh_no|never_mind [,|!|.] undo|revert|
            take_back [it|that|this]; that|this was|is wrong|a_mistake|not_right|not_what_i_meant|
            an_error [,|.|!|:] undo|revert [it|that|this]; wrong|mistake|my_mistake|my_bad [,|.|!|:]
            undo|revert [it|that|this]; go back to|to_how the|it old|previous|last|was one|version|
            state|settings|before; that|this was|is wrong|a_mistake|not_right|not_what_i_meant [,|.|
            !|:] take|put|change it|that back; undo|revert|take_back|roll_back what i|we [just] did|
            changed|said [to|on|with|about] [TASK]; oops|sorry|damn|argh [,|!|.] undo|revert|
            take_back|roll_back what i|we [just] did|changed [to|on|with|about] [TASK]; oops|sorry|
            damn|argh [,|!|.] undo|revert|roll_back TASK; bring back|restore|undelete the task|one|
            job i|we [just] deleted|removed|dropped [a_minute_ago|just_now|earlier|by_mistake|
            a_moment_ago|today|before]; bring back the old|previous|last version|state|settings|one
        """,
        make=_undone,
    ),
)  # fmt: skip
