// The page of the OpenAPI document: Swagger UI with the platform's own files, no script inside the page.
"use strict";

const place = document.getElementById("api");

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  validatorUrl: null, // nothing is asked of another host
  requestInterceptor(request) {
    // what is tried here is done as whoever signed in, and Django wants to know that it comes from this page
    if (!["GET", "HEAD"].includes(request.method)) request.headers["X-CSRFToken"] = place.dataset.csrf;
    return request;
  },
});
