// A ring of shares, drawn in SVG: each part begins where the one before it ends.
const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 15.9155; // so that the whole way round is 100

function drawn(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// parts: [{value, colour}]
export function ring(parts) {
  const svg = drawn("svg", { viewBox: "0 0 40 40" });
  const whole = parts.reduce((sum, part) => sum + Math.max(0, part.value), 0);
  const gap = parts.filter((part) => part.value > 0).length > 1 ? 0.6 : 0;
  let begun = 0;
  for (const { value, colour } of parts.filter((part) => part.value > 0)) {
    const share = (value / whole) * 100;
    svg.append(drawn("circle", {
      cx: 20, cy: 20, r: RADIUS, fill: "none", stroke: colour, "stroke-width": 7,
      "stroke-dasharray": `${Math.max(0.2, share - gap)} ${100 - Math.max(0.2, share - gap)}`, "stroke-dashoffset": 25 - begun,
    }));
    begun += share;
  }
  return svg;
}
