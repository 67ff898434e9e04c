// Starts the page and joins its parts: the state, the live feed, the panes and what people do.

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Feed } from "./feed.js";
import { listen } from "./live.js";
import { askConfirm, Views } from "./modal.js";
import { showSidebar } from "./sidebar.js";
import {
  applyEvent, channelOf, currentChannel, hearsBot, makeState, personOf, rootsOf, takeHistory,
  warningKey, zoneOf,
} from "./state.js";
import { ThreadPane } from "./thread.js";

const FIRST_PERSON = "U0MAYA";
const NOT_SENT = "This was not sent: the local Slack did not answer. Try again.";
const CLICK_TIMED_OUT = "Chatcron did not respond in time. Nothing more will come of this click: try again.";
const CLICK_REFUSED = "This click could not be delivered. Reload the page and try again.";

const OWN_COMMANDS = [
  { command: "/invite", usage_hint: "@name", description: "Bring somebody, or Chatcron, into this channel" },
  { command: "/remove", usage_hint: "@name", description: "Take somebody out of this channel" },
];

let state = null;
let stopListening = () => {};
let drawing = false;
const pending = new Set();

const directory = {
  get me() { return state.me; },
  get zone() { return zoneOf(state); },
  person: (id) => personOf(state, id),
  channel: (id) => channelOf(state, id),
  people: () => state.people.map(({ id, real_name: name }) => ({ id, name })),
  channels: () => state.channels.filter(({ kind }) => kind === "channel"),
  openChannel: (id) => openChannel(id),
};

const vocabulary = () => ({
  people: state.people,
  channels: directory.channels(),
  personas: state.personas,
  commands: [...state.commands, ...OWN_COMMANDS],
});

const views = new Views(directory);
const feed = new Feed("Messages");
const composer = new Composer({ testid: "composer", id: "channel", vocabulary, send: (text) => send(text, null) });
const thread = new ThreadPane({ vocabulary, send: (text) => send(text, state.threadTs), close: () => openThread(null) });
const side = document.querySelector("#side");
const title = document.querySelector("#channel-title");
const banner = document.querySelector("#banner");

async function become(personId, channelId) {
  stopListening();
  views.closeAll();
  const answer = await api.fetchState(personId);
  if (!answer.ok) {
    banner.textContent = "The local Slack does not answer. Is chatcron demo still running?";
    banner.hidden = false;
    return;
  }
  state = makeState(answer, channelId);
  feed.reset();
  stopListening = listen(personId, { onEvent: take, onLink: link });
  openChannel(state.channelId);
}

async function refresh() {
  const answer = await api.fetchState(state.me);
  if (answer.ok) Object.assign(state, { apps: answer.apps, channels: answer.channels, people: answer.people });
  currentChannel(state).unread = 0;
  await Promise.all([load(state.channelId, null), state.threadTs && load(state.channelId, state.threadTs)]);
}

function link(up) {
  const back = up && !state.linked;
  state.linked = up;
  if (back) refresh();
  draw();
}

function take(event) {
  if (event.type === "view") return views.handle(event);
  const touched = applyEvent(state, event);
  if (touched) for (const request of pending) request.add(touched);
  if (event.type === "ephemeral") revealThread(event.message);
  if (event.type === "message" && event.message.user === state.me) draw(true);
  else draw();
}

/** An answer only this reader sees, in a thread of this channel: open the thread or it goes unseen. */
function revealThread({ channel, thread_ts: threadTs }) {
  if (channel === state.channelId && threadTs && !state.threadTs) openThread(threadTs);
}

async function load(channelId, threadTs) {
  const [asked, touched] = [state, new Set()];
  pending.add(touched);
  const answer = await api.fetchMessages(state.me, channelId, threadTs);
  pending.delete(touched);
  if (!answer.ok || asked !== state) return;
  takeHistory(state, channelId, threadTs, answer.messages, touched);
  draw();
}

function openChannel(channelId) {
  if (channelId !== state.channelId) feed.reset();
  state.channelId = channelId;
  state.threadTs = null;
  currentChannel(state).unread = 0;
  history.replaceState(null, "", `#${state.me}/${channelId}`);
  closeDrawer();
  load(channelId, null);
  draw();
}

function openThread(threadTs) {
  state.threadTs = threadTs;
  if (threadTs) load(state.channelId, threadTs);
  else composer.focus();
  draw();
}

async function send(text, threadTs) {
  const place = { as: state.me, channel: state.channelId, ...(threadTs && { thread_ts: threadTs }) };
  const [word] = text.split(/\s/, 1);
  const named = ({ command }) => command === word;
  if (!word.startsWith("/")) return refusalOf(await api.say({ ...place, text }));
  if (OWN_COMMANDS.some(named)) return move(place, text);
  if (!state.commands.some(named)) return `${word} is not a command here. Type / to see what there is.`;
  const answer = await api.slash({ ...place, command: word, text: text.slice(word.length).trim() });
  return answer.error ? refusalOf(answer) : null; // one that failed was answered by Slackbot
}

const refusalOf = ({ ok }) => (ok ? null : NOT_SENT);

async function move(place, text) {
  const { ok, error } = await api.say({ ...place, text });
  if (!ok) return error === "user_not_found" ? "Nobody here has that name. Type @ to see who there is." : NOT_SENT;
  await refresh();
  return null;
}

function hostFor(message) {
  const values = {};
  return {
    directory,
    set(blockId, element, answer) {
      values[blockId] ??= {};
      values[blockId][element.action_id] = { type: element.type, ...answer };
    },
    commit: (blockId, element, answer, node) =>
      click(message, { block_id: blockId, action_id: element.action_id, type: element.type, ...answer, state: values }, element.confirm, node),
  };
}

async function click(message, action, confirm, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (confirm && !(await askConfirm(confirm, directory))) return;
  const key = warningKey(message.channel, message.ts);
  state.warnings.delete(key);
  node.setAttribute("aria-busy", "true");
  const result = await api.click({
    as: state.me,
    channel: message.channel,
    message_ts: message.ts,
    ...(message.ephemeral && { ephemeral: true }),
    ...action,
  });
  node.removeAttribute("aria-busy");
  if (!result.ok) state.warnings.set(key, result.error === "timeout" ? CLICK_TIMED_OUT : CLICK_REFUSED);
  draw();
}

function draw(own = false) {
  if (own) queueMicrotask(() => (state.threadTs ? thread : feed).toBottom());
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    show();
  });
}

function show() {
  const channel = currentChannel(state);
  const name = channel.kind === "im" ? directory.person(channel.with)?.real_name : channel.name;
  const label = channel.kind === "im" ? name : `#${name}`;
  const messages = rootsOf(state, channel.id);
  const base = { directory, state, hostFor };
  document.title = `${label} · ${state.team.name}`;
  const stay = (id) => become(id, state.channelId);
  showSidebar(side, state, { open: openChannel, become: stay, close: closeDrawer });
  title.replaceChildren(label);
  banner.hidden = state.linked;
  banner.textContent = "Connection lost. Trying again…";
  composer.address(`${state.me}/${channel.id}`, `Message ${label}`);
  feed.show(messages, { ...base, openThread, lead: messages.length ? null : hintFor(channel, label) });
  thread.show(state, { ...base, openThread: null });
  document.body.classList.toggle("with-thread", Boolean(state.threadTs));
}

/** The card of an empty channel: what to say first there, one click from the composer. */
function hintFor(channel, label) {
  const heard = hearsBot(state, channel);
  const text = heard ? state.suggestion : "/invite @chatcron";
  const invitation = heard
    ? "Ask Chatcron for work on a schedule, in your own words. A first message to try:"
    : "Chatcron is not in this channel and reads nothing here until somebody invites it:";
  const build = () =>
    el(
      "div",
      { class: "hint", "data-testid": "hint" },
      icon("bot"),
      el("h2", {}, `This is the start of ${label}`),
      el("p", {}, invitation),
      el("button", { type: "button", class: "hint-text", "data-testid": "suggestion", onclick: () => composer.fill(text) }, text),
      el("p", {}, el("small", {}, "Click it to put it into the composer, then press Enter.")),
    );
  return { key: "hint", stamp: text + label, build };
}

function closeDrawer() {
  document.body.classList.remove("with-drawer");
}

document.querySelector("#channel-pane").append(feed.node, composer.node);
document.querySelector("#panes").append(thread.node);
document.querySelector("#drawer-open").append(icon("menu"));
document.querySelector("#drawer-open").addEventListener("click", () => document.body.classList.add("with-drawer"));
document.querySelector("#shade").addEventListener("click", closeDrawer);
document.addEventListener("keydown", ({ key }) => key === "Escape" && closeDrawer());

const [personId, channelId] = location.hash.slice(1).split("/");
await become(personId || FIRST_PERSON, channelId);
if (!state && personId && personId !== FIRST_PERSON) await become(FIRST_PERSON);
