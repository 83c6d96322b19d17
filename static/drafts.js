// What was typed into a form with data-draft="name" outlives a reload in the same tab, until it is sent.
const key = (form) => `draft:${form.dataset.draft}`;
const fields = (form) => [...form.querySelectorAll("textarea[name], input[name]:not([type=hidden], [type=password], [type=file], [type=checkbox], [type=radio])")];

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-draft]");
  if (!form) return;
  const typed = Object.fromEntries(fields(form).filter((field) => field.value !== field.defaultValue).map(({ name, value }) => [name, value]));
  if (Object.keys(typed).length) sessionStorage.setItem(key(form), JSON.stringify(typed));
  else sessionStorage.removeItem(key(form));
});

function restore(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const typed = JSON.parse(sessionStorage.getItem(key(form)) ?? "{}");
    for (const field of fields(form)) {
      if (field.value === field.defaultValue && typed[field.name] !== undefined) field.value = typed[field.name];
    }
  }
}

// Before the answer takes the form's place: what stands there then is a new one.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt.closest?.("form[data-draft]");
  if (form && detail.xhr.status < 400 && detail.requestConfig.verb !== "get") sessionStorage.removeItem(key(form));
});
// A plain form leaves the page: its answer says whether it was taken, and a refusal brings the reader back here.
document.addEventListener("htmx:afterSettle", ({ target }) => restore(target.parentElement ?? document));
restore(document);

// On a shared computer the next one does not find what this one typed.
document.addEventListener("submit", (event) => {
  if (!(event.submitter?.getAttribute("formaction") ?? event.target.getAttribute("action"))?.endsWith("/logout/")) return;
  for (const name of Object.keys(sessionStorage)) if (name.startsWith("draft:")) sessionStorage.removeItem(name);
});
