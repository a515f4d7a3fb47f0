// How well searches went, and how far targets moved.

const layerOf = ({ reference }) => renamed(study.layers[reference].name);

/** How the searches of the chosen reference's network went, and how far its invariant inputs moved all targets. */
function searches() {
  const { network } = study.layers[view.reference];
  const found = study.searches.filter((one) => one.run === view.run && study.layers[one.reference].network === network && isShown(one.reference));
  const traced = found.filter((one) => one.trace.length);
  const { moved_high: high, moved: all = [] } = searchOf(view.reference) ?? {};
  const moved = all.filter((one) => isShown(one.target));
  replace(
    document.getElementById("pair-figures"),
    traced.length ? courses(network, traced) : [],
    found.length ? curves(network, found) : [],
    moved.length ? movedHistograms(moved, high) : [],
    movedComponents(),
  );
}

/** A row for each search. */
function searchesTable() {
  const rows = study.searches.filter(({ run, reference }) => run === view.run && isShown(reference));
  const number = (id, title, about, value) => ({ id, title, about, value: ({ search }) => value(search), number: true });
  const share = (...facts) => {
    const column = number(...facts);
    return { ...column, text: (row) => shownShare(column.value(row)) };
  };
  place(
    "searches-table",
    sortableTable({
      caption: `${circumstances(false)} ${counted(rows.length, "reference layer")}. A column's heading sorts.`,
      columns: [
        { id: "reference", title: "Reference", value: (row) => layerName(row.reference), head: true },
        number("residual", "Residual", "||m(x') - m(x)|| / ||m(x)||, a mean over inputs.", ({ residual }) => residual.mean),
        number("median", "Median residual", "Half of the inputs have at most this residual.", ({ residual }) => residual.median),
        number("max", "Largest residual", "The largest residual of an input.", ({ residual }) => residual.max),
        number("tolerance", "Tolerance", "The residual up to which a search has converged.", ({ tolerance }) => tolerance),
        share("converged", "Converged", "The share of inputs whose residual is within the tolerance.", ({ converged }) => converged),
        number("threshold", "Threshold", "The residual below which an input is accepted: 5 % of the distances of different inputs are smaller; in older results, half of the smallest.", ({ threshold }) => threshold),
        share("accepted", "Accepted", "The share of inputs whose residual is below the threshold, with the class kept.", ({ accepted }) => accepted),
        number("distance_from_input", "X' from X", `||x' - x|| / ||x||, a mean over inputs: within ${study.same_inputs} the layer ignores nothing.`, ({ distance_from_input }) => distance_from_input?.mean),
        number("moved", "Moved", "The distance of X' from the seeds, a mean over inputs.", ({ moved }) => moved),
        { id: "ignores_nothing", title: "Ignores", value: ({ search }) => (search.ignores_nothing ? "nothing" : search.distance_from_input ? "something" : "unknown") },
      ],
      rows,
    }),
  );
}

/** The least and the most that is written at a logarithmic axis. */
const decades = ([least, most]) => [10 ** Math.floor(Math.log10(least)), 10 ** (Math.floor(Math.log10(most)) + 1)];

/** How the median residual came down, a line per layer. */
function courses(network, found) {
  const name = networkName(network);
  const medians = found.flatMap((one) => one.trace.map(({ residual }) => residual.median)).filter((value) => value > 0 && Number.isFinite(value));
  const [low, high] = decades([Math.min(...medians), Math.max(...medians)]);
  const passes = found[0].trace.map((point) => point.passes);
  const at = ({ trace }, index) => ["median", "mean", "max"].map((name) => shown(trace[index]?.residual[name])).join(" / ");
  return figure({
    id: "courses",
    scored: false,
    title: `Median residual by passes, ${name}`,
    note: "The median over inputs of the best residual so far, after that many forward and backward passes. A line that still falls at its end means that a longer search would find better invariant inputs.",
    words: `Median residual: ${found.map((one) => `${layerOf(one)} from ${shown(one.trace[0].residual.median)} to ${shown(one.trace.at(-1).residual.median)}`).join(", ")}.`,
    table: () => plainTable(
      `Residuals of ${name} by passes: median / mean / most`,
      ["Passes", ...found.map(layerOf)],
      passes.map((count, index) => [count, ...found.map((one) => at(one, index))]),
    ),
    parts: { numbers: [low, high].map(rounded), legend: legendOfLayers(found), plot: () => 220, right: 20, below: () => 44 },
    option: (colours, layout) => ({
      color: LINES,
      legend: legendOf(layout, colours),
      grid: layout.grid,
      xAxis: axis(colours, { type: "log", name: "passes", nameLocation: "middle", nameGap: 26, min: 1, max: passes.at(-1), axisLabel: { formatter: rounded } }),
      yAxis: axis(colours, { type: "log", min: low, max: high, axisLabel: { formatter: rounded } }),
      tooltip: { trigger: "item", formatter: ({ seriesName, value }) => `${seriesName}\nafter ${value[0]}: median ${shown(value[1])}` },
      series: found.map((one, index) => ({
        ...lineOf(index),
        name: layerOf(one),
        symbol: SYMBOLS[index % SYMBOLS.length],
        data: one.trace.map(({ passes: after, residual }) => [after, Math.max(residual.median, low)]),
      })),
    }),
  });
}

/** A legend with a line's sign per layer. */
const legendOfLayers = (found) => found.map((one, index) => ({ name: layerOf(one), icon: SYMBOLS[index % SYMBOLS.length] }));

/** How a layer's line is drawn. */
const lineOf = (index) => ({ type: "line", symbolSize: 6, lineStyle: { width: 2, type: DASHES[Math.floor(index / LINES.length) % DASHES.length] } });

/** The residual that each share of inputs stays below, a line per layer. */
function curves(network, found) {
  const name = networkName(network);
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
    parts: { numbers: ["100 %"], legend: legendOfLayers(found), plot: () => 220, right: 20, below: () => 44 },
    option: (colours, layout) => ({
      color: LINES,
      legend: legendOf(layout, colours),
      grid: layout.grid,
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

function movedHistograms(moved, high) {
  const names = bins(high, moved[0].counts);
  const targets = moved.map((one) => signed(one.target, layerName(one.target)));
  const most = Math.max(...moved.flatMap((one) => one.counts));
  return figure({
    id: "histogram-target_moved",
    scored: false,
    title: `Target moved, given ${layerName(view.reference)}`,
    note: "One row per target: the brighter a bin, the more inputs are in it; grey bins are empty. Left: the target represents X' as X; right: it does not.",
    words: moved.map((one, at) => `${targets[at]}: median ${shown(scoreOf(one.target, view.reference).outcomes.target_moved.median)}`).join("; ") + ".",
    table: () => plainTable(
      "Number of inputs by how far the target moved",
      ["Target", ...names],
      moved.map((one, at) => [targets[at], ...one.counts]),
    ),
    parts: { names: targets, row: () => Math.max(22, 132 / targets.length), below: () => 88 },
    option: (colours, layout) => {
      return {
        grid: { ...layout.grid, show: true, backgroundColor: colours.empty, borderWidth: 0 },
        xAxis: axis(colours, { type: "category", data: names.map((name) => name.split(" ")[0]), name: "moved, from", nameLocation: "middle", nameGap: 24 }),
        yAxis: nameAxis(colours, layout),
        visualMap: { min: 1, max: Math.max(2, most), dimension: 2, orient: "horizontal", left: "center", bottom: 2, itemWidth: 12, itemHeight: 120, text: [counted(most, "input"), "1"], textStyle: { color: colours.ink, fontSize: 11 }, inRange: { color: VIRIDIS } },
        tooltip: { formatter: ({ value }) => `${targets[value[1]]}\n${names[value[0]]}: ${counted(value[2], "input")}` },
        series: [{ type: "heatmap", data: moved.flatMap((one, y) => one.counts.map((count, x) => [x, y, count])).filter(([, , count]) => count > 0), itemStyle: { borderColor: colours.surface, borderWidth: 1 } }],
      };
    },
  });
}
