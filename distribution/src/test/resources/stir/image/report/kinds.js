test('the report of a score has no map and one figure of both directions', { own: true, page: 'score' }, async () => {
  await drawAndOpenAll();
  equal('vgg_gelu0 and resnet_gelu0', text('h1'));
  equal(0, all('#model-map figure, #beside-map figure, #scores-figure figure').length);
  equal(2, all('#pairs tbody tr').length);
  equal([], linksToHidden());
  const findings = text('#findings-list');
  holds(findings.startsWith('2 scores of 1 pair of networks, one per direction. In '), findings);
});

test('a study without a search shows its similarities', { own: true, page: 'similarities' }, async () => {
  equal(
    ['Key findings', 'Layer by layer', 'All similarities', 'Methods', 'Settings'],
    all('main h2')
      .filter((heading) => heading.offsetParent)
      .map((heading) => heading.textContent),
  );
  await drawAndOpenAll();
  equal(2 * 3, all('#similarities td.number').length);
  const findings = text('#findings-list');
  holds(findings.startsWith('Most similar: one and two, 0.'), findings);
  const page = document.body.textContent;
  holds(page.includes('1 - S. Near layers'), 'the map of layers');
  holds(page.includes('Biased CKA is inflated'), 'the cautions');
});
