// Inputs, seeds, the reference's invariant inputs, and what targets made of them.

const ORDERS = [
  ["least-shared", "least shared first"],
  ["most-shared", "most shared first"],
  ["residual", "largest residual first"],
  ["index", "as the inputs come"],
];

function gallery() {
  const shelf = study.gallery.shelves[study.searches.indexOf(searchOf(view.reference))];
  if (!shelf) {
    place("gallery-choice");
    place("gallery-list");
    place("gallery-note", "No invariant inputs of this reference are stored.");
    return;
  }
  place(
    "gallery-choice",
    choice("Sorted", ORDERS, view.order, (value) => {
      view.order = value;
      gallery();
    }),
  );
  const moved = new Map(shelf.map((item) => [item, seen(item)?.[1] ?? 0]));
  const orders = {
    "least-shared": (a, b) => moved.get(b) - moved.get(a),
    "most-shared": (a, b) => moved.get(a) - moved.get(b),
    residual: (a, b) => b.residual - a.residual,
    index: (a, b) => a.index - b.index,
  };
  const total = study.inputs.count;
  place(
    "gallery-note",
    `What ${layerName(view.target)} made of the invariant inputs of ${layerName(view.reference)}: ${shelf.length} of ${counted(total, "input")}` +
      (shelf.length < total ? ", the least shared ones on average over all targets, and some that are spread evenly over the rest." : ".") +
      (study.gallery.images ? "" : " There is no drawing for inputs of this shape."),
  );
  place("gallery-list", [...shelf].sort(orders[view.order]).map(card));
}

/** The alternative text of a picture: what is drawn of inputs that are not images stands first. */
const drawn = (of) => (study.gallery.drawing ? `${study.gallery.drawing} ${of[0].toLowerCase()}${of.slice(1)}` : of);

/** What the chosen target made of an item: [target, moved, class before, class after]. */
const seen = (item) => item.targets.find(([target]) => target === view.target);

function card(item) {
  const input = study.gallery.inputs[item.index];
  const heading = [`Input ${item.index}`, input.name === String(item.index) ? null : input.name, input.label === null ? null : `label ${input.label}`].filter(Boolean).join(", ");
  const pictures = study.gallery.images
    ? element(
        "div",
        { class: "pictures" },
        picture("input x", drawn(heading), input.picture),
        picture("seed", drawn(`Seed of input ${item.index}`), study.gallery.seeds[view.run]?.[item.index]),
        picture("invariant x'", drawn(`Invariant input of ${layerName(view.reference)} for input ${item.index}`), item.picture),
      )
    : [];
  const others = element(
    "details",
    { toggle: () => others.open && !others.querySelector("table") && others.append(targetTable(item)) },
    element("summary", {}, "All targets"),
  );
  const [, moved, before, after] = seen(item) ?? [];
  const classes = before === null || before === undefined ? "" : before === after ? `, class ${before} kept` : `, class ${before} \u2192 ${after}`;
  return element(
    "li",
    {},
    element("h4", {}, heading),
    pictures,
    tokens(input, item),
    element("p", {}, `Residual ${shown(item.residual)}; the target moved ${shown(moved)}`, element("span", { class: before === after ? null : "changed" }, classes), "."),
    others,
  );
}

/** The nearest tokens of an input and of its invariant input, those that changed in bold. */
function tokens(input, item) {
  if (!input.tokens || !item.tokens) {
    return [];
  }
  const changed = item.tokens.filter((token, position) => token !== input.tokens[position]).length;
  const line = (name, all, other) =>
    element("p", { class: "tokens" }, `${name}: `, all.flatMap((token, position) => [element("span", { class: token === other[position] ? null : "changed" }, token), " "]));
  return [
    line("Nearest tokens of x", input.tokens, item.tokens),
    line("of x'", item.tokens, input.tokens),
    element("p", {}, `${changed} of ${counted(item.tokens.length, "token")} changed.`),
  ];
}

function picture(name, alternative, source) {
  return element("div", {}, source ? element("img", { src: source, alt: alternative }) : "not stored", name);
}

/** How all targets saw an item. */
const targetTable = (item) =>
  element(
    "table",
    {},
    element("caption", { class: "hidden" }, `How targets saw the invariant input of input ${item.index}`),
    element("thead", {}, element("tr", {}, ["Target", "Moved", "Class"].map((head) => element("th", { scope: "col" }, head)))),
    element(
      "tbody",
      {},
      item.targets.filter(([target]) => isShown(target)).map(([target, moved, before, after]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, layerName(target)),
          element("td", { class: "number" }, shown(moved)),
          element("td", { class: before === after ? "class" : "class changed" }, before === null ? "\u2013" : before === after ? `${before}, same` : `${before} \u2192 ${after}`),
        ),
      ),
    ),
  );
