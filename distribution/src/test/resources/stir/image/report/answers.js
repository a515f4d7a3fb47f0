const listed = () => text('#differences-table');

// The rules of verdicts state when a value is undefined; a missing value is never spelt so.
test('missing values are not spelt out', {}, async () => {
  await drawAndOpenAll();
  equal([], text('main').match(/\b(null|(?<!(is|are) )undefined|NaN|Infinity)\b/g) ?? []);
});

test('the chosen pair has its components and classes', {}, async () => {
  await drawAndOpenAll();
  const { components, classes } = scoreOf(view.target, view.reference).outcomes;
  holds(components.length > 0, `components: ${components.length}`);
  equal(components.length, all('#components tbody tr').length);
  const rows = all('#pair-answer table')
    .filter((table) => table.textContent.includes('PNKA'))
    .reduce((sum, table) => sum + table.tBodies[0].rows.length, 0);
  equal(classes.length, rows);
});

test('title, authors and notes head the page', { own: true }, () => {
  equal('Alike?', text('h1'));
  equal(['A. Author, B. Author', 'One.\nTwo.'], texts('#about p'));
});

test('nothing is loaded', {}, () => {
  equal(
    [],
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name.slice(0, 40))
      .filter((name) => !name.startsWith('data:')),
  );
});

test('names are text', {}, () => equal(0, all('td b, th b').length));

test('names of files are text', { own: true }, () => {
  const settings = text('#settings');
  holds(settings.includes('<b>&\'"'), settings);
});

// That few searches found an accepted input is stated, in colour for layers of the first figure.
test('poor searches are stated', { own: true }, () => {
  const lines = (accepted) => {
    for (const { search } of study.searches) {
      search.ignores_nothing = false;
      search.accepted = accepted;
    }
    show();
    return texts('#findings-list li');
  };
  const poor = lines(0.5);
  holds(
    poor.some((line) =>
      line.startsWith('Fewer than 90 % of searches found an accepted input for 4 of 4 layers: '),
    ),
    poor,
  );
  equal(1, all('#findings-list .caution').length);
  const good = lines(1);
  equal(0, all('#findings-list .caution').length);
  equal('At least 90 % of searches found an accepted input for all 4 layers.', good.at(-1));
});

// A score has a direction, a pair has none, and the page counts both.
test('scores and pairs are counted as such', { own: true }, () => {
  const overview = text('#overview');
  holds(overview.endsWith(' 32 scores (8 of a layer by itself).'), overview);
  const findings = text('#findings-list');
  holds(findings.startsWith('2 scores of 1 pair of networks, one per direction. In '), findings);
});

// Every inconclusive score has the reason and the advice of the study's document.
test('inconclusive scores are counted by reason', {}, () => {
  const findings = text('#findings-list');
  const count = study.inconclusive.reduce((sum, one) => sum + one.count, 0);
  equal(
    count,
    study.scores.filter(
      ({ target, reference, verdict }) => target !== reference && verdict.word === 'INCONCLUSIVE',
    ).length,
  );
  equal(count > 0, findings.includes('Next, to settle the INCONCLUSIVE scores'));
  for (const { problem } of study.inconclusive) {
    holds(findings.includes(` (${problem}) `), findings);
  }
  equal(
    [],
    study.scores
      .filter((score) => stateOf(score) === 'unknown' && !/\w+; to settle it: \w+/.test(reasonOf(score)))
      .map(pairName),
  );
});

test('the table opens with the answers that are known', { own: true }, () => {
  equal(
    shownScores()
      .sort((a, b) => orderOf(a) - orderOf(b))
      .map(verdictWord),
    cells('#scores-table').map((row) => row[0]),
  );
  equal('Verdict', text('#scores-table thead th'));
});

test('every network has its library', {}, () => {
  const libraries = all('#settings-content table')
    .filter((table) => table.caption.textContent === 'Networks')
    .flatMap((table) => [...table.tBodies[0].rows].map((row) => row.cells[4].textContent));
  equal(
    study.networks.map(({ library }) => library),
    libraries,
  );
  libraries.forEach((library) => holds(/^\S+ .*\d.*$/.test(library), libraries));
});

test('no link leads to a hidden section', {}, () => equal([], linksToHidden()));

test('the reason is given where there are no differences', { own: true }, () => {
  holds(listed().includes('smallest corrected p; '), listed());
  study.differences.rows = [];
  differences();
  equal('None is listed: no two scores share their target or their reference.', listed());
  study.differences.too_many = true;
  study.differences.possible = 60000;
  differences();
  equal('None is listed: there are 60000 differences, more than are computed.', listed());
});

test('headings link to themselves and methods are written', { own: true }, () => {
  equal(
    [],
    all('main h2, main h3')
      .filter((heading) => !document.querySelector(heading.querySelector('a').getAttribute('href')))
      .map((heading) => heading.textContent),
  );
  const methods = text('#methods-text');
  for (const fact of ['vgg0, resnet0', '12 inputs', 'optimiser fast, 4 iterations']) {
    holds(methods.includes(fact), methods);
  }
  holds(text('#citation').includes('@inproceedings{nanda2022measuring,'), text('#citation'));
});
