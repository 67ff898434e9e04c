"""What the browser page does with views: submits and closes modals, opens the Home, clicks."""

from __future__ import annotations

from aiohttp import web

from bot.playground.calls import read_body
from bot.playground.homes import Homes
from bot.playground.page_api import person_of
from bot.playground.views import Views
from bot.playground.workspace import Workspace

TABS = ("home", "messages")


class PageViews:
    """Answers the browser where a view is concerned."""

    def __init__(self, workspace: Workspace, views: Views, homes: Homes) -> None:
        self._workspace = workspace
        self._views = views
        self._homes = homes

    def routes(self) -> list[web.AbstractRouteDef]:
        """Name the routes."""
        return [web.post("/ui/view", self.view), web.post("/ui/home", self.home)]

    async def view(self, request: web.Request) -> web.Response:
        """Submit or close the view a person has open, or act on an element of it."""
        body = await read_body(request)
        person, view_id = person_of(self._workspace, body.get("as")), str(body.get("view_id"))
        if body.get("action") == "act":
            return web.json_response(await self._views.act(person, view_id, body))
        act = self._views.close if body.get("action") == "close" else self._views.submit
        return web.json_response(await act(person, view_id, body.get("values") or {}))

    async def home(self, request: web.Request) -> web.Response:
        """Open one of the tabs of the app's Home, and give what it published for the person."""
        body = await read_body(request)
        person, tab = person_of(self._workspace, body.get("as")), str(body.get("tab", "home"))
        if tab not in TABS or self._workspace.people[person].is_stranger:
            raise web.HTTPNotFound(text="no such tab")
        if not self._workspace.app.has_home:
            return web.json_response({"ok": True, "view": None})
        return web.json_response({"ok": True, "view": self._homes.open(person, tab)})
