// The places of a figure's parts. All texts are measured before anything is drawn, so that none leaves its place on the screen, on paper or in a file.

// In single quotes: the library puts it into attributes of a saved SVG as it is.
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** The size of texts in charts, and the height of their lines. */
const SIZE = 11;
const LINE = 14;
const TITLE = 13;

/** The sign of an item of a legend, with the blanks around it. */
const LEGEND_SIGN = 10;
const LEGEND_GAP = 12;

const pen = document.createElement("canvas").getContext("2d");

/** The width of a text in a chart, of the titles' size where it is bold. */
function textWidth(text, bold = false) {
  pen.font = bold ? `bold ${TITLE}px ${FONT}` : `${SIZE}px ${FONT}`;
  return pen.measureText(text).width;
}

const widestOf = (texts) => Math.ceil(Math.max(0, ...texts.map((text) => textWidth(text))));

/** A text in lines that fit a width, divided at its signs and blanks, and within a word that is too long. */
function linesOf(text, width, bold) {
  const fits = (line) => textWidth(line.trimEnd(), bold) <= width;
  const lines = [""];
  const add = (part) => {
    if (lines.at(-1) === "" || fits(lines.at(-1) + part)) {
      lines[lines.length - 1] += part;
    } else {
      lines.push(part);
    }
  };
  for (const part of text.match(/[^\s./:_-]*[\s./:_-]|[^\s./:_-]+/gu) ?? []) {
    (fits(part) ? [part] : [...part]).forEach(add);
  }
  return lines.map((line) => line.trimEnd());
}

const broken = (text, width, bold) => linesOf(text, width, bold).join("\n");

/**
 * The layout of a chart.
 *
 * parts: {names, row(width of the plot), numbers, plot(width of the plot), legend, below(width of the plot), right, title}: names of rows to the left, and the usual
 * height of a row; or numbers to the left of a plot of that height. `title` leaves room for the name of the axis of names.
 */
function layoutOf(parts, width) {
  const { names, numbers = [], title = 0, legend = [], right = 12 } = parts;
  const room = names ? Math.min(widestOf(names) + 2, Math.floor(width * 0.42) - title) : widestOf(numbers);
  const left = Math.ceil(room) + 12 + title;
  const across = width - left - right;
  const labels = names?.map((name) => broken(name, room));
  const row = names ? Math.max(parts.row(across), 6 + LINE * Math.max(...labels.map((label) => label.split("\n").length))) : 0;
  const rows = legendRows(legend, width);
  const above = rows.reduce((sum, { height }) => sum + height, 0) + 8;
  const plot = Math.ceil(names ? row * names.length : parts.plot(across));
  return { width, left, right, across, labels, row, rows, above, plot, height: Math.ceil(above + plot + parts.below(across)), grid: { left, right, top: above, height: plot } };
}

/** The rows of a legend: {items, top, height}. An item that is wider than the figure takes several lines. */
function legendRows(legend, width) {
  const rows = [];
  let used = Infinity;
  for (const item of legend) {
    const label = broken(item.name, width - 2 * LEGEND_SIGN - LEGEND_GAP);
    const lines = label.split("\n");
    const wide = widestOf(lines) + LEGEND_SIGN + LEGEND_GAP + 8;
    if (used + wide > width - 8) {
      const last = rows.at(-1);
      rows.push({ items: [], top: last ? last.top + last.height : 0, height: 0 });
      used = 0;
    }
    const row = rows.at(-1);
    row.items.push({ ...item, label });
    row.height = Math.max(row.height, LINE * lines.length + 6);
    used += wide;
  }
  return rows;
}

/** The legend's option, a component for each row. */
const legendOf = ({ rows }, colours) =>
  rows.map(({ items, top }) => ({
    top,
    left: 2,
    padding: 2,
    itemGap: LEGEND_GAP,
    itemWidth: LEGEND_SIGN,
    itemHeight: LEGEND_SIGN,
    selectedMode: false,
    textStyle: { color: colours.ink, fontSize: SIZE, lineHeight: LINE },
    formatter: (name) => items.find((item) => item.name === name).label,
    data: items.map(({ name, icon }) => ({ name, ...(icon && { icon }) })),
  }));

/** An axis of names, from top to bottom. */
const nameAxis = (colours, { labels }, more) =>
  axis(colours, {
    type: "category",
    inverse: true,
    data: labels,
    ...more,
    axisLabel: { interval: 0, hideOverlap: false, lineHeight: LINE, fontSize: SIZE, margin: 8 },
  });

/** Places for the labels of points, beside, above or below them: none covers a point or another label, and a label without a place is left out. */
function labelPlaces(points, texts, { left, right, top, bottom }) {
  const taken = points.map(([x, y]) => [x - 7, y - 7, x + 7, y + 7]);
  const free = (box) => box[0] >= left && box[2] <= right && box[1] >= top && box[3] <= bottom && taken.every((other) => box[2] <= other[0] || box[0] >= other[2] || box[3] <= other[1] || box[1] >= other[3]);
  return points.map(([x, y], at) => {
    const [wide, half] = [textWidth(texts[at]) + 4, LINE / 2];
    const boxes = {
      right: [x + 8, y - half, x + 8 + wide, y + half],
      left: [x - 8 - wide, y - half, x - 8, y + half],
      top: [x - wide / 2, y - 8 - LINE, x + wide / 2, y - 8],
      bottom: [x - wide / 2, y + 8, x + wide / 2, y + 8 + LINE],
    };
    const place = Object.keys(boxes).find((name) => free(boxes[name]));
    if (place) {
      taken.push(boxes[place]);
    }
    return place;
  });
}
