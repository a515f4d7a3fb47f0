// Elements and numbers. Text reaches the page as text only: never as markup.

/** An element with attributes and children (texts or elements); those that are null are left out. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(key, value);
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A labelled choice; `changed` is given the chosen value, which the address then has, too. */
function choice(label, options, value, changed) {
  const select = element(
    "select",
    {
      change: () => {
        changed(select.value);
        writeAddress();
      },
    },
    options.map(([key, text]) => element("option", { value: key, selected: String(key) === String(value) }, text)),
  );
  return element("label", {}, label, select);
}

/** A number as it is read; a dash where there is none. */
function shown(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return "\u2013";
  }
  return value !== 0 && Math.abs(value) < 0.0005 ? value.toExponential(1) : value.toFixed(3);
}

/** An interval as it is read. */
function shownInterval(ci) {
  return ci ? `${shown(ci[0])} to ${shown(ci[1])}` : "\u2013";
}

/** "1 layer", "2 layers". */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
