// Shows the schema with the viewer that the page brings; tried calls carry the session's CSRF token.
const place = document.getElementById("api-docs");
const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

dress();
dark.addEventListener("change", dress);

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  // Descriptions with units first; the example is one click away.
  defaultModelRendering: "model",
  defaultModelExpandDepth: 4,
  defaultModelsExpandDepth: -1,
  filter: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    const ours = new URL(request.url, location.href).origin === location.origin;
    if (ours && !SAFE.has((request.method ?? "GET").toUpperCase())) request.headers["X-CSRFToken"] = place.dataset.token;
    return request;
  },
});
