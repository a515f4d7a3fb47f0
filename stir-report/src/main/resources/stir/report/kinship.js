// Which layers are alike: a map in the plane and a tree, both of 1 - similarity of the chosen measure.

/** How unlike two layers are, from 0: by STIR in both directions, or by the similarity where none is stored. */
function distance(one, other) {
  const both = [stirOf(one, other)?.value, stirOf(other, one)?.value].filter(Number.isFinite);
  const values = both.length ? both : [similarityOf(one, other)?.value].filter(Number.isFinite);
  if (!values.length) {
    return null;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.max(0, sign() > 0 ? 1 - mean : mean);
}

/** Distances of all pairs of some layers; null if one is not known. */
function distances(layers) {
  const all = layers.map((one) => layers.map((other) => (one === other ? 0 : distance(one, other))));
  return all.flat().includes(null) ? null : all;
}

/** Average linkage (UPGMA): {layers, height, parts} from leaves to the root. */
function tree(layers, between) {
  let groups = layers.map((layer, index) => ({ layers: [layer], at: [index], height: 0, parts: [] }));
  const mean = (a, b) => {
    const all = a.at.flatMap((i) => b.at.map((j) => between[i][j]));
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  };
  while (groups.length > 1) {
    let nearest = { height: Infinity };
    groups.forEach((a, i) =>
      groups.slice(i + 1).forEach((b) => {
        const height = mean(a, b);
        if (height < nearest.height) {
          nearest = { height, a, b };
        }
      }),
    );
    const { height, a, b } = nearest;
    groups = [
      ...groups.filter((group) => group !== a && group !== b),
      { layers: [...a.layers, ...b.layers], at: [...a.at, ...b.at], height, parts: [a, b] },
    ];
  }
  return groups[0];
}

/** The layers in the order of the tree's leaves, so that like ones are neighbours; as they are if distances are missing. */
function ordered(layers) {
  const between = view.sequence === "alike" && layers.length > 2 ? distances(layers) : null;
  return between ? tree(layers, between).layers : layers;
}

/** More layers would neither be computed at once nor read. */
const MOST_ON_MAP = 100;

function kinship() {
  const layers = allLayers();
  const between = layers.length > 2 && layers.length <= MOST_ON_MAP ? distances(layers) : null;
  document.getElementById("kinship-note").textContent = between
    ? hasScores
      ? `Distances are ${sign() > 0 ? "1 - STIR" : "STIR"}, the mean of both directions. Near layers share their invariances.`
      : `Distances are ${sign() > 0 ? "1 - S" : "S"}. Near layers have similar representations.`
    : `Not drawn: this takes the ${hasScores ? "scores" : "similarities"} of all pairs of 3 to ${MOST_ON_MAP} layers.`;
  document.getElementById("kinship").classList.toggle("two", layers.length <= MOST_ABREAST);
  replace(document.getElementById("kinship"), between ? [planeFigure(layers, between), treeFigure(layers, between)] : []);
}

function planeFigure(layers, between) {
  const { points, share, negative } = plane(between);
  const lack = Math.round(100 * negative);
  const largest = Math.max(...points.flat().map(Math.abs), 1e-6) * 1.1;
  const step = 10 ** Math.floor(Math.log10(largest));
  const most = step * Math.ceil(largest / step);
  const networks = [...new Set(layers.map((layer) => study.layers[layer].network))];
  const side = { type: "value", min: -most, max: most, interval: most / 2, axisLine: { onZero: false }, axisLabel: { formatter: rounded, hideOverlap: true } };
  const texts = layers.map((layer) => signed(layer, study.layers[layer].name));
  return figure({
    id: "plane",
    title: "Map of layers",
    note:
      `Classical multidimensional scaling: the plane holds ${Math.round(100 * share)} % of the positive eigenvalues.` +
      (lack > 0 ? ` The distances are not Euclidean: negative eigenvalues hold ${lack} %, which no map can show.` : "") +
      " Names that would cover others are left out.",
    words: `Nearest: ${nearestPair(layers, between)}.`,
    table: () => plainTable("Places on the map", ["Layer", "x", "y"], layers.map((layer, i) => [layerName(layer), ...points[i].map(shown)])),
    parts: {
      numbers: [-most, most / 2, 0].map(rounded),
      legend: networks.map((network, at) => ({ name: networkName(network), icon: SYMBOLS[at % SYMBOLS.length] })),
      plot: (across) => Math.min(across, 520),
      below: () => 42,
    },
    option: (colours, layout) => {
      const { across, plot } = layout;
      const pixels = points.map(([x, y]) => [(across * (x + most)) / (2 * most), (plot * (most - y)) / (2 * most)]);
      const places = layers.length <= 24 ? labelPlaces(pixels, texts, { left: 0, right: across, top: 0, bottom: plot }) : [];
      return {
        color: LINES,
        legend: legendOf(layout, colours),
        grid: layout.grid,
        xAxis: axis(colours, { ...side, name: "distance", nameLocation: "middle", nameGap: 24 }),
        yAxis: axis(colours, side),
        tooltip: { formatter: ({ name }) => name },
        series: networks.map((network, at) => ({
          type: "scatter",
          name: networkName(network),
          symbol: SYMBOLS[at % SYMBOLS.length],
          color: LINES[at % LINES.length],
          symbolSize: 11,
          data: layers.flatMap((layer, i) => (study.layers[layer].network === network ? [{ name: layerName(layer), value: points[i], label: { show: Boolean(places[i]), position: places[i], formatter: texts[i] } }] : [])),
          label: { color: colours.ink, fontSize: SIZE, distance: 4 },
        })),
      };
    },
  });
}

function nearestPair(layers, between) {
  let found = { value: Infinity };
  between.forEach((row, i) =>
    row.forEach((value, j) => {
      if (i < j && value < found.value) {
        found = { value, i, j };
      }
    }),
  );
  return `${layerName(layers[found.i])} and ${layerName(layers[found.j])}, ${shown(found.value)} apart`;
}

function treeFigure(layers, between) {
  const root = tree(layers, between);
  const names = root.layers.map((layer) => signed(layer, layerName(layer)));
  const lines = [];
  const joins = [];
  const draw = (group) => {
    if (!group.parts.length) {
      return root.layers.indexOf(group.layers[0]);
    }
    const [a, b] = group.parts.map(draw);
    const [low, high] = group.parts.map((part) => part.height);
    lines.push([[low, a], [group.height, a], [group.height, b], [high, b]]);
    joins.push([group.layers.map(layerName).join(", "), shown(group.height)]);
    return (a + b) / 2;
  };
  draw(root);
  return figure({
    id: "tree",
    title: "Tree of layers",
    note: "Average linkage: a join is at the mean distance (across) of the layers that it joins.",
    words: `In the order of the tree: ${names.join(", ")}.`,
    table: () => plainTable("Joins", ["Layers", "Distance"], joins),
    parts: { names, row: () => 24, right: 16, below: () => 44 },
    option: (colours, layout) => {
      return {
        color: LINES,
        grid: layout.grid,
        xAxis: axis(colours, { type: "value", min: 0, axisLine: { onZero: false }, name: "distance", nameLocation: "middle", nameGap: 24, axisLabel: { formatter: rounded } }),
        yAxis: axis(colours, {
          type: "value",
          min: -0.5,
          max: names.length - 0.5,
          interval: 0.5,
          inverse: true,
          splitLine: { show: false },
          axisLine: { show: false },
          axisLabel: { hideOverlap: false, lineHeight: LINE, fontSize: SIZE, formatter: (value) => layout.labels[value] ?? "" },
        }),
        tooltip: { show: false },
        series: [
          ...lines.map((data) => ({ type: "line", data, symbol: "none", lineStyle: { width: 2, color: colours.ink } })),
          { type: "scatter", data: names.map((_, at) => [0, at]), symbolSize: 8, color: LINES[0] },
        ],
      };
    },
  });
}
