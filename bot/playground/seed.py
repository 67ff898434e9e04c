"""The workspace a first visitor finds: team Acme, its people and channels, and Chatcron.

Beside the three who work there: a guest, somebody of another company, and another app's bot.
"""

from __future__ import annotations

from bot.playground.entities import (
    SLACKBOT,
    App,
    Channel,
    ChannelKind,
    Person,
    Seed,
    Team,
)

BOT = "U0BOT"
PEOPLE = ("U0MAYA", "U0RAVI", "U0SAM")

ACME = Seed(
    team=Team(id="T0ACME", name="Acme", domain="acme"),
    neighbours=(Team(id="T0GLOBEX", name="Globex", domain="globex"),),
    app=App(
        id="A0CHATCRON",
        bot_id="B0CHATCRON",
        user=BOT,
        name="Chatcron",
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
            id="U0GITA",
            name="gita",
            real_name="Gita",
            tz="Asia/Kolkata",
            color="a04668",
            is_restricted=True,
            is_ultra_restricted=True,
        ),
        Person(
            id="U0STAN",
            name="stan",
            real_name="Stan",
            tz="America/New_York",
            color="3b6ea5",
            team_id="T0GLOBEX",
        ),
        Person(
            id="U0OTTO",
            name="otto",
            real_name="Otto",
            tz="Etc/UTC",
            color="5f6b3a",
            is_bot=True,
            bot_id="B0OTTO",
            app_id="A0OTTO",
        ),
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
        Channel(id="C0PLATFORM", name="platform", members=(*PEOPLE, BOT, "U0GITA", "U0OTTO")),
        Channel(id="C0RANDOM", name="random", members=PEOPLE),
        Channel(id="C0SECOPS", name="secops", members=("U0MAYA", "U0RAVI", BOT), is_private=True),
        Channel(id="C0BOARD", name="board", members=("U0MAYA",), is_private=True),
        Channel(
            id="C0GLOBEX",
            name="globex-acme",
            members=("U0MAYA", "U0RAVI", "U0STAN", BOT),
            is_ext_shared=True,
        ),
        Channel(id="D0MAYA", name="maya", kind=ChannelKind.IM, members=("U0MAYA", BOT)),
        Channel(id="D0RAVI", name="ravi", kind=ChannelKind.IM, members=("U0RAVI", BOT)),
        Channel(id="D0SAM", name="sam", kind=ChannelKind.IM, members=("U0SAM", BOT)),
        Channel(id="D0GITA", name="gita", kind=ChannelKind.IM, members=("U0GITA", BOT)),
    ),
    suggestion="@Chatcron alex schedule daily cost report at 8 AM",
)
