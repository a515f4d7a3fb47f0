// The table of all scores: its columns, and which of its rows and columns are shown.

/** The columns, those of the first view first. */
const SCORE_COLUMNS = [
  { id: "target", title: "Target t", about: "The network and layer that is asked: does it ignore what the reference ignores?", value: (row) => layerName(row.target), text: (row) => pairLink(row.target, row.reference, layerName(row.target)), head: true },
  { id: "reference", title: "Reference m", about: "The network and layer whose invariant inputs X' were searched for.", value: (row) => layerName(row.reference) },
  { id: "stir", title: "STIR(t\u00a0|\u2060\u00a0m)", about: "S(t(X), t(X')): 1 where the target shares all of the reference's invariances. The bar is its interval.", value: (row) => row.stir[view.measure]?.value, text: (row) => intervalBar(row.stir[view.measure]), number: true },
  { id: "corrected", title: "Corrected", about: "STIR, rescaled: 0 at the floor, 1 at the ceiling.", value: (row) => row.corrected[view.measure]?.value, number: true },
  { id: "residual", title: "Residual", about: "What is left of ||m(x') - m(x)|| / ||m(x)||, a mean over inputs: compare values at similar residuals.", value: (row) => row.residual.mean, number: true },
  { id: "similarity", title: "Similarity", about: "The plain similarity of both layers' representations of the inputs.", value: (row) => similarityOf(row.target, row.reference)?.value, number: true },
  { id: "verdict", title: "Verdict", about: `The answer by rule: ${ANSWERS.join(", ")}.`, value: verdictWord },
  { id: "interval", title: "Interval", about: "Holds the mean over as many other inputs.", value: (row) => row.stir[view.measure]?.ci?.[0], text: (row) => shownInterval(row.stir[view.measure]?.ci), number: true },
  { id: "next", title: "The next inputs", about: "Holds the value of the next as many inputs.", value: (row) => row.stir[view.measure]?.prediction?.[0], text: (row) => shownInterval(row.stir[view.measure]?.prediction), number: true },
  { id: "corrected-interval", title: "Corrected interval", about: "The interval of the corrected value.", value: (row) => row.corrected[view.measure]?.ci?.[0], text: (row) => shownInterval(row.corrected[view.measure]?.ci), number: true },
  { id: "seed-only", title: "Seed only", about: "A floor: the score of the seeds, without any search.", value: (row) => row["seed-only"][view.measure], number: true },
  { id: "shuffled", title: "Shuffled", about: "A floor: the score of mismatched pairs.", value: (row) => row.shuffled[view.measure], number: true },
  { id: "inputs-only", title: "Inputs themselves", about: "A floor: the similarity of X and X' without any network, by the measure that decides.", value: (row) => row["inputs-only"]?.[view.measure], number: true },
  { id: "spread", title: "Spread", about: "The standard deviation of Shuffled over shufflings.", value: (row) => row.permutations[view.measure]?.sd, number: true },
  { id: "p", title: "p if shuffled", about: "How probable a value as similar would be if each X' belonged to another input.", value: (row) => row.permutations[view.measure]?.p, number: true },
  { id: "self", title: "Self", about: "The ceiling: the reference scored on its own invariant inputs.", value: (row) => row.self[view.measure], number: true },
  { id: "moved", title: "Target moved", about: "||t(x') - t(x)|| / ||t(x)||, a mean over inputs.", value: (row) => row["target-moved"]?.mean, number: true },
  { id: "class", title: "Same class", about: "The share of inputs whose class, as the target predicts it, did not change.", value: (row) => row.agreement, number: true },
];

/** A link to a pair. */
function pairLink(target, reference, text) {
  const go = (event) => {
    event.preventDefault();
    choosePair(target, reference);
  };
  return element("a", { href: "#pair", click: go }, text);
}

/** What the bars of intervals go from and to. */
let barRange = [0, 1];

/** A value with its interval as a bar over the measure's range. */
function intervalBar(estimate) {
  if (!Number.isFinite(estimate?.value)) {
    return "\u2013";
  }
  const [low, high] = barRange;
  const at = (value) => Math.max(0, Math.min(100, (100 * (value - low)) / (high - low)));
  const [from, to] = (estimate.ci ?? [estimate.value, estimate.value]).map(at);
  return [
    shown(estimate.value),
    element(
      "span",
      { class: "bar", role: "img", "aria-label": `${level()} interval ${shownInterval(estimate.ci)}`, title: shownInterval(estimate.ci) },
      element("i", { style: `left: ${from}%; width: ${to - from}%` }),
      element("i", { style: `left: ${at(estimate.value)}%` }),
    ),
  ];
}

const shownColumns = () => view.columns.split(",").map((id) => SCORE_COLUMNS.find((column) => column.id === id));

/** What tells whether a row has the wanted text, or a number that "<0.3" or ">=0.3" asks for, in a column or any. */
function rowFilter() {
  const wanted = view.filter.trim();
  const columns = view.column === "any" ? SCORE_COLUMNS : SCORE_COLUMNS.filter(({ id }) => id === view.column);
  const [, sign, than] = /^([<>]=?)\s*(-?[\d.]+)$/.exec(wanted) ?? [];
  if (sign) {
    const fits = { "<": (x) => x < than, "<=": (x) => x <= than, ">": (x) => x > than, ">=": (x) => x >= than }[sign];
    return (row) => columns.some(({ number, value }) => number && Number.isFinite(value(row)) && fits(value(row)));
  }
  const searched = pattern(wanted);
  return (row) => !wanted || columns.some(({ number, value }) => searched.test(number ? shown(value(row)) : value(row)));
}

/** The rows of the chosen run that the reader has not left out. */
function shownScores() {
  const [shownLayers, isWanted] = [new Set(allLayers()), rowFilter()];
  return study.scores.filter((score) => score.run === view.run && shownLayers.has(score.target) && shownLayers.has(score.reference) && isWanted(score));
}

function fillScores() {
  const rows = shownScores();
  barRange = colourRange(allValues(), false);
  const isChosen = (row) => row.target === view.target && row.reference === view.reference;
  place(
    "scores-table",
    sortableTable({
      caption: `${circumstances()} ${counted(rows.length, "pair")}. A column's heading sorts.`,
      columns: shownColumns(),
      rows,
      sort: view.sort,
      sorted: (sort) => {
        view.sort = sort;
        writeAddress();
      },
      marked: (row) => [isMarked(row.target) || isMarked(row.reference) ? "marked" : "", isChosen(row) ? "chosen" : "", stateOf(row) === "nothing" ? "nothing" : ""].join(" ").trim() || null,
    }),
  );
  distributions(rows);
}

/** What filters the rows, and which columns there are, in which order. */
function scoreChoices() {
  place(
    "scores-choice",
    writing("Filter", view.filter, "a text, or <0.3", (text) => {
      view.filter = text;
      fillScores();
    }),
    choice("in", [["any", "any column"], ...SCORE_COLUMNS.map(({ id, title }) => [id, title])], view.column, (value) => {
      view.column = value;
      fillScores();
    }),
  );
  columnChoices();
}

function columnChoices() {
  const chosen = view.columns.split(",");
  const change = (columns) => {
    const focused = document.activeElement.id;
    view.columns = columns.join(",");
    writeAddress();
    columnChoices();
    fillScores();
    // A button that is gone, since its column is at an end, leaves the focus to the column's box.
    (document.getElementById(focused) ?? document.getElementById(focused.replace(/-[^-]*$/, "-shown")))?.focus();
    document.getElementById("status").textContent = `Columns: ${shownColumns().map((column) => column.title).join(", ")}.`;
  };
  const box = ({ id, title, about }) => {
    const at = chosen.indexOf(id);
    const move = (to, side, arrow) => {
      const others = chosen.filter((one) => one !== id);
      return at >= 0 && to >= 0 && to < chosen.length
        ? element("button", { type: "button", id: `column-${id}-${side}`, "aria-label": `Move ${title} to the ${side}`, click: () => change([...others.slice(0, to), id, ...others.slice(to)]) }, arrow)
        : null;
    };
    const turn = () => change(at >= 0 ? chosen.filter((one) => one !== id) : [...chosen, id]);
    return element(
      "li",
      {},
      element("label", {}, element("input", { type: "checkbox", id: `column-${id}-shown`, checked: at >= 0, change: turn, disabled: at >= 0 && chosen.length === 1 }), title),
      move(at - 1, "left", "\u2190"),
      move(at + 1, "right", "\u2192"),
      ` ${about}`,
    );
  };
  place("scores-columns", [...chosen.map((id) => SCORE_COLUMNS.find((one) => one.id === id)), ...SCORE_COLUMNS.filter(({ id }) => !chosen.includes(id))].map(box));
}
