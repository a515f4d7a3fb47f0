// What the tests of the report's page share. Each file of this folder is read after this one, in a page of its own.

const tests = [];

/**
 * Defines a test, which fails by throwing.
 *
 * @param options own: only of the tests' own study; page: 'score' or 'similarities' in place of that study's page;
 *     widths: the screens on which it runs
 * @param phases functions, between which the page is loaded again; each receives what the one before has returned
 */
const test = (name, options, ...phases) => tests.push({ name, options, phases });

const run = async (name, phase, before) => tests.find((one) => one.name === name).phases[phase](before);

const holds = (fact, shown) => {
  if (!fact) {
    throw new Error(`not so: ${typeof shown === 'string' ? shown : JSON.stringify(shown)}`);
  }
};

const equal = (expected, actual, name = '') => {
  if (JSON.stringify(expected) !== JSON.stringify(actual)) {
    throw new Error(`${name} expected ${JSON.stringify(expected)}, but was ${JSON.stringify(actual)}`.trim());
  }
};

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const text = (selector) => document.querySelector(selector).textContent;

const texts = (selector, within = document) => all(selector, within).map((node) => node.textContent);

/** The texts of a table's cells, by rows. */
const cells = (table) => all(`${table} tbody tr`).map((row) => [...row.cells].map((cell) => cell.textContent));

/** Waits until two frames are drawn. */
const settle = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))));

/** Draws the figures that are far from the screen, too, and makes the tables that are closed. */
const drawAndOpenAll = () => {
  drawAll(true, true);
  all('details').forEach((one) => (one.open = true));
  return settle();
};

const choose = (section, at, option) => {
  const select = all(`${section} select`)[at];
  select.selectedIndex = option;
  select.dispatchEvent(new Event('change'));
};

const write = (section, at, value) => {
  const input = all(`${section} input`)[at];
  input.value = value;
  input.dispatchEvent(new Event('input'));
};

/** The texts of links to sections that are not shown. */
const linksToHidden = () =>
  all('nav a')
    .filter((link) => link.clientHeight > 0 && document.querySelector(link.hash).clientHeight === 0)
    .map((link) => link.textContent);
