// Statements about groups of networks.

/** What each kind of difference is of. */
const QUESTIONS = {
  within_between: ({ group, other }) => `within ${group} and ${other}, less between them`,
  within: ({ group, other }) => `within ${group}, less within ${other}`,
  direction: ({ group, other }) => `${group} given ${other}, less ${other} given ${group}`,
  factor: ({ factor, other }) => `effect of ${factor}, less that of ${other}`,
};

/** Both tables, of the chosen measure and search. */
function groups() {
  const ofView = ({ measure: of, search, repeat }) => of === view.measure && search === study.runs[view.run].search && repeat === study.runs[view.run].repeat;
  const layers = { id: "layers", title: "Layers", value: ({ target_layer: t, reference_layer: m }) => (t === m ? t : `${t} given ${m}`) };
  const factor = { id: "factor", title: "Factor", value: (row) => row.factor };
  const networks = ({ targets, references, target_group: t, reference_group: m }) => (t === m ? `${targets}` : `${targets} given ${references}`);
  const counts = ({ used, scores: all, inconclusive }) => (used === all ? `${all}` : `${used} of ${all}, ${inconclusive} inconclusive`);
  const scores = { id: "scores", title: "Scores", about: "Inconclusive scores are left out with their networks.", value: ({ used }) => used, text: counts, number: true };
  place(
    "groups-scores",
    sortableTable({
      caption: `${circumstances()} Means over the networks of groups.`,
      columns: [
        factor,
        { id: "pair", title: "Groups", value: (row) => `${row.target_group} given ${row.reference_group}`, head: true },
        layers,
        { id: "networks", title: "Networks", value: networks },
        scores,
        { id: "stir", title: "STIR", value: (row) => row.stir.value, number: true },
        { id: "interval", title: `${level()} interval`, value: (row) => row.stir.low, text: (row) => (intervalOf(row.stir) ? shownInterval(intervalOf(row.stir)) : `not known: ${row.reason}`), number: true },
      ],
      rows: study.groups.filter(ofView),
    }),
  );
  place(
    "groups-differences",
    sortableTable({
      caption: `${circumstances()} Differences of groups, with p corrected for all differences of a factor and a question.`,
      columns: [
        factor,
        { id: "question", title: "STIR", value: (row) => QUESTIONS[row.question](row), head: true },
        layers,
        scores,
        { id: "difference", title: "Difference", value: (row) => row.difference, number: true },
        { id: "interval", title: `${level()} interval`, value: (row) => row.low, text: (row) => (intervalOf(row) ? shownInterval(intervalOf(row)) : "\u2013"), number: true },
        { id: "p_corrected", title: "Corrected p", value: (row) => row.p_corrected, number: true },
        { id: "verdict", title: "Answer", value: (row) => [row.verdict ?? (row.reason ? "not known" : ""), row.reason].filter(Boolean).join(": ") },
      ],
      rows: (study.group_differences ?? []).filter(ofView),
    }),
  );
}
