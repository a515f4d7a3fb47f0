// Puts the page together, and again where a choice changes it.

/** What depends on the measure, the search, or the reader's patterns. */
function show() {
  if (!hasScores) {
    showSimilarities();
    return;
  }
  findings();
  maps();
  pairDots();
  showPair();
  contrasts();
  searchesTable();
  scoreChoices();
  bestScore();
  differences();
  if (study.groups) {
    groups();
  }
  showMethods();
}

function maps() {
  place("layer-choice", viewChoice("Layers of", "layers", layerChoices(), layerMaps));
  networkMaps();
  layerMaps();
  kinship();
}

/** A choice that is part of the view. */
const viewChoice = (label, name, options, changed) =>
  choice(label, options, view[name], (value) => {
    view[name] = typeof FIRST_VIEW[name] === "number" ? Number(value) : value;
    changed();
  });

/** A text that is part of the view. */
const viewText = (label, name, hint, changed) =>
  writing(label, view[name], hint, (text) => {
    view[name] = text;
    changed();
  });

readAddress();

place(
  "choice",
  viewChoice("Measure", "measure", study.measures.map(({ id }) => [id, id]), show),
  hasScores ? viewChoice("Search", "run", study.runs.map((_, run) => [run, runName(run)]), show) : null,
  element(
    "details",
    { open: Boolean(view.hide || view.mark || view.rename) },
    element("summary", {}, "Hide, mark, rename, save"),
    element(
      "div",
      {},
      viewText("Hide", "hide", "a pattern, as conv1", show),
      viewText("Mark", "mark", "a pattern, as net1$", show),
      viewText("Rename", "rename", "a pattern", show),
      viewText("to", "to", "a text", show),
      viewText("Width of saved figures", "width", "as on the screen", () => {}),
      viewChoice("Scale of PNG", "pixels", PIXELS, () => {}),
    ),
  ),
);

place(
  "map-choice",
  hasScores ? viewChoice("Second map", "beside", Object.entries(QUANTITIES).slice(1).map(([id, { name }]) => [id, name]), maps) : null,
  viewChoice("Colours", "scale", SCALES, maps),
  viewChoice("Order", "sequence", SEQUENCES, maps),
);

/** Whether all that the study has is the two directions of one pair: what a matrix would add to them is nothing. */
const isPair = study.layers.length === 2 && headlineScores().length === study.scores.filter(({ run }) => run === view.run).length;

document.getElementById("layers").hidden = study.layers.length === study.headline.length && study.layers.length < 3;

document.getElementById("groups").hidden = !study.groups;

/** Hides the links to sections that are hidden. */
function hideLinks() {
  for (const link of document.querySelectorAll("nav a")) {
    link.hidden = document.querySelector(link.hash).hidden;
  }
}

const stored = hasScores ? study.scores : study.similarities;
const ofItself = study.scores.filter(({ target, reference }) => target === reference).length;
for (const part of document.querySelectorAll(hasScores ? ".plain" : ".scored")) {
  part.hidden = true;
}
hideLinks();

place(
  "overview",
  `${counted(study.networks.length, "network")}, ${counted(study.layers.length, "layer")}, ${counted(study.inputs.count, "input")}, ` +
    (hasScores ? `${counted(study.settings.searches.length, "search")}, ` : "") +
    (stored.length < study.planned
      ? `${stored.length} of ${study.planned} ${hasScores ? "scores" : "similarities"}: the study is not complete, and the same command goes on with it.`
      : hasScores
        ? `${counted(study.planned, "score")}${ofItself ? ` (${ofItself} of a layer by itself)` : ""}.`
        : "no search."),
);

place(
  "about",
  study.about?.authors.length ? element("p", {}, study.about.authors.join(", ")) : null,
  study.about?.notes ? element("p", { class: "notes" }, study.about.notes) : null,
);
place("cautions", cautions());
place("settings-content", settings());
for (const form of document.forms) {
  form.addEventListener("submit", (event) => event.preventDefault());
}
for (const heading of document.querySelectorAll("main h2, main h3")) {
  const address = heading.closest("section").querySelector("h2") === heading ? heading.closest("section").id : (heading.id ||= heading.textContent.toLowerCase().replace(/\W+/g, "-"));
  heading.replaceChildren(element("a", { class: "anchor", href: `#${address}` }, heading.textContent));
}
show();
if (location.hash) {
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
