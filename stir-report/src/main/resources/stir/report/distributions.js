// How the listed scores are distributed: STIR by each measure and the other numbers of the table, in one figure.

/** Of more scores than this, points are drawn only where they are marked, chosen, or at an end. */
const MOST_POINTS = 300;

/** The points along the outline of a distribution, and the width of its kernel in shares of the range. */
const OUTLINE = 40;
const KERNEL = 0.06;

const ROW_OF_DISTRIBUTION = 54;

/** Of fewer scores than this, the table shows all there is. */
const FEWEST_DISTRIBUTED = 5;

/** The columns whose distribution is shown, besides STIR by each measure. */
const DISTRIBUTED = ["corrected", "similarity", "input_similarity", "ceiling", "seed_floor", "permutation_floor", "residual", "distance_from_input"];

/** The numbers of the scores, a row each: {name, values: [{score, value, at}]} from the least value to the most, `at` from 0 to 1. */
function distributionRows(scores) {
  const numbers = [
    ...study.measures.map(({ id }) => ({ name: `STIR, ${id}`, value: (row) => row.measures[id]?.stir?.value })),
    ...SCORE_COLUMNS.filter(({ id, number }) => number && DISTRIBUTED.includes(id)).map(({ title, value }) => ({ name: title, value })),
  ];
  return numbers
    .map(({ name, value }) => {
      const values = scores.map((score) => ({ score, value: value(score) })).filter((one) => Number.isFinite(one.value)).sort((a, b) => a.value - b.value);
      const [least, most] = [values[0]?.value, values.at(-1)?.value];
      return { name, values: values.map((one) => ({ ...one, at: most > least ? (one.value - least) / (most - least) : 0.5 })) };
    })
    .filter(({ values }) => values.length);
}

const quantileOf = ({ values }, share) => values[Math.round(share * (values.length - 1))];

/** The height of a distribution along its range, 1 where it is highest. */
function outline({ values }) {
  const heights = Array.from({ length: OUTLINE + 1 }, (_, step) => values.reduce((sum, { at }) => sum + Math.exp(-(((at - step / OUTLINE) / KERNEL) ** 2) / 2), 0));
  const highest = Math.max(...heights);
  return heights.map((height) => height / highest);
}

/** How a score's point is drawn; null if it is left out. */
function pointStyle({ score, at }, count, colours) {
  if (score.target === view.target && score.reference === view.reference) {
    return { symbol: "diamond", symbolSize: 13, itemStyle: { color: colours.ink }, z: 4 };
  }
  if (isMarked(score.target) || isMarked(score.reference)) {
    return { symbol: "triangle", symbolSize: 10, itemStyle: { color: LINES[1] } };
  }
  return count <= MOST_POINTS || at === 0 || at === 1 ? { symbol: "circle", symbolSize: 6, itemStyle: { color: LINES[0], opacity: 0.75 } } : null;
}

function distributions(scores) {
  const rows = distributionRows(scores);
  const names = rows.map(({ name }) => name);
  const five = [0, 0.25, 0.5, 0.75, 1];
  const linked = ({ score }) => pairLink(score.target, score.reference, pairName(score));
  const dotted = rows.flatMap((row, y) => row.values.map((one, index) => ({ ...one, row, y, index }))).filter((one) => pointStyle(one, scores.length, LIGHT));
  const number = (one) => `${one.row.name}: ${shown(one.value)}`;
  replace(
    document.getElementById("scores-figure"),
    scores.length >= FEWEST_DISTRIBUTED
      ? figure({
          id: "distributions",
          title: "Distribution of each measure and number of the table",
          note:
            `${counted(scores.length, "score")}, as the table lists them. Each row goes from its least value to its most. Shape: how often a value occurs; bar: the middle half, with the median; diamond: the chosen pair` +
            `${view.mark ? "; triangles: marked" : ""}.${scores.length > MOST_POINTS ? " Other points are left out between the ends." : ""}`,
          words: `${rows.map((row) => `${row.name}: ${[0, 0.5, 1].map((share) => shown(quantileOf(row, share).value)).join(", ")}`).join("; ")} (least, median, most).`,
          table: () =>
            plainTable(
              "Distribution of each number",
              ["Number", "Scores", "Least", "25 %", "Median", "75 %", "Most", "Least is", "Most is"],
              rows.map((row) => [row.name, row.values.length, ...five.map((share) => shown(quantileOf(row, share).value)), linked(row.values[0]), linked(row.values.at(-1))]),
            ),
          ready: ({ chart }) =>
            chart.on("click", ({ seriesIndex, dataIndex }) => {
              if (seriesIndex === 1) {
                choosePair(dotted[dataIndex].score.target, dotted[dataIndex].score.reference);
              }
            }),
          parts: { names, row: () => ROW_OF_DISTRIBUTION, right: 24, below: () => 8 },
          option: (colours, layout) => ({
            grid: layout.grid,
            xAxis: axis(colours, { type: "value", min: 0, max: 1, show: false }),
            yAxis: nameAxis(colours, layout, { axisLine: { show: false } }),
            tooltip: { formatter: ({ seriesIndex, dataIndex }) => (seriesIndex === 1 ? `${pairName(dotted[dataIndex].score)}\n${number(dotted[dataIndex])}` : "") },
            series: [
              {
                type: "custom",
                silent: true,
                data: rows.map((_, y) => [0, 1, y]),
                encode: { x: [0, 1], y: 2 },
                renderItem: ({ dataIndex }, api) => shapeOf(rows[dataIndex], dataIndex, api, colours),
              },
              {
                type: "scatter",
                progressive: 0, // all at once, so that a saved figure has all
                // Points of like values are moved apart, always in the same way.
                data: dotted.map((one) => ({ ...pointStyle(one, scores.length, colours), value: [one.at, one.y], symbolOffset: [0, ((one.index * 7) % 13) - 12] })),
              },
            ],
          }),
        })
      : [],
  );
}

/** A row's shape, the bar of its middle half, its median, and the values at its ends. */
function shapeOf(row, y, api, colours) {
  const at = (share) => api.coord([share, y]);
  const middle = at(0)[1] - 6;
  const heights = outline(row);
  const edge = heights.map((height, step) => [at(step / OUTLINE)[0], middle - 16 * height]);
  const below = heights.map((height, step) => [at(step / OUTLINE)[0], middle + 16 * height]).reverse();
  const bar = (from, to, size, fill) => ({ type: "rect", shape: { x: at(from)[0] - 1, y: middle - size / 2, width: at(to)[0] - at(from)[0] + 2, height: size }, style: { fill } });
  const [low, median, upper] = [0.25, 0.5, 0.75].map((share) => quantileOf(row, share).at);
  const text = (share, align, value) => ({ type: "text", x: at(share)[0], y: middle + 18, style: { text: shown(value), align, verticalAlign: "top", fontSize: 11, fontFamily: FONT, fill: colours.muted } });
  const [least, most] = [row.values[0].value, row.values.at(-1).value];
  return {
    type: "group",
    children: [
      { type: "polygon", shape: { points: [...edge, ...below] }, style: { fill: colours.empty, stroke: colours.muted, lineWidth: 1 } },
      bar(low, upper, 5, colours.muted),
      bar(median, median, 18, colours.ink),
      ...(least < most ? [text(0, "left", least), text(1, "right", most)] : [text(0.5, "center", least)]),
    ],
  };
}
