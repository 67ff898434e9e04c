// The `markdown` block: the plain part of Markdown that reports use, as nodes.

import { el } from "./dom.js";
import { link, plainText } from "./mrkdwn.js";

const RULES = [
  [/^```/, fence],
  [/^#{1,6} /, heading],
  [/^(?:-{3,}|\*{3,})\s*$/, (lines) => [el("hr"), lines.slice(1)]],
  [/^\s*(?:[-*+]|\d+[.)]) /, list],
  [/^> ?/, quote],
  [/^\|.*\|\s*$/, table],
  [/^\s*$/, (lines) => [null, lines.slice(1)]],
];

const INLINE = [
  [/`([^`\n]+)`/, ([, text]) => el("code", {}, text)],
  [/\*\*(.+?)\*\*/, ([, text]) => el("strong", {}, inline(text))],
  [/~~(.+?)~~/, ([, text]) => el("s", {}, inline(text))],
  [/\[([^\]\n]+)\]\((https?:[^)\s]+|mailto:[^)\s]+)\)/, ([, text, url]) => link(url, text)],
  [/(?<![\w*])\*([^*\n]+)\*(?![\w*])/, ([, text]) => el("em", {}, inline(text))],
  [/(?<!\w)_([^_\n]+)_(?!\w)/, ([, text]) => el("em", {}, inline(text))],
];

/** The nodes for a Markdown text. */
export function renderMarkdown(text) {
  const nodes = [];
  let lines = text.split("\n");
  while (lines.length) {
    const rule = RULES.find(([pattern]) => pattern.test(lines[0]));
    const [node, rest] = (rule?.[1] ?? paragraph)(lines);
    if (node) nodes.push(node);
    lines = rest;
  }
  return nodes;
}

function inline(text) {
  let first = null;
  for (const [pattern, build] of INLINE) {
    const match = pattern.exec(text);
    if (match && (!first || match.index < first.match.index)) first = { match, build };
  }
  if (!first) return plainText(text);
  const { match, build } = first;
  const after = text.slice(match.index + match[0].length);
  return [plainText(text.slice(0, match.index)), build(match), inline(after)];
}

function leading(lines, pattern) {
  const end = lines.findIndex((line) => !pattern.test(line));
  const length = end < 0 ? lines.length : end;
  return [lines.slice(0, length), lines.slice(length)];
}

function paragraph(lines) {
  const special = (line) => RULES.some(([pattern]) => pattern.test(line));
  const end = lines.findIndex((line, index) => index > 0 && special(line));
  const length = end < 0 ? lines.length : end;
  return [el("p", {}, inline(lines.slice(0, length).join("\n"))), lines.slice(length)];
}

function fence(lines) {
  const end = lines.findIndex((line, index) => index > 0 && line.startsWith("```"));
  const last = end < 0 ? lines.length : end;
  const code = lines.slice(1, last).join("\n");
  return [el("pre", {}, el("code", {}, code)), lines.slice(last + 1)];
}

function heading([line, ...rest]) {
  const [, marks, text] = /^(#+) (.*)$/.exec(line);
  return [el("p", { class: `heading heading-${Math.min(marks.length, 3)}` }, inline(text)), rest];
}

function list(lines) {
  const item = /^\s*(?:[-*+]|\d+[.)]) /;
  const [items, rest] = leading(lines, item);
  const tag = /^\s*\d/.test(items[0]) ? "ol" : "ul";
  return [el(tag, {}, items.map((line) => el("li", {}, inline(line.replace(item, ""))))), rest];
}

function quote(lines) {
  const [quoted, rest] = leading(lines, /^> ?/);
  return [el("blockquote", {}, inline(quoted.map((line) => line.replace(/^> ?/, "")).join("\n"))), rest];
}

function table(lines) {
  const [rows, rest] = leading(lines, /^\|.*\|\s*$/);
  const cells = (row) => row.trim().slice(1, -1).split("|").map((cell) => inline(cell.trim()));
  const body = rows.filter((row) => !/^\|[\s:|-]+\|\s*$/.test(row)).map(cells);
  return [tableNode(body), rest];
}

/** A table whose first row is its head; `aligns` says left, center or right by column. */
export function tableNode([head, ...body], aligns = []) {
  const row = (tag, cells) =>
    el("tr", {}, cells.map((cell, i) => el(tag, { class: aligns[i] && `align-${aligns[i]}` }, cell)));
  const rows = body.map((cells) => row("td", cells));
  return el(
    "div",
    { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "Table" },
    el("table", {}, el("thead", {}, row("th", head)), el("tbody", {}, rows)),
  );
}
