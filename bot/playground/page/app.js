// Starts the page and joins its parts: the state, the live feed, the panes and what people do.

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Feed } from "./feed.js";
import { HomePane, Tabs } from "./home.js";
import { listen } from "./live.js";
import { askConfirm, Views } from "./modal.js";
import { archivedBar, OWN_COMMANDS, refusalFor, titleNodes } from "./places.js";
import { showSidebar } from "./sidebar.js";
import {
  appOf, applyEvent, atHome, channelOf, currentChannel, hearsBot, makeState, personOf, rootsOf,
  takeHistory, warningKey, zoneOf,
} from "./state.js";
import { ThreadPane } from "./thread.js";

const FIRST_PERSON = "U0MAYA";
const NOT_SENT = "This was not sent: the local Slack did not answer. Try again.";
const CLICK_TIMED_OUT = "Chatcron did not respond in time. Nothing more will come of this click: try again.";
const PLACES_PAUSE_MS = 50;
const CLICK_REFUSED = "This click could not be delivered. Reload the page and try again.";

let state = null;
let stopListening = () => {};
let drawing = false;
let asking = false;
const pending = new Set();

const directory = {
  get me() { return state.me; },
  get zone() { return zoneOf(state); },
  get teams() { return state.teams; },
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
const tabs = new Tabs((tab) => openChannel(state.channelId, tab));
const home = new HomePane(actAtHome);
const closed = document.createElement("div");
const composer = new Composer({ testid: "composer", id: "channel", vocabulary, send: (text) => send(text, null) });
const thread = new ThreadPane({ vocabulary, send: (text) => send(text, state.threadTs), close: () => openThread(null) });
const side = document.querySelector("#side");
const title = document.querySelector("#channel-title");
const banner = document.querySelector("#banner");

async function become(personId, channelId, tab) {
  stopListening();
  views.closeAll();
  const answer = await api.fetchState(personId);
  if (!answer.ok) {
    banner.textContent = "The local Slack does not answer. Is chatcron demo still running?";
    banner.hidden = false;
    return;
  }
  state = makeState(answer, channelId, tab);
  feed.reset();
  stopListening = listen(personId, { onEvent: take, onLink: link });
  openChannel(state.channelId, state.tab);
}

async function refresh() {
  await learnPlaces();
  await Promise.all([load(state.channelId, null), state.threadTs && load(state.channelId, state.threadTs)]);
}

/** Ask anew who and what there is; whoever is no longer where they were is shown another place. */
async function learnPlaces() {
  const asked = state;
  const { ok, error, apps, channels, people, commands } = await api.fetchState(state.me);
  if (asked !== state) return;
  if (error === "http_404") return become(FIRST_PERSON);
  if (ok) Object.assign(state, { apps, channels, people, commands });
  currentChannel(state).unread = 0;
  if (ok && !channelOf(state, state.channelId)) openChannel(state.channels[0]?.id ?? "");
  draw();
}

/** Ask once for any number of changes that come together. */
function hearPlaces() {
  if (asking) return;
  asking = true;
  setTimeout(() => {
    asking = false;
    learnPlaces();
  }, PLACES_PAUSE_MS);
}

function link(up) {
  const back = up && !state.linked;
  state.linked = up;
  if (back) refresh();
  draw();
}

function take(event) {
  if (event.type === "places") return hearPlaces();
  if (event.type === "view" && event.action === "home") state.home = event.view;
  else if (event.type === "view") return views.handle(event);
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
  if (!channelId) return;
  const [asked, touched] = [state, new Set()];
  pending.add(touched);
  const answer = await api.fetchMessages(state.me, channelId, threadTs);
  pending.delete(touched);
  if (!answer.ok || asked !== state) return;
  takeHistory(state, channelId, threadTs, answer.messages, touched);
  draw();
}

function openChannel(channelId, tab = "messages") {
  if (channelId !== state.channelId) feed.reset();
  Object.assign(state, { channelId, tab, threadTs: null });
  const isHome = atHome(state);
  history.replaceState(null, "", `#${state.me}/${channelId}${isHome ? "/home" : ""}`);
  closeDrawer();
  if (!isHome) currentChannel(state).unread = 0;
  if (appOf(state, currentChannel(state))?.home) visitApp(state.tab);
  if (!isHome) load(channelId, null);
  draw();
}

/** Tell the app which of its tabs is looked at, as Slack does; it may fill its Home then. */
async function visitApp(tab) {
  const [asked, before] = [state, state.home];
  const { ok, view } = await api.openHome(state.me, tab);
  if (!ok || asked !== state || state.home !== before) return; // a newer one has come meanwhile
  state.home = view;
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

const refusalOf = ({ ok, error }) => (ok ? null : (refusalFor(error) ?? NOT_SENT));

async function move(place, text) {
  const answer = await api.say({ ...place, text });
  if (answer.ok) await refresh();
  return refusalOf(answer);
}

const bringBack = (channel) => move({ as: state.me, channel: channel.id }, "/unarchive");

async function actAtHome(view, action, element, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (element.confirm && !(await askConfirm(element.confirm, directory))) return;
  home.warn(null);
  node.setAttribute("aria-busy", "true");
  const result = await api.actInView({ as: state.me, view_id: view.id, ...action });
  node.removeAttribute("aria-busy");
  if (!result.ok) home.warn(result.error === "timeout" ? CLICK_TIMED_OUT : CLICK_REFUSED);
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
  const isDirect = channel.kind !== "channel";
  const name = channel.kind === "im" ? directory.person(channel.with)?.real_name : (channel.title ?? channel.name);
  const label = isDirect ? name || state.team.name : `#${name}`;
  document.title = `${label} · ${state.team.name}`;
  const stay = (id) => become(id, state.channelId, state.tab);
  showSidebar(side, state, { open: (id) => openChannel(id), become: stay, close: closeDrawer });
  title.replaceChildren(...titleNodes(channel, label, state));
  banner.hidden = state.linked;
  banner.textContent = "Connection lost. Trying again…";
  showPane(channel, label);
  document.body.classList.toggle("with-thread", Boolean(state.threadTs));
}

/** What stands under the title: the app's Home, or the messages and the place to write. */
function showPane(channel, label) {
  const app = appOf(state, channel);
  const isHome = atHome(state);
  const base = { directory, state, hostFor };
  const messages = rootsOf(state, channel.id);
  tabs.show(Boolean(app?.home), state.tab);
  home.node.hidden = !isHome;
  feed.node.hidden = isHome;
  composer.node.hidden = isHome || channel.is_archived || !channel.id;
  closed.replaceChildren(...(channel.is_archived ? [archivedBar(label, () => bringBack(channel))] : []));
  if (isHome) home.show(state.home, directory, app.name);
  composer.address(`${state.me}/${channel.id}`, `Message ${label}`);
  feed.show(messages, { ...base, openThread, lead: messages.length ? null : hintFor(channel, label) });
  thread.show(state, { ...base, openThread: null });
}

/** The card of an empty channel: what to say first there, one click from the composer. */
function hintFor(channel, label) {
  if (!channel.id || channel.is_archived) return null;
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

document.querySelector("#channel-pane").append(tabs.node, home.node, feed.node, closed, composer.node);
document.querySelector("#panes").append(thread.node);
document.querySelector("#drawer-open").append(icon("menu"));
document.querySelector("#drawer-open").addEventListener("click", () => document.body.classList.add("with-drawer"));
document.querySelector("#shade").addEventListener("click", closeDrawer);
document.addEventListener("keydown", ({ key }) => key === "Escape" && closeDrawer());

const [personId, channelId, tab] = location.hash.slice(1).split("/");
await become(personId || FIRST_PERSON, channelId, tab);
if (!state && personId && personId !== FIRST_PERSON) await become(FIRST_PERSON);
