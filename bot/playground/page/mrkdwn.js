// Slack's mrkdwn as a tree, and the tree as nodes. `parse` is pure; `render` asks the directory
// who and what the ids are.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { fillDate } from "./time.js";

const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code" };
const EMOJI = /:([a-z0-9_+'-]+):/y;
const WORD = /[\p{L}\p{N}]/u;

export const unescape = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Cut a text into paragraphs, quotes and fenced code, each with its inline tree. */
export function parse(text) {
  const fences = text.split("```");
  const whole = fences.length % 2 === 1 ? fences : [...fences.slice(0, -2), fences.slice(-2).join("```")];
  return whole.flatMap((piece, index) =>
    index % 2 === 1
      ? [{ type: "fence", text: unescape(piece.replace(/^\n|\n$/g, "")) }]
      : paragraphs(index ? piece.replace(/^\n/, "") : piece),
  );
}

function paragraphs(text) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line);
    const type = quoted ? "quote" : "text";
    const last = groups.at(-1);
    if (last?.type === type) last.lines.push(quoted ? quoted[1] : line);
    else groups.push({ type, lines: [quoted ? quoted[1] : line] });
  }
  return groups
    .map(({ type, lines }) => ({ type, children: inline(lines.join("\n")) }))
    .filter(({ children }) => children.length);
}

/** The inline tree of a text: strings, styles, code, emoji and `<…>` references. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = reference(text, at) ?? code(text, at) ?? styled(text, at) ?? named(text, at);
    if (found) {
      if (plain) nodes.push({ type: "plain", text: unescape(plain) });
      plain = "";
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) nodes.push({ type: "plain", text: unescape(plain) });
  return nodes;
}

function reference(text, at) {
  if (text[at] !== "<") return null;
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const [target, label = ""] = cut(text.slice(at + 1, end), "|");
  const kinds = { "@": "user", "#": "channel", "!": "special" };
  const type = kinds[target[0]] ?? (/^(https?:|mailto:)/i.test(target) ? "link" : null);
  if (!type) return null;
  const id = type === "link" ? unescape(target) : target.slice(1);
  return { node: { type, id, label: unescape(label) }, end: end + 1 };
}

function cut(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

function code(text, at) {
  if (text[at] !== "`") return null;
  const end = text.indexOf("`", at + 1);
  const inside = text.slice(at + 1, end);
  if (end < 0 || !inside || inside.includes("\n")) return null;
  return { node: { type: "code", text: unescape(inside) }, end: end + 1 };
}

function styled(text, at) {
  const mark = text[at];
  const opens = STYLES[mark] && !WORD.test(text[at - 1] ?? " ") && /\S/.test(text[at + 1] ?? " ");
  if (!opens || text[at + 1] === mark) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    if (text.slice(at, end).includes("\n")) return null;
    if (/\S/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? " ")) {
      const children = inline(text.slice(at + 1, end));
      return { node: { type: STYLES[mark], children }, end: end + 1 };
    }
  }
  return null;
}

function named(text, at) {
  if (text[at] !== ":") return null;
  EMOJI.lastIndex = at;
  const match = EMOJI.exec(text);
  const character = match && emoji(match[1]);
  if (!character) return null;
  return { node: { type: "emoji", text: character, name: match[1] }, end: EMOJI.lastIndex };
}

/** The nodes for a mrkdwn text, as `directory` ({me, zone, person, channel, openChannel}) knows it. */
export function render(text, directory) {
  return parse(text).map((block) => {
    if (block.type === "fence") return el("pre", {}, el("code", {}, block.text));
    const children = renderInline(block.children, directory);
    return block.type === "quote" ? el("blockquote", {}, children) : el("span", {}, children);
  });
}

export function renderInline(nodes, directory) {
  return nodes.map((node) => {
    if (node.type === "plain") return node.text;
    if (node.type === "code") return el("code", {}, node.text);
    if (node.type === "emoji") return emojiNode(node.text, node.name);
    if (TAGS[node.type]) return el(TAGS[node.type], {}, renderInline(node.children, directory));
    return REFERENCES[node.type](node, directory);
  });
}

export const emojiNode = (character, name) =>
  el("span", { class: "emoji", role: "img", "aria-label": name, title: `:${name}:` }, character);

const REFERENCES = {
  link: ({ id, label }) => link(id, label || id),
  user: ({ id, label }, directory) => {
    const name = directory.person(id)?.real_name ?? (label.replace(/^@/, "") || id);
    const mine = id === directory.me ? " mention-me" : "";
    return el("span", { class: `mention${mine}` }, `@${name}`);
  },
  channel: ({ id, label }, directory) => {
    const name = directory.channel(id)?.name ?? (label || id);
    const open = () => directory.openChannel(id);
    return el("button", { type: "button", class: "mention", onclick: open }, `#${name}`);
  },
  special: ({ id, label }, directory) => {
    const [kind, seconds, pattern] = id.split("^");
    if (kind === "date") return dateNode(seconds, pattern, label, directory.zone);
    const shown = label ? label.replace(/^@/, "") : kind.split("^")[0];
    return el("span", { class: "mention mention-me" }, `@${shown}`);
  },
};

export function link(address, label) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

export function dateNode(seconds, pattern, fallback, zone) {
  const filled = fillDate(seconds, unescape(pattern ?? ""), zone);
  return el("time", { title: zone }, filled || fallback || "");
}

/** A Block Kit text object: mrkdwn, or plain text in which only emoji names mean something. */
export function renderText(text, directory) {
  if (text.type === "mrkdwn") return render(text.text, directory);
  return plainText(text.text);
}

export function plainText(text) {
  return text.split(/(:[a-z0-9_+'-]+:)/).map((piece) => {
    const name = piece.slice(1, -1);
    const character = /^:.+:$/.test(piece) ? emoji(name) : null;
    return character ? emojiNode(character, name) : piece;
  });
}
