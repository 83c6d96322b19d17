// What a machine can see of a page's faults: returns them in words, nothing when there are none.
() => {
  const faults = [];
  const said = (element) => `<${element.tagName.toLowerCase()} id="${element.id}" class="${element.getAttribute("class") ?? ""}"> ${(element.textContent ?? "").trim().slice(0, 60)}`;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

  // Everything that can be folded out is folded out.
  for (const details of document.querySelectorAll("details")) details.open = true;

  // --- nothing sticks out
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !element.closest(".scroll, .board, .tabs"),
    );
    faults.push(`${document.documentElement.scrollWidth} px wide: ${wide.slice(0, 3).map(said).join(" | ")}`);
  }

  // --- one heading, a title, a language, no id twice, no reference to nothing
  const headings = [...document.querySelectorAll("h1")].filter(isShown);
  if (headings.length !== 1) faults.push(`${headings.length} h1`);
  if (!document.title.replace(/·.*$/, "").trim()) faults.push(`no title: ${document.title}`);
  if (!document.documentElement.lang) faults.push("no language");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`id twice: ${id}`);
  for (const name of ["for", "form", "aria-labelledby", "aria-describedby", "aria-controls"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\s+/)) {
        if (!document.getElementById(id)) faults.push(`${name}="${id}" leads nowhere: ${said(element)}`);
      }
    }
  }

  // --- everything that can be used has a name and a size that a finger hits
  for (const control of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const named = control.labels.length || control.ariaLabel || control.getAttribute("aria-labelledby");
    if (!named && isShown(control)) faults.push(`no label: ${control.outerHTML.slice(0, 120)}`);
  }
  for (const element of document.querySelectorAll("a[href], button, summary")) {
    if (!isShown(element)) continue;
    const name = element.ariaLabel || element.textContent.trim();
    if (!name) faults.push(`no name: ${element.outerHTML.slice(0, 120)}`);
    const box = element.getBoundingClientRect();
    // A link in running text is as high as its line.
    if (element.tagName !== "A" && (box.height < 23.5 || box.width < 23.5)) {
      faults.push(`${box.width.toFixed()}×${box.height.toFixed()} px small: ${said(element)}`);
    }
  }

  // --- text stands out from its ground: 4.5 to 1, large text 3 to 1
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const colour = (text) => {
    if (!known.has(text)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = text;
      pen.fillRect(0, 0, 1, 1);
      known.set(text, [...pen.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(text);
  };
  const light = ([red, green, blue]) =>
    [red, green, blue]
      .map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] === 255) return found;
    }
    return colour("Canvas");
  };
  const pale = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !isShown(element) || element.closest("[disabled], option, svg")) continue;
    const style = getComputedStyle(element);
    const [low, high] = [light(colour(style.color)), light(ground(element))].sort((one, other) => one - other);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) pale.add(`${ratio.toFixed(2)} to 1: ${said(element)}`);
  }
  return [...faults, ...[...pale].slice(0, 5)];
}
