"""The app's Home: what it published for each person, and which tab of it somebody looks at."""

from __future__ import annotations

from collections.abc import Callable

from bot.playground.calls import Arguments, Method, SlackError
from bot.playground.entities import Json
from bot.playground.events import Events
from bot.playground.surfaces import check_hash, checked, composed, is_named
from bot.playground.workspace import Workspace


class Homes:
    """Keeps one Home a person; `show` tells their browser."""

    def __init__(
        self, workspace: Workspace, events: Events, *, show: Callable[[str, Json], None]
    ) -> None:
        self._workspace = workspace
        self._events = events
        self._show = show
        self._views: dict[str, Json] = {}

    def table(self) -> dict[str, Method]:
        """Name the method by which the app fills a Home."""
        return {"views.publish": Method(run=self.publish)}

    def publish(self, arguments: Arguments) -> Json:
        """Set a person's Home, if it is as the app last saw it."""
        given = checked(arguments, "home")
        if not self._workspace.app.has_home:
            raise SlackError("not_enabled")
        person = self._workspace.people.get(arguments.required("user_id"))
        if person is None or person.is_bot or person.deleted:
            raise SlackError("user_not_found")
        check_hash(arguments, self._views.get(person.id))
        return {"view": self._put(person.id, given)}

    def replace(self, view: Json, arguments: Arguments) -> Json:
        """Replace a Home that `views.update` names."""
        given = checked(arguments, "home")
        check_hash(arguments, view)
        return self._put(next(who for who, each in self._views.items() if each is view), given)

    def named(self, arguments: Arguments) -> Json | None:
        """Find the Home that a call names, if it names one."""
        return next((view for view in self._views.values() if is_named(view, arguments)), None)

    def find(self, person: str, view_id: str) -> Json | None:
        """Find a person's own Home by its id."""
        view = self._views.get(person)
        return view if view and view["id"] == view_id else None

    def open(self, person: str, tab: str) -> Json | None:
        """Tell the app which tab a person looks at, and give their Home as it is now."""
        view = self._views.get(person)
        self._events.opened_home(person, tab, view)
        return view

    def _put(self, person: str, given: Json) -> Json:
        view = composed(given, self._workspace, after=self._views.get(person))
        self._views[person] = view
        self._show(person, {"type": "view", "action": "home", "view": view})
        return view
