// How well searches went, and how far targets moved.

const layerOf = (inversion) => renamed(study.layers[inversion.reference].name);

/** How the searches of the chosen reference's network went, and how far its invariant inputs moved all targets. */
function searches() {
  const model = study.layers[view.reference].model;
  const found = study.inversions.filter((one) => one.run === view.run && study.layers[one.reference].model === model && isShown(one.reference));
  const traced = found.filter((one) => one.course);
  const moved = study.scores.filter((one) => one.run === view.run && one.reference === view.reference && one["target-moved-counts"] && isShown(one.target));
  replace(
    document.getElementById("pair-figures"),
    traced.length ? courses(model, traced) : [],
    found.length ? curves(model, found) : [],
    moved.length ? movedHistograms(moved, inversionOf(view.reference)["target-moved-high"]) : [],
  );
}

/** A row for each search. */
function searchesTable() {
  const rows = study.inversions.filter(({ run, reference }) => run === view.run && isShown(reference));
  const of = new Map(study.scores.filter(({ run }) => run === view.run).map((score) => [score.reference, score.residual]));
  const number = (id, title, about, value) => ({ id, title, about, value, number: true });
  place(
    "searches-table",
    sortableTable({
      caption: `${circumstances(false)} ${counted(rows.length, "reference layer")}. A column's heading sorts.`,
      columns: [
        { id: "reference", title: "Reference", value: (row) => layerName(row.reference), head: true },
        number("mean", "Mean residual", "||m(x') - m(x)|| / ||m(x)||", (row) => of.get(row.reference)?.mean),
        number("median", "Median", "Half of the inputs have at most this residual.", (row) => of.get(row.reference)?.median),
        number("max", "Largest", "The largest residual of an input.", (row) => of.get(row.reference)?.max),
        { ...number("found", "Found", "The share of inputs whose residual is within the search's tolerance, or 0.1.", (row) => row.found), text: (row) => shownShare(row.found) },
        { ...number("accepted", "Accepted", "The share of inputs whose residual is well below the distance of different inputs, with the class kept.", (row) => row.accepted), text: (row) => shownShare(row.accepted) },
        number("from", "X' from X", `||x' - x|| / ||x||, a mean over inputs: within ${study["same-inputs"]} the layer ignores nothing.`, (row) => row["distance-from-input"]),
        { id: "ignores", title: "Ignores", value: (row) => (row["ignores-nothing"] ? "nothing" : Number.isFinite(row["distance-from-input"]) ? "something" : "unknown") },
      ],
      rows,
    }),
  );
}

/** The least and the most that is written at a logarithmic axis. */
const decades = ([least, most]) => [10 ** Math.floor(Math.log10(least)), 10 ** (Math.floor(Math.log10(most)) + 1)];

/** How the median residual came down, a line per layer. */
function courses(model, found) {
  const name = modelName(model);
  const medians = found.flatMap((one) => one.course.median).filter((value) => value > 0 && Number.isFinite(value));
  const [low, high] = decades([Math.min(...medians), Math.max(...medians)]);
  const passes = found[0].course.passes;
  const at = (one, index) => [one.course.median, one.course.mean, one.course.max].map((values) => shown(values[index])).join(" / ");
  return figure({
    id: "courses",
    scored: false,
    title: `Median residual by passes, ${name}`,
    note: "The median over inputs of the best residual so far, after that many forward and backward passes. A line that still falls at its end means that a longer search would find better invariant inputs.",
    words: `Median residual: ${found.map((one) => `${layerOf(one)} from ${shown(one.course.median[0])} to ${shown(one.course.median.at(-1))}`).join(", ")}.`,
    table: () => plainTable(
      `Residuals of ${name} by passes: median / mean / most`,
      ["Passes", ...found.map(layerOf)],
      passes.map((count, index) => [count, ...found.map((one) => at(one, index))]),
    ),
    height: () => 270 + 20 * found.length,
    option: (colours) => ({
      color: LINES,
      legend: legendOf(colours, found),
      grid: { left: 8, right: 20, top: 14, bottom: 34 + 20 * found.length, containLabel: true },
      xAxis: axis(colours, { type: "log", name: "passes", nameLocation: "middle", nameGap: 26, min: 1, max: passes.at(-1), axisLabel: { formatter: rounded } }),
      yAxis: axis(colours, { type: "log", min: low, max: high, axisLabel: { formatter: rounded } }),
      tooltip: { trigger: "item", formatter: ({ seriesName, value }) => `${seriesName}\nafter ${value[0]}: median ${shown(value[1])}` },
      series: found.map((one, index) => ({
        ...lineOf(index),
        name: layerOf(one),
        symbol: SYMBOLS[index % SYMBOLS.length],
        data: one.course.median.map((value, milestone) => [one.course.passes[milestone], Math.max(value, low)]),
      })),
    }),
  });
}

/** A legend below a chart, a line a layer. */
const legendOf = (colours, found) => ({
  bottom: 0,
  left: 4,
  orient: "vertical",
  itemGap: 6,
  itemWidth: 16,
  textStyle: { color: colours.ink },
  data: found.map((one, index) => ({ name: layerOf(one), icon: SYMBOLS[index % SYMBOLS.length] })),
});

/** How a layer's line is drawn. */
const lineOf = (index) => ({ type: "line", symbolSize: 6, lineStyle: { width: 2, type: DASHES[Math.floor(index / LINES.length) % DASHES.length] } });

/** The residual that each share of inputs stays below, a line per layer. */
function curves(model, found) {
  const name = modelName(model);
  const all = found.flatMap((one) => one.residuals).filter((value) => value > 0);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const quantile = (one, share) => one.residuals[Math.round(share * (one.residuals.length - 1))];
  const shares = [0, 0.25, 0.5, 0.75, 1];
  const logarithmic = most > 20 * least;
  const row = (one) => shares.map((share) => shown(quantile(one, share)));
  return figure({
    id: "residuals",
    scored: false,
    title: `Residuals at the end, ${name}`,
    note: "The share of inputs whose residual is at most the value on the axis.",
    words: `Median residual: ${found.map((one) => `${layerOf(one)} ${shown(quantile(one, 0.5))}`).join(", ")}.`,
    table: () => plainTable(
      `Residuals of ${name}`,
      ["Layer", "Least", "25 %", "Median", "75 %", "Most"],
      found.map((one) => [layerOf(one), ...row(one)]),
    ),
    height: () => 270 + 20 * found.length,
    option: (colours) => ({
      color: LINES,
      legend: legendOf(colours, found),
      grid: { left: 8, right: 20, top: 14, bottom: 34 + 20 * found.length, containLabel: true },
      xAxis: axis(colours, {
        type: logarithmic ? "log" : "value",
        name: "residual",
        nameLocation: "middle",
        nameGap: 26,
        min: logarithmic ? least : 0,
        max: most,
        axisLabel: { formatter: rounded },
      }),
      yAxis: axis(colours, { type: "value", min: 0, max: 1, interval: 0.25, axisLabel: { formatter: (value) => `${Math.round(100 * value)} %` } }),
      tooltip: { trigger: "item", formatter: ({ seriesName, value }) => `${seriesName}\n${Math.round(100 * value[1])} % at most ${shown(value[0])}` },
      series: found.map((one, index) => ({
        ...lineOf(index),
        name: layerOf(one),
        step: "end",
        symbol: (_, { dataIndex }) => (dataIndex % Math.ceil(one.residuals.length / 8) === 0 ? SYMBOLS[index % SYMBOLS.length] : "none"),
        data: one.residuals.map((value, at) => [Math.max(value, logarithmic ? least : 0), (at + 1) / one.residuals.length]),
      })),
    }),
  });
}

/** The bins of a histogram, as they are read. */
const bins = (high, counts) => counts.map((_, at) => {
  const edge = (index) => String(Number(((high * index) / counts.length).toPrecision(3)));
  return `${edge(at)} to ${edge(at + 1)}`;
});

function movedHistograms(scores, high) {
  const names = bins(high, scores[0]["target-moved-counts"]);
  const targets = scores.map((one) => signed(one.target, layerName(one.target)));
  const most = Math.max(...scores.flatMap((one) => one["target-moved-counts"]));
  return figure({
    id: "histogram-target-moved",
    scored: false,
    title: `How far each target moved, given ${layerName(view.reference)}`,
    note: "One row per target: the brighter a bin, the more inputs are in it; grey bins are empty. Left: invariances are shared; right: they are not.",
    words: scores.map((one, at) => `${targets[at]}: median ${shown(one["target-moved"].median)}`).join("; ") + ".",
    table: () => plainTable(
      "Number of inputs by how far the target moved",
      ["Target", ...names],
      scores.map((one, at) => [targets[at], ...one["target-moved-counts"]]),
    ),
    height: (width) => 88 + rowHeight(targets, width, 22) * Math.max(6, scores.length),
    option: (colours, width) => {
      return {
        grid: { left: nameRoom(targets, width), right: 12, top: 6, height: rowHeight(targets, width, 22) * Math.max(6, scores.length), show: true, backgroundColor: colours.empty, borderWidth: 0 },
        xAxis: axis(colours, { type: "category", data: names.map((name) => name.split(" ")[0]), name: "moved, from", nameLocation: "middle", nameGap: 24 }),
        yAxis: axis(colours, { type: "category", inverse: true, data: targets, axisLabel: nameLabel(targets, width) }),
        visualMap: { min: 1, max: Math.max(2, most), dimension: 2, orient: "horizontal", left: "center", bottom: 2, itemWidth: 12, itemHeight: 120, text: [counted(most, "input"), "1"], textStyle: { color: colours.ink, fontSize: 11 }, inRange: { color: VIRIDIS } },
        tooltip: { formatter: ({ value }) => `${targets[value[1]]}\n${names[value[0]]}: ${counted(value[2], "input")}` },
        series: [{ type: "heatmap", data: scores.flatMap((one, y) => one["target-moved-counts"].map((count, x) => [x, y, count])).filter(([, , count]) => count > 0), itemStyle: { borderColor: colours.surface, borderWidth: 1 } }],
      };
    },
  });
}
