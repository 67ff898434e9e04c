"""Sentences that give a task to another agent."""

from __future__ import annotations

from bot.intent.address import USUAL
from bot.intent.intents import Intent, TaskRef, Unclear
from bot.intent.patterns import Bound, Rule
from bot.intent.reworks import edit_from


def _to_nobody(bound: Bound) -> Intent | None:
    name = str(bound["NAME"])
    if " " in name or name.lstrip("@").casefold() in USUAL:
        return None
    return Unclear(
        question=f"I know no agent called {name}; “which agents are there?” names them. "
        "Whom should it be?",
        understood="hand over",
        reason="unknown_agent",
    )


RULES = (
    Rule(
        said="assign|reassign|hand|transfer SURE [over] to NAME; hand_over SURE to NAME",
        make=_to_nobody,
    ),
)


def _whether_now(bound: Bound) -> Unclear | None:
    ref, agent = bound["SURE"], str(bound["AGENT"])
    assert isinstance(ref, TaskRef)
    if ref.it:
        return None
    name = f"T-{ref.number}" if ref.number else f"“{ref.text}”"
    bare = name.strip("“”")
    return Unclear(
        question=f"Should {agent.capitalize()} have {name} from now on, or should it run now?",
        understood=f"{agent} and {name}",
        choices=(f"hand {bare} to {agent}", f"run {bare} now"),
        reason="hand_over_or_run",
    )


HAND_OVERS = (
    Rule(said="let|have AGENT do|run SURE", make=_whether_now),
    Rule(
        said="""
            let|have AGENT do|run|handle|take|own TASK instead_of|rather_than|not OTHER; assign|
            reassign|hand|give|transfer|pass|move|hand_over|switch TASK [over|on] to AGENT; assign|
            reassign|hand|transfer|switch|change TASK from OTHER to AGENT; hand_over|pass_on TASK to
            AGENT; let|have AGENT take_over|take_on|handle|take|own TASK [now|from_now_on|instead];
            let|have AGENT take_over|take_on|take TASK from OTHER; let|have AGENT do|run TASK
            instead|from_now_on; let|have AGENT do it; AGENT should|shall|must|will|can|may
            take_over|take_on|handle|take|own TASK [now|from_now_on|instead]; AGENT should|shall|
            must|will|can run|do TASK instead|from_now_on; AGENT should|shall|must|will|can run|do
            TASK instead_of|rather_than OTHER; AGENT takes_over|takes TASK [now|from_now_on];
            change|set|switch|update the agent|owner|persona of|for|on TASK to AGENT; change|set|
            switch OWNER agent|persona to AGENT; make AGENT responsible_for|run|do|the_agent_for|
            the_agent_of|own|handle TASK [instead|from_now_on]; use AGENT for TASK [instead|
            from_now_on]; TASK should_be|is_to_be run|done by AGENT; TASK belongs_to|
            should_belong_to|goes_to|should_go_to|is_for AGENT [now|instead|from_now_on]; put AGENT
            on TASK [instead]; SURE is for AGENT
        """,
        make=edit_from("agent", "AGENT"),
    ),
)  # fmt: skip
