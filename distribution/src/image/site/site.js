"use strict";
// The search: every word must occur in a section. Those whose heading has the words come first, and of these the pages that
// README names first; pages of the design count half. British and American spellings are the same.
{
  const box = document.getElementById("search");
  const list = document.getElementById("found");
  const root = document.body.dataset.root;
  const most = 12;
  const around = 70;

  const folded = (text) =>
    text.toLowerCase().replace(/([iy])z(e|ing|ation)/g, "$1s$2").replace(/(col|behavi)or/g, "$1our").replace(/gray/g, "grey");

  const sections = INDEX.map(([title, , heading, text]) => [heading, title, text].map(folded));

  // A whole word counts more than a part of one, a heading more than a title, and a text by how often it has the word.
  const score = (parts, words, place) => {
    let sum = 0;
    for (const word of words) {
      const counts = parts.map((part) => part.split(word).length - 1);
      if (counts.every((count) => count === 0)) {
        return 0;
      }
      const whole = new RegExp("\\b" + word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&") + "\\b", "u");
      const [inHeading, inTitle, inText] = parts.map((part, i) => (counts[i] ? (whole.test(part) ? 2 : 1) : 0));
      sum += 8 * inHeading + 4 * inTitle + inText + Math.min(2, counts[2] / 4);
    }
    return /^(design|benchmarks)\//.test(place) ? sum / 2 : sum;
  };

  const excerpt = (text, word) => {
    const place = Math.max(0, folded(text).indexOf(word) - around);
    const part = text.slice(place, place + 2 * around + word.length);
    return (place > 0 ? "… " : "") + part + (place + part.length < text.length ? " …" : "");
  };

  const item = ([title, place, heading, text], words) => {
    const link = document.createElement("a");
    link.href = root + "/" + place;
    link.textContent = heading && heading !== title ? title + ": " + heading : title;
    const small = document.createElement("small");
    small.textContent = excerpt(text, words[0]);
    const entry = document.createElement("li");
    entry.append(link, small);
    return entry;
  };

  const search = () => {
    const words = folded(box.value)
      .split(/\s+/)
      .map((word) => word.replace(/(.{4}[iy]s)(e[ds]?|ing|ations?)$/, "$1"))
      .filter((word) => word.length > 1);
    const found = INDEX.map((entry, i) => [score(sections[i], words, entry[1]), entry])
      .filter(([points]) => points > 0)
      .sort(([a], [b]) => b - a)
      .slice(0, most);
    list.replaceChildren(...found.map(([, entry]) => item(entry, words)));
    if (words.length > 0 && found.length === 0) {
      list.textContent = "Nothing was found.";
    }
    list.hidden = words.length === 0;
  };

  box.addEventListener("input", search);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== box) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "Escape") {
      box.value = "";
      search();
    } else if (event.key === "Enter" && document.activeElement === box) {
      list.querySelector("a")?.click();
    }
  });

  // On a wide screen the pages are always shown.
  const wide = matchMedia("(min-width: 50.01rem)");
  const pages = document.getElementById("pages");
  const show = () => { pages.open = wide.matches; };
  wide.addEventListener("change", show);
  show();
}
