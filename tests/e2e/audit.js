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
    const sticksOut = (element) => element.getBoundingClientRect().right > width + 1 && isShown(element);
    // What is fixed grows with the page; of the rest the innermost is to blame.
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => sticksOut(element) && !element.closest(".scroll *, .board *, .tabs *, .side, .toasts") && ![...element.children].some(sticksOut),
    );
    faults.push(`${document.documentElement.scrollWidth} px wide: ${wide.slice(0, 3).map(said).join(" | ")}`);
  }

  // --- one heading and a title; axe looks at the rest of what WCAG asks for
  const headings = [...document.querySelectorAll("h1")].filter(isShown);
  if (headings.length !== 1) faults.push(`${headings.length} h1`);
  if (!document.title.replace(/·.*$/, "").trim()) faults.push(`no title: ${document.title}`);

  // --- a finger hits it: a link in running text is as high as its line, everything else 44 px on a phone and 24 elsewhere
  const least = matchMedia("(pointer: coarse)").matches ? 43.5 : 23.5;
  for (const element of document.querySelectorAll("button, summary, a.button, .side a, .tabs a, a.chip")) {
    if (!isShown(element)) continue;
    const box = element.getBoundingClientRect();
    const isSmall = element.matches(".small, .link, .chip, .more > summary");
    if (box.height < (isSmall ? 23.5 : least) || box.width < 23.5) {
      faults.push(`${box.width.toFixed()}×${box.height.toFixed()} px small: ${said(element)}`);
    }
  }
  return faults;
}
