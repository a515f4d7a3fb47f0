// How well searches went, and how far targets moved.

/** The inversions of the chosen run. */
const inversions = () => study.inversions.filter((one) => one.run === view.run);

/** One chart a network: how the median residual came down, a line a layer. */
function residualCourses() {
  const found = inversions().filter((one) => one.course);
  const medians = found.flatMap((one) => one.course.median).filter((value) => value > 0 && Number.isFinite(value));
  const bounds = [Math.min(...medians), Math.max(...medians)];
  document.getElementById("course-note").textContent = found.length
    ? "The median over the inputs of the best residual so far, after that many forward and backward passes. A line that still falls at its end means that a longer search would find better invariant inputs."
    : "Not stored: the search does not go step by step, or an older version stored it.";
  replace(
    document.getElementById("residual-courses"),
    networksOf(found).map((model) => courses(model, ofNetwork(found, model), bounds)),
  );
}

/** The networks of some inversions. */
const networksOf = (found) => [...new Set(found.map((one) => study.layers[one.reference].model))];

const ofNetwork = (found, model) => found.filter((one) => study.layers[one.reference].model === model);

const layerOf = (inversion) => study.layers[inversion.reference].name;

/** The least and the most that is written at a logarithmic axis. */
const decades = ([least, most]) => [10 ** Math.floor(Math.log10(least)), 10 ** (Math.floor(Math.log10(most)) + 1)];

function courses(model, found, bounds) {
  const name = study.models[model].name;
  const [low, high] = decades(bounds);
  const passes = found[0].course.passes;
  const at = (one, index) => [one.course.median, one.course.mean, one.course.max].map((values) => shown(values[index])).join(" / ");
  return figure({
    id: `courses-${model}`,
    title: `Median residual by passes, ${name}`,
    note: "Vertical: the median residual; horizontal: passes. Both axes are logarithmic.",
    words: `Median residual: ${found.map((one) => `${layerOf(one)} from ${shown(one.course.median[0])} to ${shown(one.course.median.at(-1))}`).join(", ")}.`,
    table: plainTable(
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
const lineOf = (index) => ({ type: "line", symbolSize: 8, lineStyle: { width: 2, type: DASHES[Math.floor(index / LINES.length) % DASHES.length] } });

/** One chart a network: the residual that each share of inputs stays below, a line a layer. */
function residualCurves() {
  const found = inversions();
  const all = found.flatMap((one) => one.residuals).filter((value) => value > 0);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  replace(
    document.getElementById("residual-curves"),
    networksOf(found).map((model) => curves(model, ofNetwork(found, model), least, most)),
  );
}

function curves(model, found, least, most) {
  const name = study.models[model].name;
  const quantile = (one, share) => one.residuals[Math.round(share * (one.residuals.length - 1))];
  const shares = [0, 0.25, 0.5, 0.75, 1];
  const logarithmic = most > 20 * least;
  const row = (one) => shares.map((share) => shown(quantile(one, share)));
  return figure({
    id: `residuals-${model}`,
    title: `Residuals, ${name}`,
    note: "Vertical: the share of inputs; horizontal: the residual that they are at or below.",
    words: `Median residual: ${found.map((one) => `${layerOf(one)} ${shown(quantile(one, 0.5))}`).join(", ")}.`,
    table: plainTable(
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

/** A number on an axis, without digits that say nothing. */
const rounded = (value) => String(Number(value.toPrecision(2)));

/** The chosen reference's histogram of residuals, and those of how far each target moved. */
function histograms() {
  const references = [...new Set(inversions().map((one) => one.reference))];
  if (!references.includes(view.reference)) {
    view.reference = references[0];
  }
  document.getElementById("histogram-choice").replaceChildren(
    choice("Reference", references.map((index) => [index, layerName(index)]), view.reference, (value) => {
      view.reference = Number(value);
      drawHistograms();
    }),
  );
  drawHistograms();
}

function drawHistograms() {
  const inversion = inversions().find((one) => one.reference === view.reference);
  const moved = study.scores.filter((one) => one.run === view.run && one.reference === view.reference && one["target-moved-counts"]);
  replace(
    document.getElementById("histograms"),
    inversion ? residualHistogram(inversion) : [],
    moved.length ? movedHistograms(moved, inversion["target-moved-high"]) : [],
  );
}

/** The bins of a histogram, as they are read. */
const bins = (high, counts) => counts.map((_, at) => {
  const edge = (index) => String(Number(((high * index) / counts.length).toPrecision(3)));
  return `${edge(at)} to ${edge(at + 1)}`;
});

/** Where most inputs are. */
const fullest = (names, counts) => names[counts.indexOf(Math.max(...counts))];

function residualHistogram(inversion) {
  const names = bins(inversion.high, inversion.counts);
  return figure({
    id: "histogram-residual",
    title: `Residuals of ${layerName(inversion.reference)}`,
    note: "The number of inputs in each bin.",
    words: `Most inputs have a residual from ${fullest(names, inversion.counts)}.`,
    table: plainTable("Residuals", ["Residual", "Inputs"], names.map((name, at) => [name, inversion.counts[at]])),
    height: () => 300,
    option: (colours) => ({
      color: LINES,
      grid: { left: 8, right: 12, top: 14, bottom: 26, containLabel: true },
      xAxis: axis(colours, { type: "category", data: names.map((name) => name.split(" ")[0]), name: "residual, from", nameLocation: "middle", nameGap: 28 }),
      yAxis: axis(colours, { type: "value", minInterval: 1 }),
      tooltip: { formatter: ({ dataIndex, value }) => `${names[dataIndex]}\n${counted(value, "input")}` },
      series: [{ type: "bar", data: inversion.counts, barCategoryGap: "8%" }],
    }),
  });
}

function movedHistograms(scores, high) {
  const names = bins(high, scores[0]["target-moved-counts"]);
  const targets = scores.map((one) => layerName(one.target));
  const most = Math.max(...scores.flatMap((one) => one["target-moved-counts"]));
  return figure({
    id: "histogram-target-moved",
    title: `How far each target moved, given ${layerName(view.reference)}`,
    note: "One row per target: the brighter a bin, the more inputs are in it; grey bins are empty. Left: invariances are shared; right: they are not.",
    words: scores.map((one, at) => `${targets[at]}: median ${shown(one["target-moved"].median)}`).join("; ") + ".",
    table: plainTable(
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
