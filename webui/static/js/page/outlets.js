// Outlets: one dialogue adds and edits, with the entries of the chosen kind; passwords go by a request of their own.
import { call, faultsOf } from "../lib/api.js";
import { openDialog } from "../lib/dialog.js";
import { clearFaults } from "../lib/entry.js";
import { act, inWords } from "../lib/form.js";
import { words, shellWords } from "../lib/page.js";
import { toastOnNextPage } from "../lib/toast.js";

const dialog = document.getElementById("edit");
const form = dialog.querySelector("form");
const collection = form.dataset.api;
const { kind } = form.elements;
let secrets = {};

function showKind() {
  for (const part of form.querySelectorAll("[data-kind]")) part.hidden = part.dataset.kind !== kind.value;
}

const shown = (name) => [...form.elements].find((control) => control.name === name && !control.closest("[hidden]"));

function fill(values, known) {
  kind.value = values.kind;
  kind.disabled = true;
  showKind();
  for (const name of ["name", "link"]) shown(name).value = values[name];
  shown("on").checked = values.on;
  for (const [name, value] of Object.entries(values.parameters)) {
    const control = shown(`parameters.${name}`);
    if (control) control.value = String(value);
  }
  for (const control of form.querySelectorAll("[data-secret]")) {
    control.placeholder = known.includes(control.dataset.secret) ? `•••••••• ${words.kept}` : "";
  }
}

for (const button of document.querySelectorAll("[data-edit]")) {
  button.addEventListener("click", () => {
    const id = button.dataset.edit;
    form.reset();
    kind.disabled = false;
    form.dataset.api = id ? `${collection}/${id}` : collection;
    form.dataset.method = id ? "PATCH" : "POST";
    form.dataset.etag = button.dataset.etag ?? "";
    for (const control of form.querySelectorAll("[data-secret]")) control.placeholder = "";
    if (id) fill(JSON.parse(button.dataset.values), (button.dataset.secrets ?? "").split(" "));
    else showKind();
    clearFaults(form);
    form.rebase();
    openDialog(dialog);
  });
}
kind.addEventListener("change", () => {
  showKind();
  form.widen();
});

form.addEventListener("saving", (event) => {
  const { values } = event.detail;
  secrets = Object.fromEntries(Object.entries(values.secrets ?? {}).filter(([, value]) => value));
  delete values.secrets;
});

form.addEventListener("saved", async (event) => {
  if (!Object.keys(secrets).length) return;
  event.preventDefault();
  const answer = await act("PUT", `${collection}/${event.detail.body.id}/secrets`, secrets);
  if (answer) toastOnNextPage(words.saved);
  location.reload();
});

// What a test came to, in words; what the other side answered stands behind them as it is.
function outcome({ ok, delivered, error }) {
  if (ok) return delivered.length ? words.deliveredTo.replace("{recipients}", delivered.join(", ")) : words.delivered;
  const [what, todo] = words.advice[error.code] ?? [error.message, ""];
  return [what, todo, `(${error.message})`].filter(Boolean).join(" ");
}

for (const button of document.querySelectorAll("[data-test]")) {
  button.addEventListener("click", async () => {
    const line = button.closest("tr").querySelector("[data-result]");
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    const answer = await call("POST", button.dataset.test, {});
    button.disabled = false;
    button.removeAttribute("aria-busy");
    line.hidden = false;
    line.classList.toggle("bad", !answer.body?.ok);
    if (answer.ok) return void (line.textContent = outcome(answer.body));
    const [fault] = await inWords(faultsOf(answer));
    line.textContent = answer.status === 0 ? shellWords.unreachable : [fault?.message ?? shellWords.failed, fault?.hint].filter(Boolean).join(" ");
  });
}
