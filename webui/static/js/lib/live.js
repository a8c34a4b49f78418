// Asks for live values again and again while somebody looks; tells when the server cannot be reached.
import { toLogin } from "./presence.js";

const PERIOD_MS = 2000;

// path(v): the address to ask; take(answer): called with each answer that has something new.
export function follow(path, take, period_ms = PERIOD_MS) {
  const banner = document.getElementById("connection");
  let version = null;
  let timer = null;
  let asking = false;

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const response = await fetch(path(version), { signal: AbortSignal.timeout(8000), cache: "no-store" });
      if (response.status === 401) toLogin();
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      banner.hidden = true;
      if ("v" in answer) version = answer.v;
      if ("devices" in answer || "readings" in answer) take(answer);
    } catch {
      banner.hidden = false;
    } finally {
      asking = false;
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(ask, period_ms);
    }
  }
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  ask();
}

export function isStale(reading, now, limit_s) {
  // from the future: the clock went back, so nobody knows its age
  return reading.ts === null || Math.abs(Date.parse(now) - Date.parse(reading.ts)) > (reading.stale_after_s ?? limit_s) * 1000;
}
