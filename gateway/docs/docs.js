// Starts Swagger UI. Nothing is fetched from another host, and the token stays in this tab's memory.
SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.getElementById("operations"),
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
  syntaxHighlight: { theme: "idea" },
});
