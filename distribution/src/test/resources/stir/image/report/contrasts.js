const contrasts = () => cells('#contrasts-table');
const notes = () => text('#contrasts-notes');
const other = () => document.querySelector('#contrasts-choice select').selectedOptions[0].textContent;

test(
  'searches and studies stand side by side',
  { own: true },
  async () => {
    equal(
      ['shorter, repeat 1', 'earlier: fast, repeat 1', 'earlier: shorter, repeat 1'],
      texts('#contrasts-choice option'),
    );
    equal('earlier: fast, repeat 1', other());
    choose('#contrasts-choice', 0, 0);
    const searches = contrasts();
    equal(4 * 4, searches.length);
    for (const row of searches) {
      holds(Math.abs(Number(row[2]) - Number(row[3]) - Number(row[4])) <= 0.0011, row);
      holds(row[5].includes(' to '), row);
      equal('paired', row[8]);
    }
    await drawAndOpenAll();
    equal(4 * 4, all('#contrasts-figure tbody tr').length);
    equal('What differs: iterations: 4 here, 1 there.', notes());
    choose('#contrasts-choice', 0, 1);
    const studies = contrasts();
    equal(2 * 2, studies.length);
    studies.forEach((row) => equal('independent', row[8]));
    holds(notes().startsWith('What differs: the inputs.'), notes());
    holds(notes().includes('vgg0:features.pool3 given resnet0:layer3'), notes());
    holds(location.search.includes('other=2'), location.search);
    return studies;
  },
  (studies) => {
    equal(studies, contrasts(), 'after loading the page again');
    choose('#choice', 1, 1);
    equal('earlier: fast, repeat 1', other());
  },
);
