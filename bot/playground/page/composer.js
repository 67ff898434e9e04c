// Where people write: Enter sends, Shift+Enter breaks the line, @ # / complete.

import { isTyped, offersFor } from "./completion.js";
import { el, icon } from "./dom.js";

/** One text box with its completion list; `send(text)` resolves to null or a sentence to show. */
export class Composer {
  #input;
  #list;
  #note;
  #offers = null;
  #chosen = 0;
  #vocabulary;
  #send;
  #drafts = new Map();
  #draftKey = "";

  constructor({ testid, id, vocabulary, send }) {
    this.#vocabulary = vocabulary;
    this.#send = send;
    this.#input = el("textarea", {
      "data-testid": testid,
      rows: 1,
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": `${id}-offers`,
      oninput: () => this.#changed(),
      onkeydown: (event) => this.#key(event),
      onclick: () => this.#complete(),
      onblur: () => this.#closeOffers(),
    });
    this.#list = el("ul", { id: `${id}-offers`, class: "offers", role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.#note = el("p", { class: "composer-note", role: "alert", hidden: true });
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    const sendTest = testid === "composer" ? "send" : "thread-send";
    const button = el("button", { class: "send", "data-testid": sendTest, "aria-label": "Send" }, icon("send"));
    this.node = el(
      "form",
      { class: "composer", onsubmit: submit },
      this.#list,
      this.#note,
      el("div", { class: "composer-box" }, this.#input, button),
    );
  }

  /** Write to another place: its unfinished text comes back, this one's is kept. */
  address(key, label) {
    this.#input.setAttribute("aria-label", label);
    this.#input.placeholder = label;
    if (key === this.#draftKey) return;
    this.#drafts.set(this.#draftKey, this.#input.value);
    this.#draftKey = key;
    this.#write(this.#drafts.get(key) ?? "");
  }

  /** Put a text into the box, ready to be sent. */
  fill(text) {
    this.#write(text);
    this.focus();
  }

  focus() {
    this.#input.focus();
    this.#input.setSelectionRange(this.#input.value.length, this.#input.value.length);
  }

  #write(text) {
    this.#input.value = text;
    this.#note.hidden = true;
    this.#closeOffers();
    this.#fit();
  }

  #changed() {
    this.#note.hidden = true;
    this.#fit();
    this.#complete();
  }

  #fit() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight, 200)}px`;
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.#offers && this.#offerKey(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    }
  }

  #offerKey({ key, shiftKey }) {
    const { options } = this.#offers;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) this.#highlight((this.#chosen + step + options.length) % options.length);
    else if (key === "Escape") this.#closeOffers();
    else if (key === "Tab" || (key === "Enter" && !shiftKey && !isTyped(this.#offers))) {
      this.#choose(options[this.#chosen]);
    } else return false;
    return true;
  }

  #complete() {
    const { value, selectionStart } = this.#input;
    this.#offers = offersFor(value, selectionStart, this.#vocabulary());
    if (!this.#offers) return this.#closeOffers();
    const rows = this.#offers.options.map((option, index) =>
      el(
        "li",
        {
          id: `${this.#list.id}-${index}`,
          role: "option",
          onmousedown: (event) => {
            event.preventDefault();
            this.#choose(option);
          },
        },
        el("b", {}, option.label),
        el("small", {}, option.note),
      ),
    );
    this.#list.replaceChildren(...rows);
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#highlight(0);
  }

  #highlight(index) {
    this.#chosen = index;
    [...this.#list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    this.#input.setAttribute("aria-activedescendant", `${this.#list.id}-${index}`);
  }

  #choose({ insert }) {
    const { value, selectionStart } = this.#input;
    const head = value.slice(0, this.#offers.start) + insert;
    this.#input.value = head + value.slice(selectionStart).trimStart();
    this.#input.setSelectionRange(head.length, head.length);
    this.#closeOffers();
    this.#fit();
  }

  #closeOffers() {
    this.#offers = null;
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  async #submit() {
    const text = this.#input.value.trim();
    if (!text) return;
    const key = this.#draftKey;
    this.#write("");
    const refusal = await this.#send(text);
    if (!refusal) return;
    if (key === this.#draftKey && !this.#input.value) this.#write(text);
    else this.#drafts.set(key, text);
    this.#note.textContent = refusal;
    this.#note.hidden = false;
  }
}
