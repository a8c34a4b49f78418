// The history of changes: the newest on top, each with its fields before and after; takes the last one back.
import { call, faultsOf } from "../lib/api.js";
import { confirmed } from "../lib/dialog.js";
import { act } from "../lib/form.js";
import { element, icon, language, words, zone } from "../lib/page.js";
import { toast } from "../lib/toast.js";

const FIELDS_SHOWN = 6;
const PICTURES = { gateway: "gateway", device: "measure", load: "load", group: "group", board: "board", tariff: "tariff", former_tariff: "tariff", rule: "tariff", site: "settings" };
const say = words.say;
const list = document.getElementById("changes");
const undo = document.getElementById("undo");
const when = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium", timeStyle: "short" });

function plain(value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return say.nothing;
  if (value === true) return say.yesValue;
  if (value === false) return say.noValue;
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function fieldRow(name, pair) {
  const [before, after] = Array.isArray(pair) ? pair : [pair.before, pair.after];
  return element("div", {}, element("dt", {}, words.fields[name] ?? name), element("dd", {}, element("s", {}, plain(before)), " → ", element("b", {}, plain(after))));
}

function changeOf(change) {
  const fields = change.action === "changed" ? Object.entries(change.fields ?? {}) : [];
  const rows = fields.slice(0, FIELDS_SHOWN).map(([name, pair]) => fieldRow(name, pair));
  const rest = fields.length - rows.length;
  return element("li", { class: "change" }, icon(PICTURES[change.kind] ?? "settings"),
    element("div", {}, element("b", {}, words.actions[change.action] ?? change.action), ` · ${words.kinds[change.kind] ?? change.kind} `, element("span", {}, change.name ? `“${change.name}”` : change.id ? String(change.id) : ""),
      ...(rows.length ? [element("dl", { class: "before-after" }, ...rows)] : []), ...(rest > 0 ? [element("p", { class: "soft small" }, say.more.replace("%s", rest))] : [])));
}

function entryOf(entry) {
  const head = element("header", {}, element("h2", {}, when.format(new Date(entry.ts))), element("span", { class: "soft small" }, say.by.replace("%s", entry.author)), ...(entry.undoes ? [element("span", { class: "badge" }, say.undoes)] : []));
  return element("li", { class: "panel" }, head, element("div", { class: "body" }, element("ul", { class: "change-list" }, ...entry.changes.map(changeOf))));
}

function show(entries) {
  list.replaceChildren(...entries.map(entryOf));
  document.getElementById("none").hidden = entries.length > 0;
  if (!undo || !entries.length) return;
  undo.hidden = false;
  undo.addEventListener("click", async () => {
    const text = [say.undoText, element("ul", { class: "change-list" }, ...entries[0].changes.map(changeOf))];
    if (!(await confirmed({ title: say.undo, text, yes: say.yes, look: "warn" }))) return;
    if (await act("POST", "/api/v1/undo", { version: entries[0].version }, { done: say.undone })) location.reload();
  });
}

const answer = await call("GET", "/api/v1/audit?limit=100");
if (answer.ok) show(answer.body);
else {
  list.replaceChildren();
  toast(faultsOf(answer)[0]?.message ?? say.failed, "bad");
}
