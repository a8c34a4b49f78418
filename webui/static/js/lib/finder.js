// Finds pages, devices, gateways, loads and groups from anywhere: Ctrl+K, or the magnifying glass.
import { element, icon, shellWords } from "./page.js";
import { search } from "./search.js";

const MOST = 12;
const base = document.querySelector(".brand")?.getAttribute("href") ?? "/"; // of the server, which may stand below a path of a proxy

export function wireFinder() {
  const button = document.getElementById("finder");
  if (!button) return;
  button.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
}

let dialog = null;

async function open() {
  if (dialog?.open) return;
  dialog ??= build();
  dialog.showModal();
  const input = dialog.querySelector("input");
  input.value = "";
  input.focus();
  const response = await fetch("/live/finder", { cache: "no-store" }).catch(() => null);
  dialog.entries = response?.ok ? (await response.json()).map((each) => ({ ...each, names: [each.name], text: `${each.name} ${each.text} ${each.more}`, shown: each.text })) : [];
  show(input.value);
}

function build() {
  const input = element("input", { type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "finder-list", "aria-label": shellWords.find, placeholder: shellWords.find, autocomplete: "off" });
  const list = element("ul", { id: "finder-list", role: "listbox", "aria-label": shellWords.find });
  const made = element("dialog", { class: "dialog finder", "aria-label": shellWords.find },
    element("div", { class: "sheet" }, element("label", { class: "field search" }, icon("search"), input), list, element("p", { class: "none soft small", hidden: true, role: "status" }, shellWords.foundNothing)));
  document.body.append(made);
  input.addEventListener("input", () => show(input.value));
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); choose(at() + step); }
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); } // a search field keeps it for itself
    if (event.key === "Enter") { event.preventDefault(); list.children[Math.max(0, at())]?.querySelector("a").click(); }
  });
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  return made;
}

const options = () => [...dialog.querySelectorAll("[role=option]")];
const at = () => options().findIndex((each) => each.getAttribute("aria-selected") === "true");

function choose(wanted) {
  const all = options();
  if (!all.length) return;
  const index = (wanted + all.length) % all.length;
  all.forEach((each, place) => each.setAttribute("aria-selected", String(place === index)));
  dialog.querySelector("input").setAttribute("aria-activedescendant", all[index].id);
  all[index].scrollIntoView({ block: "nearest" });
}

function show(wanted) {
  const entries = dialog.entries ?? [];
  const found = (wanted.trim() ? search(entries, wanted) : entries).slice(0, MOST);
  dialog.querySelector("ul").replaceChildren(...found.map((each, place) => element("li", { role: "option", id: `found-${place}`, "aria-selected": "false" },
    element("a", { href: base + each.path.slice(1), tabindex: "-1" }, icon(each.icon), element("b", {}, each.name), element("small", {}, each.shown)))));
  dialog.querySelector(".none").hidden = found.length > 0 || !dialog.entries;
  choose(0);
}
