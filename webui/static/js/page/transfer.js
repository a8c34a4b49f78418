// Takes a file of the configuration in: first shows what would change, then does it.
import { call, faultsOf } from "../lib/api.js";
import { element, icon, words } from "../lib/page.js";
import { toastOnNextPage } from "../lib/toast.js";

const say = words.say;
const form = document.getElementById("import-form");
const preview = document.getElementById("preview");
const LOOKS = { added: "added", changed: "changed", removed: "removed" };

const content = () => form.elements["-content"].value;
const path = (dry) => `/api/v1/installation?dry=${dry ? 1 : 0}&replace=${form.elements["-replace"].checked ? 1 : 0}`;

function notice(look, picture, title, ...below) {
  return element("div", { class: `notice ${look}` }, icon(picture), element("div", {}, element("h2", {}, title), ...below));
}

function line(change) {
  const name = change.name ? `“${change.name}”` : change.id ? String(change.id) : "";
  return element("li", { class: LOOKS[change.action] }, element("b", {}, words.actions[change.action] ?? change.action), element("span", {}, `${words.kinds[change.kind] ?? change.kind} ${name}`));
}

function faultLine(fault) {
  return element("li", {}, [fault.field, fault.message, fault.hint].filter(Boolean).join(" · "));
}

function show(answer) {
  if (!answer.ok) {
    const faults = faultsOf(answer);
    preview.replaceChildren(notice("", "state-communication_error", say.faults, element("p", {}, say.nothingDone), element("ul", {}, ...faults.map(faultLine))));
    return;
  }
  const { changes } = answer.body;
  if (!changes.length) return preview.replaceChildren(notice("info", "info", say.nothing));
  const take = element("button", { type: "button", class: "button primary big" }, say.take);
  take.addEventListener("click", async () => {
    take.setAttribute("aria-busy", "true");
    const done = await call("POST", path(false), content());
    take.removeAttribute("aria-busy");
    if (!done.ok) return show(done);
    toastOnNextPage(say.done);
    location.assign("/setup/gateways");
  });
  const title = changes.length === 1 ? say.one : say.would.replace("%s", changes.length);
  preview.replaceChildren(element("h2", {}, title), element("ul", { class: "diff below" }, ...changes.map(line)), element("div", { class: "actions below" }, take));
}

document.getElementById("file")?.addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (file) form.elements["-content"].value = await file.text();
});
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fault = form.querySelector(".entry .fault");
  fault.textContent = content().trim() ? "" : say.empty;
  if (!content().trim()) return;
  const button = form.querySelector("button[type=submit]");
  button.setAttribute("aria-busy", "true");
  show(await call("POST", path(true), content()));
  button.removeAttribute("aria-busy");
  preview.focus();
});
