// The bus monitor: asks for what is new each second, the newest on top. Opening a line holds the rest still.
import { decimal, figure, index, isCounter } from "../lib/figure.js";
import { element, language, press, setIcon, setText, words, zone } from "../lib/page.js";
import { toLogin } from "../lib/presence.js";

const PERIOD_MS = 1000;
const SHOWN = 200;
const RATE_MS = 10_000;
const monitor = document.getElementById("monitor");
const list = document.getElementById("lines");
const nothing = document.getElementById("nothing");
const unit = document.getElementById("unit");
const errorButtons = [...document.querySelectorAll("[data-errors]")];
const pause = document.getElementById("pause");
const banner = document.getElementById("connection");
const clock = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" });

let version = "";
let kept = 500;
let known = []; // oldest first, as many as the server keeps
let errorsOnly = false;
let paused = false;
let waiting = 0; // new ones that came while paused

const say = (key, value) => words.say[key].replace("%s", value);
const fits = (each) => (unit.value === "" || each.unit === Number(unit.value)) && (!errorsOnly || each.error !== null);

function deviceOf(each) {
  return each.device === null ? words.say.command : words.devices[each.device] ?? say("unit", each.unit);
}

function functionOf(each) {
  if (each.function === null) return words.say.frame; // it came by itself
  return words.functions[each.function] ?? say("function", each.function);
}

function answerOf(each) {
  if (each.error) return (words.troubles[each.error.code] ?? words.troubles[""])[0];
  if (each.function === null) return say("bytes", each.reply.split(" ").length);
  if (each.function > 4) return words.say.written;
  const kind = each.function > 2 ? "register" : "bit";
  return each.count === 1 ? words.say[kind] : say(`${kind}s`, each.count);
}

const took = (each) => `${decimal(each.took_ms, each.took_ms < 100 ? 1 : 0)} ms`;

function shown(value) {
  if (value.value === null) return words.say.noValue;
  if (typeof value.value === "string") return words.states[value.value] ?? value.value;
  const { text, unit: name } = isCounter(value.unit) ? index(value.value, value.unit) : figure(value.value, value.unit);
  return name ? `${text} ${name}` : text;
}

// Address and function stand out; the number of bytes that an answer begins with steps back.
function bytes(hex, counted = false) {
  const [address, code, ...rest] = hex.split(" ");
  const size = counted ? [element("i", {}, rest.shift()), " "] : [];
  return element("code", { class: "bytes" }, element("b", {}, [address, code].filter(Boolean).join(" ")), " ", ...size, rest.join(" "));
}

function pieces(each) {
  const made = element("div", { class: "pieces" });
  if (each.request) made.append(element("div", {}, element("h3", {}, words.say.request), bytes(each.request)));
  if (each.reply) made.append(element("div", {}, element("h3", {}, words.say.answer), bytes(each.reply, !each.error && each.function !== null && each.function <= 4)));
  if (each.error) {
    const [what, todo] = words.troubles[each.error.code] ?? words.troubles[""];
    const cause = element("p", { class: "cause" }, element("strong", {}, what), todo, " ", element("code", {}, each.error.code), " ", each.error.message);
    made.append(each.reply ? cause : element("div", {}, element("h3", {}, words.say.noAnswer), cause));
  }
  if (each.values.length) {
    const rows = each.values.map((value) => element("div", {}, element("dt", { title: words.labels[value.quantity] ?? value.quantity }, words.labels[value.quantity] ?? value.quantity), element("dd", {}, shown(value))));
    made.append(element("div", {}, element("h3", {}, words.say.values), element("dl", { class: "valued" }, ...rows)));
  }
  return made;
}

function line(each) {
  const summary = element(
    "summary", { class: "line" },
    element("time", { datetime: each.ts }, clock.format(new Date(each.ts))),
    element("span", { class: "who", title: deviceOf(each) }, deviceOf(each), element("small", {}, String(each.unit))),
    element("span", { class: "what" }, functionOf(each), element("small", {}, each.count > 1 ? `${each.at}–${each.at + each.count - 1}` : String(each.at ?? ""))),
    element("span", { class: "came" }, answerOf(each)),
    element("span", { class: "took" }, took(each)),
  );
  const details = element("details", {}, summary);
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    if (details.children.length === 1) details.append(pieces(each));
    setPaused(true);
  });
  const item = element("li", { class: each.error ? "failed" : "" }, details);
  item.transaction = each;
  return item;
}

function showNothing() {
  nothing.hidden = list.children.length > 0;
  if (known.length) setText(nothing.querySelector("h2"), words.say.none);
}

function showAll() {
  const wanted = known.filter(fits).slice(-SHOWN).reverse();
  list.replaceChildren(...wanted.map(line));
  showNothing();
}

function showNew(fresh) {
  const wanted = fresh.filter(fits).slice(-SHOWN).reverse();
  list.prepend(...wanted.map(line));
  while (list.children.length > SHOWN) list.lastChild.remove();
  showNothing();
}

function showGauges(now) {
  const seen = known.filter((each) => unit.value === "" || each.unit === Number(unit.value));
  const recent = seen.filter((each) => Date.parse(now) - Date.parse(each.ts) < RATE_MS);
  const times = seen.map((each) => each.took_ms);
  const failed = seen.filter((each) => each.error).length;
  const put = (name, text) => setText(monitor.querySelector(`[data-${name}]`), text);
  put("rate", seen.length ? decimal(recent.length / (RATE_MS / 1000), 1) : "–");
  put("mean", seen.length ? `${decimal(times.reduce((a, b) => a + b, 0) / times.length, 1)} ms` : "–");
  put("slowest", seen.length ? `${decimal(Math.max(...times), 0)} ms` : "–");
  put("failed", seen.length ? `${decimal(failed, 0)} (${decimal((100 * failed) / seen.length, 1)} %)` : "–");
  monitor.querySelector("[data-failed]").classList.toggle("bad", failed > 0);
  setText(document.querySelector("[data-error-count]"), String(failed));
}

function setPaused(now) {
  paused = now;
  pause.setAttribute("aria-pressed", String(paused));
  setIcon(pause, paused ? "play" : "pause");
  waiting = 0;
  showPause();
  if (!paused) showAll();
}

function showPause() {
  const label = paused && waiting ? `${words.say.goOn} · ${say("waiting", waiting)}` : paused ? words.say.goOn : words.say.pause;
  setText(pause.querySelector("span"), label);
}

function take(answer) {
  const restarted = version.split("-")[0] !== answer.v.split("-")[0];
  version = answer.v;
  kept = answer.kept;
  known = [...(restarted ? [] : known), ...answer.transactions].slice(-kept);
  setText(document.getElementById("kept"), say("kept", kept));
  showGauges(answer.now);
  if (paused) {
    waiting += answer.transactions.filter(fits).length;
    showPause();
  } else if (restarted) showAll();
  else showNew(answer.transactions);
}

let timer = null;
let asking = false;

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const path = `/api/v1/gateways/${monitor.dataset.gateway}/trace?since=${encodeURIComponent(version)}`;
    const response = await fetch(path, { signal: AbortSignal.timeout(8000), cache: "no-store" });
    if (response.status === 401) toLogin();
    if (!response.ok) throw new Error(String(response.status));
    take(await response.json());
    banner.hidden = true;
  } catch {
    banner.hidden = false;
  } finally {
    asking = false;
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, PERIOD_MS);
  }
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) ask();
});
unit.addEventListener("change", () => setPaused(false));
for (const button of errorButtons) {
  button.addEventListener("click", () => {
    errorsOnly = button.dataset.errors === "1";
    press(errorButtons, button);
    setPaused(false);
  });
}
pause.addEventListener("click", () => setPaused(!paused));
ask();
