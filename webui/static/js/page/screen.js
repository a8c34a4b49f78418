// A public screen. It never leaves its page: the next one is loaded behind the present one and shown once it is there, so
// that neither a restart of the server nor a lost network leaves an empty screen behind.
import { language, zone } from "../lib/page.js";

const AGAIN_MS = 5000;
const WITHIN_MS = 20_000;
const banner = document.getElementById("connection");
const refused = document.getElementById("refused");
const time = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
let frames = [...document.querySelectorAll("iframe")];
let version = null;
let turn = 0;
let since = null;

// The key of the link is given for a cookie, and taken out of the address, which people see.
async function ask() {
  const key = decodeURIComponent(location.hash.slice(1));
  const options = { cache: "no-store", signal: AbortSignal.timeout(WITHIN_MS) };
  const begun = { ...options, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key }) };
  const response = await fetch("/api/v1/screen", key ? begun : options);
  if (response.ok && key) history.replaceState(null, "", location.pathname);
  return response;
}

function paint(dark) {
  const theme = dark ? "dark" : "light";
  for (const shown of [document, ...frames.map((frame) => frame.contentDocument)]) {
    if (!shown?.documentElement || shown.documentElement.dataset.theme === theme) continue;
    shown.documentElement.dataset.theme = theme;
    shown.dispatchEvent(new Event("themechange"));
  }
}

const isOurs = (frame) => { try { return frame.contentDocument?.body?.classList.contains("on-screen") === true; } catch { return false; } };

function load(frame, page) {
  const address = new URL(`.${page}`, location.href); // beside this page: it may stand below a path of a proxy
  address.searchParams.set("screen", "1");
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), WITHIN_MS);
    frame.addEventListener("load", () => { clearTimeout(timer); resolve(isOurs(frame)); }, { once: true });
    frame.src = address.href;
  });
}

function show(frame) {
  const [before] = frames.filter((each) => each !== frame);
  frame.dataset.shown = "";
  frame.removeAttribute("aria-hidden");
  delete before.dataset.shown;
  before.setAttribute("aria-hidden", "true");
  before.src = "about:blank"; // it asks for nothing while nobody sees it
  frames = [frame, before];
}

// -> after how many ms the next page is due.
async function next() {
  const response = await ask();
  refused.hidden = response.status !== 401;
  if (response.status === 401) return AGAIN_MS * 6;
  if (!response.ok) throw new Error(String(response.status));
  const screen = await response.json();
  version ??= screen.version;
  if (screen.version !== version) location.reload();
  const page = screen.pages[turn % screen.pages.length];
  turn += 1;
  if (!(await load(frames[1], page))) throw new Error(page);
  paint(screen.dark);
  show(frames[1]);
  banner.hidden = true;
  since = null;
  return screen.turn_s * 1000;
}

function missed() {
  since ??= new Date();
  banner.querySelector("time").textContent = time.format(since);
  banner.hidden = false;
  return AGAIN_MS;
}

async function go() {
  setTimeout(go, await next().catch(missed));
}
addEventListener("hashchange", () => location.reload());
go();
