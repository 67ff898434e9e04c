// What the composer offers while somebody types @, # or / ; pure, takes text and caret.

const TOKEN = /(?:^|\s)([@#])([\w.-]*)$/;
const LONGEST = 8;

/**
 * The offers for what stands before the caret: {start, query, options} or null.
 *
 * An option is {insert, label, note, face}; choosing it replaces the text from `start` to the caret.
 */
export function offersFor(text, caret, { people, channels, personas, commands }) {
  const before = text.slice(0, caret);
  if (/^\/\S*$/.test(before)) return offers(0, before.slice(1), commands.map(commandOption));
  const match = TOKEN.exec(before);
  if (!match) return null;
  const [, mark, query] = match;
  const start = caret - query.length - 1;
  const options = mark === "@" ? mentions(people, personas) : channels.map(channelOption);
  return offers(start, query, options);
}

function offers(start, query, options) {
  const wanted = query.toLowerCase();
  const fits = ({ match }) => match.some((word) => word.toLowerCase().startsWith(wanted));
  const fitting = options.filter(fits).slice(0, LONGEST);
  return fitting.length ? { start, query, options: fitting } : null;
}

function mentions(people, personas) {
  const rank = (person) => (person.is_bot ? 0 : 2);
  const everybody = [
    ...people.filter(({ name }) => name !== "slackbot").map((person) => [rank(person), personOption(person)]),
    ...personas.map((name) => [1, personaOption(name)]),
  ];
  return everybody.sort(([a], [b]) => a - b).map(([, option]) => option);
}

const personOption = (person) => ({
  insert: `@${person.name} `,
  label: `@${person.name}`,
  note: person.is_bot ? "the bot" : person.real_name,
  match: [person.name, person.real_name],
});

const personaOption = (name) => ({
  insert: `@${name} `,
  label: `@${name}`,
  note: "ops agent",
  match: [name],
});

const channelOption = ({ name }) => ({ insert: `#${name} `, label: `#${name}`, note: "", match: [name] });

const commandOption = ({ command, usage_hint: usage, description }) => ({
  insert: `${command} `,
  label: `${command} ${usage ?? ""}`,
  note: description ?? "",
  match: [command.slice(1)],
});

/** Whether the person has already typed an offer in full, so that Enter means send. */
export const isTyped = ({ query, options }) =>
  options.some(({ insert }) => insert.slice(1).trim().toLowerCase() === query.toLowerCase());
