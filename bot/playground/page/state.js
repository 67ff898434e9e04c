// What the page knows, and how news changes it. No nodes and no requests in here.

/** A reader's view of the workspace, from the server's `/ui/state` answer. */
export function makeState(answer, channelId, tab) {
  const known = answer.channels.some(({ id }) => id === channelId);
  return {
    ...answer,
    channelId: known ? channelId : (answer.channels[0]?.id ?? NOWHERE.id),
    threadTs: null,
    tab: known && tab === "home" ? "home" : "messages",
    home: null,
    linked: true,
    feeds: new Map(),
    warnings: new Map(),
  };
}

/** Where somebody is who is in no conversation at all. */
export const NOWHERE = { id: "", name: "", kind: "nowhere", members: [], unread: 0 };

export const personOf = (state, id) => state.people.find((person) => person.id === id) ?? null;
export const channelOf = (state, id) => state.channels.find((channel) => channel.id === id) ?? null;
export const currentChannel = (state) => channelOf(state, state.channelId) ?? NOWHERE;
export const zoneOf = (state) => personOf(state, state.me)?.tz ?? "Etc/UTC";

/** The channel's name as this reader sees it: a direct message is named for the other one. */
export function channelName(state, channel) {
  return channel.kind === "im" ? (personOf(state, channel.with)?.name ?? channel.name) : channel.name;
}

/** The app that a conversation is with, if it is with one. */
export const appOf = (state, channel) =>
  channel.kind === "im" ? (state.apps.find((app) => app.bot_user === channel.with) ?? null) : null;

/** Whether what is shown is the app's Home, and no conversation. */
export const atHome = (state) => state.tab === "home" && Boolean(appOf(state, currentChannel(state))?.home);

/** Whether the bot reads a channel: direct messages always, others once it is a member. */
export const hearsBot = (state, channel) =>
  state.apps.some((app) => channel.members.includes(app.bot_user));

export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

export function feedOf(state, channelId) {
  if (!state.feeds.has(channelId)) state.feeds.set(channelId, new Map());
  return state.feeds.get(channelId);
}

const inOrder = (messages) => messages.sort((a, b) => (a.ts < b.ts ? -1 : 1));

/** The messages that stand in the channel itself. */
export function rootsOf(state, channelId) {
  const shown = (message) => !isReply(message) || message.reply_broadcast;
  return inOrder([...feedOf(state, channelId).values()].filter(shown));
}

/** The parent and the replies of a thread. */
export function threadOf(state, channelId, threadTs) {
  const within = (message) => message.ts === threadTs || message.thread_ts === threadTs;
  return inOrder([...feedOf(state, channelId).values()].filter(within));
}

/**
 * Put fetched history in place of what was known.
 *
 * What the live feed told since the request began (`touched`) is newer and stays; what history does
 * not have (ephemeral messages, other threads) stays too.
 */
export function takeHistory(state, channelId, threadTs, messages, touched) {
  const feed = feedOf(state, channelId);
  const covered = (message) => (threadTs ? message.thread_ts === threadTs : !isReply(message));
  for (const message of [...feed.values()]) {
    if (covered(message) && !message.ephemeral && !touched.has(message.ts)) feed.delete(message.ts);
  }
  for (const message of messages) {
    if (!touched.has(message.ts)) feed.set(message.ts, message);
  }
}

/** Apply one live event; says which message ts it touched, or null. */
export function applyEvent(state, event) {
  const change = EVENTS[event.type];
  return change ? change(state, event) : null;
}

const EVENTS = {
  message(state, { message }) {
    const known = feedOf(state, message.channel).has(message.ts);
    if (!known) countUnread(state, message);
    return store(state, message);
  },
  changed: (state, { message }) => store(state, message),
  ephemeral: (state, { message }) => store(state, message),
  deleted: drop,
  ephemeral_deleted: drop,
  reaction: (state, { message }) => store(state, message),
  thread(state, { type, channel, thread_ts: threadTs, ...counts }) {
    const parent = feedOf(state, channel).get(threadTs);
    return parent ? store(state, { ...parent, ...counts }) : null;
  },
  app(state, { connected }) {
    for (const app of state.apps) app.connected = connected;
    return null;
  },
};

function store(state, message) {
  feedOf(state, message.channel).set(message.ts, message);
  state.warnings.delete(warningKey(message.channel, message.ts));
  return message.ts;
}

function drop(state, { channel, ts }) {
  feedOf(state, channel).delete(ts);
  return ts;
}

function countUnread(state, message) {
  const elsewhere = message.channel !== state.channelId;
  const shown = !isReply(message) || message.reply_broadcast;
  const channel = channelOf(state, message.channel);
  if (channel && elsewhere && shown && message.user !== state.me) channel.unread += 1;
}

/** Under which key the warning of a click on a message is kept. */
export const warningKey = (channelId, ts) => `${channelId}/${ts}`;
