"""Slack's limits on what a message or a view may carry, and a check against them; pure.

The product checks what it is about to send, and the local Slack checks what it receives, with the
same constants and the error shape of Slack's own `blocks.validate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

Json = dict[str, Any]

MESSAGE_TEXT = 40_000
UPDATE_TEXT = 4_000
MESSAGE_BLOCKS = 50
MESSAGE_BLOCK_CHARS = (
    13_000  # all the text in a message's blocks; rejections are reported from here
)
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
SECTION_TEXT = 3_000
SECTION_FIELDS = 10
FIELD_TEXT = 2_000
HEADER_TEXT = 150
MARKDOWN_TEXT = 12_000
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
ID_CHARS = 255
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
URL_CHARS = 3_000
OPTIONS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
OVERFLOW_OPTIONS = 5
CHOICE_OPTIONS = 10
PLACEHOLDER = 150
INPUT_TEXT = 3_000
LABEL = 2_000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000
TABLE_ROWS = 100
TABLE_CELLS = 20
ALT_TEXT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing Slack would refuse: where it is, and which limit it breaks."""

    code: str
    message: str
    field: str
    pointer: str
    constraint: str | int | None = None

    def to_json(self) -> Json:
        """Show it as `blocks.validate` does."""
        return asdict(self)


Problems = Iterator[Problem]


def check_message(payload: Json) -> list[Problem]:
    """List what Slack would refuse in a message's `blocks`; empty when it would take them."""
    blocks = payload.get("blocks") or []
    problems = [*_size(blocks, "/blocks", MESSAGE_BLOCKS), *_blocks(blocks, "message")]
    if not problems and (used := _chars(blocks)) > MESSAGE_BLOCK_CHARS:
        message = f"blocks carry {used} characters of text, more than {MESSAGE_BLOCK_CHARS}"
        problems.append(_problem("too_long", message, "/blocks", MESSAGE_BLOCK_CHARS))
    return problems


def check_view(view: Json) -> list[Problem]:
    """List what Slack would refuse in a modal or a Home view."""
    return list(_view(view))


def _view(view: Json) -> Problems:
    kind = view.get("type")
    if kind not in ("modal", "home"):
        yield _problem("invalid_value", "must be modal or home", "/type", "modal|home")
        return
    if kind == "modal":
        yield from _text(view.get("title"), "/title", VIEW_TITLE, required=True, plain=True)
        for name in ("submit", "close"):
            yield from _text(view.get(name), f"/{name}", VIEW_TITLE, plain=True)
        inputs = [each for _, each in _items(view.get("blocks")) if each.get("type") == "input"]
        if inputs and view.get("submit") is None:
            yield _problem("missing_field", "submit is required with input blocks", "/submit")
    for name, most in (
        ("private_metadata", PRIVATE_METADATA),
        ("callback_id", ID_CHARS),
        ("external_id", ID_CHARS),
    ):
        yield from _length(view.get(name), f"/{name}", most)
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        yield _problem("missing_field", "blocks is required", "/blocks")
        return
    yield from _size(blocks, "/blocks", VIEW_BLOCKS)
    yield from _blocks(blocks, kind)


def _blocks(blocks: Any, surface: str) -> Problems:
    seen: set[str] = set()
    tables = 0
    for at, block in _items(blocks):
        pointer = f"/blocks/{at}"
        check = _BLOCKS.get(str(block.get("type")))
        if check is None:
            yield _problem("invalid_block_type", "unsupported type of block", f"{pointer}/type")
            continue
        if block["type"] in _NOT_ON.get(surface, ()):
            message = f"{block['type']} is not allowed in a {surface}"
            yield _problem("invalid_surface", message, f"{pointer}/type", surface)
        tables += block["type"] == "table"
        if tables > 1:
            yield _problem("too_many", "only one table is allowed", pointer, 1)
        yield from _length(block.get("block_id"), f"{pointer}/block_id", ID_CHARS)
        yield from _once(block, "block_id", pointer, seen)
        yield from check(block, pointer)


def _section(block: Json, pointer: str) -> Problems:
    fields = block.get("fields")
    yield from _text(
        block.get("text"), f"{pointer}/text", SECTION_TEXT, required=not fields, shortest=1
    )
    if fields is not None:
        yield from _size(fields, f"{pointer}/fields", SECTION_FIELDS, fewest=1)
        for at, field in _items(fields):
            yield from _text(field, f"{pointer}/fields/{at}", FIELD_TEXT, required=True)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{pointer}/accessory", _ACCESSORIES)


def _header(block: Json, pointer: str) -> Problems:
    yield from _text(
        block.get("text"), f"{pointer}/text", HEADER_TEXT, required=True, plain=True, shortest=1
    )


def _context(block: Json, pointer: str) -> Problems:
    elements = block.get("elements") or []
    yield from _size(elements, f"{pointer}/elements", CONTEXT_ELEMENTS, fewest=1)
    for at, element in _items(elements):
        here = f"{pointer}/elements/{at}"
        if element.get("type") == "image":
            yield from _image(element, here)
        else:
            yield from _text(element, here, SECTION_TEXT, required=True, shortest=1)


def _actions(block: Json, pointer: str) -> Problems:
    elements = block.get("elements") or []
    yield from _size(elements, f"{pointer}/elements", ACTIONS_ELEMENTS, fewest=1)
    seen: set[str] = set()
    for at, element in _items(elements):
        here = f"{pointer}/elements/{at}"
        yield from _element(element, here, _ACTIONS)
        yield from _once(element, "action_id", here, seen)


def _input(block: Json, pointer: str) -> Problems:
    yield from _text(block.get("label"), f"{pointer}/label", LABEL, required=True, plain=True)
    yield from _text(block.get("hint"), f"{pointer}/hint", LABEL, plain=True)
    yield from _element(block.get("element"), f"{pointer}/element", _INPUTS)


def _image(block: Json, pointer: str) -> Problems:
    if not (block.get("image_url") or block.get("slack_file")):
        yield _problem("missing_field", "image_url is required", f"{pointer}/image_url")
    yield from _length(block.get("image_url"), f"{pointer}/image_url", URL_CHARS)
    yield from _length(block.get("alt_text"), f"{pointer}/alt_text", ALT_TEXT, required=True)


def _markdown(block: Json, pointer: str) -> Problems:
    yield from _length(block.get("text"), f"{pointer}/text", MARKDOWN_TEXT, required=True)


def _table(block: Json, pointer: str) -> Problems:
    rows = block.get("rows")
    yield from _size(rows, f"{pointer}/rows", TABLE_ROWS, fewest=1)
    for at, row in enumerate(rows if isinstance(rows, list) else ()):
        yield from _size(row, f"{pointer}/rows/{at}", TABLE_CELLS, fewest=1)


def _rich_text(block: Json, pointer: str) -> Problems:
    if not isinstance(block.get("elements"), list):
        yield _problem("missing_field", "elements is required", f"{pointer}/elements")


def _nothing(_: Json, __: str) -> Problems:
    return iter(())


def _element(element: Any, pointer: str, allowed: frozenset[str]) -> Problems:
    kind = str(element.get("type")) if isinstance(element, dict) else ""
    if kind not in allowed:
        yield _problem("invalid_element_type", "unsupported type of element", f"{pointer}/type")
        return
    if kind == "image":
        yield from _image(element, pointer)
        return
    yield from _length(element.get("action_id"), f"{pointer}/action_id", ID_CHARS)
    yield from _text(element.get("placeholder"), f"{pointer}/placeholder", PLACEHOLDER, plain=True)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{pointer}/confirm")
    yield from _ELEMENTS.get(kind, _nothing)(element, pointer)


def _button(element: Json, pointer: str) -> Problems:
    yield from _text(
        element.get("text"), f"{pointer}/text", BUTTON_TEXT, required=True, plain=True, shortest=1
    )
    yield from _length(element.get("value"), f"{pointer}/value", BUTTON_VALUE)
    yield from _length(element.get("url"), f"{pointer}/url", URL_CHARS)
    if element.get("style") not in (None, "primary", "danger"):
        yield _problem(
            "invalid_value", "must be primary or danger", f"{pointer}/style", "primary|danger"
        )


def _static_select(element: Json, pointer: str) -> Problems:
    groups = element.get("option_groups")
    if groups is None:
        yield from _options(element.get("options"), f"{pointer}/options", OPTIONS)
        return
    yield from _size(groups, f"{pointer}/option_groups", OPTIONS, fewest=1)
    for at, group in _items(groups):
        here = f"{pointer}/option_groups/{at}"
        yield from _text(
            group.get("label"), f"{here}/label", OPTION_TEXT, required=True, plain=True
        )
        yield from _options(group.get("options"), f"{here}/options", OPTIONS)


def _choices(element: Json, pointer: str) -> Problems:
    most = OVERFLOW_OPTIONS if element["type"] == "overflow" else CHOICE_OPTIONS
    yield from _options(element.get("options"), f"{pointer}/options", most)


def _plain_text_input(element: Json, pointer: str) -> Problems:
    yield from _length(element.get("initial_value"), f"{pointer}/initial_value", INPUT_TEXT)
    for name in ("min_length", "max_length"):
        if isinstance(given := element.get(name), int) and given > INPUT_TEXT:
            yield _problem(
                "too_large", f"must be at most {INPUT_TEXT}", f"{pointer}/{name}", INPUT_TEXT
            )


def _options(options: Any, pointer: str, most: int) -> Problems:
    yield from _size(options, pointer, most, fewest=1)
    for at, option in _items(options):
        here = f"{pointer}/{at}"
        yield from _text(option.get("text"), f"{here}/text", OPTION_TEXT, required=True)
        yield from _text(option.get("description"), f"{here}/description", OPTION_TEXT)
        yield from _length(option.get("value"), f"{here}/value", OPTION_VALUE)
        yield from _length(option.get("url"), f"{here}/url", URL_CHARS)


def _confirm(confirm: Any, pointer: str) -> Problems:
    dialog = confirm if isinstance(confirm, dict) else {}
    for name, most in (
        ("title", CONFIRM_TITLE),
        ("text", CONFIRM_TEXT),
        ("confirm", CONFIRM_BUTTON),
        ("deny", CONFIRM_BUTTON),
    ):
        yield from _text(dialog.get(name), f"{pointer}/{name}", most, required=True)


def _text(
    value: Any,
    pointer: str,
    most: int,
    *,
    required: bool = False,
    plain: bool = False,
    shortest: int = 0,
) -> Problems:
    """Check a text object: its type, and the length of its text."""
    if value is None:
        if required:
            yield _problem("missing_field", "a text object is required", pointer)
        return
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if not isinstance(value, dict) or value.get("type") not in kinds:
        expected = "|".join(kinds)
        yield _problem("invalid_value", f"must be {expected}", f"{pointer}/type", expected)
        return
    yield from _length(value.get("text"), f"{pointer}/text", most, required=True, fewest=shortest)


def _length(
    value: Any, pointer: str, most: int, *, required: bool = False, fewest: int = 0
) -> Problems:
    if value is None:
        if required:
            yield _problem("missing_field", "a text is required", pointer)
    elif not isinstance(value, str):
        yield _problem("invalid_type", "must be a text", pointer, "string")
    elif len(value) > most:
        yield _problem("too_long", f"must be less than {most + 1} characters", pointer, most)
    elif len(value) < fewest:
        yield _problem("too_short", f"must be more than {fewest - 1} characters", pointer, fewest)


def _size(value: Any, pointer: str, most: int, *, fewest: int = 0) -> Problems:
    if not isinstance(value, list):
        yield _problem("invalid_type", "must be a list", pointer, "array")
    elif len(value) > most:
        yield _problem("too_many", f"no more than {most} items allowed", pointer, most)
    elif len(value) < fewest:
        yield _problem("too_few", f"no less than {fewest} items allowed", pointer, fewest)


def _once(thing: Json, name: str, pointer: str, seen: set[str]) -> Problems:
    """Check that an id has not been seen among its neighbours, and note it."""
    given = str(thing.get(name) or "")
    if given and given in seen:
        yield _problem("duplicate", f"{name} must be unique", f"{pointer}/{name}")
    seen.add(given)


def _items(value: Any) -> list[tuple[int, Json]]:
    """Give the items of a list with their numbers; one that is no object counts as empty."""
    items = value if isinstance(value, list) else []
    return [(at, each if isinstance(each, dict) else {}) for at, each in enumerate(items)]


def _problem(code: str, message: str, pointer: str, constraint: str | int | None = None) -> Problem:
    field = pointer.rpartition("/")[2]
    return Problem(code=code, message=message, field=field, pointer=pointer, constraint=constraint)


def _chars(value: Any) -> int:
    """Count the characters of every text under a value."""
    if isinstance(value, list):
        return sum(_chars(each) for each in value)
    if isinstance(value, dict):
        return sum(
            len(each) if name == "text" and isinstance(each, str) else _chars(each)
            for name, each in value.items()
        )
    return 0


_BLOCKS: dict[str, Callable[[Json, str], Problems]] = {
    "actions": _actions,
    "context": _context,
    "divider": _nothing,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
}

_NOT_ON = {"modal": ("markdown", "table"), "home": ("markdown", "table")}

_ELEMENTS: dict[str, Callable[[Json, str], Problems]] = {
    "button": _button,
    "checkboxes": _choices,
    "overflow": _choices,
    "plain_text_input": _plain_text_input,
    "radio_buttons": _choices,
    "static_select": _static_select,
    "multi_static_select": _static_select,
}

_PICKERS = frozenset(
    {
        "channels_select",
        "checkboxes",
        "conversations_select",
        "datepicker",
        "datetimepicker",
        "radio_buttons",
        "static_select",
        "timepicker",
        "users_select",
    }
)
_ACTIONS = _PICKERS | {"button", "overflow"}
_MULTI = frozenset({"multi_channels_select", "multi_static_select", "multi_users_select"})
_ACCESSORIES = _ACTIONS | _MULTI | {"image"}
_INPUTS = (
    _PICKERS | _MULTI | {"email_text_input", "number_input", "plain_text_input", "url_text_input"}
)
