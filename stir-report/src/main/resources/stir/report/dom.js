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

const place = (id, ...content) => document.getElementById(id).replaceChildren(...content.flat().filter((one) => one !== null));

/** A labelled choice; `changed` receives the chosen value, which the address then has, too. */
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

/** A labelled text that takes effect while it is written. */
function writing(label, value, hint, changed) {
  let waiting = 0;
  const input = element("input", {
    type: "text",
    value,
    placeholder: hint,
    spellcheck: "false",
    input: () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        changed(input.value);
        writeAddress();
      }, 150);
    },
  });
  return element("label", {}, label, input);
}

/** A button that copies a text; where the browser has no clipboard for files, it copies a selection. */
function copying(label, name, text) {
  const button = element(
    "button",
    {
      type: "button",
      "aria-label": name,
      click: async () => {
        try {
          await navigator.clipboard.writeText(text());
        } catch {
          const area = element("textarea", { class: "hidden", "aria-label": name }, text());
          document.body.append(area);
          area.select();
          document.execCommand("copy");
          area.remove();
        }
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = label), 2000);
      },
    },
    label,
  );
  return button;
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

/** A share in per cent, none of which is rounded to all. */
const shownShare = (value) => (Number.isFinite(value) ? `${value < 1 ? Math.min(99, Math.round(100 * value)) : 100} %` : "\u2013");

/** "1 layer", "2 layers"; "1 search", "2 searches". */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}
