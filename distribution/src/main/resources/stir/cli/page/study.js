// The study: the document within the page, and how its parts are found.

const study = JSON.parse(document.getElementById("study-data").textContent);

/** What is shown at the moment. */
const view = {
  measure: study.measures[0].id,
  run: 0,
  pair: "all",
  given: "all",
  other: "0",
  reference: study.inversions.length ? study.inversions[0].reference : 0,
  target: "all",
  order: "least-shared",
  scale: "measure",
  sequence: "study",
};

const layerName = (index) => `${study.models[study.layers[index].model].name}: ${study.layers[index].name}`;
const runName = (run) => `${study.runs[run].search}, repeat ${study.runs[run].repeat}`;
const key = (...parts) => parts.join(" ");

const scoreByKey = new Map(study.scores.map((score) => [key(score.run, score.reference, score.target), score]));
const similarityByKey = new Map(study.similarities.map((one) => [key(one.reference, one.target), one]));

/** What a figure shows: for its file. */
const byRun = () => runName(view.run);
const byMeasure = () => `${view.measure}, ${byRun()}`;

/** The chosen measure. */
const measure = () => study.measures.find((one) => one.id === view.measure);

/** STIR(target | reference) of the chosen run and measure; undefined if it is not stored. */
function stirOf(target, reference) {
  return scoreByKey.get(key(view.run, reference, target))?.stir[view.measure];
}

/** The plain similarity; undefined if it is not stored. */
function similarityOf(one, other) {
  const stored = similarityByKey.get(key(one, other)) ?? similarityByKey.get(key(other, one));
  return stored?.values[view.measure];
}

/** The layers of a model, as indices, in the order of the network. */
const layersOf = (model) => study.layers.map((_, index) => index).filter((index) => study.layers[index].model === model);
