"use strict";
// The search: every word must occur in a section; those whose heading has the words come first.
{
  const box = document.getElementById("search");
  const list = document.getElementById("found");
  const root = document.body.dataset.root;
  const most = 12;
  const around = 70;

  const score = ([title, , heading, text], words) => {
    let sum = 0;
    for (const word of words) {
      const inHeading = heading.toLowerCase().includes(word);
      const inTitle = title.toLowerCase().includes(word);
      if (!inHeading && !inTitle && !text.toLowerCase().includes(word)) {
        return 0;
      }
      sum += inHeading ? 4 : inTitle ? 2 : 1;
    }
    return sum;
  };

  const excerpt = (text, word) => {
    const place = Math.max(0, text.toLowerCase().indexOf(word) - around);
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
    const words = box.value.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
    const found = INDEX.map((entry) => [score(entry, words), entry])
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
