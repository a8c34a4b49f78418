// Tabs: a [role=tablist] of [role=tab aria-controls=ID]; arrows, Home and End move as screen readers expect.
export function wireTabs(root = document) {
  for (const list of root.querySelectorAll("[role=tablist][data-tabs]")) wireTabList(list);
}

function wireTabList(list) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  function open(tab, focus = false) {
    for (const other of tabs) {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = other !== tab;
    }
    if (focus) tab.focus();
  }
  tabs.forEach((tab, at) => {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", (event) => {
      const goal = { ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
      if (goal === undefined) return;
      event.preventDefault();
      open(tabs[goal], true);
    });
  });
}
