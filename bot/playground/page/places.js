// Conversations in words and marks: icons, titles, who is from elsewhere, and Slack's own commands.

import { el, icon } from "./dom.js";

export const OWN_COMMANDS = [
  { command: "/invite", usage_hint: "@name", description: "Bring somebody, or Chatcron, into this channel" },
  { command: "/remove", usage_hint: "@name", description: "Take somebody out of this channel" },
  { command: "/leave", usage_hint: "", description: "Leave this channel" },
  { command: "/rename", usage_hint: "name", description: "Give this channel another name" },
  { command: "/archive", usage_hint: "", description: "Archive this channel" },
];

const REFUSALS = {
  already_in_channel: "They are in this channel already.",
  cant_archive_general: "#general cannot be archived.",
  cant_invite: "Somebody of another company can only come into a channel shared with it.",
  cant_invite_self: "You are here already.",
  invalid_name_required: "Write the new name after /rename.",
  is_archived: "This was not sent: the channel is archived until somebody brings it back.",
  method_not_supported_for_channel_type: "This works in channels, not in direct messages.",
  name_taken: "There is a channel of that name already.",
  not_in_channel: "They are not in this channel.",
  ura_max_channels: "A single-channel guest cannot come into a second channel.",
  user_is_restricted: "Guests and people of other companies cannot do this here.",
  user_not_found: "Nobody here has that name. Type @ to see who there is.",
};

/** The sentence for what Slack refused, or null where it has none. */
export const refusalFor = (error) => REFUSALS[error] ?? null;

/** The mark of a channel: what one must know before one writes there. */
export function channelIcon({ is_archived: archived, is_ext_shared: shared, is_private: priv }) {
  if (archived) return icon("box");
  if (priv) return icon("lock");
  return icon(shared ? "shared" : "hash");
}

/** What screen readers hear beside a channel's name. */
export function channelNote({ is_archived: archived, is_ext_shared: shared, is_private: priv }) {
  return [archived && "archived", priv && "private", shared && "shared with another company"].filter(Boolean).join(", ");
}

/** Where somebody is from, if not simply of this workspace: "guest", "Globex", or null. */
export function origin(person, teams) {
  if (person?.team_id) return teams?.[person.team_id] ?? "another company";
  return person?.is_restricted || person?.is_ultra_restricted ? "guest" : null;
}

/** The title over a channel: its mark, its name, and what is special about it. */
export function titleNodes(channel, label, { people, teams }) {
  if (channel.kind !== "channel") return [label];
  const plain = !channel.is_private && !channel.is_archived;
  const guests = people.filter((person) => person.team_id && channel.members.includes(person.id));
  const others = [...new Set(guests.map((person) => origin(person, teams)))];
  const notes = [
    channel.is_archived && "archived",
    channel.is_ext_shared && (others.length ? `shared with ${others.join(", ")}` : "shared"),
    channel.is_private && "private",
  ].filter(Boolean);
  return [
    plain ? label : el("span", { class: "title-marked" }, channelIcon(channel), channel.name),
    ...(notes.length ? [" ", el("small", {}, notes.join(" · "))] : []),
  ];
}

/** What stands in place of the composer where nobody can write. */
export function archivedBar(label, bringBack) {
  return el(
    "div",
    { class: "archived", "data-testid": "archived", role: "status" },
    icon("box"),
    el("p", {}, `${label} is archived. What was said stays; nobody can write here.`),
    el("button", { type: "button", class: "button", onclick: bringBack }, "Bring it back"),
  );
}
