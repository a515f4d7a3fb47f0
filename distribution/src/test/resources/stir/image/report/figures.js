const labels = () => texts('figure .chart text');

const fills = (color) => all('#model-map svg path').filter((path) => path.getAttribute('fill') === color).length;

const hatches = () =>
  all('#model-map svg path').filter(
    (path) => path.getAttribute('stroke') && (path.getAttribute('d').match(/M/g) ?? []).length > 2,
  ).length;

test('every figure is drawn and described', {}, async () => {
  await drawAndOpenAll();
  const figures = all('figure');
  const ofKinship = text('#kinship-note').startsWith('Not drawn') ? 0 : 2;
  holds(figures.length >= 3 + 3 + 2 + ofKinship, `figures: ${figures.length}`);
  equal(figures.length, all('figure .chart svg').length);
  for (const figure of figures) {
    // A heat map has one coloured shape per cell.
    const shapes = all('svg path', figure).filter((path) => /^(#|rgb)/.test(path.getAttribute('fill') ?? ''));
    holds(shapes.length > 0, `no shapes in ${figure.id}`);
  }
  equal(
    [],
    figures.filter((figure, at) => !figure.textContent.startsWith(`Figure ${at + 1}. `)).map((figure) => figure.id),
    'figures with another number',
  );
  for (const figure of all('#model-map figure, #layer-maps figure')) {
    const shapes = all('svg path', figure).filter(
      (path) => path.getAttribute('fill') !== 'none' && !path.getAttribute('fill-opacity'),
    ).length;
    const numbers = all('tbody td', figure).filter((cell) => /[0-9]/.test(cell.textContent)).length;
    holds(numbers > 0 && shapes >= numbers, `${shapes} shapes and ${numbers} numbers in ${figure.id}`);
  }
  equal(
    [],
    figures
      .filter(
        (figure) =>
          !(
            figure.querySelector('.chart').getAttribute('aria-label').length > 30 &&
            figure.querySelector('table caption')
          ),
      )
      .map((figure) => figure.id),
    'figures without words',
  );
});

test('tables, pictures and controls have names', {}, () => {
  const images = [...document.images];
  holds(images.length >= 9, `images: ${images.length}`);
  equal(0, images.filter((image) => !image.alt).length, 'images without a text');
  equal(0, images.filter((image) => !image.complete || image.naturalWidth === 0).length, 'images not loaded');
  equal(0, all('table').filter((table) => !table.caption).length, 'tables without a caption');
  equal(0, all('select, input').filter((control) => !control.labels.length).length, 'controls without a label');
});

test('no name of an axis is cut off', { widths: [390, 1280] }, async () => {
  study.networks[0].name = 'net10';
  study.networks[1].name = 'net11';
  show();
  await settle();
  holds(labels().includes('net10') && labels().includes('net11'), labels());
  equal([], labels().filter((label) => /\.\.\.|\u2026/.test(label)));
});

test('the first screen has the answer', { widths: [1440] }, () => {
  const findings = all('#findings-list li').length;
  holds(findings >= 3 && findings <= 9, `findings: ${findings}`);
  const answers = texts('#findings-list li strong');
  VERDICTS.filter((word) => headlineScores().some((score) => verdictWord(score) === word)).forEach((word, at) =>
    equal(at, answers.indexOf(word), word),
  );
  for (const part of ['#findings-list', '#model-map .chart', '#pair-dots .chart']) {
    const top = document.querySelector(part).getBoundingClientRect().top;
    holds(top < 900 - 150, `${part} is at ${top}`);
  }
});

test('one figure shows how each number of the table is distributed', { own: true }, async () => {
  await drawAndOpenAll();
  const rows = cells('#distributions');
  equal(['STIR, linear-cka', 'STIR, rbf-cka'], [rows[0][0], rows[1][0]]);
  for (const name of ['Corrected', 'Residual', 'Similarity', 'Ceiling']) {
    holds(
      rows.some((row) => row[0] === name),
      rows,
    );
  }
  const stir = all('#scores-table tbody tr')
    .map((row) => Number(row.cells[5].textContent))
    .sort((a, b) => a - b);
  equal([stir[0], stir.at(-1)], [Number(rows[0][2]), Number(rows[0][6])], 'least and largest STIR');
  for (const row of rows) {
    for (let i = 3; i <= 6; i++) {
      holds(Number(row[i - 1]) <= Number(row[i]), row);
    }
  }
  const shapes = () => all('#distributions svg path').length;
  const before = shapes();
  holds(before >= 16 * rows.length, `shapes: ${before}`);
  write('#scores-choice', 0, 'flatten');
  await new Promise((done) => setTimeout(done, 500));
  await drawAndOpenAll();
  equal('7', cells('#distributions')[0][1]);
  holds(shapes() < before, `shapes: ${shapes()} after ${before}`);
});

test('a cell is grey where nothing is ignored and hatched where nothing is known', { own: true }, async () => {
  equal(0, fills('#e3e7ec'));
  for (const score of study.scores) {
    score.verdict =
      score.reference === study.headline[0]
        ? { word: 'NOTHING TO IGNORE', reason: 'near', advice: [] }
        : {
            word: 'INCONCLUSIVE',
            gap: 'wide_interval',
            reason: 'it is wide',
            advice: [{ kind: 'more_inputs', amount: 90, text: 'about 90 inputs' }],
          };
  }
  show();
  await settle();
  equal(2, fills('#e3e7ec'));
  equal(2, hatches());
  holds(labels().includes('?'), labels());
  const caption = text('#model-map figcaption');
  holds(caption.includes('? and hatched: INCONCLUSIVE.'), caption);
  holds(caption.includes('= and grey: NOTHING TO IGNORE.'), caption);
  const findings = text('#findings-list');
  holds(findings.includes('1 INCONCLUSIVE (the values allow no answer): '), findings);
  holds(findings.includes('1 NOTHING TO IGNORE (the reference '), findings);
  holds(!/1 (INCONCLUSIVE|NOTHING TO IGNORE) [^.]*\d\.\d\d/.test(findings), findings);
  const answer = text('#pair-answer');
  holds(answer.includes('it is wide; to settle it: about 90 inputs'), answer);
});

test('a score of little has a mark and a reason', { own: true }, async () => {
  for (const score of study.scores) {
    score.verdict = { word: 'LITTLE', reason: 'at most a quarter', advice: [] };
  }
  show();
  await settle();
  holds(
    labels().some((label) => /^~-?\d\.\d\d$/.test(label)),
    labels(),
  );
  equal(0, hatches());
  const caption = text('#model-map figcaption');
  holds(caption.includes('~ or a triangle: LITTLE.'), caption);
  const answer = text('#pair-answer');
  holds(answer.includes('LITTLE: at most a quarter.'), answer);
});

// A hollow point means one thing, which the legend states.
test('points are hollow where the score is inconclusive alone', { own: true }, () => {
  const hollow = (word) => {
    const [first, second] = headlineScores();
    first.verdict = { word, reason: 'x', advice: [] };
    second.verdict = { word: 'LITTLE', reason: 'x', advice: [] };
    show();
    drawAll(true, true);
    const surface = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
    return all('#pairs .chart svg path').filter(
      (path) => path.getAttribute('fill') === surface && path.getAttribute('stroke'),
    ).length;
  };
  const legend = () => texts('#pairs .chart svg text').filter((label) => label.includes('INCONCLUSIVE'));
  equal(0, hollow('PARTLY'));
  equal([], legend());
  equal(2, hollow('INCONCLUSIVE')); // one in the legend
  equal(['STIR, INCONCLUSIVE'], legend());
});
