"""The workspace a first visitor finds: team Acme, three people, four channels, and Chatcron."""

from __future__ import annotations

from bot.playground.entities import (
    SLACKBOT,
    App,
    Channel,
    ChannelKind,
    Command,
    Person,
    Seed,
    Team,
)

BOT = "U0BOT"
PEOPLE = ("U0MAYA", "U0RAVI", "U0SAM")

ACME = Seed(
    team=Team(id="T0ACME", name="Acme", domain="acme"),
    app=App(
        id="A0CHATCRON",
        bot_id="B0CHATCRON",
        user=BOT,
        name="Chatcron",
        commands=(
            Command(
                command="/tasks",
                usage_hint="[list|show|pause|resume|run|edit|delete|history|next|help]",
                description="See and steer scheduled tasks",
            ),
        ),
        personas=("alex", "oliver", "tony", "kai", "anna"),
    ),
    people=(
        Person(
            id="U0MAYA",
            name="maya",
            real_name="Maya",
            tz="Europe/Berlin",
            color="7d3c98",
            is_admin=True,
        ),
        Person(id="U0RAVI", name="ravi", real_name="Ravi", tz="America/Chicago", color="1f7a5c"),
        Person(id="U0SAM", name="sam", real_name="Sam", tz="Europe/London", color="b9770e"),
        Person(
            id=BOT, name="chatcron", real_name="Chatcron", tz="Etc/UTC", color="2e4a8b", is_bot=True
        ),
        Person(
            id=SLACKBOT,
            name="slackbot",
            real_name="Slackbot",
            tz="Etc/UTC",
            color="757575",
            is_bot=True,
        ),
    ),
    channels=(
        Channel(id="C0GENERAL", name="general", members=(*PEOPLE, BOT)),
        Channel(id="C0FINOPS", name="finops", members=(*PEOPLE, BOT)),
        Channel(id="C0PLATFORM", name="platform", members=(*PEOPLE, BOT)),
        Channel(id="C0RANDOM", name="random", members=PEOPLE),
        Channel(id="D0MAYA", name="maya", kind=ChannelKind.IM, members=("U0MAYA", BOT)),
        Channel(id="D0RAVI", name="ravi", kind=ChannelKind.IM, members=("U0RAVI", BOT)),
        Channel(id="D0SAM", name="sam", kind=ChannelKind.IM, members=("U0SAM", BOT)),
    ),
    suggestion="@Chatcron alex schedule daily cost report at 8 AM",
)
