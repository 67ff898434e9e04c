// The `rich_text` block: what people's composers produce, and what table cells may hold.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { dateNode, emojiNode, link, renderInline } from "./mrkdwn.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", code: "code" };

const PIECES = {
  text: ({ text }) => text,
  link: ({ url, text }) => (/^(https?:|mailto:)/i.test(url) ? link(url, text || url) : text || url),
  emoji: ({ name }) => (emoji(name) ? emojiNode(emoji(name), name) : `:${name}:`),
  user: ({ user_id: id }, directory) => renderInline([{ type: "user", id, label: "" }], directory),
  channel: ({ channel_id: id }, directory) =>
    renderInline([{ type: "channel", id, label: "" }], directory),
  broadcast: ({ range: id }, directory) =>
    renderInline([{ type: "special", id, label: "" }], directory),
  date: ({ timestamp, format, fallback }, directory) =>
    dateNode(timestamp, format, fallback, directory.zone),
  color: ({ value }) => value,
};

const PARTS = {
  rich_text_section: (part, directory) => el("span", {}, pieces(part.elements, directory)),
  rich_text_preformatted: (part, directory) =>
    el("pre", {}, el("code", {}, pieces(part.elements, directory))),
  rich_text_quote: (part, directory) => el("blockquote", {}, pieces(part.elements, directory)),
  rich_text_list: (part, directory) =>
    el(
      part.style === "ordered" ? "ol" : "ul",
      { class: `indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : null },
      part.elements.map((item) => el("li", {}, pieces(item.elements, directory))),
    ),
};

export function renderRichText(block, directory) {
  return block.elements.map((part) => PARTS[part.type]?.(part, directory) ?? null);
}

function pieces(elements, directory) {
  return elements.map((piece) => {
    const drawn = PIECES[piece.type]?.(piece, directory) ?? piece.text ?? "";
    const styles = Object.entries(piece.style ?? {}).filter(([name, on]) => on && STYLE_TAGS[name]);
    return styles.reduce((inner, [name]) => el(STYLE_TAGS[name], {}, inner), drawn);
  });
}
