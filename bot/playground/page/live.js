// The socket that brings news, opened again with growing pauses whenever it is lost.

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** Listen as one person; returns a function that stops listening for good. */
export function listen(as, { onEvent, onLink }) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const address = `${scheme}://${location.host}/ui/live?as=${encodeURIComponent(as)}`;
  let pause = FIRST_PAUSE_MS;
  let socket = null;
  let timer = null;
  let stopped = false;

  function open() {
    socket = new WebSocket(address);
    socket.addEventListener("open", () => {
      pause = FIRST_PAUSE_MS;
      if (!stopped) onLink(true);
    });
    socket.addEventListener("message", ({ data }) => {
      if (!stopped) onEvent(JSON.parse(data));
    });
    socket.addEventListener("close", () => {
      if (stopped) return;
      onLink(false);
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
  }

  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    socket.close();
  };
}
