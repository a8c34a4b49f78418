// Keeps a part of a page as the server shows it now: asks for it again and again while somebody looks.
import { toLogin } from "./presence.js";

const PERIOD_MS = 3000;

// part: an element whose data-live is the address of its content. Returns ask(), which looks at once; ask.stop() until then.
export function keepFresh(part, period_ms = PERIOD_MS) {
  const banner = document.getElementById("connection");
  let tag = null;
  let timer = null;
  let address = "";
  let stopped = false;

  async function ask() {
    clearTimeout(timer);
    stopped = false;
    if (address !== part.dataset.live) tag = null;
    const mine = address = part.dataset.live;
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const response = await fetch(mine, { headers, signal: AbortSignal.timeout(8000), cache: "no-store" });
      if (response.status === 401) return toLogin();
      if (!response.ok && response.status !== 304) throw new Error(String(response.status));
      const text = await response.text();
      if (stopped || mine !== part.dataset.live) return;
      if (response.ok) show(part, text);
      tag = response.headers.get("ETag");
      banner.hidden = true;
    } catch {
      banner.hidden = false;
    }
    clearTimeout(timer);
    if (!document.hidden && !stopped) timer = setTimeout(ask, period_ms);
  }
  ask.stop = () => {
    stopped = true;
    clearTimeout(timer);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : stopped || ask()));
  ask();
  return ask;
}

// What somebody opened stays open, and the focus stays where it was.
function show(part, html) {
  const made = new DOMParser().parseFromString(html, "text/html").body;
  const before = [...part.querySelectorAll("details")];
  [...made.querySelectorAll("details")].forEach((details, at) => { details.open = before[at]?.open ?? false; });
  const ways = (of) => [...of.querySelectorAll("a, button, summary")];
  const focused = ways(part).indexOf(document.activeElement);
  part.replaceChildren(...made.childNodes);
  if (focused >= 0) ways(part)[focused]?.focus({ preventScroll: true });
  part.dispatchEvent(new CustomEvent("refreshed"));
}
