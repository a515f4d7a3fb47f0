// Heat maps of STIR in both directions and of the plain similarity, side by side.

/** What the colours go from and to. */
const SCALES = [
  ["measure", "over the measure's range"],
  ["own", "over each map's values"],
];

/** How rows and columns follow each other. */
const SEQUENCES = [
  ["study", "as in the study"],
  ["alike", "like ones together"],
];

/** What the chosen measure's colours go from and to: the same for all maps of the page, or from a map's least value to its most. */
function colourRange(cells) {
  const own = cells.map((one) => one.value).filter((value) => value !== null);
  if (view.scale === "own" && own.length) {
    const [least, most] = [Math.min(...own), Math.max(...own)];
    return least < most ? [least, most] : [least - 0.005, least + 0.005];
  }
  const { low, high } = measure();
  if (Number.isFinite(low) && Number.isFinite(high)) {
    return [Math.max(low, -1), Math.min(high, 2)];
  }
  const values = [...study.scores.map((one) => one.stir), ...study.similarities.map((one) => one.values)]
    .map((one) => one[view.measure]?.value)
    .filter(Number.isFinite);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least < most ? [least, most] : [least - 0.5, least + 0.5];
}

/** Three maps of rows by columns, which are layers. */
function mapTrio(id, what, rows, columns, label) {
  const direction = (target, reference) => `Target: ${target}; reference: ${reference}.`;
  return [
    map(`${id}-row-given-column`, `STIR(row | column), ${what}`, direction("row", "column"), rows, columns, label, stirOf),
    map(`${id}-column-given-row`, `STIR(column | row), ${what}`, direction("column", "row"), rows, columns, label, (row, column) => stirOf(column, row)),
    map(`${id}-similarity`, `Similarity, ${what}`, "Of the representations of the inputs themselves.", rows, columns, label, similarityOf),
  ];
}

function map(id, title, note, rows, columns, label, estimate) {
  const cells = [];
  rows.forEach((row, y) =>
    columns.forEach((column, x) => {
      const found = estimate(row, column);
      cells.push({ x, y, row, column, value: Number.isFinite(found?.value) ? found.value : null, ci: found?.ci });
    }),
  );
  const names = { rows: rows.map(label), columns: columns.map(label) };
  const widest = widestOf;
  const left = (width) => nameRoom(names.rows, width);
  const cell = (width) => (width - left(width) - 8) / columns.length;
  const upright = (width) => widest(names.columns) > cell(width) - 4;
  const below = (width) => (upright(width) ? widest(names.columns) : 14) + 10;
  const tall = (width) => rowHeight(names.rows, width, Math.max(16, Math.min(cell(width), 64)));
  return figure({
    id,
    title,
    note: measure().larger ? note : `${note} The smaller, the more similar.`,
    about: id.endsWith("-similarity") ? () => view.measure : byMeasure,
    words: inWords(cells, label),
    table: plainTable(
      `${title}, ${view.measure}`,
      ["Row \\ column", ...names.columns],
      rows.map((_, y) => [names.rows[y], ...cells.filter((one) => one.y === y).map((one) => shown(one.value))]),
    ),
    height: (width) => Math.ceil(rows.length * tall(width) + below(width) + 44),
    option: (colours, width) => {
      const numbers = cell(width) >= 34 && tall(width) >= 18;
      const [low, high] = colourRange(cells);
      return {
        grid: { left: left(width), right: 8, top: 6, height: rows.length * tall(width), show: true, backgroundColor: colours.empty, borderWidth: 0 },
        xAxis: axis(colours, {
          type: "category",
          data: names.columns,
          axisLabel: {
            interval: Math.ceil(12 / cell(width)) - 1, // all, where there is room
            hideOverlap: false,
            rotate: upright(width) ? 90 : 0,
            fontSize: 11,
          },
        }),
        yAxis: axis(colours, {
          type: "category",
          inverse: true,
          data: names.rows,
          axisLabel: nameLabel(names.rows, width),
        }),
        visualMap: {
          min: low,
          max: high,
          dimension: 2,
          calculable: false,
          orient: "horizontal",
          left: "center",
          bottom: 4,
          itemWidth: 12,
          itemHeight: Math.min(140, width / 2),
          text: [`${shown(high)}`, `${shown(low)}`],
          textStyle: { color: colours.ink, fontSize: 11 },
          inRange: { color: VIRIDIS },
        },
        tooltip: {
          formatter: ({ data }) => {
            const one = cells[data.cell];
            return `row ${label(one.row)}\ncolumn ${label(one.column)}\n${shown(one.value)}${one.ci ? ` (${shownInterval(one.ci)})` : ""}`;
          },
        },
        series: [
          {
            type: "heatmap",
            data: cells
              .map((one, index) => ({ one, index }))
              .filter(({ one }) => one.value !== null)
              .map(({ one, index }) => ({
                value: [one.x, one.y, one.value],
                cell: index,
                label: { color: (one.value - low) / (high - low) > 0.55 ? "#000000" : "#ffffff" },
              })),
            label: { show: numbers, fontSize: 11, formatter: ({ value }) => value[2].toFixed(2) },
            itemStyle: { borderColor: colours.surface, borderWidth: 1 },
          },
        ],
      };
    },
  });
}

/** What a map shows, without colours. */
function inWords(cells, label) {
  const there = cells.filter((one) => one.value !== null);
  if (!there.length) {
    return "Nothing is stored of these pairs.";
  }
  const others = there.filter((one) => one.row !== one.column);
  const ranked = (others.length ? others : there).sort((a, b) => a.value - b.value);
  const [least, most] = [ranked[0], ranked[ranked.length - 1]];
  const named = (one) => `${shown(one.value)} (row ${label(one.row)}, column ${label(one.column)})`;
  const missing = cells.length - there.length;
  return (
    `${view.measure}${others.length ? ", of different layers" : ""}: lowest ${named(least)}, highest ${named(most)}.` +
    (missing ? ` ${counted(missing, "pair")} ${missing === 1 ? "is" : "are"} not stored.` : "")
  );
}

/** Each network at the last layer that was studied. */
function modelMaps() {
  const last = study.models.map((_, model) => layersOf(model).at(-1)).filter((index) => index !== undefined);
  const many = study.layers.length > study.models.length;
  document.getElementById("model-maps-note").textContent = many
    ? `Each network at the last of its layers: ${last.map(layerName).join(", ")}.`
    : "";
  const label = (index) => study.models[study.layers[index].model].name;
  replace(document.getElementById("model-maps"), mapTrio("models", "networks", ordered(last), ordered(last), label));
}

/** The layers of all networks, or of two. */
function layerMaps() {
  const models = study.models.map((_, index) => index);
  const pairs = models.flatMap((one) => models.filter((other) => other >= one).map((other) => [one, other]));
  const name = (index) => study.models[index].name;
  document.getElementById("layer-choice").replaceChildren(
    choice(
      "Layers of",
      [["all", "all networks"], ...pairs.map(([one, other]) => [key(one, other), `${name(one)} (rows) and ${name(other)} (columns)`])],
      view.pair,
      (value) => {
        view.pair = value;
        layerMapsOf(value);
      },
    ),
  );
  layerMapsOf(view.pair);
}

function layerMapsOf(pair) {
  const all = study.layers.map((_, index) => index);
  const [rows, columns] = pair === "all" ? [ordered(all), ordered(all)] : pair.split(" ").map((model) => layersOf(Number(model)));
  const label = pair === "all" ? layerName : (index) => study.layers[index].name;
  const what = pair === "all" ? "layers" : `layers of ${pair.split(" ").map((model) => study.models[model].name).join(" and ")}`;
  replace(document.getElementById("layer-maps"), mapTrio("layers", what, rows, columns, label));
}
