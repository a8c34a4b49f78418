// The bar above a chart: which period, which date; kept in the page's address so that it can be sent on.
import { language, press, setText } from "./page.js";

const MONTHS = { month: 1, year: 12, decade: 120 };

export const asDate = (text) => new Date(`${text}T00:00:00Z`);
const asText = (date) => date.toISOString().slice(0, 10);

// The same place in the period before (-1) or after (1); the last day of a shorter month where there is no such day.
export function shifted(text, period, step) {
  const date = asDate(text);
  if (period === "day") {
    date.setUTCDate(date.getUTCDate() + step);
    return asText(date);
  }
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + step * MONTHS[period]);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return asText(date);
}

// How people say the period; bins are those of the answer.
export function named(period, text, bins) {
  if (period === "decade") return bins?.length ? `${bins[0].start.slice(0, 4)} – ${bins[bins.length - 1].start.slice(0, 4)}` : "…";
  const forms = {
    day: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
    month: { month: "long", year: "numeric" },
    year: { year: "numeric" },
  };
  return new Intl.DateTimeFormat(language, { ...forms[period], timeZone: "UTC" }).format(asDate(text));
}

// The label of a bin on the axis; `start` is local time with its offset.
export function binName(period, start) {
  if (period === "day") return start.slice(11, 16);
  if (period === "month") return String(Number(start.slice(8, 10)));
  if (period === "year") return new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" }).format(asDate(start.slice(0, 10)));
  return start.slice(0, 4);
}

// The label of a bin in words, for tables and tips.
export function binWords(period, bin) {
  if (period === "day") return `${bin.start.slice(11, 16)} – ${bin.end.slice(11, 16)}`;
  const forms = { month: { weekday: "short", day: "numeric", month: "short" }, year: { month: "long", year: "numeric" }, decade: { year: "numeric" } };
  return new Intl.DateTimeFormat(language, { ...forms[period], timeZone: "UTC" }).format(asDate(bin.start.slice(0, 10)));
}

// Drives the bar in `root` and calls changed({period, date}) at once and with each choice. Returns {name(bins): shows the period's name, choose({period, date})}.
export function periodBar(root, today, changed) {
  const address = new URL(location.href);
  const buttons = [...root.querySelectorAll("[data-period]")];
  const input = root.querySelector("input[type=date]");
  const known = buttons.map((button) => button.dataset.period);
  const asked = address.searchParams;
  const date = asked.get("date") ?? "";
  const isThere = isDate(date);
  const chosen = {
    period: known.includes(asked.get("period")) ? asked.get("period") : "day",
    date: isThere ? date : today,
  };

  function choose(change) {
    Object.assign(chosen, change);
    press(buttons, buttons.find((button) => button.dataset.period === chosen.period));
    input.value = chosen.date;
    root.querySelector("[data-step='1']").disabled = shifted(chosen.date, chosen.period, 1).slice(0, keep()) > today.slice(0, keep());
    asked.set("period", chosen.period);
    asked.set("date", chosen.date);
    history.replaceState(null, "", address);
    setText(root.querySelector("[data-when]"), named(chosen.period, chosen.date));
    changed({ ...chosen });
  }
  const keep = () => ({ day: 10, month: 7, year: 4, decade: 3 })[chosen.period];
  for (const button of buttons) button.addEventListener("click", () => choose({ period: button.dataset.period }));
  for (const button of root.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => choose({ date: shifted(chosen.date, chosen.period, Number(button.dataset.step)) }));
  }
  input.addEventListener("change", () => input.value && choose({ date: input.value }));
  input.addEventListener("click", () => input.showPicker?.());
  const strange = root.querySelector("[data-no-date]");
  if (strange && date && !isThere) {
    strange.hidden = false;
    setText(strange, strange.dataset.noDate.replace("%s", date.slice(0, 40)));
  }
  choose({});
  return { choose, name: (bins) => setText(root.querySelector("[data-when]"), named(chosen.period, chosen.date, bins)) };
}

// A day of the calendar between 1980 and 2099.
function isDate(text) {
  if (!/^(19[89]|20\d)\d-\d\d-\d\d$/.test(text)) return false;
  const date = asDate(text);
  return !Number.isNaN(date.getTime()) && asText(date) === text;
}

// The date at the site now.
export function siteToday(zone, now_ms) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date(now_ms));
}
