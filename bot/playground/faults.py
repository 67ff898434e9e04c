"""Failures a test has ordered for the next calls of a method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

ANY = "*"


class FaultKind(StrEnum):
    """How a call fails; `lost` does the work and then drops the connection before the answer."""

    RATE = "429"
    SERVER = "500"
    DROP = "drop"
    LOST = "lost"
    DELAY = "delay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A failure for the next `times` calls of a method."""

    method: str
    kind: FaultKind
    times: int = 1
    retry_after: int = 1
    seconds: float = 0.0


class Faults:
    """The failures that are still to come, in the order they were ordered."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        """Order a failure."""
        self._planned.append(fault)

    def take(self, method: str) -> Fault | None:
        """Give the failure that this call meets, if there is one, and count it."""
        for at, fault in enumerate(self._planned):
            if fault.method in (method, ANY):
                if fault.times > 1:
                    self._planned[at] = replace(fault, times=fault.times - 1)
                else:
                    del self._planned[at]
                return fault
        return None
