// Puts the page together, and again where a choice changes it.

function show() {
  summary();
  contrasts();
  modelMaps();
  layerMaps();
  kinship();
  residualCourses();
  residualCurves();
  histograms();
  gallery();
}

const place = (id, content) => document.getElementById(id).replaceChildren(...content);

readAddress();

place("choice", [
  choice("Measure", study.measures.map((one) => [one.id, one.id]), view.measure, (value) => {
    view.measure = value;
    show();
  }),
  choice("Search", study.runs.map((_, run) => [run, runName(run)]), view.run, (value) => {
    view.run = Number(value);
    show();
  }),
]);

place("scale-choice", [
  choice("Colours", SCALES, view.scale, (value) => {
    view.scale = value;
    modelMaps();
    layerMaps();
  }),
  choice("Order", SEQUENCES, view.sequence, (value) => {
    view.sequence = value;
    modelMaps();
    layerMaps();
  }),
]);

document.getElementById("overview").textContent =
  `${counted(study.models.length, "network")}, ${counted(study.layers.length, "layer")}, ${counted(study.inputs.count, "input")}, ` +
  `${counted(study.settings.searches.length, "search").replace("searchs", "searches")}; ${study.scores.length} of ${counted(study.planned, "score")}` +
  (study.scores.length < study.planned ? ": the study is not complete, and the same command goes on with it." : ".");

place("about", [
  study.authors.length ? element("p", {}, study.authors.join(", ")) : "",
  study.notes ? element("p", { class: "notes" }, study.notes) : "",
]);
place("cautions", cautions());
place("settings-content", settings());
for (const form of document.forms) {
  form.addEventListener("submit", (event) => event.preventDefault());
}
show();
