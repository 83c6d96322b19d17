// A refusal names the fields at fault: the form that was sent marks them and says there what is wrong with each.
let count = 0;

// What a rule calls "roles.design" or "version_id" a form may call role_design or version.
function fieldOf(form, name) {
  const last = name.split(".").pop();
  for (const each of [name, name.replace(".", "_"), name.replace(/s\./, "_"), last, name.replace(/_id$/, "")]) {
    const found = form.elements.namedItem(each);
    if (found) return found instanceof RadioNodeList ? found[0] : found;
  }
  return null;
}

function clear(field) {
  const said = document.getElementById(field.dataset.fault);
  field.removeAttribute("aria-invalid");
  delete field.dataset.fault;
  if (!said) return;
  const rest = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== said.id);
  field.toggleAttribute("aria-describedby", rest.length);
  if (rest.length) field.setAttribute("aria-describedby", rest.join(" "));
  said.remove();
}

function mark(field, words) {
  clear(field);
  const said = document.createElement("span");
  said.className = "error";
  said.id = `fault-${(count += 1)}`;
  said.textContent = words;
  field.dataset.fault = said.id;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());
  const box = field.closest(".field") ?? field.parentElement;
  box.append(said);
  field.closest("details:not([open])")?.setAttribute("open", "");
}

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const form = detail.requestConfig?.elt?.closest?.("form") ?? detail.requestConfig?.triggeringEvent?.submitter?.form;
  if (!form?.isConnected || detail.requestConfig.verb === "get") return;
  for (const field of form.querySelectorAll("[data-fault]")) clear(field);
  if (detail.target?.id !== "notice") return;
  let first = null;
  for (const fault of document.querySelectorAll("#notice [data-field]")) {
    const field = fieldOf(form, fault.dataset.field);
    if (!field || field.type === "hidden") continue;
    mark(field, fault.textContent.trim());
    first ??= field;
  }
  first?.focus();
});
document.addEventListener("input", ({ target }) => { if (target.dataset?.fault) clear(target); });
document.addEventListener("change", ({ target }) => {
  const group = target.closest("fieldset")?.querySelector("[data-fault]");
  if (group && group.name === target.name) clear(group);
});
