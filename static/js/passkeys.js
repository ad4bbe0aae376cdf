/* Passkeys: ask our server for the question, the authenticator for the answer, and send the form with it. */
(function () {
  "use strict";

  const webauthn = window.SimpleWebAuthnBrowser;
  if (!webauthn || !webauthn.browserSupportsWebAuthn()) {
    return;
  }

  async function options(form) {
    const token = form.elements.csrf_token;
    const headers = { Accept: "application/json" };
    if (token) {
      headers["X-CSRFToken"] = token.value;
    }
    const answer = await fetch(form.dataset.options, { method: "POST", headers: headers, redirect: "error" });
    const body = await answer.json();
    if (!answer.ok) {
      throw new Error(body.message);
    }
    return body;
  }

  async function answer(form) {
    const asked = { optionsJSON: await options(form) };
    return form.dataset.passkey === "make"
      ? webauthn.startRegistration(asked)
      : webauthn.startAuthentication(asked);
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    const status = form.querySelector("[data-passkey-status]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      status.textContent = "";
      answer(form).then(
        function (found) {
          form.elements.credential.value = JSON.stringify(found);
          form.submit();
        },
        function () {
          status.textContent = form.dataset.failed;
        }
      );
    });
  });
})();
