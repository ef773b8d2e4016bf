import { bar, chart, el, swatch } from "./charts.js";

const $ = (id) => document.getElementById(id);
const SECONDS = 300;
const LATENCIES = ["This proxy", "of it waiting in a queue", "Connecting", "First byte of the origin"];
const LATENCY_KINDS = ["us", "queue", "connect", "first"];
const SIDES = { downstream: "client", proxy: "this proxy", upstream: "origin" };
const PARTS = {
  QUEUE: ["queue", "queue"],
  PROXY: ["us", "this proxy"],
  DNS: ["dns", "DNS"],
  CONNECT: ["connect", "connect"],
  TLS: ["tls", "TLS"],
  FIRST_BYTE: ["first", "first byte"],
  ORIGIN: ["origin", "origin"],
  PAYLOAD: ["payload", "payload"],
  DELIVERY: ["delivery", "delivery to the client"],
};
const CLASSES = [
  ["s2", "2xx"],
  ["s3", "3xx"],
  ["s4", "4xx"],
  ["s5", "5xx"],
  ["s0", "no response"],
];

let points = [];
let state = null;
let paused = false;
let chosen = null;

// Numbers

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

function count(value) {
  return value < 1e6 ? number.format(value) : `${(value / 1e6).toFixed(2)} M`;
}

function rate(value) {
  if (value === 0) return "0";
  return value < 9.95 ? value.toFixed(1) : number.format(value);
}

function millis(value) {
  if (value === null || value === undefined) return "–";
  if (value >= 9950) return `${(value / 1000).toFixed(1)} s`;
  if (value >= 100) return `${number.format(value)} ms`;
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

function bytes(value) {
  const units = ["B", "kB", "MB", "GB"];
  let i = 0;
  while (value >= 1000 && i < units.length - 1) {
    value /= 1000;
    i++;
  }
  return [i === 0 || value >= 100 ? number.format(value) : value.toFixed(1), units[i]];
}

function percent(part, whole) {
  const value = whole > 0 ? (100 * part) / whole : 0;
  return `${value > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)} %`;
}

function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.floor(seconds)} s`;
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}

// A row of counts is its labels, the count within the window, and that since the start.
const recent = (rows) => rows.reduce((sum, row) => sum + row[row.length - 2], 0);
const overall = (rows) => rows.reduce((sum, row) => sum + row[row.length - 1], 0);

// Answer

function verdict() {
  const [own, , connect, first] = state.latencies;
  const at = (i) => ({ us: own[i] ?? 0, connect: connect[i] ?? 0, first: first[i] ?? 0 });
  const typical = at(1);
  const slow = at(2);
  const total = (one) => one.us + one.connect + one.first;
  let answer = "No traffic in the last 10 s";
  let reason = "The page answers as soon as a request has a response.";
  if (own[0] + first[0] > 0) {
    const share = total(slow) > 0 ? slow.us / total(slow) : 0;
    answer = share > 0.7 ? "It is us." : share < 0.3 ? "It is the origin." : "It is both.";
    reason =
      `Slow requests (95th percentile, last 10 s) wait ${millis(slow.connect + slow.first)} for` +
      ` origins, and ${millis(slow.us)} for this proxy.`;
  }
  failing();
  $("answer").textContent = answer;
  $("reason").textContent = reason;
  const scale = Math.max(total(slow), total(typical), 0.001);
  const bars = [];
  for (const [label, one] of [["typical (p50)", typical], ["slow (p95)", slow]]) {
    const parts = [];
    let start = 0;
    for (const [kind, name] of [["us", "this proxy"], ["connect", "connecting"], ["first", "first byte"]]) {
      if (one[kind] > 0) {
        parts.push({ kind, start, length: one[kind], title: `${name} ${millis(one[kind])}` });
        start += one[kind];
      }
    }
    const words = parts.map((part) => part.title).join(", ");
    bars.push(
      el(
        "div",
        "split",
        el("span", "label", label),
        bar(parts, scale, words || "nothing"),
        el("span", "sum", total(one) > 0 ? millis(total(one)) : "–"),
      ),
    );
  }
  const keys = el("p", "legend");
  keys.append(
    "slow:",
    key("us", "this proxy", millis(slow.us || null)),
    key("connect", "connecting, if a connection is new", millis(slow.connect || null)),
    key("first", "first byte of the origin", millis(slow.first || null)),
  );
  $("split").replaceChildren(...bars, keys);
}

function failing() {
  const requests = recent(state.requests);
  const failed = recent(state.errors);
  const by = (side) => recent(state.errors.filter((row) => row[1] === side));
  const words = ["upstream", "proxy", "downstream"]
    .filter((side) => by(side) > 0)
    .map((side) => `${count(by(side))} because of ${side === "proxy" ? "" : "the "}${SIDES[side]}`);
  $("failing").textContent =
    failed > 0
      ? `${percent(failed, requests)} of the last ${count(requests)} requests failed: ${words.join(", ")}.`
      : "";
  $("failing").dataset.level = isFailing() ? "bad" : "";
}

/** Clients that leave are no failure of the proxy or its origins. */
function isFailing() {
  const ours = recent(state.errors.filter((row) => row[1] !== "downstream"));
  return ours > 0.1 * recent(state.requests);
}

function key(kind, name, value) {
  const node = el("span", "key", swatch(kind), name);
  if (value) node.append(el("b", "", value));
  return node;
}

// Tiles

function tiles() {
  const seconds = Math.max(state.window, 1);
  const requests = recent(state.requests);
  const errors = recent(state.errors);
  const [inProgress, connections, tunnels] = state.active;
  const attempts = recent(state.attempts);
  const per = (name, value, all, level) => {
    const [amount, unit] = bytes(value / seconds);
    const [sum, sumUnit] = bytes(all);
    return tile(name, amount, `${unit}/s`, `${sum} ${sumUnit} in all`, level);
  };
  $("tiles").replaceChildren(
    tile("Requests", rate(requests / seconds), "/s", `${count(overall(state.requests))} in all`),
    tile("Failed", percent(errors, requests), "", `${count(overall(state.errors))} in all`, isFailing() ? "bad" : ""),
    tile("In progress", count(inProgress), "", "requests now"),
    tile("Connections", count(connections), "", `${rate(recent(state.connections) / seconds)}/s new`),
    tile("Tunnels", count(tunnels), "", "open now"),
    tile("Attempts", rate(attempts / seconds), "/s", `${count(overall(state.attempts))} in all`),
    per("To origins", recent(state.sent), overall(state.sent)),
    per("From origins", recent(state.received), overall(state.received)),
  );
}

function tile(name, value, unit, detail, level) {
  const number = el("div", "v", value);
  if (unit) number.append(el("span", "", unit));
  const node = el("div", "tile", el("div", "k", name), number, el("div", "d", detail));
  if (level) node.dataset.level = level;
  return node;
}

// Charts. A point is its time, rates of classes 0 to 5, rate of errors, four latencies.

function charts() {
  const at = (i) => points.map((point) => point[i]);
  const success = points.map((point) => point[2] + point[3]);
  const rates = [success, at(4), at(5), at(6), at(1)];
  const series = CLASSES.map(([kind], i) => ({ kind, values: rates[i] }));
  const last = (values) => values[values.length - 1] ?? 0;
  chart($("rate-chart"), series, {
    stacked: true,
    seconds: SECONDS,
    format: rate,
    label: `Requests per second over five minutes, now ${rate(rates.reduce((sum, one) => sum + last(one), 0))}`,
    empty: "no requests",
  });
  $("rate-legend").replaceChildren(
    ...CLASSES.map(([kind, name], i) => key(kind, name, rate(last(rates[i])))),
  );
  const shown = [0, 2, 3];
  chart(
    $("latency-chart"),
    shown.map((i) => ({ kind: LATENCY_KINDS[i], values: at(8 + i) })),
    {
      stacked: false,
      seconds: SECONDS,
      format: (value) => (value >= 1000 ? `${value / 1000} s` : `${+value.toPrecision(2)} ms`),
      label: `95th percentiles over five minutes: ${shown.map((i) => `${LATENCIES[i]} ${millis(last(at(8 + i)))}`).join(", ")}`,
      empty: "no latencies",
    },
  );
  $("latency-legend").replaceChildren(
    ...shown.map((i) => key(LATENCY_KINDS[i], LATENCIES[i].toLowerCase(), millis(points.length ? points[points.length - 1][8 + i] : null))),
  );
}

// Tables

/** Numbers are on the right; a head that begins with "<" is above text. */
function table(id, heads, rows, empty) {
  const node = $(id);
  const left = heads.map((name) => name.startsWith("<"));
  const head = el("tr", "", ...heads.map((name, i) => {
    const cell = el("th", left[i] ? "left" : "", left[i] ? name.slice(1) : name);
    cell.scope = "col";
    return cell;
  }));
  if (rows.length === 0) {
    const cell = el("td", "empty", empty);
    cell.colSpan = heads.length;
    node.replaceChildren(head, el("tr", "", cell));
    return;
  }
  node.replaceChildren(
    head,
    ...rows.map((row) =>
      el("tr", "", ...row.map((value, i) => {
        const cell = el("td", left[i] ? "left" : value === "0" || value === "–" ? "zero" : "");
        cell.append(value);
        return cell;
      })),
    ),
  );
}

function tables() {
  table(
    "quantiles",
    ["phase", "count", "p50", "p95", "p99"],
    state.latencies
      .map((row, i) => [
        labelled(LATENCY_KINDS[i], LATENCIES[i]),
        count(row[0]),
        ...row.slice(1, 4).map(millis),
      ])
      // Few hosts have a queue.
      .filter((row, i) => i !== 1 || state.latencies[1][4] > 0),
    "",
  );
  const byRecent = (a, b) => b[b.length - 2] - a[a.length - 2] || b[b.length - 1] - a[a.length - 1];
  table(
    "errors",
    ["error", "<side", "last 10 s", "since start"],
    [...state.errors].sort(byRecent).map((row) => [row[0], SIDES[row[1]] ?? row[1], count(row[2]), count(row[3])]),
    "none since the start",
  );
  table(
    "statuses",
    ["status", "last 10 s", "since start"],
    state.statuses.map((row) => [labelled(`s${/^[1-5]/.test(row[0]) ? row[0][0] : 0}`, STATUS[row[0]] ?? row[0]), count(row[1]), count(row[2])]),
    "none since the start",
  );
  table(
    "attempts",
    ["outcome", "last 10 s", "since start"],
    state.attempts.map((row) => [row[0], count(row[1]), count(row[2])]),
    "none since the start",
  );
  const upstreams = state.upstreams.filter((row) => row[0] !== "");
  $("upstreams").hidden = upstreams.length === 0;
  table("upstreams", ["upstream", "last 10 s", "p50", "p95", "p99", "since start"],
    upstreams.map((row) => [row[0], count(row[1]), ...row.slice(2, 5).map(millis), count(row[5])]), "");
  $("upstream-note").hidden = upstreams.length > 0;
  $("upstream-note").textContent =
    "By upstream: where the host names its upstreams and switches on metrics of the layer BACKEND.";
}

const STATUS = { aborted: "none: the client left", none: "none" };

function labelled(kind, text) {
  return el("span", "", swatch(kind, "dot"), text);
}

function health() {
  const down = [...new Set(state.exporters.filter((row) => !row[2]).map((row) => row[0]))];
  if (state.guard[0]) down.push("recording is off");
  if ($("alert").textContent !== alertText(down)) {
    const anchor = el("a", "", alertText(down));
    anchor.href = "#h-exporters";
    $("alert").replaceChildren(...(down.length ? [anchor] : []));
  }
  table(
    "exporters",
    ["exporter", "<signal", "<state", "last success", "delivered", "waiting", "failed exports", "lost"],
    state.exporters.map((row) => [
      row[0],
      row[1],
      row[2] ? el("span", row[3] ? "badge ok" : "badge", row[3] ? "delivers" : "not used yet") : el("span", "badge bad", "fails"),
      row[3] ? `${duration(Math.max(0, (state.now - row[3]) / 1000))} ago` : "–",
      count(row[4]),
      count(row[5]),
      count(row[6]),
      count(row[7]),
    ]),
    "none: what is recorded is on this page only",
  );
  const [tripped, errors, callbacks, overflow, late] = state.guard;
  const facts = [
    [errors, "errors kept away from traffic"],
    [callbacks, "errors in callbacks of the host"],
    [overflow, "values beyond a limit"],
    [late, "late calls"],
  ].filter(([n]) => n > 0).map(([n, text]) => `${count(n)} ${text}`);
  $("guard").replaceChildren(
    tripped ? el("span", "badge bad", "Recording is off for half a minute: too many errors") : "Guard: recording",
    `; ${facts.length ? facts.join(", ") : "no faults since the start"}. Traffic does not depend on any of this.`,
  );
}

function alertText(down) {
  return down.length ? `Export fails: ${down.join(", ")}` : "";
}

// Exchanges

function exchanges() {
  const list = state.exchanges;
  $("exchange-note").hidden = list.length > 0;
  $("exchange-note").textContent = state.strict
    ? "None: privacy is STRICT, so nothing about a single request is recorded."
    : "None yet: only sampled requests are recorded, about one in a hundred unless the host sets another sampling.";
  $("part-legend").hidden = list.length === 0;
  const used = new Set(list.flatMap((one) => one.parts.map((part) => PARTS[part[0]][1])));
  $("part-legend").replaceChildren(
    ...Object.values(PARTS).filter(([, name]) => used.has(name)).map(([kind, name]) => key(kind, name)),
  );
  // A list that moves cannot be clicked or walked through.
  const box = $("exchange-list");
  const held = box.childElementCount > 0 && (box.matches(":hover") || box.contains(document.activeElement));
  $("exchange-count").textContent = list.length ? (held ? "held while you look" : `${list.length} newest`) : "";
  if (!held) {
    const scale = usual(list);
    box.replaceChildren(...list.map((one) => row(one, scale)));
  }
  if (chosen === null && list.length) choose(pick(list));
}

function choose(one) {
  chosen = one;
  for (const node of $("exchange-list").children) {
    node.setAttribute("aria-pressed", String(node.dataset.exchange === one.id));
  }
  waterfall(one);
}

/** Nine of ten fit; one that is far longer would make all others a dot. */
function usual(list) {
  const totals = list.map((one) => one.total).sort((a, b) => a - b);
  return Math.max(1e-3, totals[Math.floor(0.9 * (totals.length - 1))] ?? 0);
}

/** The first to look at: the slowest that went well. */
function pick(list) {
  const rank = (one) => (one.error ? 0 : one.total);
  return list.reduce((best, one) => (rank(one) > rank(best) ? one : best));
}

function row(one, scale) {
  const node = el("button", "row");
  node.type = "button";
  node.dataset.exchange = one.id;
  node.setAttribute("aria-pressed", String(chosen !== null && chosen.id === one.id));
  const status = el("span", `st s${one.status ? Math.floor(one.status / 100) : 0}`, one.status ? String(one.status) : "–");
  const name = el("span", "nm", title(one));
  if (one.error) name.append(el("span", "er", one.error));
  node.append(status, name, bar(parts(one), scale, spoken(one)), el("span", "tt", millis(one.total)));
  node.addEventListener("click", () => choose(one));
  return node;
}

function title(one) {
  return one.path && !one.name.includes(" ") ? `${one.name} ${one.path}` : one.name;
}

function spoken(one) {
  return `us ${millis(one.us)}, origin ${millis(one.origin)}`;
}

function parts(one) {
  return one.parts.map(([part, start, length]) => ({
    kind: PARTS[part][0],
    start,
    length,
    title: `${PARTS[part][1]} ${millis(length)}`,
  }));
}

function waterfall(one) {
  const box = $("waterfall");
  const open = box.querySelector("details")?.open ?? false;
  const facts = [
    one.status ? `status ${one.status}` : "no response",
    `us ${millis(one.us)}`,
    `origin ${millis(one.origin)}`,
    new Date(one.at).toLocaleTimeString("en-GB"),
  ];
  if (one.error) facts.splice(1, 0, one.error);
  const fall = el("div", "fall");
  const scale = Math.max(one.total, ...one.spans.map((span) => span.start + span.length), 1e-3);
  const line = (name, className, bars, length) => {
    const label = el("span", className, name);
    label.title = name;
    fall.append(label, bar(bars, scale, millis(length)), el("span", "d", millis(length)));
  };
  line("whole exchange", "n", parts(one), one.total);
  for (const part of parts(one).filter((part) => part.length >= 0.005)) line(part.title.replace(/ [^ ]+ m?s$/, ""), "n part", [part], part.length);
  const spans = one.spans.slice(1).map((span) => [
    `${" ".repeat(2 * (span.depth - 1))}${span.name}`,
    span.kind.toLowerCase(),
    millis(span.start),
    millis(span.length),
    span.attributes.map(([name, value]) => `${name}=${value}`).join("  "),
  ]);
  const details = el("details", "", el("summary", "", `${one.spans.length} spans, trace ${one.trace}`));
  details.open = open;
  const body = el("table", "");
  body.id = "spans";
  details.append(body);
  box.replaceChildren(el("h3", "", title(one)), el("p", "facts", facts.join(" · ")), fall, details);
  table("spans", ["span", "<kind", "begins", "takes", "<attributes"], [
    [one.name, "server", millis(0), millis(one.total), one.spans[0].attributes.map(([name, value]) => `${name}=${value}`).join("  ")],
    ...spans,
  ], "");
}

// Switches

function toggles() {
  $("toggle-card").hidden = state.toggles.length === 0;
  const box = $("toggles");
  state.toggles.forEach(([name, hint, on], i) => {
    let node = box.children[i];
    if (!node) {
      node = el("button", "switch", el("i", ""), el("span", "", name, el("small", "", hint)));
      node.type = "button";
      node.setAttribute("role", "switch");
      node.addEventListener("click", () => {
        const next = node.getAttribute("aria-checked") === "true" ? "off" : "on";
        node.setAttribute("aria-checked", String(next === "on"));
        fetch(`toggles/${i}/${next}`, { method: "POST" });
      });
      box.append(node);
    }
    node.setAttribute("aria-checked", String(on));
  });
}

// Page

function draw() {
  if (!state) return;
  $("service").textContent = state.service || "Proxy Telemetry";
  document.title = state.service ? `${state.service} · Proxy Telemetry` : "Proxy Telemetry";
  $("uptime").textContent = `console open for ${duration(state.uptime)}`;
  toggles();
  if (state.off) {
    $("answer").textContent = "Telemetry is off";
    $("reason").textContent = "No exporter and no live view is configured, or OTEL_SDK_DISABLED is true.";
    for (const node of document.querySelectorAll("main > section:not(.verdict)")) node.hidden = true;
    return;
  }
  verdict();
  tiles();
  charts();
  tables();
  health();
  exchanges();
}

function link(name, text) {
  $("link").dataset.state = name;
  if ($("link").textContent !== text) $("link").textContent = text;
}

function listen() {
  const events = new EventSource("events");
  events.onmessage = (event) => {
    const next = JSON.parse(event.data);
    if (!next.off) points = (next.first ? next.points : [...points, ...next.points]).slice(-SECONDS);
    state = next;
    if (!paused) {
      link("live", "live");
      draw();
    }
  };
  events.onerror = () => {
    link("lost", "connection lost");
    // A browser does not try again by itself after a refusal.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  };
}

$("pause").addEventListener("click", () => {
  paused = !paused;
  $("pause").setAttribute("aria-pressed", String(paused));
  $("pause").textContent = paused ? "Resume" : "Pause";
  link(paused ? "wait" : "live", paused ? "paused" : "live");
  if (!paused) draw();
});
addEventListener("resize", () => !paused && draw());
listen();
