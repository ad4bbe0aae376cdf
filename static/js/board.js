/* The board: cards are carried by drag or with their buttons, without leaving the page. */
(function () {
  "use strict";

  const said = document.getElementById("board-said");
  let carried = null;
  let isBusy = false;

  function board() {
    return document.getElementById("board");
  }

  function say(words) {
    said.textContent = "";
    window.requestAnimationFrame(function () {
      said.textContent = words;
    });
  }

  /* The server answers with the whole board: what is shown is always what is stored. */
  function show(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("board");
    if (!fresh) {
      return false;
    }
    board().replaceWith(fresh);
    prepare();
    return true;
  }

  async function reload() {
    const answer = await fetch(board().dataset.home + "/board", { credentials: "same-origin" });
    return answer.ok && show(await answer.text());
  }

  /* Focus stays on the card that was moved, on the same button where it is still there. */
  function focusCard(id, key) {
    const card = document.getElementById("task-" + id);
    if (!card) {
      return;
    }
    const more = card.querySelector("details");
    const again = key && card.querySelector("[data-key='" + key + "']");
    if (more && key) {
      more.open = true;
    }
    const target = again || (key && more ? more.querySelector("summary") : card.querySelector("a"));
    if (target) {
      target.focus();
    }
  }

  async function carry(id, fields, key) {
    if (isBusy) {
      return;
    }
    isBusy = true;
    board().setAttribute("aria-busy", "true");
    let words = said.dataset.failed;
    try {
      const answer = await fetch(board().dataset.home + "/tasks/" + id + "/carry", {
        method: "POST",
        body: fields,
        credentials: "same-origin",
      });
      if (answer.ok && show(await answer.text())) {
        words = said.dataset.moved;
      } else if (answer.status === 409 && (await reload())) {
        words = said.dataset.stale;
      }
    } catch (error) {
      words = said.dataset.failed;
    }
    isBusy = false;
    board().removeAttribute("aria-busy");
    focusCard(id, key);
    say(words);
  }

  function onSubmit(event) {
    const form = event.target.closest("form[data-carry]");
    if (!form || !board().contains(form)) {
      return;
    }
    event.preventDefault();
    const card = form.closest("[data-task]");
    carry(card.dataset.task, new URLSearchParams(new FormData(form)), form.querySelector("button").dataset.key);
  }

  function cardAfter(list, y) {
    const others = Array.from(list.querySelectorAll("[data-task]")).filter(function (card) {
      return card !== carried;
    });
    return others.find(function (card) {
      const box = card.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
  }

  function onDragStart(event) {
    carried = event.target.closest("[data-movable]");
    if (carried) {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", carried.dataset.task);
      carried.classList.add("is-carried");
    }
  }

  function onDragOver(event) {
    const column = event.target.closest("[data-state]");
    if (!carried || !column) {
      return;
    }
    event.preventDefault();
    const list = column.querySelector(".board-cards");
    const next = cardAfter(list, event.clientY);
    if (next) {
      list.insertBefore(carried, next);
    } else {
      list.append(carried);
    }
  }

  function onDrop(event) {
    const column = event.target.closest("[data-state]");
    if (!carried || !column) {
      return;
    }
    event.preventDefault();
    const ahead = carried.previousElementSibling;
    const fields = new URLSearchParams({
      csrf_token: board().dataset.carryToken,
      version: carried.dataset.version,
      state: column.dataset.state,
      after: ahead ? ahead.dataset.task : "",
    });
    const id = carried.dataset.task;
    carried.classList.remove("is-carried");
    carried = null;
    carry(id, fields, "");
  }

  /* Dropped outside of every column: show the board as it is stored. */
  function onDragEnd() {
    if (carried) {
      carried.classList.remove("is-carried");
      carried = null;
      reload();
    }
  }

  function prepare() {
    board().querySelectorAll("[data-movable]").forEach(function (card) {
      card.draggable = true;
    });
  }

  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("dragstart", onDragStart);
  document.addEventListener("dragover", onDragOver);
  document.addEventListener("drop", onDrop);
  document.addEventListener("dragend", onDragEnd);
  prepare();
})();
