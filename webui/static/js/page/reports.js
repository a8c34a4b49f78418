// Data download: what is chosen, and the files as they come. Whoever comes back later finds them here.
import { call } from "../lib/api.js";
import { confirmed } from "../lib/dialog.js";
import { clearFaults, showFaults } from "../lib/entry.js";
import { decimal } from "../lib/figure.js";
import { act } from "../lib/form.js";
import { element, icon, language, words, zone } from "../lib/page.js";

const AGAIN_MS = 1500;
const say = words.say;
const form = document.getElementById("download");
const files = document.querySelector("[data-files]");
const lists = [...form.querySelectorAll("[data-list]")];
const day = new Intl.DateTimeFormat(language, { timeZone: "UTC", dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium", timeStyle: "short" });
let timer = 0;

const boxesOf = (list) => [...list.querySelectorAll('input[type="checkbox"]')];
const shown = () => lists.find((list) => !list.hidden);

for (const choice of form.querySelectorAll('[name="list"]')) {
  choice.addEventListener("change", () => { for (const list of lists) list.hidden = list.dataset.list !== choice.value; });
}

for (const list of lists) {
  list.querySelector("[data-every]")?.addEventListener("click", () => {
    const boxes = boxesOf(list);
    const every = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !every;
  });
}

form.addEventListener("saving", (event) => {
  clearFaults(form);
  const ids = boxesOf(shown()).filter((box) => box.checked).map((box) => Number(box.value));
  if (!ids.length) { event.preventDefault(); return showFaults(form, [{ field: "ids", message: say.choose }]); }
  event.detail.values.ids = ids;
});
form.addEventListener("saved", load);

async function load() {
  clearTimeout(timer);
  const answer = await call("GET", "/api/v1/downloads");
  if (answer.ok) show(answer.body);
  if (!answer.ok || answer.body.some((file) => isOpen(file))) timer = setTimeout(load, AGAIN_MS);
}

const isOpen = (file) => file.state === "waiting" || file.state === "at_work";

function show(found) {
  document.querySelector("[data-none]").hidden = found.length > 0;
  files.replaceChildren(...found.map(line));
}

function line(file) {
  const what = [say.lists[file.list], `${day.format(new Date(file.from))} – ${day.format(new Date(file.to))}`, say.steps[file.step], ...(file.costs ? [say.costs] : [])];
  const state = element("span", { class: file.state === "failed" || file.state === "lost" ? "badge bad" : file.state === "done" ? "badge good" : "badge" }, say.states[file.state]);
  const size = file.state === "done" ? say.megabytes.replace("%s", decimal(Math.max(file.bytes / 1e6, 0.01), 2)) : "";
  const facts = element("div", {}, element("b", {}, what.join(" · ")), element("small", { class: "block soft" }, [moment.format(new Date(file.asked)), file.by, size, file.error].filter(Boolean).join(" · ")));
  const bar = file.state === "at_work" ? [element("progress", { max: 100, value: file.percent, "aria-label": say.states.at_work })] : [];
  return element("li", { class: "file", "data-download": file.id, "data-state": file.state }, facts, state, ...bar, element("span", { class: "actions" }, ...acts(file)));
}

function acts(file) {
  const gone = element("button", { class: "button", type: "button" }, icon(isOpen(file) ? "close" : "delete"), isOpen(file) ? say.cancel : say.erase);
  gone.addEventListener("click", () => remove(file));
  if (file.state !== "done") return [gone];
  return [element("a", { class: "button primary", href: `/api/v1/downloads/${file.id}/reportdata.zip`, download: "reportdata.zip" }, icon("download"), say.download), gone];
}

async function remove(file) {
  if (isOpen(file) && !(await confirmed({ title: say.sure, text: [say.sureText], yes: say.yes, look: "warn" }))) return;
  if (await act("DELETE", `/api/v1/downloads/${file.id}`)) load();
}

load();
