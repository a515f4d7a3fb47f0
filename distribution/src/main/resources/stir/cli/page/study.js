// The study: the document within the page, and how its parts are found.

const study = JSON.parse(document.getElementById("study-data").textContent);

/** Whether there are searches, and so scores, and not plain similarities alone. */
const hasScores = study.runs.length > 0;

/** The columns of the table of scores that are shown at first. */
const FIRST_COLUMNS = "target,reference,stir,corrected,residual,similarity";

/** What is shown at first. A chosen pair is of layers; -1 stands for the pair that shares least. */
const FIRST_VIEW = {
  measure: study.measure,
  run: 0,
  target: -1,
  reference: -1,
  hide: "",
  mark: "",
  rename: "",
  to: "",
  beside: hasScores ? "corrected" : "similarity",
  scale: "measure",
  sequence: "study",
  layers: "all",
  order: "least-shared",
  other: "0",
  columns: FIRST_COLUMNS,
  sort: "",
  filter: "",
  column: "any",
  width: "",
  pixels: 3,
};

/** What is shown at the moment. */
const view = { ...FIRST_VIEW };

/** What a pattern of the reader's matches: a regular expression, or the text itself where it is not one. */
function pattern(text) {
  try {
    return new RegExp(text, "iu");
  } catch {
    return new RegExp(text.replace(/[^\w\s]/g, "\\$&"), "i");
  }
}

const renamed = (name) => (view.rename ? name.replace(pattern(view.rename), view.to) : name);
const modelName = (model) => renamed(study.models[model].name);

/** A layer with its network, which a score of two layers of one file names after the layer. */
function layerName(index) {
  const { model, name } = study.layers[index];
  const network = study.models[model].name;
  return renamed(network === name ? name : `${network}: ${name}`);
}

const pairName = ({ target, reference }) => `${layerName(target)} given ${layerName(reference)}`;

/** Whether the reader has not hidden a layer, or has marked it. */
const isShown = (layer) => !view.hide || !pattern(view.hide).test(layerName(layer));
const isMarked = (layer) => Boolean(view.mark) && pattern(view.mark).test(layerName(layer));

/** A name in a figure: a sign, not a colour alone, stands before what is marked. */
const signed = (layer, name) => (isMarked(layer) ? `\u25b8 ${name}` : name);

const allLayers = () => study.layers.map((_, index) => index).filter(isShown);
const headline = () => study.headline.filter(isShown);

/** What a layer is called among those of the headline: its network, if that has no other layer there. */
const headName = (index) => (study.headline.length === study.models.length ? modelName(study.layers[index].model) : layerName(index));

/** The layers of a model, as indices, in the order of the network. */
const layersOf = (model) => allLayers().filter((index) => study.layers[index].model === model);

const runName = (run) => (hasScores ? study.runs[run].search + (study.settings.repeats > 1 ? `, repeat ${study.runs[run].repeat}` : "") : "similarity");
const level = () => `${Math.round(100 * study.settings.level)} %`;
const key = (...parts) => parts.join(" ");

const scoreByKey = new Map(study.scores.map((score) => [key(score.run, score.reference, score.target), score]));
const similarityByKey = new Map(study.similarities.map((one) => [key(one.reference, one.target), one]));
const inversionByKey = new Map(study.inversions.map((one) => [key(one.run, one.reference), one]));

/** The chosen measure. */
const measure = () => study.measures.find((one) => one.id === view.measure);

/** The score of the chosen run; undefined if it is not stored. */
const scoreOf = (target, reference) => scoreByKey.get(key(view.run, reference, target));

/** STIR(target | reference) of the chosen run and measure; undefined if it is not stored. */
const stirOf = (target, reference) => scoreOf(target, reference)?.stir[view.measure];

/** The plain similarity; undefined if it is not stored. */
function similarityOf(one, other) {
  const stored = similarityByKey.get(key(one, other)) ?? similarityByKey.get(key(other, one));
  return stored?.values[view.measure];
}

/** The invariant inputs of a layer by the chosen run. */
const inversionOf = (reference) => inversionByKey.get(key(view.run, reference));

/** The floor of a score: the more similar one of both. */
function floorOf(score) {
  const floors = [score["seed-only"][view.measure], score.shuffled[view.measure]].filter(Number.isFinite);
  return floors.length ? Math[measure().larger ? "max" : "min"](...floors) : undefined;
}

/** The answers, the known ones first. */
const ANSWERS = [...new Set(study.verdicts.map(({ answer }) => answer))].reverse();
const NOT_JUDGED = { word: "", answer: "not judged", known: true, rule: "the study's version of Stir did not judge" };

/** The verdict on a score: its word, answer and rule. */
const verdictOf = (score) => study.verdicts.find(({ word }) => word === score?.verdicts[view.measure]) ?? NOT_JUDGED;
const verdictWord = (score) => verdictOf(score).answer;

/** Why there is no answer; undefined if there is one. */
const reasonOf = (score) => (verdictOf(score).known ? undefined : verdictOf(score).rule);

/** "nothing" where there is no invariance to share, "unknown" where there is no answer, "known" otherwise. */
function stateOf(score) {
  const { word, known } = verdictOf(score);
  return word === "nothing-to-ignore" ? "nothing" : known ? "known" : "unknown";
}

/** What a figure or table is of, as its caption states it. */
function circumstances(scored = true) {
  const search = study.settings.searches.find(({ name }) => name === study.runs[view.run]?.search);
  const facts = [search?.optimizer === search?.name ? null : search?.optimizer, search?.iterations && counted(search.iterations, "iteration")].filter(Boolean);
  const searched = hasScores ? `; search ${runName(view.run)}${facts.length ? ` (${facts.join(", ")})` : ""}` : "";
  const about = `n = ${study.inputs.count} inputs${searched}.`;
  return scored ? `${view.measure}${measure().larger ? "" : ", the smaller the more similar"}; ${about}` : about;
}
