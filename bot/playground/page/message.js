// One message as a row: who, when, what, and what belongs to it (files, reactions, thread).

import { drawBlocks } from "./blocks.js";
import { el, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { render } from "./mrkdwn.js";
import { origin } from "./places.js";
import { clock, dayKey, fullMoment, instant } from "./time.js";

const GROUP_SECONDS = 300;
const COLORS = ["0f766e", "b45309", "1d4ed8", "9d174d", "4d7c0f", "7c3aed"];

/** Who a message is from, as shown: {name, app, face, color}. */
export function authorOf(message, directory) {
  const person = directory.person(message.user);
  const name = message.username || person?.real_name || (message.bot ? "App" : "Slackbot");
  const face = emoji((message.icon_emoji ?? "").replaceAll(":", ""));
  const color = message.username ? colorFor(name) : (person?.color ?? colorFor(name));
  const from = message.username ? null : origin(person, directory.teams);
  return { name, app: Boolean(message.bot), face, color, bot: person?.is_bot, from };
}

/** A colour that a name keeps, for personas, who have none in the directory. */
function colorFor(name) {
  const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return COLORS[sum % COLORS.length];
}

/** A coloured square with initials, an emoji, or the bot's own mark. */
export function avatar({ name, face, color, bot }) {
  const initials = name.split(/\s+/).slice(0, 2).map((word) => word[0]).join("").toUpperCase();
  const node = el("span", { class: `avatar${face ? " avatar-emoji" : ""}`, "aria-hidden": "true" });
  node.append(face || (bot && name === "Chatcron" ? icon("bot") : initials));
  if (!face) node.style.backgroundColor = `#${color.replace("#", "")}`;
  return node;
}

/** Whether a message continues the one before it and needs no head of its own. */
export function continues(message, before, directory) {
  if (!before || message.ephemeral || before.ephemeral || before.reply_count) return false;
  if (message.subtype || before.subtype) return false;
  const [one, other] = [authorOf(before, directory), authorOf(message, directory)];
  const close = Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
  const [day, dayBefore] = [message, before].map(({ ts }) => dayKey(instant(ts), directory.zone));
  return close && day === dayBefore && one.name === other.name && message.user === before.user;
}

const LINES = {
  channel_join: "enter",
  channel_leave: "leave",
  channel_archive: "box",
  channel_unarchive: "box",
  channel_name: "pencil",
};

/** The quiet line by which Slack says who came or went. */
function drawLine(message, directory) {
  const at = instant(message.ts);
  return el(
    "article",
    { class: "message line", "data-testid": "message", "data-ts": message.ts },
    el("div", { class: "gutter" }, icon(LINES[message.subtype])),
    el(
      "p",
      { class: "content" },
      render(message.text, directory),
      " ",
      el("time", { class: "time", datetime: at.toISOString(), title: fullMoment(at, directory.zone) }, clock(at, directory.zone)),
    ),
  );
}

/** The row of a message; `place` is {grouped, warning, host, openThread|null}. */
export function drawMessage(message, directory, place) {
  if (message.subtype in LINES) return drawLine(message, directory);
  const author = authorOf(message, directory);
  const at = instant(message.ts);
  const time = el(
    "time",
    { class: "time", datetime: at.toISOString(), title: fullMoment(at, directory.zone) },
    clock(at, directory.zone),
  );
  const classes = ["message", place.grouped && "grouped", message.ephemeral && "ephemeral"];
  return el(
    "article",
    {
      class: classes.filter(Boolean).join(" "),
      "data-testid": "message",
      "data-ts": message.ts,
      "aria-label": `${author.name}, ${clock(at, directory.zone)}`,
    },
    el("div", { class: "gutter" }, place.grouped ? time : avatar(author)),
    el(
      "div",
      { class: "content" },
      message.ephemeral ? el("p", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
      place.grouped ? null : head(author, time),
      body(message, directory, place.host),
      message.failed ? warning(message.failed) : null,
      place.warning ? warning(place.warning) : null,
      files(message.files),
      reactions(message.reactions, directory),
      place.openThread && message.reply_count ? threadSummary(message, directory, place) : null,
    ),
    place.openThread && !message.ephemeral ? tools(place) : null,
  );
}

function head(author, time) {
  const badge = author.app ? el("span", { class: "badge" }, "APP") : null;
  const from = author.from ? el("span", { class: "from" }, author.from) : null;
  return el("div", { class: "head" }, el("span", { class: "author" }, author.name), badge, from, time);
}

function body(message, directory, host) {
  const edited = message.edited ? el("span", { class: "edited" }, " (edited)") : null;
  const blocks = message.blocks ?? [];
  if (blocks.length) return el("div", { class: "body" }, drawBlocks(blocks, host), edited);
  return el("div", { class: "body block-text" }, render(message.text ?? "", directory), edited);
}

function warning(text) {
  return el("p", { class: "warning", role: "alert" }, text);
}

function files(list) {
  if (!list?.length) return null;
  return el("div", { class: "files" }, list.map(fileCard));
}

function fileCard({ name, size, url }) {
  return el(
    "a",
    { class: "file", href: url, target: "_blank", rel: "noopener", "aria-label": `Open ${name}` },
    icon("file"),
    el("span", { class: "file-name" }, name),
    el("small", {}, bytes(size)),
    el("span", { class: "file-open" }, "Open"),
  );
}

function bytes(size) {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, size)) / 3));
  return `${(size / 1000 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}

function reactions(list, directory) {
  if (!list?.length) return null;
  const chips = list.map(({ name, users }) => {
    const who = users.map((id) => directory.person(id)?.real_name ?? id).join(", ");
    const mine = users.includes(directory.me) ? " mine" : "";
    const label = `${name}, ${users.length}: ${who}`;
    const face = emoji(name) ?? `:${name}:`;
    return el("li", { class: `reaction${mine}`, title: label, "aria-label": label }, `${face} ${users.length}`);
  });
  return el("ul", { class: "reactions", "aria-label": "Reactions" }, chips);
}

function threadSummary(message, directory, place) {
  const count = message.reply_count;
  const faces = (message.reply_users ?? []).slice(0, 3).map((id) => directory.person(id));
  const last = message.latest_reply ? clock(instant(message.latest_reply), directory.zone) : null;
  return el(
    "button",
    { type: "button", class: "thread-summary", onclick: place.openThread },
    faces.filter(Boolean).map((person) =>
      avatar({ name: person.real_name, color: person.color, bot: person.is_bot }),
    ),
    el("b", {}, count === 1 ? "1 reply" : `${count} replies`),
    last ? el("small", {}, `Last reply at ${last}`) : null,
  );
}

function tools(place) {
  const reply = el(
    "button",
    { type: "button", class: "button-bare", onclick: place.openThread },
    "Reply in thread",
  );
  return el("div", { class: "tools" }, reply);
}
