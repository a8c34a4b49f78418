// Short news at the foot of the page; they outlive a change of page when that is asked for.
import { element, icon } from "./page.js";

const KEPT = "toast";
const SHOWN_MS = 5000;

function place() {
  let found = document.getElementById("toasts");
  if (!found) {
    found = element("div", { id: "toasts", class: "toasts", role: "status", "aria-live": "polite", popover: "manual" });
    document.body.append(found);
  }
  return found;
}

// kind: "good" or "bad"; action: {text, run} adds a button.
export function toast(text, kind = "good", action = null) {
  const holder = place();
  const line = element("p", {}, icon(kind === "good" ? "state-on" : "state-communication_error"), element("span", {}, text));
  if (action) {
    const button = element("button", { type: "button" }, action.text);
    button.addEventListener("click", () => { line.remove(); action.run(); });
    line.append(button);
  }
  holder.append(line);
  holder.hidePopover?.(); // to the top again, above a dialogue opened meanwhile
  holder.showPopover?.();
  setTimeout(() => {
    line.remove();
    if (!holder.children.length) holder.hidePopover?.();
  }, SHOWN_MS);
}

export function toastOnNextPage(text, kind = "good") {
  try { sessionStorage.setItem(KEPT, JSON.stringify([text, kind])); } catch { /* private windows may refuse */ }
}

export function showKeptToast() {
  try {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (kept) toast(...JSON.parse(kept));
  } catch { /* private windows may refuse */ }
}
