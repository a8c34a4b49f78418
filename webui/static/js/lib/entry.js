// What stands in a form, as the JSON that the API takes; and faults beside the entry that they blame.
import { element } from "./page.js";

// A number as people write it, with a comma or a dot; null for what is none, such as 1_000 or 0x10.
export function decimalOf(text) {
  const bare = text.trim().replace(",", ".");
  return /^[+-]?\d+(\.\d*)?$/.test(bare) ? Number(bare) : null;
}

const CASTS = {
  int: (text) => (text.trim() === "" ? null : /^-?\d+$/.test(text.trim()) ? Number(text) : text),
  number: (text) => (text.trim() === "" ? null : decimalOf(text) ?? text),
  price: (text) => text.trim().replace(",", "."),
  text: (text) => text,
};

function valueOf(control) {
  if (control.type === "checkbox") return control.checked;
  return CASTS[control.dataset.cast ?? (control.type === "number" ? "number" : "text")](control.value);
}

// {name: value}; a name that begins with "-" stays in the page, a name with a dot nests ("labels.input_1"), what has data-list gathers its values in a list, a checkbox where it is ticked; one with data-left-out is left out while it is empty.
export function read(form) {
  const values = {};
  for (const control of form.elements) {
    if (!control.name || control.name.startsWith("-") || control.matches(":disabled") || control.closest("[hidden]")) continue;
    if (control.type === "radio" && !control.checked) continue;
    if (control.dataset.list !== undefined) {
      values[control.name] ??= [];
      if (control.type !== "checkbox" || control.checked) values[control.name].push(CASTS[control.dataset.cast ?? "text"](control.value));
      continue;
    }
    const path = control.name.split(".");
    const last = path.pop();
    const place = path.reduce((at, key) => (at[key] ??= {}), values);
    if (control.dataset.leftOut === undefined || control.value.trim() !== "") place[last] = valueOf(control);
  }
  return values;
}

// What differs from ``before``, name by name; what nests is told whole.
export function changes(before, now) {
  const same = (name) => JSON.stringify(before[name]) === JSON.stringify(now[name]);
  return Object.fromEntries(Object.entries(now).filter(([name]) => !same(name)));
}

// Faults of what has to be told and is not: entries with the mark of one that is required.
export function missing(form, message) {
  const named = new Map();
  for (const control of form.elements) {
    if (!control.name || control.matches(":disabled") || control.closest("[hidden]")) continue;
    if (!control.closest(".entry")?.querySelector(".must:not([hidden])")) continue;
    const told = control.type === "radio" ? control.checked : control.value.trim() !== "";
    named.set(control.name, (named.get(control.name) ?? false) || told);
  }
  return [...named].filter(([, told]) => !told).map(([field]) => ({ field, code: "missing", message, hint: "" }));
}

export function clearFaults(form) {
  for (const entry of form.querySelectorAll(".entry.faulty")) clear(entry);
  form.querySelector("[data-form-fault]")?.remove();
}

function clear(entry) {
  entry.classList.remove("faulty");
  entry.querySelector(".fault")?.replaceChildren();
  for (const control of entry.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

function entryOf(form, field) {
  const named = [...form.elements].filter((control) => control.name === field || control.dataset.alsoFor?.split(" ").includes(field));
  const shown = named.find((control) => !control.closest("[hidden]") && control.type !== "hidden") ?? named[0];
  return shown?.closest(".entry") ?? form.querySelector(`.entry[data-field="${CSS.escape(field)}"]`);
}

// A part of a field that has an entry of its own: the port of an address.
const byCode = (form, code) => form.querySelector(`[data-blamed="${CSS.escape(code ?? "")}"]`)?.closest(".entry") ?? null;

// As a sentence: the API begins small and ends without a full stop.
const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? "" : "."}` : "");

// Puts each fault beside its entry, the rest on top of the form, and leads to the first.
export function showFaults(form, faults) {
  clearFaults(form);
  const homeless = [];
  let first = null;
  for (const fault of faults) {
    const entry = byCode(form, fault.code) ?? (fault.field ? entryOf(form, fault.field) : null);
    const place = entry?.querySelector(":scope > .fault") ?? entry?.querySelector(".fault");
    if (!place || entry.closest("[hidden]")) { homeless.push(fault); continue; }
    entry.classList.add("faulty");
    place.replaceChildren(element("span", {}, sentence(fault.message), ...(fault.hint ? [element("small", {}, sentence(fault.hint))] : [])));
    const control = entry.querySelector("input:not([type=hidden]), select, textarea");
    control?.setAttribute("aria-invalid", "true");
    first ??= control;
    entry.addEventListener("input", () => clear(entry), { once: true });
  }
  if (homeless.length) first = onTop(form, homeless);
  first?.focus();
  first?.scrollIntoView({ block: "center" });
}

function onTop(form, faults) {
  const lines = faults.flatMap((fault) => [element("p", {}, sentence(fault.message)), ...(fault.hint ? [element("p", { class: "small" }, sentence(fault.hint))] : [])]);
  const notice = element("div", { class: "notice long", role: "alert", tabindex: "-1", "data-form-fault": true }, element("div", {}, ...lines));
  (form.querySelector(".body, [data-faults]") ?? form).prepend(notice);
  return notice;
}
