// Inputs, seeds, invariant inputs, and what targets made of them.

const ORDERS = [
  ["least-shared", "least shared first"],
  ["most-shared", "most shared first"],
  ["residual", "largest residual first"],
  ["index", "as the inputs come"],
];

/** The parts of the gallery of the chosen run: one for each reference. */
const shelves = () => study.gallery.shelves.filter((one) => one.run === view.run);

function gallery() {
  const found = shelves();
  if (!found.length) {
    replace(document.getElementById("gallery-list"));
    document.getElementById("gallery-note").textContent = "No invariant inputs are stored of this search.";
    return;
  }
  if (!found.some((one) => one.reference === view.shelf)) {
    view.shelf = found[0].reference;
  }
  const targets = [...new Set(found.flatMap((one) => one.items.flatMap((item) => item.targets.map((target) => target[0]))))];
  document.getElementById("gallery-choice").replaceChildren(
    choice("Invariant inputs of", found.map((one) => [one.reference, layerName(one.reference)]), view.shelf, (value) => {
      view.shelf = Number(value);
      fillGallery();
    }),
    choice("seen by", [["all", "all targets"], ...targets.map((index) => [index, layerName(index)])], view.target, (value) => {
      view.target = value;
      fillGallery();
    }),
    choice("sorted", ORDERS, view.order, (value) => {
      view.order = value;
      fillGallery();
    }),
  );
  fillGallery();
}

/** What targets saw of an item: those that are chosen, without the reference itself if there are others. */
function seen(shelf, item) {
  const chosen = item.targets.filter(([target]) => view.target === "all" || target === Number(view.target));
  const others = chosen.filter(([target]) => target !== shelf.reference);
  return others.length ? others : chosen;
}

/** How far they moved on average; the larger, the less is shared. */
function meanMoved(shelf, item) {
  const moved = seen(shelf, item).map(([, value]) => value).filter(Number.isFinite);
  return moved.length ? moved.reduce((sum, value) => sum + value, 0) / moved.length : null;
}

function fillGallery() {
  const shelf = shelves().find((one) => one.reference === view.shelf);
  const moved = new Map(shelf.items.map((item) => [item, meanMoved(shelf, item) ?? 0]));
  const orders = {
    "least-shared": (a, b) => moved.get(b) - moved.get(a),
    "most-shared": (a, b) => moved.get(a) - moved.get(b),
    residual: (a, b) => b.residual - a.residual,
    index: (a, b) => a.index - b.index,
  };
  const total = study.inputs.count;
  document.getElementById("gallery-note").textContent =
    `${shelf.items.length} of ${counted(total, "input")}` +
    (shelf.items.length < total ? ": the least shared ones on average over the other targets, and some that are spread evenly over the rest." : ".") +
    (study.gallery.images ? "" : " The inputs are no images, so that none are shown.");
  replace(
    document.getElementById("gallery-list"),
    [...shelf.items].sort(orders[view.order]).map((item) => card(shelf, item)),
  );
}

function card(shelf, item) {
  const input = study.gallery.inputs[item.index];
  const heading = [`Input ${item.index}`, input.name === String(item.index) ? null : input.name, input.label === null ? null : `label ${input.label}`].filter(Boolean).join(", ");
  const pictures = study.gallery.images
    ? element(
        "div",
        { class: "pictures" },
        picture("input x", `${heading}`, input.picture),
        picture("seed", `Seed of input ${item.index}`, study.gallery.seeds[shelf.run]?.[item.index]),
        picture("invariant x'", `Invariant input of ${layerName(shelf.reference)} for input ${item.index}`, item.picture),
      )
    : [];
  const targets = seen(shelf, item);
  const changed = targets.filter(([, , before, after]) => before !== null && before !== after).length;
  const known = targets.some(([, , before]) => before !== null);
  return element(
    "li",
    {},
    element("h3", {}, heading),
    pictures,
    element(
      "details",
      { open: targets.length <= 4 },
      element(
        "summary",
        {},
        `Residual ${shown(item.residual)}, targets moved ${shown(meanMoved(shelf, item))}` +
          (known ? `, class changed by ${changed} of ${counted(targets.length, "target")}` : ""),
      ),
      element(
        "table",
        {},
        element("caption", { class: "hidden" }, `How targets saw the invariant input of input ${item.index}`),
        element("thead", {}, element("tr", {}, ["Target", "Moved", "Class"].map((head) => element("th", { scope: "col" }, head)))),
        element("tbody", {}, targets.map(targetRow)),
      ),
    ),
  );
}

function picture(name, alternative, source) {
  return element(
    "div",
    {},
    source ? element("img", { src: source, alt: alternative }) : "not stored",
    name,
  );
}

function targetRow([target, moved, before, after]) {
  const same = before === after;
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, layerName(target)),
    element("td", { class: "number" }, shown(moved)),
    before === null
      ? element("td", { class: "class" }, "\u2013")
      : element("td", { class: same ? "class" : "class changed" }, same ? `${before}, same` : `${before} \u2192 ${after}`),
  );
}
