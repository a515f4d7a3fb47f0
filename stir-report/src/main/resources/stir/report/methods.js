// How it was done, in words for a paper, and how to cite it.

/** The paragraph, from the study's settings. */
function methods() {
  if (!hasScores) {
    return similarityMethods();
  }
  const { settings, inputs, networks } = study;
  const search = settings.searches.find(({ name }) => name === study.runs[view.run].search);
  const names = networks.map((_, network) => networkName(network));
  const facts = Object.entries(search ?? {})
    .filter(([name]) => !["name", "optimizer", "iterations"].includes(name))
    .map(([name, value]) => (name === "tolerance" && Number(value) === 0 ? `no tolerance (a search with a residual of at most ${study.searches[0].search.tolerance} counts as converged)` : `${name.replaceAll("_", " ")} ${value}`));
  const count = valuesOf(study.scores[0]).permutation_test?.permutations;
  return (
    `STIR (Nanda et al., 2022), how much of a target survives what a reference ignores, was measured with Stir ${study.versions.stir}. ` +
    `For ${counted(study.layers.length, "layer")} of ${counted(networks.length, "network")} (${names.slice(0, 12).join(", ")}${names.length > 12 ? ", \u2026" : ""}), ` +
    `invariant inputs X' of ${counted(inputs.count, "input")} X (${inputs.shape.join(" x ")}) were searched for, which the reference m represents as it represents X: ` +
    `optimiser ${search?.optimizer ?? "none"}${search?.iterations ? `, ${counted(search.iterations, "iteration")}` : ""}${facts.length ? `; ${facts.join(", ")}` : ""}. ` +
    `STIR(t | m) is the similarity S(t(X), t(X')) of the target t's representations (reduction: ${settings.reduce}), with S ${study.measures.map(({ id }) => id).join(" and ")}. ` +
    `The floor is the more similar one of the seed floor, S(t(X), t(seeds)), and the permutation floor, the mean score of X' in other orders${count ? ` (${count} permutations, which also give p)` : ""}; the ceiling is the reference's own score. ` +
    `Intervals are of ${level()} and hold over other inputs. ` +
    (settings.repeats > 1 ? `Each search was repeated ${settings.repeats} times. ` : "") +
    `Verdicts are by ${study.measure} and the first rule that holds. ${verdictRules()} ` +
    `p-values of differences are corrected by Holm's method.`
  );
}

/** The rules of verdicts, in their order. */
const verdictRules = () => study.rules.map(({ word, condition }) => `${word}: ${condition}`).join(" ");

/** BibTeX of Stir and of the paper; the day is that of reading, since a study has the same page on every day. */
function citations() {
  const today = new Date().toISOString().slice(0, 10);
  return `@inproceedings{nanda2022measuring,
  title = {Measuring Representational Robustness of Neural Networks Through Shared Invariances},
  author = {Nanda, Vedant and Speicher, Till and Kolling, Camila and Dickerson, John P. and Gummadi, Krishna P. and Weller, Adrian},
  booktitle = {Proceedings of the 39th International Conference on Machine Learning},
  series = {Proceedings of Machine Learning Research},
  volume = {162},
  year = {2022},
  eprint = {2206.11939},
  archiveprefix = {arXiv}
}
@software{stir,
  title = {Stir},
  author = {{The Stir authors}},
  version = {${study.versions.stir}},
  note = {Report "${document.querySelector("h1").textContent}", read on ${today}}
}`;
}

function showMethods() {
  place("methods-text", element("p", {}, methods()), copying("Copy", "Copy the methods paragraph", methods));
  place("citation", element("pre", { tabindex: 0 }, element("code", {}, citations())), copying("Copy", "Copy the BibTeX entries", citations));
}
