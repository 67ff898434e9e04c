"""Sentences that ask how a task is doing: its next runs, past runs, results, why, its card."""

from __future__ import annotations

from bot.intent.intents import AskWhy, Intent, ListTasks, ShowHistory, ShowNext, ShowTask, TaskRef
from bot.intent.patterns import Bound, Rule
from bot.intent.reworks import ref_of

_WHEN_DAY = (
    "[today|tonight|this_morning|this_week|last_night|yesterday|last_week|this_time|"
    "last_time|so_far|lately|recently|again|yet|overnight|on_time|this_afternoon|already|"
    "all_right|alright|ok|okay|fine]"
)
_RUNS = "run|runs|execution|executions|result|results|time|attempts"
_FAILED = "failed|failing|unsuccessful|broken|missed|skipped|successful"


def _named(bound: Bound) -> TaskRef | None:
    return ref_of(bound) if "TASK" in bound or "SURE" in bound or "OWNER" in bound else None


def _next(bound: Bound) -> Intent:
    return ShowNext(ref=_named(bound))


def _history(bound: Bound) -> Intent:
    number = bound.get("NUMBER")
    return ShowHistory(ref=_named(bound), limit=number if isinstance(number, int) else None)


def _last(bound: Bound) -> Intent:
    return ShowHistory(ref=_named(bound), limit=1)


def _why(bound: Bound) -> Intent:
    return AskWhy(ref=ref_of(bound))


def _card(bound: Bound) -> Intent:
    return ShowTask(ref=ref_of(bound))


_SHOW = "[show|show_me|give_me|list|get_me|tell_me|see|display|what_is|what's|what_are|view|get]"


def _tasks_of(bound: Bound) -> Intent:
    return ListTasks(agent=bound["AGENT"])


_PAST = (
    "today|yesterday|last_night|overnight|this_morning|this_week|last_week|lately|recently|"
    "so_far_today|last_weekend|over_the_weekend|in_the_last_day|in_the_last_24_hour"
)
RULES = (
    Rule(
        said="""
            what|which [tasks] do i have [on|here|scheduled|set_up|running|now|so_far]; what have i
            got [on|here|scheduled|set_up|running|now|so_far]; [show|list|which|what] [the|all]
            task|tasks i|i've|i_have|did_i made|make|create|created|set_up|own|scheduled
        """,
        make=lambda _: ListTasks(mine=True),
    ),
    Rule(
        said="""
            what|whats does|do|is|will|did AGENT do|doing|run|running|handle|have|working_on|up_to|
            do_for_us|responsible_for|in_charge_of|take_care_of [every|all] [day|week|today|month|
            the_time|all_day|right_now|now|currently|here|these_days]; what's AGENT doing|up_to|
            working_on|running|responsible_for [today|now|right_now|these_days|all_day]; what has
            AGENT got [on|to_do] [today|this_week]; list|show AGENT; AGENT tasks; what's on AGENT
            plate; how busy is AGENT
        """,
        make=_tasks_of,
    ),
    Rule(
        said=f"""
            what|which|what's|anything [runs|tasks|jobs] ran|happened|succeeded|finished|was_run|
            went_wrong|was_skipped|was_missed|did_not_run {_PAST}; what|which runs|tasks|jobs|checks
            ran|succeeded|finished|were_skipped|were_missed|did_not_run|didn't_run {_PAST}; did
            anything|something|any|everything [task|tasks|run|runs|check|checks|job|jobs] fail|run|
            break|go_wrong|work|succeed {_PAST}; show|show_me|list [the|all] [failed|missed|skipped|
            recent|last|latest] [NUMBER] runs|failures [of|from] [{_PAST}]; show|show_me|list [the|
            all] failures|errors [of|from] [{_PAST}]; any failures|errors|problems|trouble {_PAST};
            last|latest|recent NUMBER runs; show|show_me|list the last|latest NUMBER runs
        """,
        make=_history,
    ),
    Rule(
        said=f"""
            {_SHOW} [the] next [NUMBER] run|runs|execution|executions|due_moments|fires|time|
            due_date|start [time|times] of|for TASK; {_SHOW} [the] upcoming [NUMBER] run|runs|
            executions of|for TASK; {_SHOW} OWNER next [NUMBER] run|runs|time|execution|start|
            due_date; [at] what time does|will|is TASK run|start|fire|due|scheduled [next|today|
            tomorrow]; when|when's|when_is|when_are|when_will|when_does|when_do TASK run|start|fire|
            due|scheduled|up|running|on|execute|be_run|going_to_run [next|again|the_next_time|
            next_time|due]; when's|when_is OWNER next run|time|execution [due]; when_is|when's TASK
            next [due|run|up]; how_long until TASK runs|starts|is_due|fires [again|next]; when_is|
            when's the next TASK; next run|runs|time SURE; next for|of TASK; next SURE; on what|
            which days|day does TASK run; how_often does TASK run; does|will TASK run|start
            tomorrow|today|tonight|this_week|next_week|again; is TASK scheduled [for|to_run]
            [tomorrow|today|tonight]
        """,
        make=_next,
    ),
    Rule(
        said="""
            what|which|who is|runs|comes next|up_next; what's|whats next|up_next|coming_up|upcoming
            [up|to_run]; what comes next; what_is|what's the next run|task|one; which|what task|job|
            one runs|is|comes next; show|show_me|list [the] next|upcoming runs|run|ones|tasks;
            when_is|when's the next run|task|job|one
        """,
        make=_next,
    ),
    Rule(
        said=f"""
            {_SHOW} [all] [the] [last|latest|recent|past] [NUMBER] {_FAILED} {_RUNS} of|for|from
            TASK; {_SHOW} [the] last|latest|recent|past|previous [NUMBER] [few] {_RUNS} of|for|from
            TASK; {_SHOW} [all] [the] past|previous runs of TASK; {_SHOW} [the] run|execution
            history|log|logs of|for TASK [,] [for|over|from|in|of] [the] [past|last|this] [week|
            month|day|few_days]; {_SHOW} [the] history|log|logs|record|timeline of|for TASK
            [please]; {_SHOW} OWNER [last|latest|recent] [NUMBER] history|log|logs|runs|results|
            failures|past_runs|run_history; {_SHOW} [the] history; {_SHOW} [the] failures|errors|
            fails of|for|in TASK; {_SHOW} NUMBER last|latest|recent runs of TASK; which|what runs|
            run of TASK failed|succeeded|were_skipped|were_missed|failed_lately|ran; how_often|
            how_many_times did|has|does TASK fail|failed|run|succeed|succeeded|broken [today|
            this_week|this_month|lately|so_far]; did|has|have TASK run|ran|fail|failed|succeed|
            succeeded|finish|finished|work|worked|pass|passed|go_through|gone_through|complete|
            completed|fire|fired|start|started|happen|break|broken|post|posted {_WHEN_DAY}; did|has|
            have TASK run|ran|finish|finished|worked|work properly|correctly|through|ok|fine|well
            {_WHEN_DAY}; has|have TASK already|ever|even|just run|failed|finished|started|succeeded
            {_WHEN_DAY}; did TASK ever|already|even|just run|fail|finish|succeed {_WHEN_DAY}; was|
            were TASK successful|run|ok|okay|skipped|missed|late|on_time|done|executed|finished|
            cancelled {_WHEN_DAY}; when did|has TASK [last] run|fail|succeed|finish|ran|start|fire
            [last|the_last_time|last_time|most_recently]; when was TASK last run|executed|seen; when
            was the last|latest|most_recent time|run TASK ran|run|failed|worked|succeeded; when was
            the last|latest run of TASK; when was OWNER last run|failure|success; show|show_me|
            tell_me how TASK has_been_doing|is_doing|did|has_been|has_been_running|went; how did|has
            TASK go|gone|do|done|run|perform|work|worked|been_doing|fare {_WHEN_DAY};
            what_happened_in the last run|runs of TASK; is TASK still running|going|at_it|working|
            in_progress; is TASK done|finished|running|through|ready|complete [yet|now|already|
            right_now]; has TASK been running|failing|working [well|ok|fine|lately|today]; history|
            logs|log [of|for] TASK [,] last [NUMBER] [runs]; TASK [,] last NUMBER [runs]; TASK
            history|logs|log|past_runs
        """,
        make=_history,
    ),
    Rule(
        said=f"""
            {_SHOW} [the] last|latest|newest|most_recent|current|today's|yesterday's [run's] result|
            output|report|findings|outcome|numbers of|from|for TASK; {_SHOW} [the] result|output|
            findings|outcome|results|numbers of|from TASK; what did TASK say|find|report|return|
            show|tell_us|come_up_with|output [today|last_time|this_morning|yesterday|last_night|
            the_last_time]; what was|were the result|results|output|outcome|findings of|from TASK;
            what's|what_is|show|show_me|see OWNER [last|latest] result|results|output|outcome|
            findings; show|show_me|see|get_me|give_me the latest|last|newest|most_recent|today's
            TASK; what did the last run of TASK say|find|report; read me TASK; any news|findings|
            results from|of|on SURE
        """,
        make=_last,
    ),
    Rule(
        said=f"""
            why did|has|does|is|was|isn't|wasn't|didn't|hasn't|doesn't|won't TASK [not] run|ran|
            fail|failed|failing|skipped|paused|late|missed|start|started|post|posted|stopped|stop|
            broken|break|red|missing|running|cancelled|run_late|finish|finished|timed_out|time_out|
            time_out_again|not_run|on_hold|slow|draft|waiting|stuck|active|fire|work|working|come|
            arrive|sent|happen|not_posted|off {_WHEN_DAY}; why was|is there no TASK {_WHEN_DAY}; why
            wasn't|isn't there a|any TASK {_WHEN_DAY}; why is|was there no run of TASK {_WHEN_DAY};
            why no TASK [today|this_morning|yesterday]; why did|has TASK stay|stayed|go|gone silent|
            quiet|mute {_WHEN_DAY}; TASK stayed|was|is|went|has_been silent|quiet|mute {_WHEN_DAY}
            [,|-|:] how_come|why|what_happened; why didn't|did|haven't we|i|you [not] get|got|
            receive|received|see|post|run TASK {_WHEN_DAY}; why didn't you run|post|do TASK [today|
            yesterday]; what|whats|what's happened|went_wrong|wrong|up|broke|is_wrong|the_matter|
            the_problem|is_the_matter|is_the_problem|has_happened with|to|in SURE {_WHEN_DAY}; what
            made TASK fail|stop|late|skip {_WHEN_DAY}; where is|was|are|did the|my|our TASK
            {_WHEN_DAY}; where's the|my|our TASK {_WHEN_DAY}; where|where's is SURE; i|we got|get|
            received|see|saw|have no TASK {_WHEN_DAY}; i|we didn't|did_not|never|haven't get|got|
            receive|received|see the|my|our TASK {_WHEN_DAY}; there was|is no TASK {_WHEN_DAY};
            explain the failure|failures|outcome|error of|in|for TASK; explain why TASK failed|
            did_not_run|was_skipped|was_late|is_paused; what is|was|were the reason|cause|error of|
            for|in|behind TASK; the reason for the failure of TASK; how_come TASK failed|
            did_not_run|was_skipped|didn't_run|is_paused|was_late|is_late; why the|did failure|it|
            delay|error|fail [happen]; why [not|so|is_that|was_that|that|though]; TASK is|was
            missing|late|overdue , why; TASK failed|did_not_run|didn't_run , why; diagnose SURE
        """,
        make=_why,
    ),
    Rule(
        said="""
            what|what's is|does SURE [do|doing|for|about|check|all_about]; what does TASK do|check|
            look_at|cover; what_is|what's SURE [about|for|doing|set_to]; who owns|made|created|
            set_up|wrote|started|runs|has SURE [originally]; who|whose is|was the owner|author|
            creator of SURE; whose task|job is SURE; whose is SURE; show|show_me|open|describe|see|
            view|display|pull_up|bring_up|look_at|inspect|explain|get SURE [again|please|now]; show|
            show_me|open|see|view the card|details|settings|status|state|configuration|config|
            schedule|definition of|for|on TASK; show|show_me|see|view OWNER card|details|settings|
            status|state|configuration|schedule|prompt|channel|zone|timeout|definition; what|what's|
            what_is|which is|are the status|state|details|schedule|settings|prompt|timeout|channel|
            zone|agent|owner|time|setting|time_limit of|for|on TASK; what's|what_is|what_are the
            status|state|details|schedule|settings|prompt|timeout|channel|zone|agent|owner|time|
            setting|time_limit of|for|on TASK; what's|what_is OWNER status|state|schedule|prompt|
            timeout|channel|zone|agent|owner|time|time_limit|retries; status|state|details|info|
            card|settings [of|for|on|about] TASK; TASK status|details|info|card; how|how's is SURE
            [doing|going|today|looking]; tell me about SURE; tell me more about TASK; info|
            information|details about|on|for TASK; is SURE paused|active|on|off|running|enabled|
            still_active|ok|okay|up|healthy|still_on|still_paused|alive [right_now|now|again]; who|
            whom is|gets|does told|notified|emailed|pinged|hears about|of|when TASK [fails|finishes|
            runs]; who hears|learns about|of TASK; who|whom does TASK notify|tell|email|ping; where
            does TASK post|report|go; which|what agent|channel runs|does TASK [use|run|post_in|
            post_to]; what will|would TASK do|check
        """,
        make=_card,
    ),
)  # fmt: skip
