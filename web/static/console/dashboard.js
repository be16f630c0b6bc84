/** Draws each chart of the dashboard from the table it belongs to; without this script the tables stand open. */

const COLOURS = ["#0b5468", "#8a5a00"];
const HEIGHT = 240;

/** A table as uPlot wants it: the days or stars by number, and a row of values for each column; a gap is null. */
function read(table, backwards) {
  const rows = [...table.tBodies[0].rows];
  if (backwards) rows.reverse();
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  const value = (cell) => {
    const given = cell.dataset.value ?? cell.textContent.replaceAll(",", "");
    return given.trim() === "" || Number.isNaN(Number(given)) ? null : Number(given);
  };
  return {
    labels: rows.map((row) => row.cells[0].textContent),
    names,
    columns: names.map((_, at) => rows.map((row) => value(row.cells[at + 1]))),
  };
}

function axes(labels, unit) {
  const font = "13px 'Noto Sans Thai Looped', sans-serif";
  const line = { stroke: "#cfdadb", width: 1 };
  const whole = (ticks) => ticks.map((at) => (Number.isInteger(at) ? (labels[at] ?? "") : ""));
  return [
    { font, stroke: "#14292f", grid: { show: false }, ticks: line, space: 84, incrs: [1, 2, 5, 7, 14, 30, 60, 90], values: (_, ticks) => whole(ticks) },
    { font, stroke: "#14292f", grid: line, ticks: line, size: 56, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000], values: (_, ticks) => ticks.map((at) => at.toLocaleString("th-TH-u-nu-latn") + unit) },
  ];
}

function lines(names) {
  return names.map((label, at) => ({ label, stroke: COLOURS[at], width: 2, dash: at ? [6, 4] : [], spanGaps: true, points: { size: 5 } }));
}

function bars(names) {
  return names.map((label) => ({ label, fill: COLOURS[0], stroke: COLOURS[0], paths: uPlot.paths.bars({ size: [0.6, 60] }), points: { show: false } }));
}

function keys(names) {
  const list = document.createElement("ul");
  list.className = "keys-of-chart";
  list.append(...names.map((name) => Object.assign(document.createElement("li"), { textContent: name })));
  return list;
}

function draw(figure) {
  const table = document.getElementById(figure.dataset.source);
  const isBars = figure.dataset.chart === "bars";
  const found = read(table, true);
  const shown = isBars ? 1 : found.names.length;
  const names = found.names.slice(0, shown);
  figure.hidden = false;
  if (!isBars) figure.append(keys(names));
  const place = document.createElement("div");
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", figure.getAttribute("aria-label"));
  figure.append(place);
  const edge = isBars ? 0.5 : 0;
  const unit = figure.dataset.unit ?? "";
  const top = (_, low, high) => [0, unit === "%" ? 100 : Math.max(high * 1.1, 4)];
  const chart = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [-edge, Math.max(found.labels.length - 1, 1) + edge] }, y: { range: top } },
      axes: axes(found.labels, unit),
      series: [{}, ...(isBars ? bars(names) : lines(names))],
    },
    [found.labels.map((_, at) => at), ...found.columns.slice(0, shown)],
    place,
  );
  new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
  table.closest("details")?.removeAttribute("open");
}

if (globalThis.uPlot) {
  document.querySelectorAll("[data-chart]").forEach(draw);
}
