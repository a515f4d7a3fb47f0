// What tests of figures run in a page: documents of studies of any size, and what is wrong with the texts of a figure.

/** A page's document with other networks, layers and values, which are the same in each run. */
function grown(page, networks, layers, long) {
  const [direction] = page.result.directions;
  const [search] = page.searches;
  const verdicts = page.verdicts.map(({ word }) => word);
  const networkOf = (at) => (long ? `wide_resnet_50_2-trained-on-imagenet-run_${at}` : `net${at}`);
  const layerOf = (at) => (long ? `encoder.stages.${at}.blocks.17.output_projection.activation` : `layer${at}`);
  const places = Array.from({ length: networks * layers }, (_, at) => ({ network: Math.floor(at / layers), layer: at % layers }));
  const full = places.length <= 24;
  const noise = (a, b, c = 0) => Math.abs(Math.sin(12.9898 * a + 78.233 * b + 37.719 * c) * 43758.5453) % 1;
  const estimate = (value) => ({ value, low: value - 0.11, high: value + 0.11, prediction_low: value - 0.2, prediction_high: value + 0.2 });
  const named = ({ network, layer }) => [networkOf(network), layerOf(layer)];
  const directions = places.flatMap((t, at) =>
    places
      .map((m, of) => ({ t, m, at, of }))
      .filter(({ m }) => full || m.layer === t.layer || m.layer === 0)
      .map(({ m, of }) => {
        const value = at === of ? 0.97 : noise(at, of) * 1.1 - 0.12;
        const word = at === of ? "NEARLY ALL" : verdicts[Math.floor(noise(of, at, 1) * verdicts.length)];
        const [[target, target_layer], [reference, reference_layer]] = [t, m].map(named);
        const values = { ...direction.measures[page.measure], stir: estimate(value), corrected: estimate(value - 0.02), ceiling: estimate(0.97), similarity: estimate(Math.abs(value)), seed_floor: { value: -0.02 }, permutation_floor: { value: 0.01 }, p: noise(at, of, 2) };
        return { ...direction, target, target_layer, reference, reference_layer, cautions: [], verdict: { word, reason: "", advice: [] }, measures: { [page.measure]: values } };
      }),
  );
  const common = page.result.networks[0];
  const shape = common.layers[0];
  const residuals = Array.from({ length: 12 }, (_, at) => 0.001 * 1.7 ** at);
  return {
    ...page,
    result: {
      ...page.result,
      about: undefined,
      networks: Array.from({ length: networks }, (_, at) => ({ ...common, name: networkOf(at), layers: Array.from({ length: layers }, (_, of) => ({ ...shape, name: layerOf(of) })) })),
      measures: page.result.measures.filter(({ id }) => id === page.measure),
      settings: { ...page.result.settings, repeats: 1, searches: page.result.settings.searches.slice(0, 1) },
      directions,
      inconclusive: [],
      differences: [],
      cautions: [],
    },
    among: directions.map(() => page.among[0]),
    planned: directions.length,
    headline: Array.from({ length: networks }, (_, at) => at * layers + layers - 1),
    asymmetries: [],
    differences: { possible: 0, too_many: false },
    searches: places.map((m, reference) => ({
      ...search,
      reference,
      run: 0,
      residuals,
      moved: places
        .map((t, target) => ({ t, target }))
        .filter(({ t }) => full || m.layer === t.layer || m.layer === 0)
        .slice(0, 24)
        .map(({ target }) => ({ target, counts: search.moved[0].counts.map((_, bin) => Math.floor(12 * noise(target, bin, 3))) })),
    })),
    side_by_side: { others: [], sets: [], too_many: false },
    gallery: { ...page.gallery, shelves: [], seeds: [] },
  };
}

/** The texts of a drawing that leave it, cover another one or are cut short, as sentences. */
function textsWrong(svg) {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")]
    .filter((one) => one.textContent.trim() && getComputedStyle(one).visibility !== "hidden")
    .map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0)
    .sort((one, other) => one.box.left - other.box.left);
  const wrong = [];
  for (const [at, { text, box }] of texts.entries()) {
    if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.top < frame.top - 0.5 || box.bottom > frame.bottom + 0.5) {
      wrong.push(`'${text}' leaves the figure`);
    }
    if (/(\.\.\.|\u2026|NaN|undefined)/.test(text)) {
      wrong.push(`'${text}' is cut short`);
    }
    // Texts from left to right: the first that begins beyond this one ends those that it can cover.
    for (let next = at + 1; next < texts.length && texts[next].box.left < box.right - 1; next++) {
      const other = texts[next];
      const [across, down] = [Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left), Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top)];
      if (across > 1 && down > 2.5) {
        wrong.push(`'${text}' covers '${other.text}'`);
      }
    }
  }
  return wrong;
}

/** The values of a map that are shown unlike they are, where numbers are shown. */
function valuesWrong(drawn) {
  const option = drawn.chart.getOption();
  const custom = option.series[0]?.type === "custom" && option.visualMap?.length ? option.series[0].data : [];
  const expected = custom.map((one) => one.text).filter(Boolean);
  const shownOnes = new Set([...drawn.surface.querySelectorAll("text")].map((one) => one.textContent));
  return expected.filter((text) => !shownOnes.has(text)).map((text) => `${text} is not shown`);
}
