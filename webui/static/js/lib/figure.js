// Figures in the language's own form and in the unit that suits their size; the same rules as runtime/text/figures.py.
const STEPS = {
  Wh: ["Wh", "kWh", "MWh", "GWh"], varh: ["varh", "kvarh", "Mvarh", "Gvarh"], VAh: ["VAh", "kVAh", "MVAh", "GVAh"],
  W: ["W", "kW", "MW"], var: ["var", "kvar", "Mvar"], VA: ["VA", "kVA", "MVA"], dm3: ["dm³", "m³"],
};
const DECIMALS = { V: 1, Hz: 2, "%": 1, "°C": 1, "°": 1, h: 1 };
const language = document.documentElement.lang;
const formats = new Map();

export function decimal(value, decimals) {
  if (!formats.has(decimals)) {
    formats.set(decimals, new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  }
  return formats.get(decimals).format(value);
}

// How often `value` can be divided by 1000 before the unit's names run out.
export function sizeOf(value, unit) {
  const steps = STEPS[unit] ?? [unit];
  let size = 0;
  while (Math.abs(value) >= 1000 && size + 1 < steps.length) {
    value /= 1000;
    size += 1;
  }
  return size;
}

export function unitName(unit, size) {
  return (STEPS[unit] ?? [unit])[size];
}

// {text, unit} of a value; `size` as of sizeOf when several values share a unit.
export function figure(value, unit, size = sizeOf(value, unit)) {
  if (!(unit in STEPS)) return { text: decimal(value, plainDecimals(value, unit)), unit };
  const scaled = value / 1000 ** size;
  let decimals = 2;
  if (size === 0) decimals = Math.abs(scaled) >= 10 || scaled === 0 ? 0 : 1;
  else if (Math.abs(scaled) >= 100) decimals = 1;
  return { text: decimal(scaled, decimals), unit: unitName(unit, size) };
}

// Energies and volumes that a device tells are indexes: always in thousands, as on the device itself.
export const isCounter = (unit) => ["Wh", "varh", "VAh", "dm3"].includes(unit);

export function index(value, unit) {
  return { text: decimal(value / 1000, 2), unit: unitName(unit, 1) };
}

// "12.34" -> "12,34 €"; as many decimals as the text has. No money is a dash.
export function money(text, currency) {
  if (text === null || text === undefined) return "–";
  const digits = text.split(".")[1]?.length ?? 0;
  const form = `${currency} ${digits}`;
  if (!formats.has(form)) formats.set(form, moneyFormat(currency, digits));
  return formats.get(form).format(Number(text));
}

// What a site kept as its currency may be none: then its letters stand behind the number.
function moneyFormat(currency, digits) {
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (/^[A-Z]{3}$/.test(currency)) return new Intl.NumberFormat(language, { style: "currency", currency, ...decimals });
  const plain = new Intl.NumberFormat(language, decimals);
  return { format: (value) => `${plain.format(value)} ${currency}` };
}

export function words(value, unit, size) {
  const shown = figure(value, unit, size);
  return `${shown.text} ${shown.unit}`;
}

function plainDecimals(value, unit) {
  if (unit in DECIMALS) return DECIMALS[unit];
  if (Number.isInteger(value)) return 0;
  return Math.abs(value) < 100 ? 2 : 1;
}
