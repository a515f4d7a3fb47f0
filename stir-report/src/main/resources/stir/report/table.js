// Tables: sorted by the buttons in their heads, with those rows alone in the page that are near the screen.

/** From so many rows on only those near the screen are in the page. */
const MOST_WHOLE = 500;

/** The height of their rows, as the style sheet has it. */
const ROW = 30;

/**
 * A table in a region that scrolls and that the keyboard reaches.
 *
 * columns: {id, title, about?, value(row), text(row)?, number?, order(row)?, head?}; `order` is sorted by in place of the value; sort: an id, with "-" before it for descending order;
 * sorted(sort) learns of another order; marked(row): a class
 */
function sortableTable({ caption, columns, rows, sort = "", sorted = () => {}, marked = () => null }) {
  const body = element("tbody");
  const virtual = rows.length > MOST_WHOLE;
  const heads = columns.map((column) =>
    element(
      "th",
      { scope: "col", class: column.number ? "number" : null },
      element("button", { type: "button", title: column.about, click: () => turn(column.id) }, column.title),
    ),
  );
  const region = scrolling(
    caption,
    element("table", { "aria-rowcount": virtual ? rows.length + 1 : null }, element("caption", {}, caption), element("thead", {}, element("tr", {}, heads)), body),
  );
  let order = rows;
  let filled = null;

  /** Fills the table with the rows near the part that is seen. */
  function fill() {
    const from = virtual ? Math.max(0, Math.floor(region.scrollTop / ROW) - 30) : 0;
    const to = virtual ? Math.min(order.length, from + 100) : order.length;
    const seen = Math.floor(region.scrollTop / ROW);
    if (filled && filled.order === order && seen >= filled.from && (seen + 30 <= filled.to || filled.to === order.length) && (seen >= filled.from + 5 || filled.from === 0)) {
      return;
    }
    filled = { order, from, to };
    const space = (count) => (count ? element("tr", { "aria-hidden": "true", class: "space" }, element("td", { colspan: columns.length, style: `height: ${count * ROW}px` })) : []);
    body.replaceChildren(...[space(from), order.slice(from, to).map((row, i) => tableRow(row, from + i)), space(order.length - to)].flat());
  }

  const tableRow = (row, at) =>
    element(
      "tr",
      { class: marked(row), "aria-rowindex": virtual ? at + 2 : null },
      columns.map((column) =>
        element(
          column.head ? "th" : "td",
          { scope: column.head ? "row" : null, class: column.number ? "number" : null },
          column.text ? column.text(row) : column.number ? shown(column.value(row)) : String(column.value(row)),
        ),
      ),
    );

  function turn(id) {
    sort = sort === id ? `-${id}` : id;
    sorted(sort);
    arrange();
  }

  function arrange() {
    const index = columns.findIndex(({ id }) => id === sort.replace(/^-/, ""));
    const ascending = !sort.startsWith("-");
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    if (index >= 0) {
      const { order: ordinal } = columns[index];
      const { value, number } = ordinal ? { value: ordinal, number: true } : columns[index];
      const missing = (x) => (number ? !Number.isFinite(x) : x === null || x === undefined);
      heads[index].setAttribute("aria-sort", ascending ? "ascending" : "descending");
      order = [...rows].sort((left, right) => {
        const [a, b] = [value(left), value(right)];
        if (missing(a) || missing(b)) {
          return missing(a) - missing(b); // at the end, in either order
        }
        const compared = number ? a - b : collator.compare(a, b);
        return ascending ? compared : -compared;
      });
    }
    fill();
  }

  if (virtual) {
    region.classList.add("virtual");
    region.addEventListener("scroll", fill);
  }
  arrange();
  return region;
}

const collator = new Intl.Collator("en", { numeric: true });

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
              index === 0 ? element("th", { scope: "row" }, cell) : element("td", { class: String(cell).length > 24 ? "break" : null }, cell),
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
