// The frame of every page: the site's clock, light or dark, the menus, and what every page's parts need to live.
import { wireActs } from "./act.js";
import { wireAlarms } from "./alarms.js";
import { wireDialogs } from "./dialog.js";
import { wireFinder } from "./finder.js";
import { wireForms } from "./form.js";
import { wireGrids } from "./grid.js";
import { language, zone } from "./page.js";
import { wirePresence } from "./presence.js";
import { wireScrolling } from "./scrolling.js";
import { wireTabs } from "./tabs.js";
import { showKeptToast } from "./toast.js";

const clock = document.getElementById("clock");
const ahead = Number(document.body.dataset.now) - Date.now();
const time = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const date = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short", day: "numeric", month: "long", year: "numeric" });

function tick() {
  const now = new Date(Date.now() + ahead);
  clock.querySelector("b").firstChild.data = time.format(now);
  clock.querySelector(".seconds").textContent = `:${String(now.getUTCSeconds()).padStart(2, "0")}`;
  clock.querySelector(".date").textContent = date.format(now);
  setTimeout(tick, 1000 - (now.getTime() % 1000));
}
tick();

const button = document.getElementById("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

function show() {
  const use = button.querySelector("use");
  use.setAttribute("href", `${document.body.dataset.icons}#${isDark() ? "sun" : "moon"}`);
  button.setAttribute("aria-pressed", String(isDark()));
  document.dispatchEvent(new Event("themechange"));
}
button.addEventListener("click", () => {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  show();
});
dark.addEventListener("change", show);
show();

const current = document.querySelector(".choice [aria-current]");
current?.scrollIntoView({ block: "nearest", inline: "nearest" });

wireDialogs();
wireForms();
wireActs();
wireGrids();
wireTabs();
wirePresence();
wireAlarms();
wireFinder();
wireScrolling();
showKeptToast();

const menus = [...document.querySelectorAll("details.menu")];
document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && menus.find((menu) => menu.open);
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
