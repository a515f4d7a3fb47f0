// Heat maps: the target down, the reference across, a second quantity next to STIR.

/** What a heat map may show of a pair; `own` where colours span the map's values, `judged` where no value stands without an answer. */
const QUANTITIES = {
  stir: { name: "STIR(target | reference)", judged: true, of: (score) => valuesOf(score).stir },
  corrected: { name: "Corrected", note: "0 is the floor, 1 the ceiling.", judged: true, of: (score) => valuesOf(score).corrected },
  similarity: { name: "Similarity", note: "Of the representations of the inputs, without a search.", of: (_, target, reference) => similarityOf(target, reference) },
  residual: { name: "Residual", note: "||m(x') - m(x)|| / ||m(x)||, a mean over inputs.", own: true, of: (score) => score && { value: score.search.residual.mean } },
  target_moved: { name: "Target moved", note: "||t(x') - t(x)|| / ||t(x)||, a mean over inputs.", own: true, of: (score) => score?.outcomes.target_moved && { value: score.outcomes.target_moved.mean } },
  p: { name: "p", own: true, of: (score) => ({ value: valuesOf(score).p }) },
};

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

/** The values of the chosen measure in all of the study. */
const allValues = () => study.scores.map((score) => ({ value: valuesOf(score).stir?.value }));

/** What the colours go from and to: for a measure that may be negative from 0, where nothing survives. */
function colourRange(cells, own) {
  const values = cells.map(({ value }) => value).filter(Number.isFinite);
  const [least, most] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const { lowest, highest, larger_is_more_similar } = measure();
  if (!own && view.scale === "measure" && Number.isFinite(lowest) && Number.isFinite(highest)) {
    return [larger_is_more_similar ? Math.max(lowest, 0) : lowest, Math.min(highest, 2)];
  }
  return least < most ? [least, most] : [least - 0.005, least + 0.005];
}

/** STIR and the quantity that the reader wants next to it, of some targets and references. */
const mapsOf = (id, what, targets, references, label) =>
  targets.length && references.length
    ? !hasScores
      ? [heatMap(`${id}-similarity`, "similarity", what, targets, references, label), []]
      : [heatMap(`${id}-stir`, "stir", what, targets, references, label), heatMap(`${id}-beside`, view.beside, what, targets, references, label)]
    : [[], []]; // all are hidden

/** What the marks and the patterns of some cells mean. */
const marksNote = (cells) =>
  study.verdicts
    .filter(({ word, mark }) => mark && cells.some((one) => one.word === word))
    .map(({ word, mark, known }) => `${mark} ${known ? "or a triangle" : word === study.verdicts[0].word ? "and grey" : "and hatched"}: ${word}.`);

/** The distance of the lines of a hatched cell. */
const HATCH = 6;

function heatMap(id, quantity, what, targets, references, label) {
  const { name, note, own, judged, of } = QUANTITIES[quantity];
  const cells = targets
    .flatMap((target, y) =>
      references.map((reference, x) => {
        const score = scoreOf(target, reference);
        const found = of(score, target, reference);
        return { x, y, target, reference, score, value: found?.value, interval: intervalOf(found), state: stateOf(score), word: verdictWord(score), mark: answerOf(score).mark };
      }),
    )
    .filter(({ value }) => Number.isFinite(value));
  const [rows, columns] = [targets, references].map((layers) => layers.map((layer) => signed(layer, label(layer))));
  const cell = (across) => across / columns.length;
  const upright = (across) => widestOf(columns) > cell(across) - 4;
  const below = (across) => (upright(across) ? widestOf(columns) : LINE) + 10;
  const hides = (state) => state === "nothing" || (judged && state === "unknown");
  const texts = cells.map(({ mark, value, state }) => mark + (hides(state) ? "" : value.toFixed(2).replace("-0.00", "0.00")));
  const title = `${name}, ${what}`;
  return figure({
    id,
    title,
    note: [hasScores && "Target: row; reference: column.", note, ...marksNote(cells)].filter(Boolean).join(" "),
    words: inWords(cells, hides, targets.length * references.length - cells.length, label),
    acts: hasScores ? "Arrow keys move, Enter leads to the pair." : "Arrow keys move.",
    table: () => cellTable(title, cells, targets, references, label),
    ready: (drawn) => makeUsable(drawn, cells),
    parts: {
      names: rows,
      title: hasScores ? 16 : 0,
      right: 8,
      row: (across) => Math.max(16, Math.min(cell(across), columns.length < 8 ? 56 : columns.length <= MOST_ABREAST ? 34 : 18)),
      below: (across) => below(across) + 58,
    },
    option: (colours, layout) => {
      const { across, width, left, row } = layout;
      const [low, high] = colourRange(cells, own);
      const numbers = cell(across) >= widestOf(texts) + 4 && row >= 18;
      const names = { nameLocation: "middle", nameTextStyle: { color: colours.muted, fontSize: 11 } };
      return {
        grid: layout.grid,
        xAxis: axis(colours, {
          ...names,
          type: "category",
          data: columns,
          name: hasScores ? "reference" : "",
          nameGap: below(across) + 1,
          splitLine: { show: false },
          axisLabel: { interval: Math.ceil(12 / cell(across)) - 1, hideOverlap: false, rotate: upright(across) ? 90 : 0, fontSize: SIZE },
        }),
        yAxis: nameAxis(colours, layout, { ...names, name: hasScores ? "target" : "", nameGap: left - 12 }),
        visualMap: {
          min: low,
          max: high,
          dimension: 2,
          calculable: false,
          orient: "horizontal",
          left: "center",
          bottom: 2,
          itemWidth: 10,
          itemHeight: Math.min(140, width / 2),
          text: [shown(high), shown(low)],
          textStyle: { color: colours.ink, fontSize: 11 },
          inRange: { color: VIRIDIS },
        },
        tooltip: { formatter: ({ dataIndex }) => cellText(cells[dataIndex], name) },
        series: [
          {
            type: "custom",
            data: cells.map(({ x, y, value }, at) => ({ value: [x, y, value], text: numbers ? texts[at] : "" })),
            renderItem: ({ dataIndex }, api) => {
              const { x, y, value, state, mark, target, reference } = cells[dataIndex];
              const [centre, size] = [api.coord([x, y]), api.size([1, 1])];
              const chosen = target === view.target && reference === view.reference;
              const dark = state === "known" && (value - low) / (high - low) <= 0.55;
              const edge = chosen ? 1.5 : 0.5;
              const [left, top] = [0, 1].map((axis) => centre[axis] - size[axis] / 2 + edge);
              const [width, height] = size.map((one) => one - 2 * edge);
              const fill = state === "nothing" ? colours.empty : api.visual("color");
              const outline = { stroke: chosen ? (dark ? "#ffffff" : colours.ink) : "none", lineWidth: chosen ? 3 : 0 };
              const text = numbers ? texts[dataIndex] : "";
              const label = { textContent: { ignore: !text, style: { text, fontSize: 11, fontFamily: FONT, fill: state === "nothing" ? colours.muted : state === "unknown" ? colours.ink : dark ? "#ffffff" : "#000000" } }, textConfig: { position: "inside" } };
              const emphasis = { style: { stroke: colours.ink, lineWidth: 2 } };
              const whole = { type: "rect", shape: { x: left, y: top, width, height } };
              if (state === "unknown") {
                return {
                  type: "group",
                  children: [
                    { ...whole, style: { fill, opacity: 0.3 } },
                    { type: "path", shape: { pathData: hatching(left, top, width, height) }, style: { fill: "none", stroke: colours.muted, lineWidth: 0.7, opacity: 0.45 }, silent: true },
                    { ...whole, style: { fill: "transparent", ...outline }, emphasis, ...label },
                  ],
                };
              }
              return {
                ...(mark && state === "known" && !numbers ? { type: "polygon", shape: { points: [[left, top], [left, top + height], [left + width, top + height]] } } : whole),
                style: { fill, ...outline },
                emphasis,
                ...label,
              };
            },
          },
        ],
      };
    },
  });
}

/** The lines of a hatched rectangle, from lower left to upper right. */
function hatching(left, top, width, height) {
  const lines = [];
  for (let at = HATCH / 2; at < width + height; at += HATCH) {
    const [from, to] = [Math.max(0, at - height), Math.min(width, at)];
    lines.push(`M${left + from} ${top + at - from}L${left + to} ${top + at - to}`);
  }
  return lines.join("");
}

/** What the pointer or the keyboard is at. */
function cellText({ target, reference, score, value, interval }, name) {
  return [
    `${hasScores ? "target " : ""}${layerName(target)}`,
    `${hasScores ? "reference " : ""}${layerName(reference)}`,
    `${name}: ${shown(value)}${interval ? ` (${level()}: ${shownInterval(interval)})` : ""}`,
    score && `residual ${shown(score.search.residual.mean)}, n = ${study.inputs.count}`,
    score && verdictText(score).replace(": ", ":\n").replace("; to settle", "\nto settle"),
  ]
    .filter(Boolean)
    .join("\n");
}

/** Lets a click, or Enter after the arrow keys, lead from a cell to its pair. */
function makeUsable({ chart, surface }, cells) {
  let at = -1;
  const point = (action, dataIndex) => chart.dispatchAction({ type: action, seriesIndex: 0, dataIndex });
  const leave = () => {
    point("downplay", at);
    chart.dispatchAction({ type: "hideTip" });
  };
  chart.on("click", ({ dataIndex }) => choosePair(cells[dataIndex].target, cells[dataIndex].reference));
  surface.addEventListener("blur", leave);
  surface.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" && at >= 0) {
      choosePair(cells[at].target, cells[at].reference);
    } else if (step && cells.length) {
      event.preventDefault();
      const { x, y } = cells[at] ?? { x: cells[0].x - step[0], y: cells[0].y - step[1] };
      const next = cells.findIndex((one) => one.x === x + step[0] && one.y === y + step[1]);
      if (next >= 0) {
        leave();
        at = next;
        point("highlight", at);
        point("showTip", at);
        document.getElementById("status").textContent = cellText(cells[at], "value");
      }
    }
  });
}

/** The cells as a table, each of which leads to its pair. */
function cellTable(title, cells, targets, references, label) {
  const byPlace = new Map(cells.map((one) => [key(one.y, one.x), one]));
  return plainTable(
    `${title}, ${view.measure}`,
    [hasScores ? "Target \\ reference" : "Layer", ...references.map(label)],
    targets.map((target, y) => [
      label(target),
      ...references.map((reference, x) => {
        const one = byPlace.get(key(y, x));
        return one ? (hasScores ? pairLink(target, reference, shown(one.value)) : shown(one.value)) : "\u2013";
      }),
    ]),
  );
}

/** What a map shows, without colours. */
function inWords(cells, hides, missing, label) {
  const others = cells.filter((one) => one.target !== one.reference && !hides(one.state));
  const ranked = (others.length ? others : [...cells]).sort((a, b) => a.value - b.value);
  if (!ranked.length) {
    return "Nothing is stored of these pairs.";
  }
  const named = (one) => `${shown(one.value)} (${label(one.target)} ${hasScores ? "given" : "and"} ${label(one.reference)})`;
  return (
    `${others.length ? "Of different layers: lowest" : "Lowest"} ${named(ranked[0])}, highest ${named(ranked.at(-1))}.` +
    (missing ? ` ${counted(missing, hasScores ? "score" : "pair")} ${missing === 1 ? "is" : "are"} not stored.` : "")
  );
}

/** Each network at the last layer that was studied, next to the findings; of a single pair, the findings and the next figure have all values. */
function networkMaps() {
  const layers = isPair ? [] : ordered(headline());
  document.querySelector("#findings .maps").hidden = isPair;
  const [stir, beside] = mapsOf("networks", headNoun() === "network" ? `networks at ${headLayers()}` : "layers", layers, layers, headName);
  replace(document.getElementById("model-map"), stir);
  replace(document.getElementById("beside-map"), beside);
}

/** The most networks that a caption names for a layer. */
const MOST_NAMED = 3;

/** The layers at which networks are shown: each name with its networks, unless all have the same. */
function headLayers() {
  const networks = new Map();
  for (const index of headline()) {
    const { name } = study.layers[index];
    networks.set(name, [...(networks.get(name) ?? []), headName(index)]);
  }
  const of = (names) => (names.length > MOST_NAMED ? counted(names.length, "network") : names.join(", "));
  return [...networks].map(([name, names]) => (networks.size === 1 ? name : `${name} (${of(names)})`)).join(", ");
}

/** Figures of more layers take the whole width. */
const MOST_ABREAST = 24;

/** The layers of all networks, or of two. */
function layerChoices() {
  const networks = study.networks.map((_, index) => index);
  const pairs = networks.flatMap((one) => networks.filter((other) => other >= one).map((other) => [one, other]));
  return [["all", "all networks"], ...pairs.map(([one, other]) => [`${one} ${other}`, `${networkName(one)} (targets) and ${networkName(other)} (references)`])];
}

function layerMaps() {
  const all = view.layers === "all";
  const [targets, references] = all ? [ordered(allLayers()), ordered(allLayers())] : view.layers.split(" ").map((model) => layersOf(Number(model)));
  const label = all ? layerName : (index) => study.layers[index].name;
  document.getElementById("layer-maps").classList.toggle("two", references.length <= MOST_ABREAST);
  const what = all ? "layers" : `layers of ${view.layers.split(" ").map(networkName).join(" and ")}`;
  replace(document.getElementById("layer-maps"), ...mapsOf("layers", what, targets, references, label));
}
