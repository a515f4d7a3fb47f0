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

/** The question, the answer, and the values of both directions. */
function pairAnswer() {
  const [here, there] = [scoreOf(view.target, view.reference), scoreOf(view.reference, view.target)];
  if (!here) {
    return [element("p", {}, "This pair is not stored.")];
  }
  const low = here.corrected[view.measure]?.ci?.[0];
  const chance = verdictOf(here).word === "chance" && low <= 0 ? `the corrected interval begins at ${shown(low)}, not above 0` : undefined;
  const reason = here.stir[view.measure]?.undefined ?? reasonOf(here) ?? chance;
  const directions = view.target === view.reference ? [here] : [here, there].filter(Boolean);
  const rows = SCORE_COLUMNS.filter(({ id }) => !["target", "reference", "interval"].includes(id)).map(({ id, title, value, number, text }) => [
    title.replace("(t\u00a0|\u2060\u00a0m)", ""),
    ...directions.map((score) =>
      id === "stir" ? withInterval(score.stir[view.measure] ?? {}) : text ? text(score) : number ? shown(value(score)) : value(score),
    ),
  ]);
  return [
    element("p", { class: "answer" }, `Does ${layerName(view.target)} ignore what ${layerName(view.reference)} ignores? `, element("strong", {}, verdictWord(here)), `${reason ? ` (${reason})` : ""}. ${searchWords()}`),
    plainTable(`${circumstances()} Both directions.`, ["Value", ...directions.map(pairName)], rows),
  ];
}

/** What the search of the reference reached. */
function searchWords() {
  const found = inversionOf(view.reference);
  const facts = [
    Number.isFinite(found?.accepted) ? `${shownShare(found.accepted)} of its invariant inputs accepted` : null,
    Number.isFinite(found?.found) ? `${shownShare(found.found)} found` : null,
    Number.isFinite(found?.["distance-from-input"]) ? `X' lies ${shown(found["distance-from-input"])} from X, relative to its norm` : null,
  ].filter(Boolean);
  return facts.length ? `The reference's search: ${facts.join("; ")}.` : "";
}
