// Tables that are sorted by the buttons in their heads.

/**
 * A table in a region that scrolls and that the keyboard reaches.
 *
 * columns: {title, value(row), text(row)?, number?, head?}; rows: anything
 */
function sortableTable(caption, columns, rows) {
  const body = element("tbody");
  const heads = columns.map((column, index) =>
    element(
      "th",
      { scope: "col", class: column.number ? "number" : null },
      element("button", { type: "button", click: () => sort(index) }, column.title),
      element("span", { class: "paper", "aria-hidden": "true" }, column.title),
    ),
  );

  function fill(order) {
    body.replaceChildren(
      ...order.map((row) =>
        element(
          "tr",
          {},
          columns.map((column) =>
            element(
              column.head ? "th" : "td",
              { scope: column.head ? "row" : null, class: column.number ? "number" : null },
              column.text ? column.text(row) : column.number ? shown(column.value(row)) : String(column.value(row)),
            ),
          ),
        ),
      ),
    );
  }

  function sort(index) {
    const ascending = heads[index].getAttribute("aria-sort") !== "ascending";
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[index].setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const value = columns[index].value;
    const number = columns[index].number;
    const missing = (x) => (number ? !Number.isFinite(x) : x === null || x === undefined);
    fill(
      [...rows].sort((left, right) => {
        const [a, b] = [value(left), value(right)];
        if (missing(a) || missing(b)) {
          return missing(a) - missing(b); // at the end, in either order
        }
        const compared = typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
        return ascending ? compared : -compared;
      }),
    );
  }

  fill(rows);
  return scrolling(
    caption,
    element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, heads)), body),
  );
}

/** A table as it is; the first cell of each row is its head. */
function plainTable(caption, heads, rows) {
  return scrolling(
    caption,
    element(
      "table",
      {},
      element("caption", {}, caption),
      heads && element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element(
        "tbody",
        {},
        rows.map((row) =>
          element(
            "tr",
            {},
            row.map((cell, index) =>
              index === 0
                ? element("th", { scope: "row" }, cell)
                : element("td", { class: String(cell).length > 24 ? "break" : null }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

function scrolling(caption, table) {
  return element("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: 0 }, table);
}

/** The summary and the choice of what it lists. */
function summary() {
  const references = [...new Set(study.scores.map((one) => one.reference))].sort((a, b) => a - b);
  const fill = () => document.getElementById("summary-table").replaceChildren(summaryTable());
  document.getElementById("summary-choice").replaceChildren(
    choice("Reference", [["all", "all"], ...references.map((index) => [index, layerName(index)])], view.given, (value) => {
      view.given = value;
      fill();
    }),
  );
  fill();
  document.getElementById("differences-table").replaceChildren(differencesTable());
}

/** A row for each difference of two scores of the chosen run and measure. */
function differencesTable() {
  const rows = study.differences.filter((one) => one.measure === view.measure && study.scores[one.first].run === view.run);
  if (!rows.length) {
    return element("p", {}, "There are none to be compared, too few inputs, or too many differences for a page (see differences.csv).");
  }
  const pair = (index) => `${layerName(study.scores[index].target)} given ${layerName(study.scores[index].reference)}`;
  return sortableTable(
    `Differences of ${view.measure}, ${runName(view.run)}: ${counted(rows.length, "pair")} of scores. Click a column heading to sort.`,
    [
      { title: "STIR of", value: (row) => pair(row.first), head: true },
      { title: "less STIR of", value: (row) => pair(row.second) },
      { title: "Difference", value: (row) => row.value, number: true },
      {
        title: `${Math.round(100 * study.settings.level)} % interval`,
        value: (row) => row.ci[0],
        text: (row) => shownInterval(row.ci),
        number: true,
      },
      { title: "p", value: (row) => row["p-value"], number: true },
      { title: "Corrected p", value: (row) => row["p-value-corrected"], number: true },
    ],
    rows,
  );
}

/** A row for each pair, of the chosen run, measure and reference. */
function summaryTable() {
  const id = view.measure;
  const rows = study.scores.filter((score) => score.run === view.run && (view.given === "all" || score.reference === Number(view.given)));
  return sortableTable(
    `${id}${measure().larger ? "" : " (the smaller, the more similar)"}, ${runName(view.run)}: ${counted(rows.length, "pair")}. Click a column heading to sort.`,
    [
      { title: "Target t", value: (row) => layerName(row.target), head: true },
      { title: "Reference m", value: (row) => layerName(row.reference) },
      { title: "STIR(t\u00a0|\u2060\u00a0m)", value: (row) => row.stir[id]?.value, number: true },
      {
        title: `${Math.round(100 * study.settings.level)} % interval`,
        value: (row) => row.stir[id]?.ci?.[0],
        text: (row) => shownInterval(row.stir[id]?.ci),
        number: true,
      },
      {
        title: "The next inputs",
        value: (row) => row.stir[id]?.prediction?.[0],
        text: (row) => shownInterval(row.stir[id]?.prediction),
        number: true,
      },
      { title: "Corrected", value: (row) => row.corrected[id]?.value, number: true },
      {
        title: "Its interval",
        value: (row) => row.corrected[id]?.ci?.[0],
        text: (row) => shownInterval(row.corrected[id]?.ci),
        number: true,
      },
      { title: "Seed only", value: (row) => row["seed-only"][id], number: true },
      { title: "Shuffled", value: (row) => row.shuffled[id], number: true },
      { title: "Its spread", value: (row) => row.permutations[id]?.sd, number: true },
      { title: "p if shuffled", value: (row) => row.permutations[id]?.p, number: true },
      { title: "Self", value: (row) => row.self[id], number: true },
      { title: "Residual", value: (row) => row.residual.mean, number: true },
      { title: "Similarity", value: (row) => similarityOf(row.target, row.reference)?.value, number: true },
      { title: "Target moved", value: (row) => row["target-moved"]?.mean, number: true },
      { title: "Same class", value: (row) => row.agreement, number: true },
    ],
    rows,
  );
}

/** Why values should not be trusted: cautions that differ in numbers alone are listed once. */
function cautions() {
  const kind = (caution) => JSON.stringify(caution, (name, value) => (name === "text" || typeof value === "number" ? 0 : value));
  const kinds = new Map();
  for (const one of [...study.scores, ...study.similarities]) {
    for (const caution of one.cautions) {
      const found = kinds.get(kind(caution)) ?? { caution, pairs: [] };
      kinds.set(kind(caution), { caution: found.caution, pairs: [...found.pairs, one] });
    }
  }
  if (!kinds.size) {
    return [];
  }
  const where = (pairs) => {
    const [first, ...others] = [...new Set(pairs.map((one) => `${layerName(one.target)} given ${layerName(one.reference)}`))];
    return others.length ? `${first}; similar for ${counted(others.length, "other pair")}` : first;
  };
  return [
    element("h3", {}, "Cautions"),
    element(
      "ul",
      {},
      [...kinds.values()].map(({ caution, pairs }) =>
        element("li", {}, element("span", { class: "caution" }, caution.text), ` (${where(pairs)})`),
      ),
    ),
  ];
}
