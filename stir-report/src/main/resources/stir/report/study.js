// The study: its document and what the page has besides, and how their parts are found.

const study = arranged(JSON.parse(document.getElementById("study-data").textContent));

/** The page's document with the parts of the study's that figures need: layers, repeats of searches and networks as indices. */
function arranged(page) {
  const { networks, settings, directions, similarities = [], differences, ...facts } = page.result;
  const layers = networks.flatMap((network, at) => network.layers.map((layer) => ({ network: at, ...layer })));
  const layerAt = new Map(layers.map(({ network, name }, at) => [key(networks[network].name, name), at]));
  const runs = settings.searches.flatMap(({ name }) => Array.from({ length: settings.repeats }, (_, at) => ({ search: name, repeat: at + 1 })));
  const runAt = new Map(runs.map(({ search, repeat }, at) => [key(search, repeat), at]));
  const placed = (one) => ({ ...one, target: layerAt.get(key(one.target, one.target_layer)), reference: layerAt.get(key(one.reference, one.reference_layer)) });
  const scores = directions.map((one, at) => ({ ...placed(one), among: page.among[at], run: runAt.get(key(one.search.name, one.search.repeat)) }));
  const scoreByKey = new Map(scores.map((score) => [key(score.run, score.reference, score.target), score]));
  const compared = (row) => {
    const run = runAt.get(key(row.search, row.repeat));
    const other = { target: row.other_target, target_layer: row.other_target_layer, reference: row.other_reference, reference_layer: row.other_reference_layer };
    const [first, second] = [row, other].map(placed).map(({ reference, target }) => scoreByKey.get(key(run, reference, target)));
    return { ...row, first, second };
  };
  return {
    ...page,
    ...facts,
    networks,
    settings,
    layers,
    runs,
    scores,
    scoreByKey,
    similarities: similarities.map(placed),
    asymmetries: page.asymmetries.map((one) => ({ ...one, first: scores[one.first], second: scores[one.second] })),
    differences: { ...page.differences, rows: differences.map(compared) },
  };
}

/** A key of a map. */
function key(...parts) {
  return parts.join("\n");
}

/** Whether there are searches, and so scores, and not similarities alone. */
const hasScores = study.runs.length > 0;

/** The columns of the table of scores that are shown at first. */
const FIRST_COLUMNS = "verdict,target,target_layer,reference,reference_layer,stir,shared_metamers,corrected,residual,similarity";

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
  sort: "verdict",
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
const networkName = (network) => renamed(study.networks[network].name);

/** A layer with its network, which a score of two layers of one file names after the layer. */
function layerName(index) {
  const { network, name } = study.layers[index];
  const of = study.networks[network].name;
  return renamed(of === name ? name : `${of}: ${name}`);
}

const pairName = ({ target, reference }) => `${layerName(target)} given ${layerName(reference)}`;

/** Whether the reader has not hidden a layer, or has marked it. */
const isShown = (layer) => !view.hide || !pattern(view.hide).test(layerName(layer));
const isMarked = (layer) => Boolean(view.mark) && pattern(view.mark).test(layerName(layer));

/** A name in a figure: a sign, not a colour alone, stands before what is marked. */
const signed = (layer, name) => (isMarked(layer) ? `\u25b8 ${name}` : name);

const allLayers = () => study.layers.map((_, index) => index).filter(isShown);
const headline = () => study.headline.filter(isShown);

/** What the layers of the headline stand for. */
const headNoun = () => (study.headline.length === study.networks.length ? "network" : "layer");

/** What a layer is called among those of the headline: its network, if that has no other layer there. */
const headName = (index) => (headNoun() === "network" ? networkName(study.layers[index].network) : layerName(index));

/** The layers of a network, as indices, in its order. */
const layersOf = (network) => allLayers().filter((index) => study.layers[index].network === network);

const runName = (run) => (hasScores ? study.runs[run].search + (study.settings.repeats > 1 ? `, repeat ${study.runs[run].repeat}` : "") : "similarity");
const level = () => `${Math.round(100 * study.settings.interval_level)} %`;

const searchByKey = new Map(study.searches.map((one) => [key(one.run, one.reference), one]));
const similarityByKey = new Map([...study.scores, ...study.similarities].map((one) => [key(one.reference, one.target), one]));

/** The chosen measure. */
const measure = () => study.measures.find((one) => one.id === view.measure);

/** 1 if larger values of the chosen measure are more similar, else -1. */
const sign = () => (measure().larger_is_more_similar ? 1 : -1);

/** The score of the chosen run; undefined if it is not stored. */
const scoreOf = (target, reference) => study.scoreByKey.get(key(view.run, reference, target));

/** All values of a score by the chosen measure. */
const valuesOf = (score) => score?.measures[view.measure] ?? {};

/** STIR(target | reference) of the chosen run and measure; undefined if it is not stored. */
const stirOf = (target, reference) => valuesOf(scoreOf(target, reference)).stir;

/** The similarity of two layers, without a search; undefined if it is not stored. */
const similarityOf = (one, other) => valuesOf(similarityByKey.get(key(one, other)) ?? similarityByKey.get(key(other, one))).similarity;

/** The search for the invariant inputs of a layer, by the chosen run. */
const searchOf = (reference) => searchByKey.get(key(view.run, reference));

/** The ends of an interval of an estimate or a difference; undefined if it has none. */
const intervalOf = (estimate) => (Number.isFinite(estimate?.low) ? [estimate.low, estimate.high] : undefined);

/** The floor of a score: the more similar one of both. */
function floorOf(score) {
  const { seed_floor, permutation_floor } = valuesOf(score);
  const floors = [seed_floor?.value, permutation_floor?.value].filter(Number.isFinite);
  return floors.length ? sign() * Math.max(...floors.map((value) => sign() * value)) : undefined;
}

/** The verdict on a score, by the measure that decides: its word, reason and advice. */
const verdictOf = (score) => score?.verdict ?? { word: "", reason: "", advice: [] };

/** Whether statements about several scores, such as the tree of layers, leave a score out. */
const isLeftOut = (score) => study.left_out_gaps.includes(verdictOf(score).gap);

const verdictWord = (score) => verdictOf(score).word;
const answerOf = (score) => study.verdicts.find(({ word }) => word === verdictWord(score)) ?? { word: "", mark: "", known: true };

/** The measure of the verdicts, where the chosen one is another. */
const verdictMeasure = () => (hasScores && view.measure !== study.measure ? `; verdicts by ${study.measure}` : "");

/** The verdicts from the strongest answer to none. */
const VERDICTS = study.verdicts.map(({ word }) => word).reverse();

/** The place of a score in that order; the scores of a layer by itself come last. */
const orderOf = (score) => VERDICTS.indexOf(verdictWord(score)) + (score.target === score.reference ? VERDICTS.length : 0);

/** The verdict of what is unknown. */
const INCONCLUSIVE = study.verdicts.find(({ word, known }) => !known && word !== study.verdicts[0].word)?.word;

/** What led to a verdict, and what would settle it. */
function reasonOf(score) {
  const { reason, advice } = verdictOf(score);
  return [reason, advice.length ? `to settle it: ${advice.map(({ text }) => text).join(", ")}` : ""].filter(Boolean).join("; ");
}

/** A verdict with its reason. */
const verdictText = (score) => [verdictWord(score), reasonOf(score)].filter(Boolean).join(": ");

/** "nothing" where the reference ignores nothing, "unknown" where there is no answer, "known" otherwise. */
const stateOf = (score) => (verdictWord(score) === study.verdicts[0].word ? "nothing" : answerOf(score).known ? "known" : "unknown");

/** What a figure or table is of, as its caption states it. */
function circumstances(scored = true) {
  const search = study.settings.searches.find(({ name }) => name === study.runs[view.run]?.search);
  const facts = [search?.optimizer === search?.name ? null : search?.optimizer, search?.iterations && counted(search.iterations, "iteration")].filter(Boolean);
  const searched = hasScores ? `; search ${runName(view.run)}${facts.length ? ` (${facts.join(", ")})` : ""}` : "";
  const about = `n = ${study.inputs.count} inputs${searched}.`;
  return scored ? `${view.measure}${sign() > 0 ? "" : ", the smaller the more similar"}${verdictMeasure()}; ${about}` : about;
}
