// Which STIR is above which other.

/** Differences below this size say nothing, however clear they are. */
const SMALL = 0.001;

function differences() {
  const { rows: all, possible, "too-many": tooMany } = study.differences;
  const rows = all.filter(
    ({ measure: of, first, second }) =>
      of === view.measure && study.scores[first].run === view.run && [first, second].every((one) => stateOf(study.scores[one]) !== "nothing"),
  );
  if (!rows.length) {
    const reason = tooMany
      ? `there are ${possible} differences, more than are computed.`
      : study.scores.every((score) => stateOf(score) === "nothing")
        ? "no reference ignores anything."
        : study.scores.some((score) => score.stir[view.measure]?.ci)
          ? "no two scores share their target or their reference."
          : "there are too few inputs for intervals.";
    place("differences-table", element("p", {}, `None is listed: ${reason}`));
    return;
  }
  const small = rows.filter(({ value }) => Math.abs(value) < SMALL);
  const pair = (index) => pairName(study.scores[index]);
  const table = (some) =>
    sortableTable({
      caption: `${circumstances()} ${counted(some.length, "difference")}${all.length < possible ? " (differences.csv has all)" : ""}, those of the smallest corrected p first. A column's heading sorts.`,
      columns: [
        { id: "of", title: "STIR of", value: (row) => pair(row.first), head: true },
        { id: "less", title: "less STIR of", value: (row) => pair(row.second) },
        { id: "difference", title: "Difference", value: (row) => row.value, number: true },
        { id: "interval", title: `${level()} interval`, value: (row) => row.ci[0], text: (row) => shownInterval(row.ci), number: true },
        { id: "p", title: "p", value: (row) => row["p-value"], number: true },
        { id: "corrected", title: "Corrected p", value: (row) => row["p-value-corrected"], number: true },
      ],
      rows: some,
    });
  const folded = element("details", { toggle: () => folded.open && !folded.querySelector("table") && folded.append(table(small)) }, element("summary", {}, `${counted(small.length, "difference")} of less than ${SMALL}`));
  place("differences-table", table(rows.filter(({ value }) => Math.abs(value) >= SMALL)), small.length ? folded : null);
}
