// Small SVG drawings. Text from anywhere goes through textContent and attributes only.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element with a class and children, which are nodes or text. */
export function el(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** An SVG element. */
export function svg(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A bar of parts [{kind, start, length, title}] on a scale of that many units; longer is cut. */
export function bar(parts, scale, label) {
  const node = svg("svg", { viewBox: "0 0 1000 10", preserveAspectRatio: "none", role: "img" });
  node.setAttribute("aria-label", label);
  for (const part of parts) {
    // At least a hair, so that what is there is seen.
    const width = Math.max(2, (1000 * part.length) / scale);
    const x = Math.min(1000 - width, (1000 * part.start) / scale);
    const rect = svg("rect", { x, y: 0, width, height: 10, class: part.kind });
    rect.append(svg("title", {}, part.title ?? ""));
    node.append(rect);
  }
  return node;
}

export function swatch(kind, className) {
  const node = svg("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" });
  if (className) node.setAttribute("class", className);
  node.append(svg("rect", { width: 10, height: 10, rx: 2, class: kind }));
  return node;
}

/** The next round number: 1, 2 or 5 with zeros. */
export function ceiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

const LEFT = 48;
const TOP = 8;
const BOTTOM = 20;

/**
 * A chart of the last minutes.
 *
 * series: [{kind, values}], values are numbers or null; stacked areas or lines.
 */
export function chart(box, series, { stacked, seconds, format, label, empty }) {
  const width = Math.max(280, box.clientWidth);
  const height = 170;
  const node = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  node.setAttribute("aria-label", label);
  const count = series[0].values.length;
  const sums = Array.from({ length: count }, (_, i) =>
    stacked
      ? series.reduce((sum, one) => sum + (one.values[i] ?? 0), 0)
      : Math.max(0, ...series.map((one) => one.values[i] ?? 0)),
  );
  const max = ceiling(Math.max(0, ...sums));
  const right = width - 4;
  const x = (i) => right - ((count - 1 - i) * (right - LEFT)) / (seconds - 1);
  const y = (value) => height - BOTTOM - (value / max) * (height - BOTTOM - TOP);
  for (const share of [0, 0.5, 1]) {
    const at = y(share * max);
    node.append(
      svg("line", { x1: LEFT, x2: right, y1: at, y2: at, class: share ? "grid" : "axis" }),
      svg("text", { x: LEFT - 8, y: at + 4, "text-anchor": "end" }, format(share * max)),
    );
  }
  for (const [share, text] of [[0, `${seconds / 60} min ago`], [1, "now"]]) {
    const anchor = share ? "end" : "start";
    node.append(
      svg("text", { x: LEFT + share * (right - LEFT), y: height - 5, "text-anchor": anchor }, text),
    );
  }
  if (Math.max(0, ...sums) === 0) {
    const middle = { x: (LEFT + right) / 2, y: height / 2 - 12, "text-anchor": "middle" };
    node.append(svg("text", middle, empty));
  } else if (stacked) {
    areas(node, series, x, y);
  } else {
    lines(node, series, x, y);
  }
  box.replaceChildren(node);
}

function areas(node, series, x, y) {
  const base = new Array(series[0].values.length).fill(0);
  for (const one of series) {
    const lower = base.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
    one.values.forEach((value, i) => (base[i] += value ?? 0));
    const upper = base.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
    const points = [...upper, ...lower.reverse()].join(" ");
    node.append(svg("polygon", { points, class: one.kind }));
  }
}

function lines(node, series, x, y) {
  for (const one of series) {
    let path = "";
    let pen = false;
    one.values.forEach((value, i) => {
      if (value === null || value === undefined) {
        pen = false;
      } else {
        path += `${pen ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
        pen = true;
      }
    });
    node.append(svg("path", { d: path, class: `line l-${one.kind}` }));
  }
}
