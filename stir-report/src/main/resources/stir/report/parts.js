// Which part of the target's representation the reference's invariant inputs move.

/** The principal components of the chosen target: how much they vary over inputs, and how far invariant inputs move them. */
function movedComponents() {
  const score = scoreOf(view.target, view.reference);
  const { components: found = [], change_elsewhere: elsewhere } = score?.outcomes ?? {};
  const components = found.map(({ variance_share: variance, change }) => ({ variance, relative: change, change: change * variance }));
  const names = components.map((_, index) => String(index + 1));
  const [target, reference] = [layerName(view.target), layerName(view.reference)];
  const series = { variance: "Between two inputs", change: "From x to x'" };
  const bars = (key, color) => ({ type: "bar", name: series[key], data: components.map((one) => one[key]), itemStyle: { color }, barGap: "0%" });
  const most = components.reduce((first, one, index) => (one.change > components[first].change ? index : first), 0);
  return components.length
    ? figure({
        id: "components",
        scored: false,
        title: score.verdict.word === "INCONCLUSIVE" ? `What X' changes at ${target}, given ${reference}` : `What ${target} uses and ${reference} ignores`,
        note:
          "Principal components of the target's representations of the inputs, by their variance: the mean square of the difference between two inputs, and that of the change from x to x', as shares of the sum over all components between two inputs. " +
          "Where x' changes nothing, the component survives; where the bars are as high, x' is as far from x as another input. " +
          `${shownShare(elsewhere)} of the squared change lies in none of these components.`,
        words: `Component ${most + 1} changes most: it has ${shownShare(components[most].variance)} of the variance, and its squared change is ${shown(components[most].relative)} of that between two inputs.`,
        table: () =>
          plainTable(
            `Components of ${target}, given ${reference}`,
            ["Component", ...Object.values(series), "Relative change"],
            components.map((one, index) => [names[index], shown(one.variance), shown(one.change), shown(one.relative)]),
          ),
        parts: { numbers: ["0.00"], legend: Object.values(series).map((name) => ({ name, icon: "rect" })), plot: () => 220, right: 20, below: () => 44 },
        option: (colours, layout) => ({
          legend: legendOf(layout, colours),
          grid: layout.grid,
          xAxis: axis(colours, { type: "category", data: names, name: "component", nameLocation: "middle", nameGap: 26 }),
          yAxis: axis(colours, { type: "value", min: 0 }),
          tooltip: { formatter: ({ seriesName, dataIndex, value }) => `Component ${names[dataIndex]}\n${seriesName}: ${shown(value)}` },
          series: [bars("variance", colours.muted), bars("change", LINES[0])],
        }),
      })
    : [];
}

/** The classes of the inputs: of which less survives. */
function classTable() {
  const classes = scoreOf(view.target, view.reference)?.outcomes.classes ?? [];
  return classes.length
    ? plainTable(
        `${pairName(scoreOf(view.target, view.reference))}, by class of the inputs. Pointwise: the mean pointwise similarity (PNKA). p: that any class differs as much, if labels did not matter.`,
        ["Class", "Inputs", "Pointwise", "Other classes", "p"],
        classes.map((one) => [one.label, one.inputs, shown(one.pointwise), shown(one.others), shown(one.p)]),
      )
    : [];
}
