// The chosen search beside another one, of this study or of another.

/** What another search is called. */
function otherName({ study: of, search, repeat }) {
  return `${of ? `${of}: ` : ""}${search}, repeat ${repeat}`;
}

/** The pairs that both have, of the chosen measure. */
const shownRows = (set) => set.rows.filter((row) => row.measure === view.measure && isShown(row.target) && isShown(row.reference));

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
  place("contrasts-table", contrastsTable(chosen));
  const rows = shownRows(chosen).filter((row) => row.difference);
  replace(document.getElementById("contrasts-figure"), rows.length ? [contrastsFigure(chosen, rows)] : []);
}

/** The largest differences with their intervals, a line for each pair. */
function contrastsFigure(set, all) {
  const there = otherName(study["side-by-side"].others[set.other]);
  const rows = ends(all.map((row) => ({ name: pairName(row), value: row.difference.value, ci: row.difference.ci })));
  const error = 1 - study.settings.level;
  const clear = all.filter((row) => row.difference["p-value-corrected"] < error).length;
  return figure({
    id: "side-by-side",
    title: "STIR here less STIR there",
    note: `Beside ${there}. Lines: ${level()} intervals.${endsNote(all)}`,
    words: `${clear} of ${all.length} differences are clear (corrected p below ${Math.round(100 * error)} %).`,
    table: () =>
      plainTable(
        `Differences of ${view.measure}, beside ${there}`,
        ["Target given reference", "Difference", "From", "To"],
        rows.map(({ name, value, ci }) => [name, shown(value), shown(ci[0]), shown(ci[1])]),
      ),
    ...dots(rows, "difference"),
  });
}

/** The set whose other search is called like the chosen one, or the first. */
function likest(possible) {
  return possible.find(({ other }) => otherName({ ...study["side-by-side"].others[other], study: null }) === otherName({ ...study.runs[view.run], study: null })) ?? possible[0];
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
  const rows = shownRows(set);
  if (!rows.length) {
    return element(
      "p",
      {},
      study["side-by-side"]["too-many"] ? "There are too many scores to stand side by side on a page." : "No pair has a partner in this measure.",
    );
  }
  const difference = (name) => (row) => row.difference?.[name];
  return sortableTable({
    caption: `${view.measure}, ${runName(view.run)} (here) beside ${otherName(study["side-by-side"].others[set.other])} (there): ${counted(rows.length, "pair")}. A column's heading sorts.`,
    columns: [
      { title: "Target t", value: (row) => layerName(row.target), head: true },
      { title: "Reference m", value: (row) => layerName(row.reference) },
      { title: "STIR here", value: (row) => row.here.value, number: true },
      { title: "STIR there", value: (row) => row.there.value, number: true },
      { title: "Difference", value: difference("value"), number: true },
      {
        title: `${level()} interval`,
        value: (row) => row.difference?.ci[0],
        text: (row) => shownInterval(row.difference?.ci),
        number: true,
      },
      { title: "p", value: difference("p-value"), number: true },
      { title: "Corrected p", value: difference("p-value-corrected"), number: true },
      { title: "Errors", value: (row) => (row.difference ? (row.paired ? "paired" : "independent") : "unknown") },
    ].map((column, at) => ({ ...column, id: String(at) })),
    rows,
  });
}
