// The app's own place: its Home, which it fills for each person, beside the messages with it.

import { drawBlocks } from "./blocks.js";
import { el, icon } from "./dom.js";

const TABS = [["home", "Home"], ["messages", "Messages"]];

/** The tabs over the conversation with the app; `open(tab)` is what a press does. */
export class Tabs {
  #open;

  constructor(open) {
    this.#open = open;
    this.node = el("div", { class: "tabs", role: "tablist", "aria-label": "Chatcron", hidden: true });
    this.node.addEventListener("keydown", ({ key }) => {
      if (key === "ArrowLeft") this.#open("home");
      if (key === "ArrowRight") this.#open("messages");
    });
  }

  show(isThere, current) {
    this.node.hidden = !isThere;
    if (!isThere || this.node.dataset.current === current) return;
    const hadFocus = this.node.contains(document.activeElement);
    this.node.dataset.current = current;
    this.node.replaceChildren(...TABS.map(([tab, name]) => this.#tab(tab, name, tab === current)));
    if (hadFocus) this.node.querySelector("[aria-selected=true]").focus();
  }

  #tab(tab, name, selected) {
    return el(
      "button",
      {
        type: "button",
        role: "tab",
        class: "tab",
        "data-testid": `tab-${tab}`,
        "aria-selected": String(selected),
        tabindex: selected ? 0 : -1,
        onclick: () => this.#open(tab),
      },
      name,
    );
  }
}

/** Shows one person's Home; `act(view, action, element, node)` carries a click to the app. */
export class HomePane {
  #body = el("div", { class: "home-body body" });
  #warning = el("p", { class: "warning", role: "alert", hidden: true });
  #act;
  #stamp = "";

  constructor(act) {
    this.#act = act;
    this.node = el(
      "section",
      { class: "home", "data-testid": "home", role: "tabpanel", "aria-label": "Home", tabindex: "0", hidden: true },
      el("div", { class: "home-page" }, this.#warning, this.#body),
    );
  }

  /** Show a view, or that there is none yet; nothing is drawn anew that is as it was. */
  show(view, directory, appName) {
    const stamp = `${directory.me}/${view?.id}/${view?.hash}`;
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.warn(null);
    this.#body.replaceChildren(...(view ? drawBlocks(view.blocks, this.#host(view, directory)) : [empty(appName)]));
  }

  warn(text) {
    this.#warning.textContent = text ?? "";
    this.#warning.hidden = !text;
  }

  #host(view, directory) {
    const values = {};
    return {
      directory,
      set(blockId, element, answer) {
        values[blockId] ??= {};
        values[blockId][element.action_id] = { type: element.type, ...answer };
      },
      commit: (blockId, element, answer, node) =>
        this.#act(view, { block_id: blockId, action_id: element.action_id, type: element.type, ...answer, state: values }, element, node),
    };
  }
}

function empty(appName) {
  return el(
    "div",
    { class: "home-empty" },
    icon("bot"),
    el("h2", {}, "Nothing here yet"),
    el("p", {}, `${appName} fills this page while it is connected. To ask it for something, write under Messages.`),
  );
}
