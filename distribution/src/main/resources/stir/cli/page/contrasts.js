// The chosen search beside another one, of this study or of another.

/** What another search is called. */
function otherName({ study: of, search, repeat }) {
  return `${of ? `${of}: ` : ""}${search}, repeat ${repeat}`;
}

/** The choice of what the chosen search stands beside, and both; nothing where there is no other. */
function contrasts() {
  const { others, sets } = study["side-by-side"];
  const possible = sets.filter((set) => set.run === view.run);
  document.getElementById("contrasts").hidden = !possible.length;
  document.querySelector("nav a[href='#contrasts']").hidden = !possible.length;
  if (!possible.length) {
    return;
  }
  const chosen = possible.find((set) => String(set.other) === view.other) ?? likest(possible);
  view.other = String(chosen.other);
  document.getElementById("contrasts-choice").replaceChildren(
    choice("Beside", possible.map(({ other }) => [String(other), otherName(others[other])]), view.other, (value) => {
      view.other = value;
      contrasts();
    }),
  );
  place("contrasts-notes", contrastNotes(chosen));
  place("contrasts-table", [contrastsTable(chosen)]);
  const rows = chosen.rows.filter((row) => row.measure === view.measure && row.difference);
  replace(document.getElementById("contrasts-figure"), rows.length ? [contrastsFigure(chosen, rows)] : []);
}

/** So many differences fit into a figure. */
const MOST_CONTRASTS = 40;

/** The largest differences with their intervals, a line for each pair. */
function contrastsFigure(set, rows) {
  const there = otherName(study["side-by-side"].others[set.other]);
  const largest = [...rows]
    .sort((a, b) => Math.abs(b.difference.value) - Math.abs(a.difference.value))
    .slice(0, MOST_CONTRASTS)
    .sort((a, b) => b.difference.value - a.difference.value);
  const names = largest.map((row) => `${layerName(row.target)} given ${layerName(row.reference)}`);
  const error = 1 - study.settings.level;
  const clear = rows.filter((row) => row.difference["p-value-corrected"] < error).length;
  const row = (one, y) => [names[y], shown(one.difference.value), shown(one.difference.ci[0]), shown(one.difference.ci[1])];
  return figure({
    id: "side-by-side",
    title: "STIR here less STIR there",
    note: `Beside ${there}. A line is the ${Math.round(100 * study.settings.level)} % interval.${rows.length > MOST_CONTRASTS ? ` The ${MOST_CONTRASTS} largest of ${rows.length}.` : ""}`,
    about: () => `${byMeasure()} beside ${there}`,
    words: `${clear} of ${rows.length} differences are clear (corrected p below ${Math.round(100 * error)} %).`,
    table: plainTable(`Differences of ${view.measure}, beside ${there}`, ["Target given reference", "Difference", "From", "To"], largest.map(row)),
    height: (width) => 60 + rowHeight(names, width, 22) * largest.length,
    option: (colours, width) => ({
      grid: { left: nameRoom(names, width), right: 16, top: 8, height: rowHeight(names, width, 22) * largest.length },
      xAxis: axis(colours, { type: "value", axisLabel: { formatter: rounded } }),
      yAxis: axis(colours, {
        type: "category",
        inverse: true,
        data: names,
        axisLabel: nameLabel(names, width),
      }),
      tooltip: { formatter: ({ dataIndex }) => row(largest[dataIndex], dataIndex).join("\n") },
      series: [
        {
          type: "custom",
          data: largest.map(({ difference }, y) => [difference.ci[0], difference.ci[1], y]),
          encode: { x: [0, 1], y: 2 },
          renderItem: (_, api) => {
            const [from, to] = [0, 1].map((end) => api.coord([api.value(end), api.value(2)]));
            return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: LINES[0], lineWidth: 2 } };
          },
        },
        {
          type: "scatter",
          symbolSize: 9,
          itemStyle: { color: LINES[0] },
          data: largest.map(({ difference }, y) => [difference.value, y]),
          markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: colours.muted, type: "dashed" }, data: [{ xAxis: 0 }] },
        },
      ],
    }),
  });
}

/** The set whose other search is called like the chosen one, or the first. */
function likest(possible) {
  return possible.find(({ other }) => otherName({ ...study["side-by-side"].others[other], study: null }) === runName(view.run)) ?? possible[0];
}

/** What both do not have in common. */
function contrastNotes(set) {
  const there = otherName(study["side-by-side"].others[set.other]);
  const notes = [
    ["What differs", set.differs],
    [`Scored in ${runName(view.run)} alone`, set["only-here"]],
    [`Scored in ${there} alone`, set["only-there"]],
    ["Measures of one alone", set["measures-of-one"]],
  ].filter(([, texts]) => texts.length);
  return notes.length
    ? [element("ul", {}, notes.map(([head, texts]) => element("li", {}, `${head}: ${texts.join("; ")}.`)))]
    : [element("p", {}, "The search's settings, the networks and the inputs are the same.")];
}

/** A row for each pair that both have, of the chosen measure. */
function contrastsTable(set) {
  const rows = set.rows.filter((row) => row.measure === view.measure);
  if (!rows.length) {
    return element(
      "p",
      {},
      study["side-by-side"]["too-many"] ? "There are too many scores to stand side by side on a page." : "No pair has a partner in this measure.",
    );
  }
  const difference = (name) => (row) => row.difference?.[name];
  return sortableTable(
    `${view.measure}, ${runName(view.run)} (here) beside ${otherName(study["side-by-side"].others[set.other])} (there): ${counted(rows.length, "pair")}. Click a column heading to sort.`,
    [
      { title: "Target t", value: (row) => layerName(row.target), head: true },
      { title: "Reference m", value: (row) => layerName(row.reference) },
      { title: "STIR here", value: (row) => row.here.value, number: true },
      { title: "STIR there", value: (row) => row.there.value, number: true },
      { title: "Difference", value: difference("value"), number: true },
      {
        title: `${Math.round(100 * study.settings.level)} % interval`,
        value: (row) => row.difference?.ci[0],
        text: (row) => shownInterval(row.difference?.ci),
        number: true,
      },
      { title: "p", value: difference("p-value"), number: true },
      { title: "Corrected p", value: difference("p-value-corrected"), number: true },
      { title: "Errors", value: (row) => (row.difference ? (row.paired ? "paired" : "independent") : "unknown") },
    ],
    rows,
  );
}
