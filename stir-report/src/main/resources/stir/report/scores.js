// The table of all scores: its columns, and which of its rows and columns are shown.

/** A number by the chosen measure, with its interval. */
const quantity = (id, title, about) => ({ id, title, about, value: (row) => valuesOf(row)[id]?.value, number: true });

/** An end of an interval of such a number. */
const end = (id, of, side, title, about) => ({ id, title, about, value: (row) => valuesOf(row)[of]?.[side], number: true });

/** A fact of the search. */
const ofSearch = (id, title, about, value, text) => ({ id, title, about, value: ({ search }) => value(search), text: text && (({ search }) => text(value(search))), number: true });

/** A part of the shared metamers, which old results do not have. */
const ofMetamers = (id, title, about, part) => ({ id, title, about, value: (row) => row.shared_metamers?.[part], text: (row) => shownShare(row.shared_metamers?.[part]), number: true });

/** The columns of results.csv, under its names and in its order. */
const SCORE_COLUMNS = [
  { id: "target", title: "Target t", about: "The network that is asked: how much of its representation survives what the reference ignores?", value: (row) => networkName(study.layers[row.target].network), text: (row) => pairLink(row.target, row.reference, networkName(study.layers[row.target].network)), head: true },
  { id: "target_layer", title: "Layer of t", about: "The target's layer.", value: (row) => renamed(study.layers[row.target].name) },
  { id: "reference", title: "Reference m", about: "The network whose invariant inputs X' were searched for.", value: (row) => networkName(study.layers[row.reference].network) },
  { id: "reference_layer", title: "Layer of m", about: "The reference's layer.", value: (row) => renamed(study.layers[row.reference].name) },
  { id: "search", title: "Search", about: "The name of the search.", value: (row) => row.search.name },
  { id: "repeat", title: "Repeat", about: "The number of the repeat, from 1.", value: (row) => row.search.repeat, text: (row) => String(row.search.repeat), number: true },
  { id: "measure", title: "Measure", about: "The similarity measure S.", value: () => view.measure },
  { id: "verdict", title: "Verdict", about: `The answer by rule and ${study.measure}: ${VERDICTS.join(", ")}.`, value: verdictWord, order: orderOf },
  { id: "gap", title: "Gap", about: "The kind of reason why it is inconclusive.", value: (row) => verdictOf(row).gap ?? "" },
  { id: "reason", title: "Reason", about: "What led to the verdict, and what would settle it.", value: (row) => verdictOf(row).reason, text: reasonOf },
  { ...quantity("stir", "STIR(t\u00a0|\u2060\u00a0m)", "S(t(X), t(X')): 1 where all of the target's representation survives, up to a rotation or offset. The bar is its interval."), text: (row) => intervalBar(valuesOf(row).stir) },
  end("low", "stir", "low", "Low", "The lower end of the interval of STIR, which holds the mean over as many other inputs."),
  end("high", "stir", "high", "High", "The upper end of the interval of STIR."),
  end("prediction_low", "stir", "prediction_low", "Prediction low", "The lower end of the prediction interval, which holds STIR of the next as many inputs."),
  end("prediction_high", "stir", "prediction_high", "Prediction high", "The upper end of the prediction interval."),
  { id: "p", title: "p", about: "How probable a STIR as similar would be if each X' belonged to another input.", value: (row) => valuesOf(row).p, number: true },
  { id: "p_corrected", title: "p corrected", about: "p, corrected for the number of scores (Holm).", value: (row) => row.among[view.measure]?.corrected, number: true },
  { id: "p_max", title: "p max", about: "p of the maximum of all scores over the same permutations, which covers the choice of the best.", value: (row) => row.among[view.measure]?.maximum, number: true },
  { id: "floor", title: "Floor", about: "The more similar one of the seed floor and the permutation floor.", value: floorOf, number: true },
  quantity("similarity", "Similarity", "S(t(X), m(X)) of both layers, without a search."),
  end("similarity_low", "similarity", "low", "Similarity low", "The lower end of the interval of the similarity."),
  end("similarity_high", "similarity", "high", "Similarity high", "The upper end of the interval of the similarity."),
  quantity("ceiling", "Ceiling", "The reference scored on its own invariant inputs."),
  quantity("seed_floor", "Seed floor", "The score of the seeds, without any search."),
  quantity("permutation_floor", "Permutation floor", "The mean score of X' in other orders."),
  quantity("input_similarity", "S(X,X')", "The input similarity, of X and X' without any network, by the measure that decides."),
  quantity("corrected", "Corrected", "STIR, rescaled: 0 at the floor, 1 at the ceiling."),
  end("corrected_low", "corrected", "low", "Corrected low", "The lower end of the interval of the corrected value."),
  end("corrected_high", "corrected", "high", "Corrected high", "The upper end of the interval of the corrected value."),
  quantity("converged_only", "Converged only", "STIR of the inputs whose search converged."),
  ofMetamers("shared_metamers", "Shared metamers", "The share of accepted X' that the target, too, represents as X; without an alignment.", "share"),
  ofMetamers("shared_metamers_low", "Shared low", "The lower end of its interval (Wilson).", "low"),
  ofMetamers("shared_metamers_high", "Shared high", "The upper end of its interval.", "high"),
  ofMetamers("shared_metamers_floor", "Shared floor", "The share of X' of other inputs that the target represents as X.", "floor"),
  { id: "target_moved", title: "Target moved", about: "||t(x') - t(x)|| / ||t(x)||, a mean over inputs.", value: (row) => row.outcomes.target_moved?.mean, number: true },
  { id: "target_moved_in_units", title: "Moved in units", about: "The same, relative to the target's median distance between different inputs.", value: (row) => row.outcomes.target_moved_in_units, number: true },
  { id: "inputs", title: "Inputs", about: "The number of inputs.", value: () => study.inputs.count, text: () => String(study.inputs.count), number: true },
  ofSearch("accepted", "Accepted", "The share of inputs whose residual is below the threshold, with the class kept.", (search) => search.accepted, shownShare),
  ofSearch("converged", "Converged", "The share of inputs whose residual is within the tolerance.", (search) => search.converged, shownShare),
  ofSearch("residual", "Residual", "What is left of ||m(x') - m(x)|| / ||m(x)||, a mean over inputs: compare values at similar residuals.", (search) => search.residual.mean),
  ofSearch("distance_from_input", "X' from X", "||x' - x|| / ||x||, a mean over inputs.", (search) => search.distance_from_input?.mean),
  ofSearch("moved", "Moved", "The distance of X' from the seeds, a mean over inputs.", (search) => search.moved),
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
  const [from, to] = (intervalOf(estimate) ?? [estimate.value, estimate.value]).map(at);
  return [
    shown(estimate.value),
    element(
      "span",
      { class: "bar", role: "img", "aria-label": `${level()} interval ${shownInterval(intervalOf(estimate))}`, title: shownInterval(intervalOf(estimate)) },
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
  return (row) => !wanted || columns.some(({ number, value }) => searched.test(number ? shown(value(row)) : String(value(row))));
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
      caption: `${circumstances()} ${counted(rows.length, "score")}. A column's heading sorts.`,
      columns: shownColumns(),
      rows,
      sort: view.sort,
      sorted: (sort) => {
        view.sort = sort;
        writeAddress();
      },
      marked: (row) => [isMarked(row.target) || isMarked(row.reference) ? "marked" : "", isChosen(row) ? "chosen" : "", stateOf(row) === "known" ? "" : "nothing"].join(" ").trim() || null,
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

/** The best score of the chosen measure and search, with p-values that take the choice into account. */
function bestScore() {
  const { search, repeat } = study.runs[view.run];
  const best = (study.best ?? []).find((one) => one.among === "study" && one.scores > 1 && one.measure === view.measure && one.search === search && one.repeat === repeat);
  place(
    "best",
    best
      ? `Best of ${best.scores} scores${best.inconclusive ? ` (${best.inconclusive} of them inconclusive and left out)` : ""}: ${best.target} ${best.target_layer} given ${best.reference} ${best.reference_layer}, STIR ${shown(best.stir)}; p ${shown(best.p)}, corrected for their number ${shown(best.p_corrected)} (Holm), of their maximum ${shown(best.p_max)}.`
      : "",
  );
}
