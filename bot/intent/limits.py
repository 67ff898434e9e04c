"""Sentences that change how one task runs: its time limit, retries, what happens to late runs."""

from __future__ import annotations

from typing import Any

from bot.intent.intents import Changes, EditTask, Intent
from bot.intent.patterns import Bound, Make, Rule
from bot.intent.reworks import ref_of

_SET = "set|change|raise|increase|lower|decrease|update|extend|bump|cut|reduce|put|shorten|adjust"
_LIMIT = "timeout|time_limit|time_out|limit|max_runtime|maximum_runtime|runtime_limit|maximum"
_UPTO = "[up_to|at_most|a_maximum_of|max|no_more_than|a_limit_of|about]"
_IF = "if|when|while|as_long_as|in_case|whenever"
_LAST = ("the_last_one|the_last_run|the_previous_one|the_previous_run|the_one_before|"
         "the_run_before|the_run_before_it|the_one_before_it|the_old_one|the_old_run|one|a_run|another_run|another_one|an_earlier_run|"
         "an_earlier_one|it|the_last|the_previous|the_old|the_first_one|the_first")  # fmt: skip
_GOING = ("is_still_running|is_still_going|is_running|is_not_done|isn't_done|is_not_finished|"
          "isn't_finished|is_still_at_it|has_not_finished|hasn't_finished|is_in_progress|"
          "is_already_running|still_runs|is_still_busy|is_going|is_still_in_progress|is_unfinished|"
          "is_still_working|overlaps|has_not_ended|still_running|didn't_finish|is_not_over|"
          "isn't_over")  # fmt: skip
_MISSED = "missed|lost|skipped_over|overdue|late"
_BACK = ("[when|once|after|as_soon_as] [you're|you_are|we're|we_are|it's|it_is|i'm] "
         "[back|back_up|up_again|an_outage|a_restart|downtime|a_downtime|up]")  # fmt: skip


def _set(**fixed: Any) -> Make:
    changes = Changes(**fixed)
    return lambda bound: EditTask(ref=ref_of(bound), changes=changes)


def _seconds(bound: Bound) -> Intent:
    return EditTask(ref=ref_of(bound), changes=Changes(timeout_s=bound["LENGTH"]))


def _retries(bound: Bound) -> Intent | None:
    number = bound["NUMBER"]
    return EditTask(ref=ref_of(bound), changes=Changes(retries=number))


def _both(bound: Bound) -> Intent:
    changes = Changes(timeout_s=bound["LENGTH"], retries=bound["NUMBER"])
    return EditTask(ref=ref_of(bound), changes=changes)


_TRIES = (
    "retries|retry|more_retries|more_tries|attempts|tries|more_attempts|retries_max|more_chances"
)
_FAILS = "[if|when|whenever|on|in_case] [it] [fails|failure|errors|breaks|failed|error]"
_LIMITS = (
    Rule(
        said=f"""
            [{_SET}|make] [the|its|a|my] {_LIMIT} [to|at|of|:|=|is|should_be] LENGTH; SURE [:|,|-]
            {_LIMIT} [to|of|:|=|is] LENGTH; give|allow|grant TASK {_UPTO} LENGTH [to_run|to_finish|
            at_most|max|to_complete|instead]; give|allow TASK {_UPTO} LENGTH [max|at_most] before
            killing|stopping|ending|aborting|you_kill|you_stop|it_is_killed [it]; let TASK run|take|
            go_on {_UPTO} LENGTH [at_most|max|instead]; let TASK run|take|go_on for {_UPTO} LENGTH
            [at_most|max]; {_SET} {_LIMIT} of|for|on TASK [from] to|by|: {_UPTO} LENGTH; {_SET} the
            {_LIMIT} of|for|on TASK [from] to|by|: {_UPTO} LENGTH; {_SET} OWNER {_LIMIT} to|by|:
            LENGTH; {_SET} TASK {_LIMIT} to LENGTH; {_SET} a|an [new] {_LIMIT} of LENGTH on|for
            TASK; {_SET} a|an LENGTH {_LIMIT} on|for TASK; give TASK a|an LENGTH {_LIMIT}; give TASK
            a|an [new] {_LIMIT} of LENGTH; {_LIMIT} of|for|on TASK [should_be|is|:|=|to] LENGTH;
            TASK {_LIMIT} [is|:|=] LENGTH; TASK should|shall|must|may|can|is_allowed_to|needs_to|
            has_to [only] take|run|have [for] {_UPTO} LENGTH [at_most|max|to_finish|to_run]; TASK
            needs|gets|has LENGTH [to_run|to_finish|at_most]; TASK needs|gets more time , LENGTH;
            TASK needs|gets more time : LENGTH; TASK times_out [too_early|too_soon|a_lot|
            all_the_time] , give|allow it LENGTH; TASK is_too_slow|needs_longer|takes_longer , give|
            allow it LENGTH; TASK should|must|shall give_up|time_out|stop|be_stopped|be_killed after
            LENGTH; kill|stop|abort|time_out|give_up_on|cut_off|end TASK after LENGTH; make TASK
            time_out|give_up|stop after LENGTH; raise|increase|lower|extend|set|cut TASK [{_LIMIT}]
            to LENGTH
        """,
        make=_seconds,
    ),
    Rule(
        said=f"""
            SURE [:|,|-] {_LIMIT} [to|of|:|=|is] LENGTH [,|and] {_TRIES} [to|of|:|=|is] NUMBER; SURE
            [:|,|-] {_TRIES} [to|of|:|=|is] NUMBER [,|and] {_LIMIT} [to|of|:|=|is] LENGTH; give|
            allow|grant TASK LENGTH and|, [up_to] NUMBER {_TRIES}; give|allow TASK NUMBER {_TRIES}
            and|, LENGTH
        """,
        make=_both,
    ),
    Rule(
        said=f"""
            SURE [:|,|-] {_TRIES} [to|of|:|=|is] NUMBER; TASK needs_to|has_to|ought_to [be] retry|
            retried [up_to|at_most] NUMBER [time] {_FAILS}; retry TASK [up_to|at_most] NUMBER [time|
            times|attempts|more_time] {_FAILS}; retry [up_to|at_most] NUMBER [time|times] {_FAILS};
            give|allow|grant TASK [up_to|at_most] NUMBER {_TRIES} {_FAILS}; let TASK [be] retry|
            retried|try|try_again [up_to|at_most] NUMBER [time] {_FAILS}; let TASK have [up_to]
            NUMBER {_TRIES}; {_SET} the [number_of] {_TRIES} of|for|on TASK to NUMBER; {_SET}
            [number_of] {_TRIES} of|for|on TASK to NUMBER; {_SET} OWNER {_TRIES} to NUMBER; {_SET}
            TASK [to] NUMBER {_TRIES}; {_SET} {_TRIES} to NUMBER [for|of|on] TASK; {_TRIES} of|for
            TASK [:|=|to|should_be] NUMBER; TASK should|must|shall|may|can [be] retry|retried|try|
            try_again|tried_again [up_to|at_most|only] NUMBER [time] {_FAILS}; TASK should|shall|
            may|can have|get [up_to] NUMBER {_TRIES}; TASK gets|has|needs NUMBER {_TRIES}; NUMBER
            {_TRIES} for|on TASK; TASK is|seems|looks flaky|unstable|shaky [,|so|-] let|have it
            retry|try [again] [up_to|at_most] NUMBER [time]; TASK is|seems flaky|unstable [,|so|-]
            retry [it] [up_to|at_most] NUMBER [time]; try TASK again [up_to|at_most] NUMBER [time]
            if|when it fails; if TASK fails , retry|try [it] [again] [up_to] NUMBER [time]; when
            TASK fails , retry|try [it] [again] [up_to] NUMBER [time]; add NUMBER {_TRIES} to TASK
        """,
        make=_retries,
    ),
    Rule(
        said="""
            don't|do_not|never retry TASK [any_more|anymore|at_all|again]; stop retrying TASK; no
            retries [please|at_all]; no retries for|on TASK; turn_off|disable|remove|drop retries
            for|of|on TASK; TASK should|must not|never be_retried|retry; TASK should|must not|never
            be retried; TASK shouldn't|must_not|needn't be retried; turn retries off for TASK; let
            TASK fail at_once|right_away|without_retries|immediately; don't|do_not|never retry
            [any_more|when_it_fails|if_it_fails]
        """,
        make=_set(retries=0),
    ),
)  # fmt: skip

_OVERLAP = "overlap|overlaps|overlap_policy|overlapping|overlap_setting"
_ONE = ("a_run|a_new_run|the_run|the_next_run|the_next_one|a_new_one|runs|new_runs|the_new_one|"
        "the_new_run|next_run|it|one|runs_that_overlap|overlapping_runs")  # fmt: skip
_POLICIES = (
    Rule(
        said=f"""
            SURE [:|,] never|don't|do_not run twice|two|two_runs [at_once|at_the_same_time]; skip
            [TASK] {_IF} {_LAST} {_GOING}; skip {_ONE} of|for TASK {_IF} {_LAST} {_GOING}; skip
            [{_ONE}] {_IF} {_LAST} {_GOING}; skip [{_ONE}] {_IF} {_LAST} run {_GOING}; TASK should|
            must|shall|can skip [a_run|one|runs] {_IF} {_LAST} {_GOING}; TASK should|must|shall skip
            [a_run] {_IF} {_LAST} run {_GOING}; don't|do_not|never start|run|launch TASK [again]
            {_IF} {_LAST} {_GOING}; let TASK skip [a_run|one] {_IF} {_LAST} {_GOING}; never|don't|
            do_not run TASK twice [at_the_same_time|at_once|in_parallel|concurrently]; TASK must|
            should|may|shall|can not|never overlap|run_twice|run_in_parallel [at_once|itself|
            at_the_same_time]; TASK mustn't|shouldn't|can't|cannot|must_not overlap|run_twice|
            run_in_parallel [at_once|itself|at_the_same_time]; TASK must|should not|never run twice
            [at_once|at_the_same_time|in_parallel]; don't|do_not|never let TASK overlap|run_twice|
            run_in_parallel [at_once|itself]; don't|do_not|never let runs of TASK overlap; no
            overlap|overlaps|overlapping [runs] for|of TASK; set|change OWNER {_OVERLAP} to|: skip;
            set|change [the] {_OVERLAP} of|for TASK to|: skip; {_OVERLAP} of|for TASK [:|=|is|to]
            skip; runs of TASK must|should not|never overlap; runs of TASK mustn't|shouldn't
            overlap; only one run of TASK at_a_time|at_once; one run of TASK at_a_time|at_once
        """,
        make=_set(overlap="skip"),
    ),
    Rule(
        said=f"""
            SURE [:|,] never|don't|do_not run twice|two|two_runs [at_once|at_the_same_time] , queue
            [the] [later|next|new|second] [one|run]; queue [TASK] {_IF} {_LAST} {_GOING}; queue
            {_ONE} {_IF} {_LAST} {_GOING}; queue|hold {_ONE} of|for TASK [{_IF}] [{_LAST}]
            [{_GOING}]; queue runs of TASK; queue {_ONE}; queue up the runs of TASK; queue up runs
            of TASK; TASK should|must|shall|can wait|queue [for] [for_its] {_LAST} [to_finish|
            to_be_done|to_end]; TASK should|must|shall|can wait|queue [up] {_IF} {_LAST} {_GOING};
            TASK should|must|shall wait until {_LAST} is|has done|finished|ended; let {_ONE} of TASK
            wait [for] [{_LAST}] [to_finish|to_be_done]; let TASK wait [for|until] {_LAST} [is]
            [done|finished|to_finish|ended]; let TASK queue [up] [{_IF}] [{_LAST}] [{_GOING}]; wait
            for {_LAST} to finish|end before starting|running TASK [again]; set|change [the]
            {_OVERLAP} of|for TASK to|: queue|wait; set|change OWNER {_OVERLAP} to|: queue|wait;
            {_OVERLAP} of|for TASK [:|=|is|to] queue|wait; run one after the other for TASK; runs of
            TASK should|must wait|queue [for_each_other|up]
        """,
        make=_set(overlap="queue"),
    ),
    Rule(
        said=f"""
            cancel|stop|kill|end|abort the old|running|previous|last|current [run|one] of|for TASK
            when|if|once|as_soon_as the next|new [one|run] is_due|starts|comes_due|is_to_start|
            begins; cancel|stop|abort|kill|end the old|running|previous|last|earlier run|one of|for
            TASK when|if|once|as_soon_as|whenever {_ONE} starts|begins|is_due|comes|comes_up;
            cancel|stop|abort|kill|end the old|running|previous|last|earlier run|one when|if|once
            {_ONE} starts|begins|is_due|comes; when|if|once|whenever {_ONE} of|for TASK starts|
            begins|is_due , cancel|stop|abort|kill|end the old|running|previous|last|earlier [run|
            one]; for TASK , cancel|stop|abort|kill the running|old|previous|last one|run and start
            the new|next [one|run]; for TASK : cancel|stop|abort|kill the running|old|previous|last
            one|run and start the new|next [one|run]; TASK should|must|shall cancel|stop|abort|kill|
            replace the old|running|previous|last [run|one] [when|if|once] [{_ONE}] [starts|begins|
            is_due]; a|the new run of TASK should|must|shall cancel|replace|stop|abort the old|
            running|previous|last [one|run]; new runs of TASK should|must|shall cancel|replace|stop
            the old|running|previous|last [one|run|ones]; set|change [the] {_OVERLAP} of|for TASK
            to|: cancel|replace; set|change OWNER {_OVERLAP} to|: cancel|replace; {_OVERLAP} of|for
            TASK [:|=|is|to] cancel|replace; restart TASK {_IF} {_LAST} {_GOING}
        """,
        make=_set(overlap="cancel"),
    ),
    Rule(
        said=f"""
            let [the] runs of TASK overlap; let TASK overlap [itself]; allow [the] runs of TASK [to]
            overlap; allow TASK to_overlap|overlap|run_twice|run_in_parallel [at_once]; allow
            overlap|overlaps|overlapping [runs] for|of|in|on TASK; runs of TASK may|can|
            are_allowed_to overlap; TASK may|can|is_allowed_to overlap|run_twice|run_in_parallel
            [itself|at_once|at_the_same_time]; let TASK run twice|in_parallel|concurrently
            [at_once]; run|start TASK even if|when {_LAST} {_GOING}; start TASK anyway if|when
            {_LAST} {_GOING}; set|change [the] {_OVERLAP} of|for TASK to|: allow|allowed|parallel;
            set|change OWNER {_OVERLAP} to|: allow|allowed; {_OVERLAP} of|for TASK [:|=|is|to]
            allow|allowed
        """,
        make=_set(overlap="allow"),
    ),
)  # fmt: skip

_RUNS = "run|runs|ones|moments|times|executions|one"
_POLICY = (
    "missed|missed_runs|missed_policy|missed-run_policy|policy_for_missed_runs|catch-up|catchup"
)
_LATE = (
    Rule(
        said=f"""
            [run|do|make_up|make_up_for] catch_up on|with [all|all_the|every|all_of_the] {_MISSED}
            {_RUNS} of|for|from TASK {_BACK}; catch_up on all {_MISSED} {_RUNS}; catch_up on all|
            everything|all_of_them {_BACK}; run|do|make_up|make_up_for|repeat all|every|all_the|each
            {_MISSED} {_RUNS} of|for TASK {_BACK}; run|do|make_up|make_up_for|repeat all|every|
            all_the|each {_MISSED} {_RUNS} {_BACK}; TASK should|must|shall catch_up on|with all|
            every|everything [{_MISSED}] [{_RUNS}] {_BACK}; let TASK catch_up on all|everything|
            every [missed] [runs|run]; set|change [the] {_POLICY} of|for TASK to|: all; set|change
            OWNER {_POLICY} to|: all; {_POLICY} of|for TASK [:|=|is|to] all|run_all; if|when TASK
            was|is|got|gets missed , run|do all|every|each [of_them|one|runs|run|missed_runs|
            of_those]
        """,
        make=_set(missed="all"),
    ),
    Rule(
        said=f"""
            run|do [the] {_MISSED} {_RUNS} of|for TASK {_BACK}; run|do [the] {_MISSED} {_RUNS}
            {_BACK}; catch_up on {_MISSED} {_RUNS} of|for TASK {_BACK}; catch_up on {_MISSED}
            {_RUNS} {_BACK}; run|do [only|just] the latest|last|newest|most_recent {_MISSED} {_RUNS}
            of|for TASK {_BACK}; run|do|catch_up [on] [only|just] the latest|last|newest|most_recent
            {_MISSED} {_RUNS} {_BACK}; if|when TASK was|is|got|gets missed , run|do it [once]
            {_BACK}; if|when TASK was|is|got|gets missed , run|do it once|later|late|anyway|
            afterwards {_BACK}; run|do TASK [once] [late|later|afterwards] if|when it was|is|got|
            gets missed {_BACK}; TASK should|must|shall catch_up [once] {_BACK}; let TASK catch_up
            [once] {_BACK}; catch_up TASK {_BACK}; TASK should|shall run once if|when it was missed
            {_BACK}; set|change [the] {_POLICY} of|for TASK to|: latest|once|last; set|change OWNER
            {_POLICY} to|: latest|once; {_POLICY} of|for TASK [:|=|is|to] latest|once|last; if|when
            TASK was|is|got|gets missed , run|do [only|just] the latest|last|newest [one|run|
            of_them]
        """,
        make=_set(missed="latest"),
    ),
    Rule(
        said=f"""
            skip|ignore|drop|forget|forget_about [the|all|any|all_the] {_MISSED} {_RUNS} of|for
            TASK; skip|ignore|drop|forget|forget_about [the|all|any|all_the] {_MISSED} {_RUNS}; if|
            when TASK was|is|got|gets missed , skip|drop|ignore|forget|leave it; if|when TASK was|
            is|got|gets missed , don't|do_not run|catch_up|make_up [it] [late|later|on_it]; TASK
            should|must|shall not|never catch_up [on_missed_runs|after_an_outage|late|on_anything]
            {_BACK}; TASK shouldn't|mustn't|needn't catch_up [on_missed_runs|after_an_outage]
            {_BACK}; don't|do_not|never catch_up [on] TASK {_BACK}; don't|do_not|never catch_up
            [on_missed_runs]; don't|do_not|never catch_up on {_MISSED} {_RUNS} of|for TASK; don't|
            do_not|never run|repeat|do {_MISSED} {_RUNS} [of|for] TASK; don't|do_not|never run TASK
            late|later|afterwards|belatedly; no catch-up|catchup|catching_up for|on|of TASK; set|
            change [the] {_POLICY} of|for TASK to|: skip|ignore|none; set|change OWNER {_POLICY} to|
            : skip|ignore; {_POLICY} of|for TASK [:|=|is|to] skip|ignore
        """,
        make=_set(missed="skip"),
    ),
    Rule(
        said=f"""
            ask [me|us] about|before|what_to_do_about|what_to_do_with|for [running] [all|any|the]
            {_MISSED} {_RUNS} of|for TASK; ask [me|us] about|before|what_to_do_about|what_to_do_with
            [running] [all|any|the] {_MISSED} {_RUNS}; ask [me|us] before|first [you] catching_up|
            catch_up [on] TASK; ask [me|us] before [you] running|run {_MISSED} {_RUNS} [of|for]
            TASK; ask [me|us] [first] if|when TASK was|is|got|gets missed; if|when TASK was|is|got|
            gets missed , ask [me|us] [first]; TASK should|must|shall ask [me|us] [about|before]
            [running|catching_up_on] {_MISSED} {_RUNS}; set|change [the] {_POLICY} of|for TASK to|:
            ask; set|change OWNER {_POLICY} to|: ask; {_POLICY} of|for TASK [:|=|is|to] ask|ask_me
        """,
        make=_set(missed="ask"),
    ),
    Rule(
        said="""
            make TASK on_demand|on-demand|manual|manual-only|unscheduled [only]; take TASK off [its|
            the] schedule; take TASK off schedule; remove|drop|clear|delete|cancel|take_away the
            schedule of|for|from TASK; remove|drop|clear|delete|cancel OWNER schedule; TASK should|
            must|shall|may|can only run|be_run when|if i_ask|asked|we_ask|i_say_so|someone_asks|
            told_to|i_tell_you; TASK should|must|shall only run|be_run on_demand|manually|by_hand|
            on_request; only run TASK manually|on_demand|when_i_ask|by_hand|when_asked|on_request|
            if_i_ask|when_i_say_so|when_told; run TASK only manually|on_demand|when_i_ask|by_hand|
            when_asked|on_request|if_i_ask|when_i_say_so; TASK only on_demand|manually|when_i_ask|
            when_asked; TASK needs no|no_more schedule [any_more]; TASK is on_demand|manual [only|
            now|from_now_on]; switch|change|set|turn TASK to on_demand|manual|on-demand [only];
            no_more schedule for TASK; no schedule for TASK [any_more|anymore]
        """,
        make=_set(unscheduled=True),
    ),
)  # fmt: skip

RULES = (*_LIMITS, *_POLICIES, *_LATE)
