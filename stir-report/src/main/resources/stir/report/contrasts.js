// The chosen search beside another one, of this study or of another.

/** What another search is called. */
function otherName({ study: of, search, repeat }) {
  return `${of ? `${of}: ` : ""}${search}, repeat ${repeat}`;
}

/** The scores that both have, of the chosen measure. */
const shownRows = (set) => set.rows.filter((row) => row.measure === view.measure && isShown(row.target) && isShown(row.reference));

/** The choice of what the chosen search stands beside, and both; nothing where there is no other. */
function contrasts() {
  const { others, sets } = study.side_by_side;
  const possible = sets.filter((set) => set.run === view.run);
  document.getElementById("contrasts").hidden = !possible.length;
  hideLinks();
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
  place("contrasts-table", contrastsTable(chosen));
  const rows = shownRows(chosen).filter((row) => row.difference);
  replace(document.getElementById("contrasts-figure"), rows.length ? [contrastsFigure(chosen, rows)] : []);
}

/** The largest differences with their intervals, a line for each score. */
function contrastsFigure(set, all) {
  const there = otherName(study.side_by_side.others[set.other]);
  const rows = ends(all.map((row) => ({ name: pairName(row), value: row.difference.difference, interval: intervalOf(row.difference) })));
  const error = study.clear_below;
  const clear = all.filter((row) => row.difference.p_corrected < error).length;
  return figure({
    id: "side-by-side",
    title: "STIR here less STIR there",
    note: `Beside ${there}. Lines: ${level()} intervals.${endsNote(all)}`,
    words: `${clear} of ${all.length} differences are clear (corrected p below ${Math.round(100 * error)} %).`,
    table: () =>
      plainTable(
        `Differences of ${view.measure}, beside ${there}`,
        ["Target given reference", "Difference", "Low", "High"],
        rows.map(({ name, value, interval }) => [name, ...[value, ...interval].map(shown)]),
      ),
    ...dots(rows, "difference"),
  });
}

/** The set whose other search is called like the chosen one, or the first. */
function likest(possible) {
  return possible.find(({ other }) => otherName({ ...study.side_by_side.others[other], study: null }) === otherName({ ...study.runs[view.run], study: null })) ?? possible[0];
}

/** What both do not have in common. */
function contrastNotes(set) {
  const there = otherName(study.side_by_side.others[set.other]);
  const notes = [
    ["What differs", set.differs],
    [`Scored in ${runName(view.run)} alone`, set.only_here],
    [`Scored in ${there} alone`, set.only_there],
    ["Measures of one alone", set.measures_of_one],
  ].filter(([, texts]) => texts.length);
  return notes.length
    ? [element("ul", {}, notes.map(([head, texts]) => element("li", {}, `${head}: ${texts.join("; ")}.`)))]
    : [element("p", {}, "The search's settings, the networks and the inputs are the same.")];
}

/** A row for each score that both have, of the chosen measure. */
function contrastsTable(set) {
  const rows = shownRows(set);
  if (!rows.length) {
    return element(
      "p",
      {},
      study.side_by_side.too_many ? "There are too many scores to stand side by side on a page." : "No score has a counterpart in this measure.",
    );
  }
  const difference = (name) => (row) => row.difference?.[name];
  return sortableTable({
    caption: `${view.measure}, ${runName(view.run)} (here) beside ${otherName(study.side_by_side.others[set.other])} (there): ${counted(rows.length, "score")}. A column's heading sorts.`,
    columns: [
      { title: "Target t", value: (row) => layerName(row.target), head: true },
      { title: "Reference m", value: (row) => layerName(row.reference) },
      { title: "STIR here", value: (row) => row.here.value, number: true },
      { title: "STIR there", value: (row) => row.there.value, number: true },
      { title: "Difference", value: difference("difference"), number: true },
      {
        title: `${level()} interval`,
        value: (row) => row.difference?.low,
        text: (row) => shownInterval(intervalOf(row.difference)),
        number: true,
      },
      { title: "p", value: difference("p"), number: true },
      { title: "Corrected p", value: difference("p_corrected"), number: true },
      { title: "Errors", value: (row) => (row.difference ? (row.difference.paired ? "paired" : "independent") : "unknown") },
    ].map((column, at) => ({ ...column, id: String(at) })),
    rows,
  });
}
