// A scrolling list of messages, for the channel and for the thread pane.

import { el, icon, reconcile } from "./dom.js";
import { continues, drawMessage } from "./message.js";
import { warningKey } from "./state.js";
import { dayKey, dayTitle, instant } from "./time.js";

const BOTTOM_SLACK_PX = 48;

/** Shows messages in one log and keeps the reader's place in it. */
export class Feed {
  #log;
  #more;
  #newest = "";

  constructor(label) {
    this.#log = el("div", {
      class: "log",
      role: "log",
      "aria-label": label,
      tabindex: "0",
      onscroll: () => this.#atBottom() && this.#showMore(false),
    });
    const jump = { type: "button", class: "more", hidden: true, onclick: () => this.toBottom() };
    this.#more = el("button", jump, "New messages ", icon("down"));
    this.node = el("div", { class: "feed" }, this.#log, this.#more);
  }

  /** Forget the place, as when another channel is opened; the next show begins at the end. */
  reset() {
    this.#newest = "";
    this.#log.replaceChildren();
    this.#showMore(false);
  }

  toBottom() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#showMore(false);
  }

  /** Show `messages` in order; `view` is {directory, state, hostFor, openThread|null, lead|null}. */
  show(messages, view) {
    const follow = this.#atBottom() || !this.#newest;
    const newest = messages.at(-1)?.ts ?? "";
    const lead = view.lead ? [view.lead] : [];
    reconcile(this.#log, [...lead, ...rows(messages, view)]);
    if (follow) this.toBottom();
    else if (newest > this.#newest) this.#showMore(true);
    this.#newest = newest;
  }

  #atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < BOTTOM_SLACK_PX;
  }

  #showMore(on) {
    this.#more.hidden = !on;
  }
}

function rows(messages, view) {
  const { directory, state } = view;
  const items = [];
  let before = null;
  for (const message of messages) {
    const at = instant(message.ts);
    const day = dayKey(at, directory.zone);
    if (!before || dayKey(instant(before.ts), directory.zone) !== day) {
      const title = dayTitle(at, directory.zone);
      items.push({ key: day, stamp: title, build: () => divider(title) });
    }
    const grouped = continues(message, before, directory);
    const warning = state.warnings.get(warningKey(message.channel, message.ts));
    const place = {
      grouped,
      warning,
      host: view.hostFor(message),
      openThread: view.openThread ? () => view.openThread(message.ts) : null,
    };
    items.push({
      key: message.ts,
      stamp: JSON.stringify([message, grouped, warning, directory.zone]),
      build: () => drawMessage(message, directory, place),
    });
    before = message;
  }
  return items;
}

function divider(title) {
  return el("div", { class: "day", role: "separator", "aria-label": title }, el("span", {}, title));
}
