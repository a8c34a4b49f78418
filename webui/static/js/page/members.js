// Which devices belong to a load or a measure group: each device that was ticked or unticked is changed by itself.
import { call, faultsOf } from "../lib/api.js";
import { shellWords, words } from "../lib/page.js";
import { toast, toastOnNextPage } from "../lib/toast.js";

const form = document.getElementById("members");
const boxes = [...form.querySelectorAll("input[type=checkbox]")];
const { kind, id } = form.dataset;
const own = Number(id);

const changed = () => boxes.filter((box) => box.checked !== box.defaultChecked);

function wish(box) {
  if (kind === "loads") return { load: box.checked ? own : null };
  const groups = box.dataset.groups.split(" ").filter(Boolean).map(Number).filter((group) => group !== own);
  return { groups: box.checked ? [...groups, own] : groups };
}

form.addEventListener("change", () => {
  document.getElementById("ticked").textContent = String(boxes.filter((box) => box.checked).length);
  const mark = form.querySelector("[data-unsaved]");
  if (mark) mark.hidden = !changed().length;
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button[type=submit]");
  button.setAttribute("aria-busy", "true");
  for (const box of changed()) {
    const answer = await call("PATCH", `/api/v1/devices/${box.value}`, wish(box));
    if (!answer.ok) {
      button.removeAttribute("aria-busy");
      box.closest("tr").querySelector("[data-fault]").textContent = faultsOf(answer)[0]?.message ?? shellWords.failed;
      box.focus();
      return toast(faultsOf(answer)[0]?.message ?? shellWords.unreachable, "bad");
    }
    box.defaultChecked = box.checked;
  }
  toastOnNextPage(words.saved);
  location.assign(`/setup/${kind}`);
});
