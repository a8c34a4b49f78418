// Forms that speak with the API.
//
// <form data-api="/api/v1/loads/3" data-method="PATCH" data-etag="…" data-next="/setup/loads" data-done="Saved.">
// A PATCH tells only what was changed. Somebody else's change meanwhile (409) is asked about: reload, or keep mine.
// Events on the form: "saving" (cancelable, detail.values may be changed), "saved" (detail: the answer; cancelable:
// stops data-next).
import { call, faultsOf } from "./api.js";
import { ask } from "./dialog.js";
import { changes, clearFaults, missing, read, showFaults } from "./entry.js";
import { language, shellWords, zone } from "./page.js";
import { toast, toastOnNextPage } from "./toast.js";

export function wireForms(root = document) {
  for (const form of root.querySelectorAll("form[data-api]")) wireForm(form);
}

// What the server wrote: somebody who is quicker than the scripts, or a browser that fills in what stood there before,
// has changed it already.
function asServed(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return read(copy);
}

// ``before`` with what ``now`` has beside: entries that a script has just shown.
function widened(before, now) {
  const nests = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const both = (name) => (nests(now[name]) && nests(before[name]) ? widened(before[name], now[name]) : before[name]);
  return { ...now, ...Object.fromEntries(Object.keys(before).map((name) => [name, both(name)])) };
}

// .rebase() takes what stands there as saved; .widen() only what was not there before, so that nothing typed is lost.
export function wireForm(form) {
  form.noValidate = true;
  let before = asServed(form);
  const buttons = () => form.querySelectorAll('button[type="submit"], button:not([type])');

  const isDirty = () => Object.keys(changes(before, read(form))).length > 0;
  const mark = () => { const place = form.querySelector("[data-unsaved]"); if (place) place.hidden = !isDirty(); };
  form.addEventListener("input", mark);
  form.addEventListener("reset", () => setTimeout(() => { clearFaults(form); mark(); }));
  form.rebase = () => { before = read(form); mark(); };
  form.widen = () => { before = widened(before, read(form)); mark(); };
  if (form.dataset.method === "PATCH" && !form.closest("dialog")) {
    addEventListener("beforeunload", (event) => { if (isDirty() && !form.dataset.sent) event.preventDefault(); });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    const absent = missing(form, shellWords.missing);
    if (absent.length) return showFaults(form, absent);
    const method = form.dataset.method ?? "POST";
    const values = method === "PATCH" ? changes(before, read(form)) : read(form);
    const saving = new CustomEvent("saving", { cancelable: true, detail: { values } });
    if (!form.dispatchEvent(saving)) return;
    form.dataset.busy = "true";
    for (const button of buttons()) button.setAttribute("aria-busy", "true");
    const answer = await send(form, method, saving.detail.values);
    delete form.dataset.busy;
    for (const button of buttons()) button.removeAttribute("aria-busy");
    if (answer) settle(form, answer);
  });
}

async function send(form, method, values) {
  const answer = await call(method, form.dataset.api, values, { etag: form.dataset.etag || null });
  if (answer.status !== 409 || !form.dataset.etag || !isStale(answer)) return answer;
  const choice = await ask({
    title: shellWords.conflictTitle, text: [...who(answer.body.error.changed), shellWords.conflictText], look: "warn", picture: "state-communication_error",
    choices: [{ value: "mine", text: shellWords.keepMine }, { value: "reload", text: shellWords.reload, look: "primary" }],
  });
  if (choice === "reload") { form.dataset.sent = "true"; location.reload(); }
  if (choice !== "mine") return null;
  const newest = await call("GET", form.dataset.api);
  if (!newest.ok) return newest;
  form.dataset.etag = newest.body?.etag ?? newest.etag ?? "";
  return send(form, method, values);
}

const moment = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: "medium", timeStyle: "short" });
const who = (changed) => (changed ? [`${changed.by} · ${moment.format(new Date(changed.at))}`] : []);
const isStale = (answer) => ["version_stale", "etag_stale", "stale", "conflict"].includes(answer.body?.error?.code);

function settle(form, answer) {
  if (!answer.ok) return refuse(form, answer);
  clearFaults(form);
  form.rebase?.();
  if (answer.body?.etag || answer.etag) form.dataset.etag = answer.body?.etag ?? answer.etag;
  const saved = new CustomEvent("saved", { cancelable: true, detail: answer });
  if (!form.dispatchEvent(saved)) return;
  const text = form.dataset.done ?? shellWords.saved;
  form.closest("dialog")?.close();
  if (form.dataset.next === undefined) return toast(text);
  form.dataset.sent = "true";
  toastOnNextPage(text);
  const next = form.dataset.next.replace("{id}", answer.body?.id ?? "");
  if (next === "" || next === location.pathname + location.search) location.reload();
  else location.assign(next);
}

async function refuse(form, answer) {
  if (answer.status === 0) return toast(shellWords.unreachable, "bad");
  const faults = await inWords(faultsOf(answer));
  showFaults(form, faults.length ? faults : [{ field: "", message: shellWords.failed }]);
}

// The API tells refusals in English, with names and numbers; who reads another language gets the words of its codes.
export async function inWords(faults) {
  if (!faults.length || language.startsWith("en")) return faults;
  const known = await call("GET", "/words/refusals");
  if (!known.ok) return faults;
  return faults.map((fault) => (known.body[fault.code] ? { ...fault, ...translated(fault, known.body[fault.code]) } : fault));
}

// With the facts of the fault, its range or its culprit, where there are some.
function translated({ facts }, [message, hint, withFacts]) {
  if (!facts || !withFacts) return { message, hint };
  return { message, hint: withFacts.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "") };
}

// A single act outside of a form: a switch, a deletion. -> whether it was done; says why when not.
export async function act(method, path, value = undefined, { etag = null, done = null, stay = false } = {}) {
  const answer = await call(method, path, value, { etag });
  if (!answer.ok) {
    const [fault] = await inWords(faultsOf(answer));
    toast(answer.status === 0 ? shellWords.unreachable : [fault?.message ?? shellWords.failed, fault?.hint].filter(Boolean).join(" "), "bad");
    return null;
  }
  if (done) (stay ? toast : toastOnNextPage)(done);
  return answer;
}
