// The pane on the right: one thread, with a composer of its own.

import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Feed } from "./feed.js";
import { channelName, currentChannel, threadOf } from "./state.js";

/** Shows the open thread of a state, or nothing. */
export class ThreadPane {
  #feed = new Feed("Thread");
  #where = el("small", {});
  #composer;
  #shown = "";

  constructor({ vocabulary, send, close }) {
    this.#composer = new Composer({ testid: "thread-composer", id: "thread", vocabulary, send });
    this.node = el(
      "aside",
      { class: "thread", "data-testid": "thread-pane", "aria-label": "Thread", hidden: true },
      el(
        "header",
        { class: "bar" },
        el("h2", {}, "Thread ", this.#where),
        el("button", { type: "button", class: "button-bare", "aria-label": "Close the thread", onclick: close }, icon("close")),
      ),
      this.#feed.node,
      this.#composer.node,
    );
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    });
  }

  show(state, view) {
    const key = state.threadTs ? `${state.me}/${state.channelId}/${state.threadTs}` : "";
    const opened = key && key !== this.#shown;
    if (key !== this.#shown) this.#feed.reset();
    this.#shown = key;
    this.node.hidden = !key;
    if (!key) return;
    const channel = currentChannel(state);
    const mark = channel.kind === "im" ? "" : "#";
    this.#where.textContent = mark + channelName(state, channel);
    this.#composer.address(key, "Reply…");
    this.#feed.show(threadOf(state, state.channelId, state.threadTs), view);
    if (opened) this.#composer.focus();
  }

  toBottom() {
    this.#feed.toBottom();
  }
}
