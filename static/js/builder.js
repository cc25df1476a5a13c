// The builder: one change at a time, nothing typed is lost, and the keyboard does all that the mouse does.
(() => {
  const builder = document.getElementById("builder");
  if (!builder) return;
  const $ = (id) => document.getElementById(id);
  const changes = (event) => event.detail.requestConfig?.verb !== "get" && builder.contains(event.detail.elt);

  // --- one change at a time: each names the step it starts from, so the next waits for the answer to the last ---
  const waiting = [];
  let busy = false;
  let pressed = false;

  document.addEventListener("htmx:confirm", (event) => {
    const { elt, verb, issueRequest, triggeringEvent } = event.detail;
    if (verb === "get" || !builder.contains(elt)) return;
    if (!busy && !pressed) {
      busy = true;
      return;
    }
    event.preventDefault();
    if (elt.matches("form[hx-post]") && waiting.some((other) => other.elt === elt)) return;
    waiting.push({ elt, type: triggeringEvent?.type, issue: () => issueRequest(true) });
  });

  const proceed = () => {
    while (!busy && !pressed && waiting.length) {
      const { elt, type, issue } = waiting.shift();
      if (elt.isConnected) {
        busy = true;
        issue();
      } else if (type) {
        // An answer put a new element in its place.
        $(elt.id)?.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
      }
    }
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.verb === "get" || event.detail.elt.closest("dialog")) return;
    busy = false;
    proceed();
  });

  // Leaving a field saves it, and the answer replaces its row. Not between press and click on one of the row's buttons.
  document.addEventListener("pointerdown", () => (pressed = true), true);
  for (const release of ["pointerup", "pointercancel"]) {
    document.addEventListener(
      release,
      () =>
        setTimeout(() => {
          pressed = false;
          proceed();
        }),
      true,
    );
  }

  document.addEventListener("drafted", (event) => {
    for (const field of document.querySelectorAll("input[name=edit]")) field.value = event.detail.edit;
  });

  // --- an answer never overwrites what is being typed ---
  const isText = (field) => field.matches("form[hx-post] input:not([type=hidden], [type=checkbox])");
  const isAhead = (field) => isText(field) && field.value !== field.defaultValue;
  // A field that was entered with Tab is selected whole, so that typing replaces it.
  const isWhole = ({ selectionStart, selectionEnd, value }) => selectionStart === null || selectionEnd - selectionStart === value.length;
  let kept = [];
  let entered = null;
  let sentAgain = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    if (!changes(event) || !elt.matches("form")) return;
    for (const field of elt.elements) if ("defaultValue" in field) field.defaultValue = field.value;
  });
  document.addEventListener("htmx:beforeSwap", () => {
    const active = document.activeElement;
    entered = isText(active) && !isAhead(active) && isWhole(active) ? active.id : null;
    kept = [...builder.querySelectorAll("input, details[open]")]
      .filter((part) => part.matches("details") || isAhead(part) || (isText(part) && part.closest(".unsaved, .refused")))
      .map(({ id, value, selectionStart }) => ({ id, value, selectionStart }));
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const { id, value, selectionStart } of kept) {
      const part = $(id);
      if (part?.matches("details")) part.open = true;
      else if (part && part.value !== value) {
        part.value = value;
        if (document.activeElement === part) {
          // Number fields know no caret.
          if (selectionStart !== null) part.setSelectionRange(selectionStart, selectionStart);
          continue;
        }
        sentAgain = part.form.id;
        part.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    kept = [];
    if (entered && document.activeElement.id === entered) document.activeElement.select();
    dress();
  });
  // A field that was put back while it had the focus does not say by itself that it changed.
  builder.addEventListener("focusout", ({ target }) => {
    if (isAhead(target)) target.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("put-focus", (event) => {
    const active = document.activeElement;
    if (active && builder.contains(active) && isAhead(active)) return;
    const target = $(event.detail.value);
    // What was refused before is refused again, without taking the hand away from where it is now.
    if (target?.form && target.form.id === sentAgain) return (sentAgain = null);
    (target?.matches("details") ? target.querySelector("summary") : target)?.focus();
  });

  // --- back online: what was not saved is sent again ---
  window.addEventListener("online", () => {
    for (const again of builder.querySelectorAll(".not-saved button")) again.click();
  });
  window.addEventListener("beforeunload", (event) => {
    if (builder.querySelector(".unsaved")) event.preventDefault();
  });

  const dress = () => {
    const planned = new Set([...builder.querySelectorAll("#lines [data-exercise]")].map((row) => row.dataset.exercise));
    for (const card of builder.querySelectorAll(".cat [data-slug]")) {
      card.querySelector(".in-plan").hidden = !planned.has(card.dataset.slug);
    }
  };

  // --- order: by dragging the grip, and by arrow keys on it ---
  let dragged = null;
  const place = (row) => ({
    phase: row.parentElement.dataset.phase,
    position: [...row.parentElement.children].indexOf(row),
  });
  builder.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".grip")?.closest(".rx");
    if (row && event.button === 0) dragged = { row, from: JSON.stringify(place(row)) };
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    builder.classList.add("dragging");
    dragged.row.classList.add("drag");
    const over = document.elementFromPoint(event.clientX, event.clientY);
    const row = over?.closest(".rx");
    const section = over?.closest(".rx-phase");
    if (row && row !== dragged.row) {
      const { top, height } = row.getBoundingClientRect();
      if (event.clientY < top + height / 2) row.before(dragged.row);
      else row.after(dragged.row);
    } else if (section && !section.contains(dragged.row)) {
      section.querySelector(".rx-list").append(dragged.row);
    }
    const pane = $("lines").getBoundingClientRect();
    if (event.clientY < pane.top + 40) $("lines").scrollTop -= 12;
    if (event.clientY > pane.bottom - 40) $("lines").scrollTop += 12;
  });
  for (const release of ["pointerup", "pointercancel"]) {
    document.addEventListener(release, () => {
      if (!dragged) return;
      const { row, from } = dragged;
      dragged = null;
      builder.classList.remove("dragging");
      row.classList.remove("drag");
      if (JSON.stringify(place(row)) === from) return;
      htmx.ajax("POST", `${row.dataset.url}move/`, {
        source: row.querySelector(".acts"),
        target: "#lines",
        swap: "innerHTML settle:0ms",
        values: place(row),
      });
    });
  }
  builder.addEventListener("keydown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    $(grip.id.replace("grip", event.key === "ArrowUp" ? "up" : "down")).click();
  });
  // "<" and ">" anywhere in a row but in its words step to the easier and the harder exercise.
  builder.addEventListener("keydown", (event) => {
    const row = event.target.closest(".rx");
    if (!row || event.target.closest("input:not([type=number], [type=checkbox])")) return;
    const to = { "<": "easier", ">": "harder" }[event.key];
    if (!to) return;
    event.preventDefault();
    $(`${to}-${row.id.replace("line-", "")}`)?.click();
  });

  // --- keys: "/" searches, Enter adds the first found, Control Z takes back ---
  const q = $("q");
  let addWhenFound = false;
  const isFound = () => $("cat").dataset.q === q.value.trim().replace(/\s+/g, " ");
  const addFirst = () => {
    addWhenFound = false;
    builder.querySelector(".cat .add")?.click();
  };
  q.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (isFound()) return addFirst();
    addWhenFound = true;
    q.form.requestSubmit(); // at once, and also where the typing was over before htmx listened
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (addWhenFound && isFound()) addFirst();
  });
  document.addEventListener("keydown", (event) => {
    // No number has a stroke in it, and the hand is in a number field after each exercise that was added.
    if (event.target.closest("input:not([type=number]), select, textarea")) return;
    if (event.key === "/" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      q.focus();
      q.select();
    }
    if (event.target.closest("input")) return;
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      event.preventDefault();
      $("undo")?.click();
    }
  });

  dress();
})();
