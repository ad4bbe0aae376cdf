/* Small comforts on top of pages that work without any script. */
(function () {
  "use strict";

  function each(root, selector, act) {
    root.querySelectorAll(selector).forEach(act);
  }

  /* A summary of errors comes before a notice; only one of them takes the focus. */
  function focusFirst(root) {
    const target = root.querySelector("#error-summary") || root.querySelector("#notice");
    if (target) {
      target.focus();
    }
  }

  /* A link in the summary goes to the field itself, and shows its label too. */
  function goToField(event) {
    const link = event.target.closest("#error-summary a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) {
      return;
    }
    event.preventDefault();
    const label = field.closest("fieldset, .field, .choice") || field;
    label.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  }

  async function copyText(button) {
    const source = document.getElementById(button.dataset.copy);
    const label = button.querySelector("[data-copy-label]");
    const before = label.textContent;
    await navigator.clipboard.writeText((source.value || source.textContent).trim());
    label.textContent = button.dataset.copied;
    window.setTimeout(function () {
      label.textContent = before;
    }, 4000);
  }

  /* A second press within three seconds is a slip of the finger. */
  function holdSecondSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") {
      return;
    }
    if (form.dataset.sentAt && Date.now() - Number(form.dataset.sentAt) < 3000) {
      event.preventDefault();
      return;
    }
    form.dataset.sentAt = String(Date.now());
  }

  /* Open menus close with Escape or by a press elsewhere. */
  function closeAccount(event) {
    each(document, "details.account[open]", function (menu) {
      const elsewhere = event.type === "click" && !menu.contains(event.target);
      if (elsewhere || event.key === "Escape") {
        menu.open = false;
        if (!elsewhere) {
          menu.querySelector("summary").focus();
        }
      }
    });
  }

  function enhance(root) {
    if (navigator.clipboard) {
      each(root, "[data-copy]", function (button) {
        button.hidden = false;
      });
    }
    each(root, "[data-print]", function (button) {
      button.hidden = false;
    });
  }

  document.addEventListener("click", function (event) {
    goToField(event);
    closeAccount(event);
    const copy = event.target.closest("[data-copy]");
    const exit = event.target.closest("[data-quick-exit]");
    if (copy) {
      copyText(copy);
    }
    if (exit) {
      /* Replace, so that the back button does not return here. */
      event.preventDefault();
      window.location.replace(exit.href);
    }
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });
  document.addEventListener("keydown", closeAccount);
  document.addEventListener("submit", holdSecondSubmit);
  document.addEventListener("htmx:afterSwap", function (event) {
    enhance(event.detail.target);
    focusFirst(event.detail.target);
  });

  enhance(document);
  focusFirst(document);
})();
