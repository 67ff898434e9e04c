// Builds nodes. Data only ever becomes text nodes and attributes, so no message can become markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  hash: "M6.5 2 5 14M11 2 9.5 14M2.5 5.700h11.500M2 10.300h11.5",
  menu: "M2 4h12M2 8h12M2 12h12",
  close: "M3.5 3.500l9 9m0-9-9 9",
  send: "M2.5 8 14 2.5 10.5 14 8 9zM8 9l6-6.5",
  dots: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  bot: "M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800M8 4.500V8l2.5 1.7",
  file: "M4 1.800h5l3 3v9.400H4zM9 1.800v3h3M6 8h4M6 10.800h4",
  lock: "M4.500 7.200h7a1 1 0 0 1 1 1v4.600a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V8.200a1 1 0 0 1 1-1M5.500 7.200V5a2.500 2.500 0 0 1 5 0v2.200",
  shared: "M6.300 5.200a3.300 3.300 0 1 0 0 5.600M9.700 10.800a3.300 3.300 0 1 0 0-5.600M5.500 8h5",
  box: "M2.500 3h11v3h-11zM3.500 6v7h9V6M6.500 8.800h3",
  enter: "M9.500 3h3.500v10H9.500M2.500 8h7M7 5.500 9.500 8 7 10.500",
  leave: "M9.500 3h3.500v10H9.500M9.500 8h-7M5 5.500 2.500 8 5 10.500",
  pencil: "M3 13l.700-2.900 7-7 2.200 2.200-7 7z",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M8 6.200a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6",
  down: "M8 3v9.500M4 8.500l4 4 4-4",
};

/** An element with attributes, listeners (`onclick: f`) and children; null children are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

/** One of the page's own line icons, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Make a container show `items` ({key, stamp, build}) in order.
 *
 * A node whose stamp is unchanged stays as it is, so focus, open menus and half-made choices
 * survive a message that arrives elsewhere.
 */
export function reconcile(container, items) {
  const present = new Map([...container.children].map((node) => [node.dataset.key, node]));
  let place = container.firstElementChild;
  for (const { key, stamp, build } of items) {
    let node = present.get(key);
    present.delete(key);
    if (!node || node.stamp !== stamp) {
      const fresh = build();
      fresh.dataset.key = key;
      fresh.stamp = stamp;
      if (node === place) place = node?.nextElementSibling ?? null;
      node?.remove();
      node = fresh;
    }
    if (node === place) place = place.nextElementSibling;
    else container.insertBefore(node, place);
  }
  for (const gone of present.values()) gone.remove();
}
