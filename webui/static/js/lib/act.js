// Single acts: <button data-act="DELETE" data-path="/api/v1/…" data-body="{…}" data-ask="…?" data-text="…" data-yes="…"
// data-done="…" data-next="/…">. data-ask asks first; data-next is where it leads, "" = this page anew.
import { confirmed } from "./dialog.js";
import { act } from "./form.js";

export function wireActs(root = document) {
  for (const button of root.querySelectorAll("[data-act]")) wireAct(button);
}

export function wireAct(button) {
  button.addEventListener("click", async () => {
    const { act: method, path, body, ask, text, yes, done, next, etag } = button.dataset;
    const look = method === "DELETE" || button.dataset.look === "bad" ? "bad" : "warn";
    if (ask && !(await confirmed({ title: ask, text: text ? [text] : [], yes, look }))) return;
    button.setAttribute("aria-busy", "true");
    const answer = await act(method, path, body ? JSON.parse(body) : undefined, { etag: etag || null, done, stay: next === undefined });
    button.removeAttribute("aria-busy");
    if (!answer) return;
    button.dispatchEvent(new CustomEvent("acted", { bubbles: true, detail: answer }));
    if (next === "" || next === location.pathname) location.reload();
    else if (next) location.assign(next);
  });
}
