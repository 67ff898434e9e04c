"""Help by topic: for each a sentence, and three requests that can be said as they stand."""

from __future__ import annotations

from dataclasses import dataclass

from bot.blocks.cards import Message
from bot.blocks.words import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What there is to know of one thing that can be asked, and how it is said."""

    about: str
    examples: tuple[str, str, str]


TOPICS = {
    "times": Topic(
        about="Say days, times and exceptions as you would to a person; I say them back with the"
        " next runs. Where something is open I ask.",
        examples=(
            "@tony check the database every weekday at 9:00",
            "@kai look for stuck pods every 20 minutes between 9 and 18",
            "@alex daily cost report at 8 AM except Fridays",
        ),
    ),
    "agents": Topic(
        about="Alex knows cost, Tony databases, Kai clusters, Oliver security; Anna sums up. Name"
        " one, or I choose by the work.",
        examples=(
            "@alex schedule daily cost report at 8 AM",
            "@oliver check the certificates every Monday at 9:00",
            "@anna sum up the week every Friday at 16:00",
        ),
    ),
    "edit": Topic(
        about="Name a task, or answer in its thread; what you don't name stays as it is. *Edit* on"
        " its card has everything.",
        examples=(
            "make T-12 9:30 instead",
            "move T-12 to Mondays and Thursdays",
            "rename T-12 to EU costs",
        ),
    ),
    "pause": Topic(
        about="A paused task does not come due; it goes on when you say so, or at the end you name."
        " Several are shown first, and wait for your click.",
        examples=(
            "pause T-12 until Monday",
            "pause all of kai's tasks here",
            "resume T-12",
        ),
    ),
    "notify": Topic(
        about="Results stand in a task's own channel. Others can be told, too, when it starts,"
        " completes, fails or finds something new; not by email yet.",
        examples=(
            "tell me when T-12 completes",
            "notify #platform when T-12 fails",
            "stop notifying #platform about T-12",
        ),
    ),
    "templates": Topic(
        about="Work kept under a name, for tasks to be made from; `{{region}}` in it takes a value"
        " each time.",
        examples=(
            "save T-12 as a template called eu-costs",
            "create a task from template eu-costs with region=eu every Monday at 9:00",
            "which templates are there?",
        ),
    ),
    "workflows": Topic(
        about="I read work in stages and say it back, but I can't run it yet; each step alone can"
        " be a task.",
        examples=(
            "first alex checks cost, then anna sums up, every Monday at 9:00",
            "kai checks the pods and tony checks the database, then anna sums up",
            "if T-12 fails, kai checks the cluster",
        ),
    ),
    "zones": Topic(
        about="Times are on your Slack zone's wall, or on the channel's where it has one; every"
        " card says which.",
        examples=(
            "set this channel's zone to Berlin",
            "@alex report costs daily at 9:00 London time",
            "zone off",
        ),
    ),
    "lists": Topic(
        about="By agent, channel, state, owner, name or day, and all of these at once.",
        examples=(
            "list kai's failing tasks",
            "what runs on Mondays?",
            "list my paused tasks",
        ),
    ),
}


def help_topic(topic: str) -> Message:
    """Say what there is to know of a topic, with requests to try."""
    known = TOPICS[topic]
    examples = "\n".join(f"• `{example}`" for example in known.examples)
    return plain(f"{known.about}\n{examples}")
