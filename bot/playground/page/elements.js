// Block Kit's interactive elements. Each tells its host two things: `set` with every change of its
// answer, `commit` at the moment Slack would send an action. What stands in an input block is sent
// with its form only, unless the block asks for more: there is no `commit` then.

import { el, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { plainText, renderText } from "./mrkdwn.js";

let serial = 0;
const freshId = (name) => `${name}-${(serial += 1)}`;

const DRAW = {
  button,
  overflow,
  static_select: (element, port) =>
    select(element, port, "selected_option", optionsOf(element), element.initial_option),
  users_select: (element, port) => pick(element, port, "user", port.directory.people()),
  channels_select: (element, port) => pick(element, port, "channel", port.directory.channels()),
  conversations_select: (element, port) =>
    pick(element, port, "conversation", port.directory.channels()),
  timepicker: (element, port) => moment(element, port, "time", "selected_time", element.initial_time),
  datepicker: (element, port) => moment(element, port, "date", "selected_date", element.initial_date),
  checkboxes: (element, port) => boxes(element, port, "checkbox"),
  radio_buttons: (element, port) => boxes(element, port, "radio"),
  plain_text_input: textInput,
  number_input: textInput,
};

/** The node of an interactive element, or null for a kind the page does not know. */
export function drawElement(element, blockId, host, label = null) {
  const port = {
    label: label ?? element.placeholder?.text ?? element.action_id ?? element.type,
    directory: host.directory,
    set: (answer) => host.set(blockId, element, answer),
    commit: (answer, node) => host.commit?.(blockId, element, answer, node),
    acts: Boolean(host.commit),
  };
  return DRAW[element.type]?.(element, port) ?? null;
}

function button(element, port) {
  const answer = { value: element.value };
  const press = ({ currentTarget }) => {
    if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
    port.commit(answer, currentTarget);
  };
  const style = element.style ? ` button-${element.style}` : "";
  return el(
    "button",
    {
      type: "button",
      class: `button${style}`,
      disabled: !port.acts,
      "aria-label": element.accessibility_label,
      onclick: press,
    },
    plainText(element.text.text),
  );
}

function overflow(element, port) {
  const items = element.options.map((option) => ({
    label: plainText(option.text.text),
    choose: (anchor) => {
      if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
      port.commit({ selected_option: option }, anchor);
    },
  }));
  const open = ({ currentTarget }) => openMenu(currentTarget, items);
  return el(
    "button",
    { type: "button", class: "button button-icon", "aria-label": "More actions", "aria-haspopup": "menu", onclick: open },
    icon("dots"),
  );
}

const optionsOf = (element) =>
  element.options ?? element.option_groups.flatMap((group) => group.options);

function select(element, port, answerName, options, initial) {
  const asOption = (option, index) =>
    el("option", { value: index, selected: option.value === initial?.value }, option.text.text);
  const nodes = element.option_groups
    ? element.option_groups.map((group) =>
        el("optgroup", { label: group.label.text }, group.options.map((o) => asOption(o, options.indexOf(o)))),
      )
    : options.map(asOption);
  const placeholder = element.placeholder?.text ?? "Choose…";
  const change = ({ currentTarget }) => {
    const chosen = options[Number(currentTarget.value)] ?? null;
    port.set({ [answerName]: chosen });
    if (chosen) port.commit({ [answerName]: chosen }, currentTarget);
  };
  port.set({ [answerName]: initial ?? null });
  return el(
    "select",
    { class: "field field-select", "aria-label": port.label, onchange: change },
    el("option", { value: "" }, placeholder),
    nodes,
  );
}

function pick(element, port, kind, entries) {
  const options = entries.map(({ id, name }) => ({ text: { text: name }, value: id }));
  const start = element[`initial_${kind}`];
  const initial = options.find((option) => option.value === start);
  const name = `selected_${kind}`;
  const plain = (answer) => ({ [name]: answer[name]?.value ?? null });
  const inner = {
    ...port,
    set: (answer) => port.set(plain(answer)),
    commit: (answer, node) => port.commit(plain(answer), node),
  };
  return select(element, inner, name, options, initial);
}

function moment(element, port, type, answerName, initial) {
  let sent = initial ?? "";
  const answer = (value) => ({ [answerName]: value || null });
  const commit = ({ currentTarget }) => {
    if (!currentTarget.value || currentTarget.value === sent) return;
    sent = currentTarget.value;
    port.commit(answer(sent), currentTarget);
  };
  port.set(answer(initial));
  return el("input", {
    type,
    class: "field",
    value: initial,
    "aria-label": port.label,
    oninput: ({ currentTarget }) => port.set(answer(currentTarget.value)),
    onblur: commit,
    onkeydown: (event) => event.key === "Enter" && commit(event),
  });
}

function boxes(element, port, type) {
  const single = type === "radio";
  const group = freshId("choice");
  const initial = single ? [element.initial_option].filter(Boolean) : (element.initial_options ?? []);
  const chosen = new Set(initial.map((option) => option.value));
  const answer = () => {
    const options = element.options.filter((option) => chosen.has(option.value));
    return single ? { selected_option: options[0] ?? null } : { selected_options: options };
  };
  const change = (option) => ({ currentTarget }) => {
    if (single) chosen.clear();
    if (currentTarget.checked) chosen.add(option.value);
    else chosen.delete(option.value);
    port.set(answer());
    port.commit(answer(), currentTarget);
  };
  port.set(answer());
  const rows = element.options.map((option) =>
    el(
      "label",
      { class: "choice" },
      el("input", { type, name: group, checked: chosen.has(option.value), onchange: change(option) }),
      el(
        "span",
        {},
        renderText(option.text, port.directory),
        option.description ? el("small", {}, renderText(option.description, port.directory)) : null,
      ),
    ),
  );
  return el("div", { class: "choices", role: single ? "radiogroup" : "group", "aria-label": port.label }, rows);
}

function textInput(element, port) {
  const number = element.type === "number_input";
  const answer = (value) => ({ value: value || null });
  const commit = (event) => {
    if (event.key !== "Enter" || event.shiftKey || (element.multiline && !event.ctrlKey)) return;
    port.commit(answer(event.currentTarget.value), event.currentTarget);
  };
  port.set(answer(element.initial_value));
  const node = el(element.multiline ? "textarea" : "input", {
    type: element.multiline ? null : number ? "number" : "text",
    step: number && element.is_decimal_allowed ? "any" : null,
    min: element.min_value,
    max: element.max_value,
    class: "field field-wide",
    rows: element.multiline ? 4 : null,
    placeholder: element.placeholder?.text,
    minlength: element.min_length,
    maxlength: element.max_length,
    autofocus: element.focus_on_load,
    "aria-label": port.label,
    oninput: ({ currentTarget }) => port.set(answer(currentTarget.value)),
    onkeydown: commit,
  });
  node.value = element.initial_value ?? "";
  return node;
}
