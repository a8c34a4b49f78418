// Small things that all scripts of pages use: the words of the page, elements, icons.
const block = document.getElementById("words");
export const words = block ? JSON.parse(block.textContent) : {};
const shared = document.getElementById("shell-words");
export const shellWords = shared ? JSON.parse(shared.textContent) : {};
export const zone = document.body.dataset.zone;
export const language = document.documentElement.lang; // BCP 47: "fr", "nl-BE"

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

// A small square of a colour, for legends. (No inline styles: the page's policy forbids them.)
export function swatch(colour) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("aria-hidden", "true");
  const square = document.createElementNS(SVG, "rect");
  for (const [key, value] of Object.entries({ width: 12, height: 12, rx: 2.5, fill: colour })) square.setAttribute(key, value);
  svg.append(square);
  return svg;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function setIcon(holder, name) {
  holder.querySelector("use").setAttribute("href", `${document.body.dataset.icons}#${name}`);
}

export function setText(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

export function press(buttons, pressed) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button === pressed));
}

export function remembered(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

export function remember(key, value) {
  try { localStorage.setItem(key, value); } catch { /* private windows may refuse */ }
}
