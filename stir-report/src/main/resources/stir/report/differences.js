// Which STIR is above which other.

/** Differences below this size say nothing, however clear they are. */
const SMALL = 0.001;

function differences() {
  const { rows: all, possible, too_many: tooMany } = study.differences;
  const rows = all.filter(
    ({ measure: of, first, second }) =>
      of === view.measure && first.run === view.run && [first, second].every((one) => stateOf(one) !== "nothing"),
  );
  if (!rows.length) {
    const reason = tooMany
      ? `there are ${possible} differences, more than are computed.`
      : study.scores.every((score) => stateOf(score) === "nothing")
        ? "no reference ignores anything."
        : study.scores.some((score) => intervalOf(valuesOf(score).stir))
          ? "no two scores share their target or their reference."
          : "there are too few inputs for intervals.";
    place("differences-table", element("p", {}, `None is listed: ${reason}`));
    return;
  }
  const unknown = ({ first, second }) => [first, second].filter((one) => stateOf(one) === "unknown").length;
  rows.sort((one, other) => Math.sign(unknown(one)) - Math.sign(unknown(other)));
  const small = rows.filter(({ difference }) => Math.abs(difference) < SMALL);
  const pair = (score) => pairName(score) + (stateOf(score) === "unknown" ? ` ${answerOf(score).mark}` : "");
  const table = (some) =>
    sortableTable({
      caption: `${circumstances()} ${counted(some.length, "difference")}${all.length < possible ? " (differences.csv has all)" : ""}, those of two answers first, then those of the smallest corrected p; ? marks what is INCONCLUSIVE. A column's heading sorts.`,
      columns: [
        { id: "of", title: "STIR of", value: (row) => pair(row.first), head: true },
        { id: "less", title: "less STIR of", value: (row) => pair(row.second) },
        { id: "difference", title: "Difference", value: (row) => row.difference, number: true },
        { id: "interval", title: `${level()} interval`, value: (row) => row.low, text: (row) => shownInterval(intervalOf(row)), number: true },
        { id: "p", title: "p", value: (row) => row.p, number: true },
        { id: "p_corrected", title: "Corrected p", value: (row) => row.p_corrected, number: true },
      ],
      rows: some,
    });
  const folded = element("details", { toggle: () => folded.open && !folded.querySelector("table") && folded.append(table(small)) }, element("summary", {}, `${counted(small.length, "difference")} of less than ${SMALL}`));
  place("differences-table", table(rows.filter(({ difference }) => Math.abs(difference) >= SMALL)), small.length ? folded : null);
}
