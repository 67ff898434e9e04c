"""What one click says: it must be on an element that is there, and choose what it offers; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.playground.entities import Json


class BadAction(Exception):
    """There is no such element there, or it does not offer that choice."""


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")


def elements_of(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Give every element people can act on, with the id of its block."""
    for block in blocks:
        found = [*block.get("elements", [])] if block.get("type") == "actions" else []
        found += [block[slot] for slot in ("accessory", "element") if slot in block]
        for element in found:
            if element.get("type") != "image":
                yield block.get("block_id", ""), element


def find_element(blocks: list[Json], given: Json) -> Json:
    """Find the element a click names by block, action and type; raises BadAction."""
    for block_id, element in elements_of(blocks):
        if (
            block_id == given.get("block_id")
            and element.get("action_id") == given.get("action_id")
            and element["type"] == given.get("type", element["type"])
        ):
            return element
    raise BadAction("no_such_action")


def read_action(element: Json, given: Json, *, action_ts: str) -> Json:
    """Word a click as the app reads it, the offered choice taken from the element itself."""
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": given["block_id"],
        "action_ts": action_ts,
    }
    return action | _chosen(element, given)


def values_of(blocks: list[Json], state: Json, given: Json, action: Json) -> Json:
    """Give the state of every input on a surface: what the page sent, and the click itself."""
    values: Json = {}
    for block_id, element in elements_of(blocks):
        if element["type"] in ("button", "overflow"):
            continue
        sent = state.get(block_id, {}).get(element["action_id"])
        if (block_id, element["action_id"]) == (given.get("block_id"), given.get("action_id")):
            sent = action
        chosen = _chosen(element, sent if sent is not None else initial_of(element))
        values.setdefault(block_id, {})[element["action_id"]] = {
            "type": element["type"],
            **chosen,
        }
    return values


def initial_of(element: Json) -> Json:
    """Say what an element holds before anybody has touched it."""
    names = {"initial_value": "value"}
    return {
        names.get(name, name.replace("initial_", "selected_")): value
        for name, value in element.items()
        if name.startswith("initial_")
    }


def _chosen(element: Json, given: Json) -> Json:
    return _CHOICES.get(element["type"], _anything)(element, given)


def _button(element: Json, _: Json) -> Json:
    return {name: element[name] for name in ("text", "value", "style", "url") if name in element}


def _option(element: Json, given: Json) -> Json:
    chosen = given.get("selected_option")
    return {"selected_option": _offered(element, chosen) if chosen else None}


def _options(element: Json, given: Json) -> Json:
    chosen = given.get("selected_options") or []
    return {"selected_options": [_offered(element, each) for each in chosen]}


def _offered(element: Json, chosen: Any) -> Json:
    value = chosen.get("value") if isinstance(chosen, dict) else chosen
    offered: list[Json] = list(element.get("options", []))
    for group in element.get("option_groups", []):
        offered += group["options"]
    for option in offered:
        if option.get("value") == value:
            return option
    raise BadAction("no_such_option")


def _written(name: str, form: re.Pattern[str]) -> Callable[[Json, Json], Json]:
    def read(_: Json, given: Json) -> Json:
        value = given.get(name)
        if value is not None and not form.fullmatch(str(value)):
            raise BadAction(f"invalid_{name}")
        return {name: value}

    return read


def _value(_: Json, given: Json) -> Json:
    return {"value": given.get("value") or None}


def _anything(_: Json, given: Json) -> Json:
    return {name: value for name, value in given.items() if name.startswith("selected_")}


_CHOICES: dict[str, Callable[[Json, Json], Json]] = {
    "button": _button,
    "checkboxes": _options,
    "datepicker": _written("selected_date", _DATE),
    "email_text_input": _value,
    "multi_static_select": _options,
    "number_input": _value,
    "overflow": _option,
    "plain_text_input": _value,
    "radio_buttons": _option,
    "static_select": _option,
    "timepicker": _written("selected_time", _TIME),
    "url_text_input": _value,
}
