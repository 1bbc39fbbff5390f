"use strict";

// The API's documentation. Whoever is signed in tries it out as themselves: the token of their session goes with it.
(() => {
  const isDark = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => document.documentElement.classList.toggle("dark-mode", isDark.matches);
  isDark.addEventListener("change", paint);
  paint();

  const place = document.getElementById("api-docs");
  SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    requestInterceptor: (request) => {
      if (place.dataset.token && !request.loadSpec) request.headers["X-CSRFToken"] = place.dataset.token;
      return request;
    },
  });
})();
