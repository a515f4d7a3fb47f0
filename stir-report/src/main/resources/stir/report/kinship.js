// Which layers are alike: a map in the plane and a tree, both of 1 - similarity of the chosen measure.

/**
 * How unlike two layers are, from 0: by STIR in both directions, or by the similarity where none is stored. Scores that
 * are left out of such statements have none.
 */
function distance(one, other) {
  const scores = [scoreOf(one, other), scoreOf(other, one)].filter(Boolean);
  const both = scores.filter((score) => !isLeftOut(score)).map((score) => valuesOf(score).stir?.value);
  const values = (scores.length ? both : [similarityOf(one, other)?.value]).filter(Number.isFinite);
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

/** The layers whose distances are all known: those with the most unknown ones are left out first, as networks are of groups. */
function completed(layers) {
  let left = layers;
  for (;;) {
    const unknown = left.map((one) => left.filter((other) => other !== one && distance(one, other) === null).length);
    const most = Math.max(0, ...unknown);
    if (most === 0) {
      return left;
    }
    const last = unknown.lastIndexOf(most);
    left = left.filter((_, at) => at !== last);
  }
}

/** How many scores of some layers are left out, and with how many layers. */
function leftOutWords(layers, left) {
  const scores = layers.flatMap((one) => layers.map((other) => (one === other ? undefined : scoreOf(one, other)))).filter(Boolean);
  const count = scores.filter(isLeftOut).length;
  const without = layers.length - left.length;
  return count ? ` ${count} of ${scores.length} scores are inconclusive and left out${without ? `, and with them ${without} of ${layers.length} layers` : ""}.` : "";
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

/** The layers in the order of the tree's leaves, so that like ones are neighbours; those without distances come last. */
function ordered(layers) {
  if (view.sequence !== "alike" || layers.length > MOST_ON_MAP) {
    return layers;
  }
  const left = completed(layers);
  const between = left.length > 2 ? distances(left) : null;
  return between ? [...tree(left, between).layers, ...layers.filter((layer) => !left.includes(layer))] : layers;
}

/** More layers would neither be computed at once nor read. */
const MOST_ON_MAP = 100;

function kinship() {
  const all = allLayers();
  const layers = all.length <= MOST_ON_MAP ? completed(all) : all;
  const between = layers.length > 2 && layers.length <= MOST_ON_MAP ? distances(layers) : null;
  const leftOut = hasScores && all.length <= MOST_ON_MAP ? leftOutWords(all, layers) : "";
  document.getElementById("kinship-note").textContent = between
    ? hasScores
      ? `Distances are ${sign() > 0 ? "1 - STIR" : "STIR"}, the mean of both directions. Much of a layer survives what a near one ignores.${leftOut}`
      : `Distances are ${sign() > 0 ? "1 - S" : "S"}. Near layers have similar representations.`
    : `Not drawn: this takes the ${hasScores ? "scores" : "similarities"} of all pairs of 3 to ${MOST_ON_MAP} layers.${leftOut}`;
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
      numbers: [-most, -most / 2].map(rounded),
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
