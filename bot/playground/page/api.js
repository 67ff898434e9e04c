// The page's requests to the local Slack. Every answer is a plain object; a lost server is one too.

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    return { ok: false, error: "unreachable" };
  }
  const body = await response.json().catch(() => ({}));
  return response.ok ? { ok: true, ...body } : { error: `http_${response.status}`, ...body, ok: false };
}

function get(path, query) {
  const given = Object.entries(query).filter(([, value]) => value);
  return request(`${path}?${new URLSearchParams(given)}`);
}

function post(path, body) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const fetchState = (as) => get("/ui/state", { as });
export const fetchMessages = (as, channel, thread_ts) =>
  get("/ui/messages", { as, channel, thread_ts });
export const say = (body) => post("/ui/say", body);
export const slash = (body) => post("/ui/slash", body);
export const click = (body) => post("/ui/click", body);
export const openHome = (as, tab) => post("/ui/home", { as, tab });
export const actInView = (body) => post("/ui/view", { action: "act", ...body });
export const answerView = (body) => post("/ui/view", body);
