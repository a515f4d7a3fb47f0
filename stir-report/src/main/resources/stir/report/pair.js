// One pair of layers: the answer in both directions, how the reference's search went, and the gallery.

/** Chooses the pair that is shown, and goes there. */
function choosePair(target, reference) {
  if (!hasScores) {
    return; // of similarities there is no more than the map shows
  }
  view.target = target;
  view.reference = reference;
  showPair();
  const heading = document.getElementById("pair-title");
  heading.scrollIntoView();
  heading.focus({ preventScroll: true });
  writeAddress("#pair");
}

/** Shows the chosen pair wherever it appears; where none is chosen, the one that shares least. */
function showPair() {
  if (!scoreOf(view.target, view.reference)) {
    ({ target: view.target, reference: view.reference } = leastShared() ?? study.scores[0]);
  }
  const layers = [...new Set(study.scores.map(({ target }) => target))].sort((a, b) => a - b);
  const references = [...new Set(study.scores.map(({ reference }) => reference))].sort((a, b) => a - b);
  const chooser = (label, of, all) =>
    choice(label, all.map((index) => [index, layerName(index)]), view[of], (value) => {
      view[of] = Number(value);
      showPair();
    });
  place("pair-choice", chooser("Target t", "target", layers), chooser("Reference m", "reference", references));
  place("pair-answer", pairAnswer());
  searches();
  gallery();
  fillScores();
  for (const drawn of figures) {
    if (drawn.root.matches("#model-map *, #beside-map *, #layer-maps *")) {
      draw(drawn, true);
    }
  }
}

/** Values of a pair that the table of scores does not have. */
const OF_TARGET = [
  ["Pointwise similarity", (score) => shown(score.outcomes.pointwise?.mean)],
  ["Class agreement", (score) => shownShare(score.outcomes.class_agreement)],
];

/** Values of a pair whose target has a head. */
const OF_HEAD = [
  ["Stitched agreement on X", (score) => shownShare(score.outcomes.stitching?.stitched_agreement)],
  ["Stitched agreement on X'", (score) => shownShare(score.outcomes.stitching?.stitched_agreement_after)],
];

/** The columns that name a pair, and those that are ends of intervals. */
const NOT_VALUES = /^(target|reference)|^(search|repeat|measure|gap)$|low$|high$/;

const WITH_INTERVAL = ["stir", "similarity", "corrected"];

/** A value with its interval, or the reason why there is none. */
const stated = (estimate) => (Number.isFinite(estimate?.value) ? withInterval(estimate) : (estimate?.undefined ?? "\u2013"));

/** A row of the values of both directions. */
function pairRow({ id, title, value, text, number }) {
  const cell = (score) => (WITH_INTERVAL.includes(id) ? stated(valuesOf(score)[id]) : text ? text(score) : number ? shown(value(score)) : value(score));
  return [title.replace("(t\u00a0|\u2060\u00a0m)", ""), cell];
}

/** The question, the answer, and the values of both directions. */
function pairAnswer() {
  const [here, there] = [scoreOf(view.target, view.reference), scoreOf(view.reference, view.target)];
  if (!here) {
    return [element("p", {}, "This pair is not stored.")];
  }
  const directions = view.target === view.reference ? [here] : [here, there].filter(Boolean);
  const rows = SCORE_COLUMNS.filter(({ id }) => !NOT_VALUES.test(id)).map(pairRow);
  const prediction = ({ prediction_low: low, prediction_high: high } = {}) => (Number.isFinite(low) ? shownInterval([low, high]) : "\u2013");
  rows.splice(rows.findIndex(([title]) => title === "STIR") + 1, 0, ["Prediction interval", (score) => prediction(valuesOf(score).stir)]);
  const reason = reasonOf(here);
  return [
    element("p", { class: "answer" }, `How much of ${layerName(view.target)} survives what ${layerName(view.reference)} ignores? `, element("strong", {}, verdictWord(here)), `${reason ? `: ${reason}` : ""}${verdictMeasure()}. ${searchWords(here)}`),
    plainTable(`${circumstances()} Both directions.`, ["Value", ...directions.map(pairName)], [...rows, ...OF_TARGET, ...(directions.some(({ outcomes }) => outcomes.stitching) ? OF_HEAD : [])].map(([title, of]) => [title, ...directions.map(of)])),
    classTable(),
  ].flat();
}

/** What the search of the reference reached. */
function searchWords({ search }) {
  const facts = [
    Number.isFinite(search.accepted) ? `${shownShare(search.accepted)} of its invariant inputs accepted` : null,
    `${shownShare(search.converged)} converged`,
    search.distance_from_input ? `X' lies ${shown(search.distance_from_input.mean)} from X, relative to its norm` : null,
  ].filter(Boolean);
  return `The reference's search: ${facts.join("; ")}.`;
}
