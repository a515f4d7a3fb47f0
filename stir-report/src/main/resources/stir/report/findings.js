// The key findings: sentences made by rule, on the pairs that the first figure shows.

/** The scores of different layers of the headline by the chosen run. */
const headlineScores = () =>
  headline().flatMap((target) => headline().map((reference) => (target === reference ? null : scoreOf(target, reference)))).filter(Boolean);

/** From the score that shares least to the one that shares most. */
function ranked(scores) {
  const value = (score) => sign() * valuesOf(score).stir.value;
  return scores.filter((score) => Number.isFinite(valuesOf(score).stir?.value)).sort((a, b) => value(a) - value(b));
}

/** The pair that is shown at first: that which shares least, of those with an answer if there are any. */
function leastShared() {
  const scores = headlineScores();
  const of = (states) => ranked(scores.filter((score) => states.includes(stateOf(score))))[0];
  return of(["known"]) ?? of(["unknown"]) ?? scores[0] ?? study.scores.find(({ run }) => run === view.run);
}

const withInterval = (estimate) => shown(estimate.value) + (intervalOf(estimate) ? ` (${level()} interval ${shownInterval(intervalOf(estimate))})` : "");

/** "STIR of b given a", as a link to the pair. */
const headLink = ({ target, reference }) => pairLink(target, reference, `${headName(target)} given ${headName(reference)}`);

/** The scores of a verdict that are named; the others are counted. */
const NAMED = 4;

/** How many scores there are, by pair, and how to read them. */
function asked(scores) {
  const pairs = new Set(scores.map(({ target, reference }) => key(...[target, reference].sort((a, b) => a - b)))).size;
  const both = scores.length === 2 * pairs ? ", one per direction" : "";
  const [first] = scores;
  return `${counted(scores.length, "score")} of ${counted(pairs, "pair")} of ${headNoun()}s${both}${verdictMeasure()}. In "${headName(first.target)} given ${headName(first.reference)}", ${headName(first.target)} is the target. STIR with ${level()} intervals:`;
}

/** The scores by their verdicts, those that share most first: a sentence per verdict, with names. */
function answers(scores) {
  const value = (score) => {
    const { stir } = valuesOf(score);
    const ends = intervalOf(stir);
    return answerOf(score).known ? ` ${shown(stir?.value)}${ends ? ` (${shownInterval(ends)})` : ""}` : "";
  };
  return VERDICTS.map((word) => {
    const all = scores.filter((one) => verdictWord(one) === word);
    const valued = ranked(all).reverse();
    const names = [...valued, ...all.filter((one) => !valued.includes(one))].slice(0, NAMED).flatMap((one, at) => [at ? "; " : "", headLink(one), value(one)]);
    return all.length ? [`${all.length} `, element("strong", {}, word), ` (${answerOf(all[0]).meaning}): `, names, all.length > NAMED ? `; and ${all.length - NAMED} more.` : "."] : [];
  });
}

/** The largest clear difference of both directions, of pairs that have an answer in both. */
function asymmetry() {
  const all = study.asymmetries.filter((one) => one.measure === view.measure && one.first.run === view.run);
  const [largest] = all
    .filter(({ first, second }) => [first, second].every((one) => isShown(one.target) && stateOf(one) === "known"))
    .filter((one) => one.p_corrected < study.clear_below)
    .sort((a, b) => b.difference - a.difference);
  return largest
    ? [
        `Largest asymmetry: STIR is ${shown(valuesOf(largest.first).stir.value)} for `,
        headLink(largest.first),
        ` and ${shown(valuesOf(largest.second).stir.value)} in the other direction; difference ${withInterval({ ...largest, value: largest.difference })}, p ${shown(largest.p_corrected)}${all.length > 1 ? ` (corrected for ${all.length} pairs)` : ""}.`,
      ]
    : null;
}

/** What to do next: what would settle the inconclusive scores of the study, by their reasons. */
function next(scores) {
  const all = study.inconclusive;
  const different = study.scores.filter(({ target, reference }) => target !== reference).length;
  const of = scores.length === different ? "" : ` among all ${different} scores of different layers`;
  const steps = all.map((one) => `for ${one.count} (${one.problem}) ${one.advice.map(({ text }) => text).join(" or ")}`).join("; ");
  return all.length ? [element("strong", {}, "Next"), `, to settle the ${INCONCLUSIVE} scores${of}: ${steps}.`] : [];
}

/** What the searches reached: sentences on the layers whose scores are inconclusive for this reason, and on the others. */
function searched() {
  const all = study.searches.filter(({ run, reference }) => run === view.run && isShown(reference));
  const share = ({ search }) => search.accepted ?? search.converged;
  const poor = all.filter((one) => share(one) < study.fewest && !one.search.ignores_nothing);
  const same = all.filter((one) => one.search.ignores_nothing);
  const judged = all.length - same.length;
  const some = (few, name) => few.slice(0, 2).map(name).join(", ") + (few.length > 2 ? ` and ${few.length - 2} more` : "");
  const verb = all.some((one) => one.search.accepted !== undefined) ? "accepted" : "converged";
  const reached = verb === "accepted" ? "found an accepted input" : verb;
  const these = judged === 1 ? "the layer" : judged === 2 ? "both layers" : `all ${judged} layers`;
  return {
    isOfHeadline: poor.some((one) => headline().includes(one.reference)),
    few: poor.length
      ? `Fewer than ${shownShare(study.fewest)} of searches ${reached} for ${poor.length} of ${counted(judged, "layer")}${same.length ? " that ignore something" : ""}: ${some(poor, (one) => `${layerName(one.reference)} (${shownShare(share(one))})`)}. Scores with ${poor.length === 1 ? "this layer" : "these layers"} as the reference are ${INCONCLUSIVE}.`
      : "",
    others: [
      poor.length === 0 && judged > 0 ? `At least ${shownShare(study.fewest)} of searches ${reached} for ${these}${same.length ? ` that ignore${judged === 1 ? "s" : ""} something` : ""}.` : "",
      same.length ? `At ${some(same, (one) => layerName(one.reference))} the invariant inputs are the inputs themselves, within ${shownShare(study.same_inputs)}: there is no invariance to share.` : "",
    ]
      .filter(Boolean)
      .join(" "),
  };
}

function findings() {
  const scores = headlineScores();
  const { few, others, isOfHeadline } = searched();
  place(
    "findings-list",
    [
      [scores.length ? asked(scores) : "No pair of different layers is stored."],
      ...answers(scores),
      few ? [element("span", { class: isOfHeadline ? "caution" : "" }, few)] : [],
      next(scores),
      asymmetry(),
      others ? [others] : [],
    ]
      .filter((parts) => parts?.length)
      .map((parts) => element("li", {}, parts.flat(2))),
  );
}

/** Why values should not be trusted: cautions that differ in numbers alone are listed once. */
function cautions() {
  const kind = ({ kind, measure = "", facts }) => JSON.stringify([kind, measure, Object.entries(facts).map(([name, value]) => [name, typeof value === "number" ? 0 : value])]);
  const kinds = new Map(study.cautions.map((caution) => [kind(caution), { caution, pairs: new Set() }]));
  for (const one of [...study.scores, ...study.similarities]) {
    for (const caution of one.cautions) {
      const name = kind(caution);
      const pair = hasScores ? pairName(one) : similarName(one, layerName);
      kinds.set(name, { caution: kinds.get(name)?.caution ?? caution, pairs: (kinds.get(name)?.pairs ?? new Set()).add(pair) });
    }
  }
  const where = ([first, ...others]) => first + (others.length ? `; similar for ${counted(others.length, hasScores ? "other score" : "other pair")}` : "");
  return kinds.size
    ? element(
        "details",
        {},
        element("summary", { class: "caution" }, counted(kinds.size, "caution")),
        element("ul", {}, [...kinds.values()].map(({ caution, pairs }) => element("li", {}, element("span", { class: "caution" }, caution.text), pairs.size ? ` (${where([...pairs])})` : ""))),
      )
    : null;
}
