/* "Use my location": asks the browser only on a press, rounds to four decimals (about ten metres), posts a form. */
(function () {
  "use strict";

  const form = document.getElementById("by-location");
  if (!form || !navigator.geolocation || !window.isSecureContext) {
    return;
  }
  const button = form.querySelector("button");
  const said = form.querySelector("[role='status']");
  const reasons = { 1: form.dataset.refused, 2: form.dataset.unknown, 3: form.dataset.late };

  function say(words, isBusy) {
    said.textContent = words;
    button.disabled = isBusy;
  }

  /* Nothing stays in the page, also when it comes back from the browser's memory. */
  function empty() {
    form.elements.lat.value = "";
    form.elements.lng.value = "";
    say("", false);
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    say(form.dataset.asking, true);
    navigator.geolocation.getCurrentPosition(
      function (place) {
        form.elements.lat.value = place.coords.latitude.toFixed(4);
        form.elements.lng.value = place.coords.longitude.toFixed(4);
        form.submit();
      },
      function (error) {
        say(reasons[error.code] || form.dataset.unknown, false);
        button.focus();
      },
      { maximumAge: 60000, timeout: 15000 }
    );
  });
  window.addEventListener("pageshow", empty);
  form.hidden = false;
})();
