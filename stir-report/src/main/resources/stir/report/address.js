// What is shown is in the page's address: a link leads to the same view, and reloading keeps it.

/** Writes what differs from the first view into the address; `section` is where the page is to stand. */
function writeAddress(section = location.hash) {
  const written = new URLSearchParams();
  if (view.run > 0) {
    written.set("search", study.runs[view.run].search);
    written.set("repeat", study.runs[view.run].repeat);
  }
  for (const [name, value] of Object.entries(view)) {
    if (name !== "run" && String(value) !== String(FIRST_VIEW[name])) {
      written.set(name, value);
    }
  }
  try {
    history.replaceState(null, "", `${location.pathname}${String(written) ? `?${written}` : ""}${section}`);
  } catch {
    // A browser may not let a file change its address: then it stays as it is.
  }
}

/** Reads the view from the address; what the study does not have is left out. */
function readAddress() {
  const written = new URLSearchParams(location.search);
  const run = study.runs.findIndex((one) => one.search === written.get("search") && String(one.repeat) === written.get("repeat"));
  view.run = Math.max(run, 0);
  const names = (options) => options.map(([name]) => String(name));
  const indices = (list) => list.map((_, index) => String(index));
  const columns = SCORE_COLUMNS.map(({ id }) => id);
  const allowed = {
    measure: study.measures.map(({ id }) => id),
    target: indices(study.layers),
    reference: indices(study.layers),
    beside: names(Object.entries(QUANTITIES)),
    scale: names(SCALES),
    sequence: names(SEQUENCES),
    layers: names(layerChoices()),
    order: names(ORDERS),
    other: indices(study.side_by_side.others),
    sort: columns.flatMap((id) => [id, `-${id}`]),
    column: ["any", ...columns],
    pixels: names(PIXELS),
  };
  for (const name of Object.keys(FIRST_VIEW)) {
    const value = written.get(name);
    if (value !== null && name !== "run" && (allowed[name]?.includes(value) ?? true)) {
      view[name] = typeof FIRST_VIEW[name] === "number" ? Number(value) : value;
    }
  }
  const chosen = view.columns.split(",").filter((id) => columns.includes(id));
  view.columns = chosen.length ? chosen.join(",") : FIRST_COLUMNS;
}
