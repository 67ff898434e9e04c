// The aubergine side: where one can be, who one is, and whether the bot is there.

import { el, icon } from "./dom.js";
import { avatar } from "./message.js";
import { channelIcon, channelNote, origin } from "./places.js";
import { appOf, channelName, personOf } from "./state.js";
import { city } from "./time.js";

/** Show the side bar, drawn anew only when it differs; `on` is {open(channelId), become(personId), close()}. */
export function showSidebar(node, state, on) {
  const { me, channelId, apps, channels, people } = state;
  const stamp = JSON.stringify([me, channelId, apps, channels, people]);
  if (node.stamp === stamp) return;
  const focused = node.contains(document.activeElement) && document.activeElement.dataset.testid;
  node.stamp = stamp;
  node.replaceChildren(...draw(state, on));
  if (focused) node.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

function draw(state, on) {
  const channels = state.channels.filter(({ kind }) => kind === "channel");
  const apps = state.channels.filter((channel) => appOf(state, channel));
  const direct = state.channels.filter((channel) => channel.kind !== "channel" && !apps.includes(channel));
  const list = (title, entries) =>
    entries.length === 0 ? null : el(
      "section",
      {},
      el("h2", {}, title),
      el("ul", {}, entries.map((channel) => el("li", {}, entry(state, channel, on)))),
    );
  return [
    el(
      "div",
      { class: "side-head" },
      el("h1", {}, state.team.name),
      el("button", { type: "button", class: "button-bare drawer-close", "aria-label": "Close the side bar", onclick: on.close }, icon("close")),
    ),
    el(
      "nav",
      { "aria-label": "Channels and direct messages" },
      list("Channels", channels),
      list("Direct messages", direct),
      list("Apps", apps),
    ),
    el("div", { class: "side-foot" }, state.apps.map(connection), switcher(state, on)),
  ];
}

function entry(state, channel, on) {
  const here = channel.id === state.channelId;
  const name = channelName(state, channel);
  const person = channel.kind === "im" ? personOf(state, channel.with) : null;
  const shown = person?.real_name ?? channel.title ?? name;
  const classes = ["channel", here && "here", channel.unread && "unread", channel.is_archived && "closed"];
  const note = channelNote(channel);
  return el(
    "button",
    {
      type: "button",
      class: classes.filter(Boolean).join(" "),
      "data-testid": `channel-${name}`,
      "aria-current": here ? "page" : null,
      onclick: () => on.open(channel.id),
    },
    person ? avatar({ name: shown, color: person.color, bot: person.is_bot }) : channelIcon(channel),
    el("span", { class: "channel-name", title: note || null }, shown, note ? el("span", { class: "unseen" }, `, ${note}`) : null),
    channel.unread ? el("span", { class: "unread-count", "aria-label": `${channel.unread} unread` }, channel.unread) : null,
  );
}

function connection(app) {
  const text = app.connected ? `${app.name} is connected` : `${app.name} is not connected`;
  const kind = app.connected ? "on" : "off";
  return el("p", { class: `connection connection-${kind}`, role: "status" }, text);
}

function switcher(state, on) {
  const people = state.people.filter((person) => !person.is_bot && !person.deleted);
  const option = (person) => {
    const facts = [person.real_name, city(person.tz), origin(person, state.teams)].filter(Boolean);
    return el("option", { value: person.id, selected: person.id === state.me }, facts.join(" · "));
  };
  const me = personOf(state, state.me);
  return el(
    "label",
    { class: "switcher" },
    avatar({ name: me.real_name, color: me.color }),
    el("span", {}, "You are"),
    el(
      "select",
      { "data-testid": "person-switch", onchange: ({ currentTarget }) => on.become(currentTarget.value) },
      people.map(option),
    ),
  );
}
