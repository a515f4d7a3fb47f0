// What is shown is in the page's address: a link leads to the same view, and reloading keeps it.

const VIEWED = ["measure", "pair", "given", "other", "reference", "target", "order", "scale", "sequence"];

/** Writes the view into the address. */
function writeAddress() {
  const { search, repeat } = study.runs[view.run];
  const written = new URLSearchParams({ search, repeat });
  for (const name of VIEWED) {
    written.set(name, view[name]);
  }
  try {
    history.replaceState(null, "", `?${written}${location.hash}`);
  } catch {
    // A browser may not let a file change its address: then it stays as it is.
  }
}

/** Reads the view from the address; what the study does not have is left out. */
function readAddress() {
  const written = new URLSearchParams(location.search);
  const run = study.runs.findIndex((one) => one.search === written.get("search") && String(one.repeat) === written.get("repeat"));
  view.run = Math.max(run, 0);
  const layers = study.layers.map((_, index) => String(index));
  const models = study.models.map((_, index) => index);
  const allowed = {
    measure: study.measures.map((one) => one.id),
    pair: ["all", ...models.flatMap((one) => models.filter((other) => other >= one).map((other) => key(one, other)))],
    given: ["all", ...layers],
    other: study["side-by-side"].others.map((_, index) => String(index)),
    reference: layers,
    target: ["all", ...layers],
    order: ORDERS.map(([name]) => name),
    scale: SCALES.map(([name]) => name),
    sequence: SEQUENCES.map(([name]) => name),
  };
  for (const name of VIEWED) {
    const value = written.get(name);
    if (allowed[name].includes(value)) {
      view[name] = name === "reference" ? Number(value) : value;
    }
  }
}
