// Studies without a search: the similarities of pairs of layers, in place of scores.

/** The similarities of different layers that the reader has not hidden, each pair once. */
const shownSimilarities = (layers) =>
  layers
    .flatMap((one, at) => layers.slice(at + 1).map((other) => ({ reference: one, target: other, ...similarityOf(one, other) })))
    .filter(({ value }) => Number.isFinite(value));

const similarName = ({ reference, target }, name) => `${name(reference)} and ${name(target)}`;

/** The most and the least similar pair of networks. */
function similarityFindings() {
  const ranked = shownSimilarities(headline()).sort((a, b) => sign() * (b.value - a.value));
  const line = (what, row) => element("li", {}, `${what}: ${similarName(row, headName)}, ${withInterval(row)}.`);
  place(
    "findings-list",
    ranked.length ? line("Most similar", ranked[0]) : element("li", {}, "No pair has a value."),
    ranked.length > 1 ? line("Least similar", ranked.at(-1)) : null,
  );
}

/** Similarities of the headline's pairs with their intervals. */
function similarityDots() {
  const all = shownSimilarities(headline()).map((row) => ({ ...row, interval: intervalOf(row), name: similarName(row, headName) }));
  const rows = ends(all);
  replace(
    document.getElementById("pair-dots"),
    rows.length
      ? figure({
          id: "pairs",
          title: "Similarity of pairs",
          note: `Lines: ${level()} intervals.${endsNote(all)}`,
          words: `Highest: ${rows[0].name}, ${shown(rows[0].value)}; lowest: ${rows.at(-1).name}, ${shown(rows.at(-1).value)}.`,
          table: () => plainTable(`Similarity of pairs, ${view.measure}`, ["Pair", "Similarity", "Low", "High"], rows.map(({ name, value, interval }) => [name, ...[value, interval?.[0], interval?.[1]].map(shown)])),
          ...dots(rows, "similarity"),
        })
      : [],
  );
}

/** A row for each pair of different layers. */
function similaritiesTable() {
  const rows = shownSimilarities(allLayers());
  place(
    "similarities-table",
    sortableTable({
      caption: `${circumstances()} ${counted(rows.length, "pair")}. A column's heading sorts.`,
      columns: [
        { id: "one", title: "Layer", value: (row) => layerName(row.reference), head: true },
        { id: "other", title: "Other layer", value: (row) => layerName(row.target) },
        { id: "similarity", title: "Similarity", value: (row) => row.value, number: true },
        { id: "interval", title: `${level()} interval`, about: "Holds the mean over as many other inputs.", value: (row) => row.low, text: (row) => shownInterval(intervalOf(row)), number: true },
      ],
      rows,
      marked: (row) => (isMarked(row.target) || isMarked(row.reference) ? "marked" : null),
    }),
  );
}

/** What depends on the measure or the reader's patterns. */
function showSimilarities() {
  similarityFindings();
  maps();
  similarityDots();
  similaritiesTable();
  showMethods();
}

/** How it was done, in words for a paper. */
function similarityMethods() {
  const { settings, inputs, networks } = study;
  return (
    `Representations were compared with Stir ${study.versions.stir}. ` +
    `For ${counted(study.layers.length, "layer")} of ${counted(networks.length, "network")} (${networks.map((_, network) => networkName(network)).slice(0, 12).join(", ")}${networks.length > 12 ? ", \u2026" : ""}), ` +
    `S(a, b) is the similarity of the representations of ${counted(inputs.count, "input")} at two layers (reduction: ${settings.reduce}), with S ${study.measures.map(({ id }) => id).join(" and ")}. ` +
    `Intervals are of ${level()} and hold over other inputs.`
  );
}
