// Instants as one reader sees them: every function takes the reader's IANA zone.

const LOCALE = "en-GB";
const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }));
  }
  return formats.get(key);
}

const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DATE_FORMS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: CLOCK,
  time_secs: { ...CLOCK, second: "2-digit" },
};

/** The instant of a Slack `ts`. */
export const instant = (ts) => new Date(Number(ts) * 1000);

export const clock = (date, zone) => format(zone, CLOCK).format(date);

export const weekday = (date, zone) => format(zone, { weekday: "short" }).format(date);

/** The local day as YYYY-MM-DD, for comparing. */
export function dayKey(date, zone) {
  const parts = format(zone, DATE_FORMS.date_num).formatToParts(date);
  const part = (type) => parts.find((each) => each.type === type).value;
  return `${part("year")}-${part("month")}-${part("day")}`;
}

function nearDay(date, zone, now) {
  const day = dayKey(date, zone);
  const noon = (key) => Date.parse(`${key}T12:00:00Z`);
  const distance = Math.round((noon(day) - noon(dayKey(now, zone))) / 86400000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[distance] ?? null;
}

/** What stands on a day divider: Today, Yesterday, or the weekday and date. */
export function dayTitle(date, zone, now = new Date()) {
  const near = nearDay(date, zone, now);
  if (near) return near[0].toUpperCase() + near.slice(1);
  return format(zone, { weekday: "long", day: "numeric", month: "long" }).format(date);
}

/** The full moment, with its zone, for tooltips. */
export function fullMoment(date, zone) {
  return `${format(zone, DATE_FORMS.date_long).format(date)} at ${clock(date, zone)} (${zone})`;
}

/** A `<!date^…>` pattern filled in for the reader; null when it holds a token nobody knows. */
export function fillDate(seconds, pattern, zone, now = new Date()) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  let known = true;
  const text = pattern.replace(/\{(\w+?)(_pretty)?\}/g, (_, token, pretty) => {
    const near = pretty ? nearDay(date, zone, now) : null;
    if (near) return near;
    if (token === "date_num") return dayKey(date, zone);
    if (!DATE_FORMS[token]) known = false;
    return known ? format(zone, DATE_FORMS[token]).format(date) : "";
  });
  return known ? text : null;
}

/** "Berlin" for Europe/Berlin. */
export const city = (zone) => zone.split("/").pop().replaceAll("_", " ");
