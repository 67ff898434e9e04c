// Block Kit blocks as nodes. Interactive elements go to elements.js, texts to mrkdwn.js.

import { el } from "./dom.js";
import { drawElement } from "./elements.js";
import { renderMarkdown, tableNode } from "./markdown.js";
import { plainText, renderText } from "./mrkdwn.js";
import { renderRichText } from "./richtext.js";

const DRAW = {
  section,
  header: (block) => el("div", { class: "block-header", role: "heading", "aria-level": "3" }, plainText(block.text.text)),
  context: (block, host) =>
    el("div", { class: "block-context" }, block.elements.map((part) => contextPart(part, host))),
  actions: (block, host) =>
    el("div", { class: "block-actions" }, block.elements.map((part) => drawElement(part, block.block_id, host))),
  divider: () => el("hr", { class: "block-divider" }),
  rich_text: (block, host) => el("div", { class: "block-text" }, renderRichText(block, host.directory)),
  markdown: (block) => el("div", { class: "block-markdown" }, renderMarkdown(block.text)),
  image: (block) =>
    el(
      "figure",
      { class: "block-image" },
      block.title ? el("figcaption", {}, plainText(block.title.text)) : null,
      picture(block),
    ),
  table: (block, host) =>
    tableNode(
      block.rows.map((row) => row.map((cell) => tableCell(cell, host))),
      (block.column_settings ?? []).map((column) => column?.align),
    ),
  input,
};

/** The nodes of a list of blocks; `host` is {directory, set, commit, errors?}. */
export function drawBlocks(blocks, host) {
  return blocks.map(
    (block) =>
      DRAW[block.type]?.(block, host) ??
      el("p", { class: "block-unknown" }, `This page cannot show a block of type ${block.type}.`),
  );
}

function section(block, host) {
  const text = block.text ? el("div", { class: "block-text" }, renderText(block.text, host.directory)) : null;
  const fields = block.fields
    ? el(
        "div",
        { class: "block-fields" },
        block.fields.map((field) => el("div", {}, renderText(field, host.directory))),
      )
    : null;
  const accessory = block.accessory ? accessoryNode(block, host) : null;
  return el("div", { class: "block-section" }, el("div", { class: "block-body" }, text, fields), accessory);
}

function accessoryNode({ accessory, block_id: blockId }, host) {
  const node =
    accessory.type === "image" ? picture(accessory) : drawElement(accessory, blockId, host);
  return el("div", { class: "block-accessory" }, node);
}

function contextPart(part, host) {
  if (part.type === "image") return picture(part);
  return el("span", {}, renderText(part, host.directory));
}

/** An image of this host; one from elsewhere is named by its alt text, since nothing is fetched. */
function picture({ image_url: address, alt_text: alt }) {
  const url = URL.parse(address ?? "", location.href);
  const local = url?.origin === location.origin && url.protocol.startsWith("http");
  return local ? el("img", { src: url.href, alt }) : el("span", { class: "image-alt" }, alt);
}

function tableCell(cell, host) {
  return cell.type === "rich_text" ? renderRichText(cell, host.directory) : String(cell.text ?? "");
}

function input(block, host) {
  const error = host.errors?.[block.block_id];
  const optional = block.optional ? el("small", {}, " (optional)") : null;
  const port = block.dispatch_action ? host : { ...host, commit: undefined };
  const node = drawElement(block.element, block.block_id, port, block.label.text);
  if (error) node?.setAttribute("aria-invalid", "true");
  return el(
    "div",
    { class: `block-input${error ? " has-error" : ""}`, "data-block": block.block_id },
    el("div", { class: "input-label" }, plainText(block.label.text), optional),
    node,
    el("p", { class: "input-error", role: "alert", hidden: !error }, error ?? ""),
    block.hint ? el("p", { class: "input-hint" }, plainText(block.hint.text)) : null,
  );
}
