// The list of alarms: filters as they are chosen, and the acknowledgement of those that are ticked.
import { call, faultsOf } from "../lib/api.js";
import { ask } from "../lib/dialog.js";
import { element, shellWords, words } from "../lib/page.js";
import { toast, toastOnNextPage } from "../lib/toast.js";

const say = words.say;
const filter = document.getElementById("filter");
const button = document.getElementById("acknowledge");
const every = document.getElementById("every");
const boxes = () => [...document.querySelectorAll('#alarms [name="id"]')];
const chosen = () => boxes().filter((box) => box.checked);

filter.addEventListener("change", () => filter.requestSubmit());

function count() {
  const number = chosen().length;
  button.disabled = number === 0;
  button.querySelector("span").textContent = number > 1 ? `${say.title} (${number})` : say.title;
  if (every) every.checked = number > 0 && number === boxes().length;
}

async function acknowledge() {
  const input = element("input", { type: "text", maxlength: 250, autocomplete: "off", "aria-label": say.word });
  const entry = element("label", { class: "entry" }, element("span", {}, `${say.word} (${say.optional})`), element("div", { class: "input" }, input));
  const choices = [{ value: "", text: shellWords.cancel }, { value: "yes", text: say.yes, look: "primary" }];
  if ((await ask({ title: say.title, text: [say.text, entry], choices, picture: "eye" })) !== "yes") return;
  button.setAttribute("aria-busy", "true");
  const answer = await call("POST", "/api/v1/alarms/ack", { ids: chosen().map((box) => Number(box.value)), word: input.value });
  button.removeAttribute("aria-busy");
  if (!answer.ok) return toast(faultsOf(answer)[0]?.message ?? shellWords.unreachable, "bad");
  toastOnNextPage(say.done);
  location.reload();
}

async function maintain() {
  const what = element("select", { "aria-label": say.what });
  what.append(...words.maintainable.map(([subject, name]) => new Option(name, subject)));
  const until = element("input", { type: "datetime-local", value: words.until, "aria-label": say.until });
  const entry = (title, control) => element("label", { class: "entry" }, element("span", {}, title), element("div", { class: "input" }, control));
  const choices = [{ value: "", text: shellWords.cancel }, { value: "yes", text: say.begin, look: "primary" }];
  const text = [say.rest, entry(say.what, what), entry(say.until, until)];
  if ((await ask({ title: say.maintenance, text, choices, picture: "clock" })) === "yes") await keep(what.value, until.value);
}

// Until a moment of the site's clock; null ends it.
async function keep(subject, until) {
  const answer = await call("PUT", `/api/v1/maintenance/${subject}`, { until });
  if (!answer.ok) return toast(faultsOf(answer)[0]?.message ?? shellWords.unreachable, "bad");
  toastOnNextPage(until ? say.begun : say.ended);
  location.reload();
}

if (button) {
  document.getElementById("alarms")?.addEventListener("change", count);
  every?.addEventListener("change", () => { for (const box of boxes()) box.checked = every.checked; count(); });
  button.addEventListener("click", acknowledge);
  count();
  document.getElementById("maintain").addEventListener("click", maintain);
  for (const each of document.querySelectorAll("[data-maintained]")) each.addEventListener("click", () => keep(each.dataset.maintained, null));
}
