"""`auth.*`, `team.*`, `bots.*`, `users.*`: whose token it is, and who everybody is."""

from __future__ import annotations

from collections.abc import Callable

from bot.playground import shapes
from bot.playground.calls import Arguments, Method, SlackError, page_of
from bot.playground.entities import SLACKBOT, Json
from bot.playground.workspace import Workspace


class PeopleMethods:
    """The methods that say who is who; `socket_url` gives the address of a new socket."""

    def __init__(self, workspace: Workspace, socket_url: Callable[[], str]) -> None:
        self._workspace = workspace
        self._socket_url = socket_url

    def table(self) -> dict[str, Method]:
        """Name the methods."""
        return {
            "api.test": Method(run=lambda _: {}, token=None),
            "auth.test": Method(run=self.whoami),
            "apps.connections.open": Method(run=self.connect, token="xapp"),  # noqa: S106 - a kind
            "team.info": Method(run=self.team, scope="team:read"),
            "bots.info": Method(run=self.bot, scope="users:read"),
            "users.info": Method(run=self.person, scope="users:read"),
            "users.list": Method(run=self.people, scope="users:read"),
        }

    def whoami(self, _: Arguments) -> Json:
        """Say whose token it is."""
        team, app = self._workspace.team, self._workspace.app
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.name,
            "user": self._workspace.people[app.user].name,
            "team_id": team.id,
            "user_id": app.user,
            "bot_id": app.bot_id,
            "app_id": app.id,
            "app_name": app.name,
            "is_enterprise_install": False,
        }

    def connect(self, _: Arguments) -> Json:
        """Give the address of one new socket."""
        return {"url": self._socket_url()}

    def team(self, _: Arguments) -> Json:
        """Describe the workspace."""
        return {"team": shapes.team(self._workspace.team)}

    def bot(self, arguments: Arguments) -> Json:
        """Describe a bot, the app's own unless another is named."""
        wanted = arguments.text("bot") or self._workspace.app.bot_id
        for person in self._workspace.people.values():
            is_app = person.is_bot and person.id != SLACKBOT
            if is_app and shapes.bot_ids(person, self._workspace)[1] == wanted:
                return {"bot": shapes.bot_profile(person, self._workspace)}
        raise SlackError("bot_not_found")

    def person(self, arguments: Arguments) -> Json:
        """Describe a person, their zone too."""
        found = self._workspace.people.get(arguments.required("user"))
        if found is None:
            raise SlackError("user_not_found")
        return {"user": shapes.person(found, self._workspace)}

    def people(self, arguments: Arguments) -> Json:
        """List everybody, the deactivated and the strangers of shared channels too."""
        listed = [shapes.person(each, self._workspace) for each in self._workspace.people.values()]
        page, cursor = page_of(listed, arguments)
        return {
            "members": page,
            "cache_ts": int(self._workspace.clock()),
            "response_metadata": {"next_cursor": cursor},
        }
