// Dialogs: the confirm question before an action, and the views the bot opens.

import { actInView, answerView } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { el, icon } from "./dom.js";
import { plainText, renderText } from "./mrkdwn.js";

const REFUSED = "Chatcron did not respond in time. What you typed is still here: try again.";

/** Ask a Block Kit confirm object; resolves to whether the person agreed. */
export function askConfirm(confirm, directory) {
  return new Promise((resolve) => {
    const danger = confirm.style === "danger" ? "button-danger" : "button-primary";
    const dialog = el(
      "dialog",
      { class: "dialog", "aria-label": confirm.title.text, onclose: () => finish() },
      el("form", { method: "dialog" },
        el("h2", {}, plainText(confirm.title.text)),
        el("div", { class: "dialog-body" }, renderText(confirm.text, directory)),
        el("div", { class: "dialog-foot" },
          el("button", { class: "button", value: "no" }, plainText(confirm.deny.text)),
          el("button", { class: `button ${danger}`, value: "yes" }, plainText(confirm.confirm.text)),
        ),
      ),
    );
    const finish = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    };
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Keeps the open views of one person in step with what the server says about them. */
export class Views {
  #open = new Map();
  #directory;

  constructor(directory) {
    this.#directory = directory;
  }

  /** Take a live `view` event: open, update or close. */
  handle({ action, view }) {
    if (action === "close") this.#close(view?.id);
    else this.#show(view);
  }

  closeAll() {
    this.#close();
  }

  #close(id) {
    for (const [key, shown] of this.#open) {
      if (id && key !== id) continue;
      this.#open.delete(key);
      shown.dialog.close();
      shown.dialog.remove();
    }
  }

  #show(view) {
    const shown = this.#open.get(view.id);
    const dialog = shown?.dialog ?? this.#dialog(view.id);
    const values = {};
    const current = { dialog, view, values };
    this.#open.set(view.id, current);
    dialog.setAttribute("aria-label", view.title.text);
    dialog.replaceChildren(this.#form(current));
    if (!dialog.open) dialog.showModal();
  }

  #dialog(id) {
    const dialog = el("dialog", { class: "dialog dialog-view", "data-testid": "modal" });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#cancel(id);
    });
    document.body.append(dialog);
    return dialog;
  }

  #form(current) {
    const { view } = current;
    const host = {
      directory: this.#directory,
      set: (blockId, element, answer) => {
        current.values[blockId] ??= {};
        current.values[blockId][element.action_id] = { type: element.type, ...answer };
      },
      commit: (blockId, element, answer, node) => this.#act(current, blockId, element, answer, node),
    };
    const cancel = () => this.#cancel(view.id);
    const submit = (event) => {
      event.preventDefault();
      this.#submit(current, event.currentTarget);
    };
    return el(
      "form",
      { novalidate: true, onsubmit: submit },
      el("div", { class: "dialog-head" },
        el("h2", {}, plainText(view.title.text)),
        el("button", { type: "button", class: "button-bare", "aria-label": "Close dialog", onclick: cancel }, icon("close")),
      ),
      el("div", { class: "dialog-body" }, drawBlocks(view.blocks, host)),
      el("p", { class: "warning", role: "alert", hidden: true }),
      el("div", { class: "dialog-foot" },
        el("button", { type: "button", class: "button", onclick: cancel }, view.close?.text ?? "Cancel"),
        view.submit ? el("button", { class: "button button-primary" }, view.submit.text) : null,
      ),
    );
  }

  async #act({ dialog, view, values }, blockId, element, answer, node) {
    if (node.getAttribute("aria-busy") === "true") return;
    if (element.confirm && !(await askConfirm(element.confirm, this.#directory))) return;
    node.setAttribute("aria-busy", "true");
    const action = { block_id: blockId, action_id: element.action_id, type: element.type, ...answer };
    const result = await actInView({ as: this.#directory.me, view_id: view.id, ...action, state: values });
    node.removeAttribute("aria-busy");
    if (!result.ok) showWarning(dialog);
  }

  #cancel(id) {
    answerView({ as: this.#directory.me, view_id: id, values: {}, action: "close" });
    this.#close(id);
  }

  async #submit(current, form) {
    const missing = missingAnswers(current);
    if (Object.keys(missing).length) return showErrors(form, missing);
    const { view, values } = current;
    const button = form.querySelector(".dialog-foot .button-primary");
    button.setAttribute("aria-busy", "true");
    const answer = await answerView({ as: this.#directory.me, view_id: view.id, values, action: "submit" });
    button.removeAttribute("aria-busy");
    if (answer.errors) return showErrors(form, answer.errors);
    if (!answer.ok) return showWarning(form);
    if (this.#open.get(view.id) === current) this.#close(view.id);
  }
}

function missingAnswers({ view, values }) {
  const empty = (answer) =>
    Object.entries(answer ?? {}).every(([name, value]) => name === "type" || !value?.toString().length);
  const missing = view.blocks.filter(
    (block) => block.type === "input" && !block.optional && empty(values[block.block_id]?.[block.element.action_id]),
  );
  return Object.fromEntries(missing.map((block) => [block.block_id, "Please fill in this field."]));
}

function showErrors(form, errors) {
  let first = null;
  for (const node of form.querySelectorAll(".block-input")) {
    const text = errors[node.dataset.block] ?? "";
    const line = node.querySelector(".input-error");
    const field = node.querySelector(".field, input");
    node.classList.toggle("has-error", Boolean(text));
    line.textContent = text;
    line.hidden = !text;
    field?.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) first ??= field;
  }
  first?.focus();
}

function showWarning(form) {
  const warning = form.querySelector(".warning");
  warning.textContent = REFUSED;
  warning.hidden = false;
}
