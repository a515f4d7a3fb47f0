// Values with their intervals, one row each.

/** The most rows of such a figure: half of them the highest, half the lowest. */
const MOST_ROWS = 24;

/** The rows that fit, from the highest value. */
function ends(rows) {
  const ranked = [...rows].sort((a, b) => b.value - a.value);
  return ranked.length > MOST_ROWS ? [...ranked.slice(0, MOST_ROWS / 2), ...ranked.slice(-MOST_ROWS / 2)] : ranked;
}

/** What a figure states where not all rows fit. */
const endsNote = (rows) => (rows.length > MOST_ROWS ? ` The ${MOST_ROWS / 2} highest and ${MOST_ROWS / 2} lowest of ${rows.length}.` : "");

/**
 * The parts and the option of a chart of rows.
 *
 * rows: {name, value, interval?, unknown?}; marks: [{name, symbol, colour, of(row)}] are further values of a row. What is unknown is hollow, and its interval pale.
 */
function dots(rows, valueName, marks = []) {
  const names = rows.map(({ name }) => name);
  const kinds = [
    { name: valueName, unknown: false },
    { name: `${valueName}, ${INCONCLUSIVE}`, unknown: true },
  ].filter(({ unknown }) => rows.some((row) => Boolean(row.unknown) === unknown));
  return {
    parts: {
      names,
      row: () => 20,
      right: 18,
      legend: marks.length ? [...marks.map(({ name, symbol }) => ({ name, icon: symbol })), ...kinds.map(({ name }) => ({ name, icon: "circle" }))] : [],
      below: () => 44,
    },
    option: (colours, layout) => ({
      legend: legendOf(layout, colours),
      grid: layout.grid,
      xAxis: axis(colours, { type: "value", name: valueName, nameLocation: "middle", nameGap: 24, axisLabel: { formatter: rounded } }),
      yAxis: nameAxis(colours, layout),
      tooltip: {
        formatter: ({ dataIndex }) => {
          const { name, value, interval } = rows[dataIndex];
          const more = marks.map((mark) => `${mark.name} ${shown(mark.of(rows[dataIndex]))}`);
          return [name, `${shown(value)}${interval ? ` (${level()}: ${shownInterval(interval)})` : ""}`, ...more].join("\n");
        },
      },
      series: [
        {
          type: "custom",
          data: rows.map(({ interval, value }, y) => [interval?.[0] ?? value, interval?.[1] ?? value, y]),
          encode: { x: [0, 1], y: 2 },
          renderItem: ({ dataIndex }, api) => {
            const [from, to] = [0, 1].map((end) => api.coord([api.value(end), api.value(2)]));
            return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: LINES[0], lineWidth: 2, opacity: rows[dataIndex].unknown ? 0.4 : 1 } };
          },
        },
        ...marks.map(({ name, symbol, colour, of }) => ({
          type: "scatter",
          name,
          symbol,
          symbolSize: symbol === "rect" ? [3, 13] : 9,
          itemStyle: { color: colour },
          data: rows.map((row, y) => [of(row), y]),
        })),
        ...kinds.map(({ name, unknown }) => ({
          type: "scatter",
          name,
          symbolSize: 9,
          itemStyle: { color: unknown ? colours.surface : LINES[0], borderColor: LINES[0], borderWidth: 2 },
          // All rows, so that an index is that of a row.
          data: rows.map((row, y) => [Boolean(row.unknown) === unknown ? row.value : NaN, y]),
          markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: colours.muted, type: "dashed" }, data: [{ xAxis: 0 }] },
        })),
      ],
    }),
  };
}

/** The headline's scores with interval, floor and ceiling. */
function pairDots() {
  const scores = headlineScores().filter((score) => Number.isFinite(valuesOf(score).stir?.value) && stateOf(score) !== "nothing");
  const rows = scores.map((score) => ({
    score,
    name: signed(score.target, `${headName(score.target)} given ${headName(score.reference)}`),
    value: valuesOf(score).stir.value,
    interval: intervalOf(valuesOf(score).stir),
    unknown: stateOf(score) === "unknown",
  }));
  const kept = ends(rows);
  replace(
    document.getElementById("pair-dots"),
    kept.length
      ? figure({
          id: "pairs",
          title: "STIR with floor and ceiling",
          note: `Lines: ${level()} intervals.${endsNote(rows)}`,
          words: `Highest: ${kept[0].name}, ${shown(kept[0].value)}; lowest: ${kept.at(-1).name}, ${shown(kept.at(-1).value)}.`,
          table: () =>
            plainTable(
              `STIR, ${view.measure}`,
              ["Target given reference", "STIR", "Low", "High", "Floor", "Ceiling", "Verdict"],
              kept.map(({ score, name, value, interval }) => [
                pairLink(score.target, score.reference, name),
                ...[value, interval?.[0], interval?.[1], floorOf(score), valuesOf(score).ceiling?.value].map(shown),
                verdictWord(score),
              ]),
            ),
          ready: ({ chart }) => chart.on("click", ({ dataIndex }) => choosePair(kept[dataIndex].score.target, kept[dataIndex].score.reference)),
          ...dots(kept, "STIR", [
            { name: "floor", symbol: "rect", colour: LINES[1], of: ({ score }) => floorOf(score) },
            { name: "ceiling", symbol: "diamond", colour: LINES[2], of: ({ score }) => valuesOf(score).ceiling?.value },
          ]),
        })
      : [],
  );
}
