// Figures: an SVG by ECharts, a numbered caption, what it shows in words and as a table, and files to save.

// Nine steps of matplotlib's viridis (S. van der Walt and N. Smith, CC0).
const VIRIDIS = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];

// The colours of Okabe and Ito's palette (2008) that stand out on white and on near black.
const LINES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];
const DASHES = ["solid", "dashed", "dotted"];

const LIGHT = { ink: "#1b1f24", muted: "#57606a", line: "#c9d1d9", surface: "#ffffff", empty: "#e3e7ec" };
/** The page's colours, light or dark. */
function theme() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(Object.keys(LIGHT).map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

const figures = new Set();

/**
 * A figure. It is drawn when it comes near the screen, and its table is made when it is opened.
 *
 * made: {id, title, note, words, table(), scored, parts, option(colours, layout), ready(drawn)?, acts?}; `scored` is false where no measure matters;
 * `parts` is what `layoutOf` takes; `ready` is called once with what was drawn; `acts` where the figure can be used, so that the keyboard reaches it
 */
function figure(made) {
  const surface = element("div", {
    class: "chart",
    role: made.acts ? "application" : "img",
    tabindex: made.acts ? 0 : null,
    "aria-label": `${made.title}. ${made.words}${made.acts ? ` ${made.acts}` : ""}`,
  });
  const values = element(
    "details",
    {
      toggle: () => {
        if (values.open && !values.querySelector("table")) {
          values.append(element("p", {}, made.words), made.table());
        }
      },
    },
    element("summary", {}, "Values as a table"),
  );
  const number = element("span", { class: "number" });
  const save = (kind, action) => element("button", { type: "button", "aria-label": `Save ${made.title} as ${kind}`, click: action }, kind);
  const root = element(
    "figure",
    { id: made.id },
    element("figcaption", {}, element("strong", {}, number, `${made.title}.`), ` ${made.note} ${circumstances(made.scored)}`),
    surface,
    element(
      "div",
      { class: "tools" },
      values,
      copying("Caption", `Copy the caption of ${made.title}`, () => root.querySelector("figcaption").textContent),
      save("SVG", () => download(svgOf(made, savedWidth(surface)), "image/svg+xml", `${fileName(made)}.svg`)),
      save("PNG", () => savePng(made, savedWidth(surface))),
      save("CSV", () => download(csvOf(made), "text/csv", `${fileName(made)}.csv`)),
    ),
  );
  const drawn = { root, surface, made, number, chart: null, width: 0, near: false };
  figures.add(drawn);
  resized.observe(surface);
  neared.observe(surface);
  return root;
}

/** Numbers the figures that are shown, in their order. */
function numberFigures() {
  const inOrder = [...document.querySelectorAll("figure")].filter((root) => root.clientHeight > 0);
  for (const { root, number } of figures) {
    number.textContent = `Figure ${inOrder.indexOf(root) + 1}. `;
  }
}

/** Fills a place, and forgets the figures that were in it. */
function replace(place, ...content) {
  for (const drawn of figures) {
    if (place.contains(drawn.root)) {
      resized.unobserve(drawn.surface);
      neared.unobserve(drawn.surface);
      drawn.chart?.dispose();
      figures.delete(drawn);
    }
  }
  place.replaceChildren(...content.flat());
  numberFigures();
}

function draw(drawn, force) {
  const width = Math.floor(drawn.surface.clientWidth);
  if (width === 0 || (width === drawn.width && drawn.chart && !force)) {
    return;
  }
  const layout = layoutOf(drawn.made.parts, width);
  const { height } = layout;
  drawn.surface.style.height = `${height}px`;
  drawn.width = width;
  if (!drawn.near) {
    return;
  }
  const isFirst = !drawn.chart;
  drawn.chart ??= echarts.init(drawn.surface, null, { renderer: "svg", width, height });
  drawn.chart.resize({ width, height });
  drawn.chart.setOption(complete(drawn.made.option(theme(), layout), theme()), true);
  drawn.chart.getZr().flush();
  if (isFirst) {
    drawn.made.ready?.(drawn);
  }
}

/** What all charts have in common. */
function complete(option, colours) {
  return {
    ...option,
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: FONT, color: colours.ink },
    tooltip: { confine: true, renderMode: "richText", ...option.tooltip },
  };
}

/** Draws the figures again; with `all`, those far from the screen, too. */
function drawAll(force, all = false) {
  for (const drawn of figures) {
    drawn.near ||= all;
    draw(drawn, force);
  }
}

const resized = new ResizeObserver(() => requestAnimationFrame(() => drawAll(false)));
const neared = new IntersectionObserver(
  (entries) => {
    const near = new Set(entries.filter((one) => one.isIntersecting).map((one) => one.target));
    for (const drawn of figures) {
      if (near.has(drawn.surface)) {
        drawn.near = true;
        draw(drawn, false);
      }
    }
  },
  { rootMargin: "400px" },
);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(true));
addEventListener("beforeprint", () => {
  document.documentElement.classList.add("printing");
  numberFigures();
  drawAll(true, true);
});
addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  numberFigures();
  drawAll(true);
});

/** The option of a figure on white paper, with title and caption above it, and its height. */
function onPaper(made, width) {
  const [title, caption] = [broken(made.title, width - 24, true), broken(`${made.note} ${circumstances(made.scored)}`, width - 24)];
  const [titleLine, lines] = [18, (text) => text.split("\n").length];
  const top = 12 + titleLine * lines(title) + LINE * lines(caption);
  const layout = layoutOf(made.parts, width);
  const option = complete(made.option(LIGHT, layout), LIGHT);
  return {
    height: layout.height + top,
    option: {
      ...option,
      grid: { ...option.grid, top: option.grid.top + top },
      legend: option.legend?.map((row) => ({ ...row, top: row.top + top })),
      title: {
        text: title,
        subtext: caption,
        left: 8,
        top: 4,
        padding: 0,
        itemGap: 2,
        textStyle: { fontSize: TITLE, fontWeight: "bold", lineHeight: titleLine, color: LIGHT.ink },
        subtextStyle: { fontSize: SIZE, lineHeight: LINE, color: LIGHT.muted },
      },
      backgroundColor: LIGHT.surface,
    },
  };
}

/** The pixels of a saved picture for each of the screen's. */
const PIXELS = [1, 2, 3, 4, 6].map((count) => [count, `${count}${count === 3 ? " (300 dots per inch)" : ""}`]);

const LEAST_WIDTH = 360;
const MOST_WIDTH = 4000;

/** The largest side of a picture that browsers can make. */
const MOST_PIXELS = 16000;

/** The width in which a figure is saved: the chosen one, or that on the screen. */
const savedWidth = (surface) => Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, Math.round(Number(view.width)) || surface.clientWidth));

/** A figure as SVG. */
function svgOf(made, width) {
  const { option, height } = onPaper(made, width);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption(option);
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}

/** Saves a figure as pixels, the chosen number for each of the screen's. */
async function savePng(made, width) {
  const canvas = await pictureOf(svgOf(made, width), view.pixels);
  canvas.toBlob((bytes) => download(bytes, "image/png", `${fileName(made)}.png`));
}

/** The picture of an SVG. */
async function pictureOf(svg, pixels) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const scale = Math.min(pixels, MOST_PIXELS / Math.max(picture.width, picture.height));
  const canvas = element("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A figure's values as comma-separated values (RFC 4180). */
function csvOf(made) {
  const rows = [...made.table().querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

/** Another name for each figure, measure and search. */
const fileName = (made) => [study.name, made.id, made.scored === false ? [] : view.measure, runName(view.run)].flat().join("-").replace(/[^\w.-]+/g, "_");

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

/** A number on an axis, without digits that say nothing. */
const rounded = (value) => String(Number(value.toPrecision(2)));
