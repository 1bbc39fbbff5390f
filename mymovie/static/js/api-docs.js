"use strict";

// The API's documentation. Whoever is signed in tries it out as themselves: the token of their session goes with it.
(() => {
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
