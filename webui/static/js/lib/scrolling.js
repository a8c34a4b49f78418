// What is wider than its room scrolls by the keyboard too: it can be reached with Tab while it does.
const PLACES = ".wide, .scroll, .body";

export function wireScrolling() {
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => show(target)));
  for (const each of document.querySelectorAll(PLACES)) {
    sizes.observe(each);
    show(each);
  }
}

function show(each) {
  if (each.hasAttribute("role")) return; // it says itself what it is
  const isWider = each.scrollWidth > each.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(each).overflowX);
  if (isWider) each.tabIndex = 0;
  else each.removeAttribute("tabindex");
}
