// How many alarms there are, in the navigation of every page; a new one says so while somebody looks.
import { setText, shellWords } from "./page.js";
import { toast } from "./toast.js";

const EACH_MS = 5000;

export function wireAlarms() {
  const link = document.querySelector('.navigation [href="/alarms"]');
  if (!link) return;
  const count = link.querySelector(".count");
  let version = null;
  let newest = 0;
  let timer = null;

  function show(summary) {
    const number = summary.active;
    count.hidden = number === 0;
    setText(count, number > 99 ? "99+" : String(number));
    link.title = number ? shellWords.alarms.replace("%s", number) : "";
    const alarm = summary.newest;
    const began = alarm ? Date.parse(alarm.last) : 0;
    if (version !== null && alarm && began > newest) {
      const name = alarm.name || alarm.part;
      const words = shellWords.alarmKinds[alarm.kind] ?? alarm.kind;
      toast(name ? `${name}: ${words}` : words, "bad", { text: shellWords.look, run: () => location.assign("/alarms") });
    }
    newest = Math.max(newest, began);
    version = summary.v;
  }

  async function ask() {
    clearTimeout(timer);
    try {
      const response = await fetch("/api/v1/alarms/summary", { signal: AbortSignal.timeout(8000), cache: "no-store" });
      if (response.ok) show(await response.json());
    } catch { /* the next time */ }
    if (!document.hidden) timer = setTimeout(ask, EACH_MS);
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  ask();
}
