"""Sentences that say who is to hear of a task, or no longer, in roundabout ways."""

from __future__ import annotations

from bot.intent.intents import By, Intent, Notice, On, SetNotices, ShowTask
from bot.intent.notices import Event
from bot.intent.patterns import Bound, Make, Rule
from bot.intent.reworks import asking, ref_of

_TELL = "notify|tell|ping|alert|message|dm|page|inform|warn|let_know"
_TOLD = "notified|told|pinged|alerted|messaged|dmed|dm'd|paged|informed|warned"
_BE_TOLD = "be_" + _TOLD.replace("|", "|be_")
_TO_BE_TOLD = "to_be_" + _TOLD.replace("|", "|to_be_")
_MAIL = "email|e-mail|mail"
_NOTE = "dm|message|note|ping|notification|alert|heads-up|heads_up|slack_message|direct_message"
_POSTED = "posted|informed|updated|in_the_loop|up_to_date|in_the_know|briefed"
_SHOULD = "should|must|shall|needs_to|has_to|is_to"


def _told(on: On = "complete", by: By = "slack", *, me: bool = False) -> Make:
    """Tell whom a blank names (or the speaker) of an event, or else of `on`."""

    def make(bound: Bound) -> Intent:
        happens = bound.get("EVENT")
        when = happens.on if isinstance(happens, Event) else on
        ref = ref_of(bound)
        if isinstance(happens, Event) and happens.ref is not None and not happens.ref.it:
            ref = happens.ref
        whom = ("me",) if me else bound.get("WHOM", bound.get("CHANNEL", ()))
        names = (whom,) if isinstance(whom, str) else whom
        assert isinstance(names, tuple)
        notices = tuple(Notice(target=str(name), on=when, by=by) for name in names)
        return SetNotices(ref=ref, notices=notices)

    return make


def _stopped(bound: Bound) -> Intent:
    whom = bound.get("WHOM", ())
    assert isinstance(whom, tuple)
    told = tuple(Notice(target=str(name)) for name in whom)
    return SetNotices(ref=ref_of(bound), notices=told, stop=True)


_whom_then = asking(
    "Who shall hear of it, and when? Say it like “tell #ops when T-12 fails”.",
    understood="notifications on",
    reason="no_notice",
)
_ABOUT = "about|on|of|with|regarding|for"
RULES = (
    Rule(
        said=f"""
            keep WHOM {_POSTED} {_ABOUT} TASK; keep WHOM {_POSTED}; keep WHOM in the loop on|about|
            for TASK; {_TELL} WHOM {_ABOUT} every|each|all|any run|runs|result|results of TASK; for
            TASK , {_TELL}|slack WHOM [the] [results|result|output|findings]; for TASK {_TELL}|slack
            WHOM [the] results|result|output|findings; {_TELL} WHOM after|on|for every|each run of
            TASK; {_TELL} WHOM {_ABOUT} SURE; {_TELL} WHOM every_time|each_time|whenever SURE runs|
            ran; let WHOM know about SURE; let WHOM know every_time|each_time|whenever SURE runs|
            ran; let WHOM know how TASK went|goes|is_going; add WHOM to the notifications|watchers|
            recipients|audience|notification_list of|for|on TASK; add WHOM as_a watcher|recipient
            of|for|to TASK; subscribe WHOM to TASK; sign WHOM up for TASK; cc|copy|copy_in WHOM on|
            in_on|into|for TASK; loop WHOM in|in_on TASK; loop in|in_on WHOM on|for TASK; send WHOM
            [the] [notifications|updates|results|updates_of|results_of] of|about|on|from TASK; set
            up|set_up notifications for|of|on TASK to|in|for WHOM; set_up|configure|enable|turn_on|
            add|switch_on notifications for|of|on TASK to|in|for WHOM; notifications of|for TASK
            [should] go|to|: [to] WHOM; turn notifications on for TASK in|to|for WHOM; WHOM
            wants_to|should hear about|of SURE; WHOM should know about TASK; SURE should keep WHOM
            posted|informed; send TASK to WHOM too|as_well|also
        """,
        make=_told(),
    ),
    Rule(
        said=f"""
            send|shoot|drop|give WHOM a|an {_NOTE} EVENT; send|shoot a|an {_NOTE} to WHOM EVENT;
            only|just {_TELL} WHOM EVENT; {_TELL} WHOM only|just EVENT; {_TELL} WHOM [only|just] on|
            of|about failures|failure of|in|for TASK; TASK {_SHOULD} {_TELL} WHOM EVENT; have|let|
            make|get TASK {_TELL} WHOM EVENT; have|let|make|get TASK to {_TELL} WHOM EVENT; WHOM
            {_SHOULD}|wants_to|would_like_to {_BE_TOLD} EVENT; WHOM {_SHOULD} hear about|of_it|
            about_it EVENT; WHOM should know EVENT; loop in WHOM EVENT; loop WHOM in EVENT; make|be
            sure|certain to {_TELL} WHOM EVENT; notifications|notification for|of TASK : WHOM EVENT;
            set_up|add|configure a|an [slack] {_NOTE} to|for|in WHOM EVENT; let WHOM hear about|
            of_it|about_it EVENT; keep WHOM posted|informed EVENT; WHOM EVENT of TASK; set TASK [up]
            to {_TELL} WHOM EVENT; post to|in CHANNEL EVENT; send a note|message|notification to|
            into CHANNEL EVENT
        """,
        make=_told("failure"),
    ),
    Rule(
        said=f"""
            WHOM {_SHOULD}|want|wants get|gets|a|an {_MAIL} EVENT; send|shoot WHOM a|an {_MAIL}
            EVENT; send|shoot a|an {_MAIL} to WHOM EVENT; only|just {_MAIL} WHOM EVENT; {_MAIL} WHOM
            only EVENT; TASK {_SHOULD} {_MAIL} WHOM EVENT; have|let|make|get TASK {_MAIL} WHOM
            EVENT; {_MAIL} WHOM [the] results|result|report|output|findings of|from TASK; {_MAIL}
            [the] results|result|report|output|findings of|from TASK to WHOM; {_MAIL} WHOM TASK
            results|result|output|report; {_MAIL} TASK to WHOM; send [the] results|result|report|
            output of|from TASK to WHOM by|via|as email|e-mail|mail; {_MAIL} WHOM every_time|
            each_time|whenever TASK runs; {_MAIL} WHOM about TASK; set_up|add|configure a|an {_MAIL}
            to|for WHOM EVENT; a|an|one {_MAIL} should|must|shall go to WHOM EVENT
        """,
        make=_told("complete", "email"),
    ),
    Rule(
        said=f"""
            [i|we] [want|need|would_like|wish] [to] {_BE_TOLD}|hear|know|hear_about_it EVENT; [i|we]
            [want|need|would_like] a|an {_NOTE} EVENT; a|an {_NOTE} EVENT; [i|we] [want|need|
            would_like] {_TO_BE_TOLD} EVENT; [i|we] [want|need|would_like] to_know|to_hear|
            to_hear_about_it EVENT
        """,
        make=_told(me=True),
    ),
    Rule(
        said=f"""
            [i|we] [also] [want|need|would_like|wish_for] a|an {_MAIL} EVENT; [i|we] [want|need] to
            be_emailed|get_an_email|receive_an_email|be_mailed EVENT; [i|we] [want|need]
            to_be_emailed|to_get_an_email|to_receive_an_email|be_emailed EVENT; get|give me a|an
            {_MAIL} EVENT
        """,
        make=_told(by="email", me=True),
    ),
    Rule(
        said=f"""
            only|just {_TELL} WHOM when|if|whenever|once something|anything|things changes|change|
            is_new|turns_up|shows_up|comes_up|breaks in|for|with|on TASK; {_TELL} WHOM [only] when|
            if|whenever|once something|anything|things changes|change|is_new|turns_up|shows_up|
            comes_up in|for|with|on TASK; {_TELL} WHOM about|of|on new|all|any|every|the findings|
            results|changes|output|news|finding of|in|from TASK; let WHOM know about|of new|all|any
            findings|results|changes|news of|in|from TASK; let WHOM know when|if|whenever something|
            anything changes|is_new|turns_up in|for|with|on TASK
        """,
        make=_told("output"),
    ),
    Rule(
        said=f"""
            remove|drop|take WHOM from|off the notifications|watchers|recipients|audience|list of|
            for|on TASK; remove|drop|take WHOM from|off TASK; unsubscribe WHOM from TASK; turn|
            switch notifications|alerts|pings|emails off for|of|on TASK; turn|switch off|off_all|
            off_the notifications|alerts|pings|emails for|of|on|from TASK; mute|silence|quiet|hush|
            shush TASK; mute|silence|quiet|hush notifications of|for|from TASK; stop bothering|
            spamming|bugging|disturbing|annoying|nagging WHOM about|with TASK; stop bothering|
            spamming|bugging WHOM EVENT; no|no_more notifications|alerts|pings|emails|messages|dms
            for|from|about|of|on TASK; WHOM don't|doesn't|do_not need|want to_hear|to_know|
            notifications|emails|pings about|of|for|on TASK [any_more|anymore]; [i|we] don't|do_not|
            no_longer want|need to_hear|to_know|notifications|emails|pings|alerts about|of|for|on|
            from TASK [any_more|anymore]; leave WHOM out_of|alone_with|alone_about TASK; don't|
            do_not|never {_TELL}|email WHOM about|of|on TASK [any_more|anymore|again]; stop the
            notifications|alerts|pings|emails of|for|from|about TASK; keep TASK quiet|silent;
            unsubscribe from TASK; tell|notify nobody|no_one [any_more] about|of TASK
        """,
        make=_stopped,
    ),
    Rule(
        said="""
            turn|switch notifications|alerts back on|on_again [for|of] TASK; turn|switch
            notifications|alerts on for|of TASK; turn|switch on notifications|alerts for|of|on TASK;
            unmute TASK; enable|set_up|configure|add|change|edit|update [the] notifications|
            notification|alerts [of|for|on] TASK; notifications for|of TASK; configure|change TASK
            notifications; set up|up_the notifications for TASK; TASK should|must|shall only|just
            alert|notify|ping|tell|report|post EVENT; TASK should|must|shall alert|notify|ping|tell
            only|just EVENT
        """,
        make=_whom_then,
    ),
    Rule(
        said="""
            who|whom is|gets|does told|notified|emailed|pinged|hears about|of|when TASK [fails|
            finishes|runs]
        """,
        make=lambda bound: ShowTask(ref=ref_of(bound)),
    ),
)  # fmt: skip
