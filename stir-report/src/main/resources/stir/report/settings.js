// What the study is made of, and how to repeat it.

function settings() {
  const shape = (dimensions) => dimensions.map((size) => size ?? "?").join(" x ");
  const value = (it) => (it !== null && typeof it === "object" ? JSON.stringify(it) : String(it));
  const list = (it) => (it && it.length ? it.join(", ") : "none");
  const { settings: common, inputs, versions, command } = study;
  return [
    command ? [element("h3", {}, "The command to repeat it"), element("pre", { tabindex: 0 }, element("code", {}, command))] : [],
    element("h3", {}, "Networks"),
    plainTable(
      "Networks",
      ["Name", "File", "SHA-256", "Backend", "Library", "Device", "Input", "Mean", "Standard deviation", "Settings"],
      study.networks.map((network) => [
        network.name,
        network.file,
        network.sha256,
        network.backend,
        network.library,
        network.device,
        shape(network.input),
        list(network.mean),
        list(network.std),
        list(Object.entries(network.settings).map(([name, set]) => `${name}=${set}`)),
      ]),
    ),
    element("h3", {}, "Layers"),
    plainTable(
      "Layers",
      ["Network", "Layer", "Representation", "Class read at"],
      study.layers.map((layer) => [study.networks[layer.network].name, layer.name, shape(layer.shape), layer.class_layer ?? "\u2013"]),
    ),
    element("h3", {}, "Inputs"),
    plainTable("Inputs", null, [
      ["Source", inputs.source],
      ["Number", inputs.count],
      ["Shape", shape(inputs.shape)],
      ["SHA-256", inputs.sha256],
    ]),
    element("h3", {}, hasScores ? "Searches" : "Comparison"),
    plainTable(hasScores ? "Settings of all searches" : "Settings of the comparison", null, [
      ["Measures", study.measures.map((one) => one.id).join(", ")],
      ["Reduction of representations", common.reduce],
      ["Repeats", common.repeats],
      ["Level of intervals", level()],
    ]),
    common.searches.map((search) =>
      plainTable(
        `Search ${search.name}`,
        ["Setting", "Value"],
        Object.entries(search).filter(([name]) => name !== "name").map(([name, set]) => [name, value(set)]),
      ),
    ),
    element("h3", {}, "Versions of the study"),
    plainTable("Versions", null, [...Object.entries(versions), ...machines()]),
  ].flat(2);
}

/** The facts about the machines of the networks, but for what other tables have: a row per name, with all values. */
function machines() {
  const facts = study.networks.flatMap(({ machine }) => Object.entries(machine)).filter(([name]) => name !== "library" && !(name in study.versions));
  return [...new Set(facts.map(([name]) => name))].map((name) => [name, [...new Set(facts.filter(([of]) => of === name).map(([, fact]) => fact))].join("; ")]);
}
