// Tests a gateway or a device now and says in words what was read, or why not.
import { call, faultsOf } from "./api.js";
import { figure, index, isCounter } from "./figure.js";
import { element, icon, shellWords, words } from "./page.js";

const FIRST = 8; // values that are shown at once, these before all others
const FOREMOST = ["breaker_state", "active_power_w", "active_energy_import_wh", "water_dm3", "gas_dm3", "voltage_l1_v", "current_l1_a"];
const say = words.trial;
const place = document.querySelector("[data-result]");

function notice(look, picture, title, ...below) {
  return element("div", { class: `notice ${look}` }, icon(picture), element("div", {}, element("h2", {}, title), ...below));
}

function advice(error) {
  const [what, todo] = words.troubles[error.code] ?? words.troubles[""];
  return { what, todo, detail: element("p", { class: "small" }, element("code", {}, error.code), " ", error.message) };
}

function shown(reading) {
  if (reading.value === null) return "–";
  if (typeof reading.value === "string") return reading.value;
  const { text, unit } = isCounter(reading.unit) ? index(reading.value, reading.unit) : figure(reading.value, reading.unit);
  return unit ? `${text} ${unit}` : text;
}

function values(readings) {
  const known = Object.entries(readings).filter(([, reading]) => reading.value !== null);
  const rank = ([id]) => (FOREMOST.includes(id) ? FOREMOST.indexOf(id) : FOREMOST.length);
  known.sort((a, b) => rank(a) - rank(b));
  const rows = known.map(([id, reading]) => element("div", {}, element("dt", {}, words.labels[id] ?? id), element("dd", {}, shown(reading))));
  if (!rows.length) return [element("p", {}, say.nothing)];
  const list = (some) => element("dl", { class: "values" }, ...some);
  if (rows.length <= FIRST) return [list(rows)];
  return [list(rows.slice(0, FIRST)), element("details", { class: "more" }, element("summary", {}, `${say.more} (${rows.length})`), list(rows.slice(FIRST)))];
}

function devices(tried) {
  if (!tried.length) return [element("p", {}, say.noDevice)];
  return [element("dl", { class: "values" }, ...tried.map((each) => element("div", {},
    element("dt", {}, words.names?.[each.device] ?? String(each.device)),
    element("dd", {}, each.ok ? say.took.replace("%s", each.took_ms) : advice(each.error).what))))];
}

function show(answer) {
  const told = answer.body;
  if (!answer.ok) return notice("", "state-communication_error", faultsOf(answer)[0]?.message ?? shellWords.unreachable);
  if (!told.ok) {
    const { what, todo, detail } = advice(told.error);
    return notice("", "state-communication_error", what, element("p", {}, todo), detail, ...(told.devices?.length ? devices(told.devices) : []));
  }
  if (told.devices) return notice("good", "state-on", say.gatewayWorks, ...devices(told.devices));
  return notice("good", "state-on", say.works, ...values(told.readings));
}

export async function tryOut(path, holder = place) {
  holder.replaceChildren(notice("info", "test", say.running));
  const answer = await call("POST", path);
  holder.replaceChildren(show(answer));
  holder.dispatchEvent(new CustomEvent("tried", { bubbles: true, detail: answer }));
  return answer;
}

for (const button of document.querySelectorAll("[data-trial]")) {
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    await tryOut(button.dataset.trial);
    button.removeAttribute("aria-busy");
    place.scrollIntoView({ block: "nearest" });
  });
  if (new URL(location.href).searchParams.has("try")) button.click();
}
