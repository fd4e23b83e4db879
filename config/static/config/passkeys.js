// Passkeys: asks the browser to make or use one, and sends what it says as the page's own form.
"use strict";
(() => {
  const form = document.getElementById("passkey");
  const button = form.querySelector("button");
  const say = document.getElementById("passkey-says");
  const options = JSON.parse(form.dataset.options);

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  // PublicKeyCredential.parse…FromJSON and toJSON do this too, in browsers of 2025 and later
  const make = () =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: keys(options.excludeCredentials),
      },
    });
  const use = () =>
    navigator.credentials.get({
      publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: keys(options.allowCredentials) },
    });
  const written = ({ rawId, type, response }) => {
    const parts = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (response[name]) parts[name] = text(response[name]);
    return JSON.stringify({ id: text(rawId), rawId: text(rawId), type, response: parts });
  };

  if (!window.PublicKeyCredential) {
    say.textContent = say.dataset.impossible;
    return;
  }
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    say.textContent = "";
    try {
      form.elements.answer.value = written(await (options.user ? make() : use()));
      form.submit();
    } catch {
      // refused, closed, timed out, or a key that is here already: browsers tell no more
      say.textContent = say.dataset.failed;
      button.disabled = false;
    }
  });
})();
