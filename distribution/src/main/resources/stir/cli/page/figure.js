// Figures: an SVG by ECharts, its caption, what it shows in words and as a table, and a download.

// Nine steps of matplotlib's viridis (S. van der Walt and N. Smith, CC0).
const VIRIDIS = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];

// The colours of Okabe and Ito's palette (2008) that stand out on white and on near black.
const LINES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];
const DASHES = ["solid", "dashed", "dotted"];

const LIGHT = { ink: "#1b1f24", muted: "#57606a", line: "#c9d1d9", surface: "#ffffff", empty: "#e3e7ec" };
// In single quotes: the library puts it into attributes of a saved SVG as it is.
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

const pen = document.createElement("canvas").getContext("2d");

/** The width of a text in a chart. */
function textWidth(text) {
  pen.font = `11px ${FONT}`;
  return pen.measureText(text).width;
}

const widestOf = (names) => Math.ceil(Math.max(...names.map(textWidth)));

/** The room for names to the left of a chart. */
const nameRoom = (names, width) => Math.min(widestOf(names) + 16, Math.floor(width * 0.46));

/** Such names on an axis: long ones take several lines, since no other place of the figure has them. */
const nameLabel = (names, width) => ({
  interval: 0,
  hideOverlap: false,
  width: nameRoom(names, width) - 12,
  overflow: "breakAll",
  lineHeight: 13,
  fontSize: 11,
});

/** The height of a chart's row that is usually so high, for the lines of its name. */
const rowHeight = (names, width, usual) => Math.max(usual, 4 + 13 * Math.ceil((widestOf(names) + 8) / (nameRoom(names, width) - 8)));

/** The page's colours, light or dark. */
function theme() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(Object.keys(LIGHT).map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

const figures = new Set();

/**
 * A figure in a place of the page; what was there goes away.
 *
 * made: {id, title, note, words, table, about()?, height(width), option(colours, width)}; about() says which measure and search it is of
 */
function figure(made) {
  const surface = element("div", { class: "chart", role: "img", "aria-label": `${made.title}. ${made.words}` });
  const root = element(
    "figure",
    { id: made.id },
    element("figcaption", {}, made.title, element("small", {}, made.note)),
    surface,
    element(
      "div",
      { class: "tools" },
      element("details", {}, element("summary", {}, "Values as a table"), element("p", {}, made.words), made.table),
      element("button", { type: "button", "aria-label": `Save ${made.title} as SVG`, click: () => save(made, surface) }, "SVG"),
      element("button", { type: "button", "aria-label": `Save ${made.title} as CSV`, click: () => saveTable(made) }, "CSV"),
    ),
  );
  const drawn = { root, surface, made, chart: null, width: 0 };
  figures.add(drawn);
  watcher.observe(surface);
  return root;
}

/** Empties a place, and forgets the figures in it. */
function replace(place, ...content) {
  for (const drawn of figures) {
    if (place.contains(drawn.root)) {
      watcher.unobserve(drawn.surface);
      drawn.chart?.dispose();
      figures.delete(drawn);
    }
  }
  place.replaceChildren(...content.flat());
}

function draw(drawn, force) {
  const width = Math.floor(drawn.surface.clientWidth);
  if (width === 0 || (width === drawn.width && !force)) {
    return;
  }
  const height = drawn.made.height(width);
  drawn.width = width;
  drawn.surface.style.height = `${height}px`;
  drawn.chart ??= echarts.init(drawn.surface, null, { renderer: "svg", width, height });
  drawn.chart.resize({ width, height });
  drawn.chart.setOption(complete(drawn.made.option(theme(), width), theme()), true);
  drawn.chart.getZr().flush();
}

/** What all charts have in common. */
function complete(option, colours) {
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: FONT, color: colours.ink },
    tooltip: { confine: true, renderMode: "richText", ...option.tooltip },
    ...Object.fromEntries(Object.entries(option).filter(([name]) => name !== "tooltip")),
  };
}

const drawAll = (force) => figures.forEach((drawn) => draw(drawn, force));

const watcher = new ResizeObserver(() => requestAnimationFrame(() => drawAll(false)));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(true));
addEventListener("beforeprint", () => {
  document.documentElement.classList.add("printing");
  for (const closed of document.querySelectorAll("#gallery-list details:not([open])")) {
    closed.setAttribute("data-closed", "");
    closed.open = true;
  }
  drawAll(true);
});
addEventListener("afterprint", () => {
  for (const opened of document.querySelectorAll("details[data-closed]")) {
    opened.removeAttribute("data-closed");
    opened.open = false;
  }
  document.documentElement.classList.remove("printing");
  drawAll(true);
});

/** The height of a saved figure's title. */
const TITLE = 64;

/** Saves a figure as it is on white paper, with what it shows above it. */
function save(made, surface) {
  const width = Math.max(360, surface.clientWidth);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height: made.height(width) + TITLE });
  const option = complete(made.option(LIGHT, width), LIGHT);
  chart.setOption({
    ...option,
    grid: { ...option.grid, top: option.grid.top + TITLE },
    title: {
      text: made.title,
      subtext: `${about(made)}\n${made.note}`,
      left: 8,
      top: 4,
      itemGap: 4,
      textStyle: { fontSize: 13, color: LIGHT.ink, width: width - 16, overflow: "truncate" },
      subtextStyle: { fontSize: 11, lineHeight: 14, color: LIGHT.muted, width: width - 16, overflow: "truncate" },
    },
    backgroundColor: LIGHT.surface,
  });
  download(chart.renderToSVGString(), "image/svg+xml", `${fileName(made)}.svg`);
  chart.dispose();
}

/** Saves a figure's values as comma-separated values (RFC 4180). */
function saveTable(made) {
  const rows = [...made.table.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  download(rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join(""), "text/csv", `${fileName(made)}.csv`);
}

const about = (made) => (made.about ?? byRun)();

/** Another name for each figure, measure and search. */
const fileName = (made) => `${study.name}-${made.id}-${about(made)}`.replace(/[^\w.-]+/g, "_");

function download(content, type, name) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** An axis in the page's colours. */
function axis(colours, more) {
  return {
    axisLine: { lineStyle: { color: colours.muted } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.line } },
    nameTextStyle: { color: colours.muted },
    ...more,
    axisLabel: { color: colours.ink, hideOverlap: true, ...more.axisLabel },
  };
}
