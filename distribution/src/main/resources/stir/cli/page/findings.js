// The key findings: sentences made by rule, on the pairs that the first figure shows.

/** The scores of different layers of the headline by the chosen run. */
const headlineScores = () =>
  headline().flatMap((target) => headline().map((reference) => (target === reference ? null : scoreOf(target, reference)))).filter(Boolean);

/** From the score that shares least to the one that shares most. */
function ranked(scores) {
  const sign = measure().larger ? 1 : -1;
  const value = (score) => sign * score.stir[view.measure].value;
  return scores.filter((score) => Number.isFinite(score.stir[view.measure]?.value)).sort((a, b) => value(a) - value(b));
}

/** The pair that is shown at first: that which shares least, of those with an answer if there are any. */
function leastShared() {
  const scores = headlineScores();
  const of = (states) => ranked(scores.filter((score) => states.includes(stateOf(score))))[0];
  return of(["known"]) ?? of(["unknown"]) ?? scores[0] ?? study.scores.find(({ run }) => run === view.run);
}

const withInterval = ({ value, ci }) => shown(value) + (ci ? ` (${level()} interval ${shownInterval(ci)})` : "");

/** "STIR of b given a", as a link to the pair. */
const headLink = ({ target, reference }) => pairLink(target, reference, `${headName(target)} given ${headName(reference)}`);

const answer = (score) => [headLink(score), `: STIR ${withInterval(score.stir[view.measure])}, `, element("strong", {}, verdictWord(score)), "."];

/** How many pairs have which verdict. */
function tally(scores) {
  const words = scores.map((score) => verdictWord(score));
  const counts = [...ANSWERS, NOT_JUDGED.answer].map((word) => [words.filter((one) => one === word).length, word]);
  const texts = counts.filter(([count]) => count).map(([count, word]) => `${count} ${word}`);
  return [`Does the target ignore what the reference ignores? Of ${counted(scores.length, "pair")} of ${study.headline.length === study.models.length ? "networks" : "layers"}: ${texts.join(", ")}.`];
}

/** The largest difference of both directions, of pairs that have an answer in both. */
function asymmetry() {
  const all = study.asymmetries.filter((one) => one.measure === view.measure && study.scores[one.first].run === view.run);
  const [largest] = all
    .filter(({ first, second }) => [first, second].every((one) => isShown(study.scores[one].target) && stateOf(study.scores[one]) === "known"))
    .sort((a, b) => b.value - a.value);
  if (!largest) {
    return null;
  }
  const clear = largest["p-value-corrected"] < 1 - study.settings.level;
  return [
    "Largest asymmetry: ",
    headLink(study.scores[largest.first]),
    ` is ${withInterval(largest)} above the other direction, p ${shown(largest["p-value-corrected"])}` +
      `${all.length > 1 ? ` (corrected for ${all.length} pairs)` : ""}: ${clear ? "a clear difference" : "not a clear difference"}.`,
  ];
}

/** What the searches reached, and where there is nothing to find. */
function searched() {
  const all = study.inversions.filter(({ run, reference }) => run === view.run && isShown(reference));
  const share = (one) => one.accepted ?? one.found;
  const poor = all.filter((one) => Number.isFinite(share(one)) && share(one) < study.fewest && !one["ignores-nothing"]);
  const same = all.filter((one) => one["ignores-nothing"]);
  const judged = all.length - same.length;
  const names = (some) => some.slice(0, 2).map((one) => layerName(one.reference)).join(", ") + (some.length > 2 ? ` and ${some.length - 2} more` : "");
  const verb = all.some((one) => one.accepted !== undefined) ? "accepted" : "found";
  const first = poor.length
    ? `Fewer than ${shownShare(study.fewest)} of invariant inputs were ${verb} for ${poor.length} of ${counted(judged, "layer")}: ${poor
        .slice(0, 2)
        .map((one) => `${layerName(one.reference)} (${shownShare(share(one))})`)
        .join(", ")}${poor.length > 2 ? ` and ${poor.length - 2} more` : ""}.`
    : judged > 0
      ? `At least ${shownShare(study.fewest)} of invariant inputs were ${verb} for ${judged === 1 ? "the layer" : `all ${judged} layers`}${same.length ? ` that ignore${judged === 1 ? "s" : ""} something` : ""}.`
      : "";
  return [first + (same.length ? ` At ${names(same)} the invariant inputs are the inputs themselves, within ${shownShare(study["same-inputs"])}: there is no invariance to share.` : "")];
}

/** Why most pairs have no answer. */
function commonReason(scores) {
  const reasons = scores.map((score) => verdictOf(score).rule);
  const count = (reason) => reasons.filter((one) => one === reason).length;
  return reasons.sort((a, b) => count(b) - count(a))[0];
}

function findings() {
  const scores = headlineScores();
  const known = ranked(scores.filter((score) => stateOf(score) === "known"));
  place(
    "findings-list",
    [
      scores.length ? tally(scores) : null,
      known.length ? ["Most shared: ", answer(known.at(-1))] : [`No pair has an answer${scores.length ? `: of most, ${commonReason(scores)}` : ""}.`],
      known.length > 1 ? ["Least shared: ", answer(known[0])] : null,
      asymmetry(),
      searched(),
    ]
      .filter(Boolean)
      .map((parts) => element("li", {}, parts.flat(2))),
  );
}

/** Why values should not be trusted: cautions that differ in numbers alone are listed once. */
function cautions() {
  const kind = (caution) => JSON.stringify(caution, (name, value) => (name === "text" || typeof value === "number" ? 0 : value));
  const kinds = new Map();
  for (const one of [...study.scores, ...study.similarities]) {
    for (const caution of one.cautions.map((at) => study.cautions[at])) {
      const name = kind(caution);
      const pair = hasScores ? pairName(one) : similarName(one, layerName);
      kinds.set(name, { caution: kinds.get(name)?.caution ?? caution, pairs: (kinds.get(name)?.pairs ?? new Set()).add(pair) });
    }
  }
  const where = ([first, ...others]) => first + (others.length ? `; similar for ${counted(others.length, "other pair")}` : "");
  return kinds.size
    ? element(
        "details",
        {},
        element("summary", { class: "caution" }, counted(kinds.size, "caution")),
        element("ul", {}, [...kinds.values()].map(({ caution, pairs }) => element("li", {}, element("span", { class: "caution" }, caution.text), ` (${where([...pairs])})`))),
      )
    : null;
}
