"""What the app was granted: scopes and events, as its manifest has them until a test acts."""

from __future__ import annotations

from bot.playground.calls import SlackError
from bot.playground.entities import App


class Grants:
    """What the app may do and hears of now; tests take parts away and give them back."""

    def __init__(self, app: App) -> None:
        self.scopes = set(app.scopes)
        self.events = set(app.events)

    def has(self, *any_of: str) -> bool:
        """Say whether at least one of these scopes is granted."""
        return not self.scopes.isdisjoint(any_of)

    def require(self, *any_of: str) -> None:
        """Let a call through that has a scope it needs; raises SlackError `missing_scope`."""
        if not self.has(*any_of):
            raise SlackError("missing_scope", needed=",".join(any_of), provided=self.listed())

    def hears(self, subscription: str, scope: str | None = None) -> bool:
        """Say whether an event is subscribed to, and the scope it needs granted."""
        return subscription in self.events and (scope is None or scope in self.scopes)

    def listed(self) -> str:
        """Give all scopes with commas, as Slack's headers and errors do."""
        return ",".join(sorted(self.scopes))
