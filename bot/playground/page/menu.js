// The ⋯ menu: a popover in the top layer, so no scrolling pane cuts it off.

import { el } from "./dom.js";

const GAP = 4;

/** Open a menu under `anchor`; each item is {label, choose(anchor)}. */
export function openMenu(anchor, items) {
  const menu = el("div", { class: "menu", role: "menu", popover: "auto" });
  const entries = items.map(({ label, choose }) =>
    el("button", {
      type: "button",
      role: "menuitem",
      onclick: () => {
        menu.hidePopover();
        choose(anchor);
      },
    }, label),
  );
  menu.append(...entries);
  menu.addEventListener("keydown", (event) => moveFocus(event, entries));
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
  });
  document.body.append(menu);
  menu.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(menu, anchor.getBoundingClientRect());
  entries[0]?.focus();
}

function moveFocus(event, entries) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = entries.indexOf(document.activeElement) + step;
  entries.at(next % entries.length).focus();
}

function place(menu, { left, top, bottom }) {
  const { width, height } = menu.getBoundingClientRect();
  const below = bottom + GAP + height <= window.innerHeight;
  menu.style.left = `${Math.max(GAP, Math.min(left, window.innerWidth - width - GAP))}px`;
  menu.style.top = `${below ? bottom + GAP : Math.max(GAP, top - height - GAP)}px`;
}
