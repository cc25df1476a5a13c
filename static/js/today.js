(() => {
  // Taps go out one after the other: an answer replaces the card whose buttons the next tap came from. A tap keeps the
  // state it asked for, so that a double tap asks for the same twice.
  const waiting = [];
  let busy = false;
  const ours = (element) => element.closest("#check");
  document.addEventListener(
    "click",
    (event) => {
      const button = busy && event.target.closest("#check [hx-post]");
      if (!button) return;
      event.preventDefault();
      event.stopPropagation();
      waiting.push({ id: button.id, path: button.getAttribute("hx-post"), values: { [button.name]: button.value } });
    },
    true,
  );
  const sendNext = () => {
    if (busy || !waiting.length) return;
    const next = waiting.shift();
    const source = document.getElementById(next.id) ?? document.getElementById("check");
    htmx.ajax("POST", next.path, { source, values: next.values, swap: "none" });
  };
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (ours(detail.elt)) busy = true;
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!ours(detail.requestConfig.elt) && !ours(detail.elt)) return;
    busy = false;
    // What failed is shown beside its button, and is tried again from there before the rest goes on.
    if (detail.successful) setTimeout(sendNext, 40);
  });

  // After a tap: the mark of the exercise to do next moves on, and so does the focus where its button is gone.
  document.addEventListener("next-up", ({ detail }) => {
    for (const card of document.querySelectorAll(".ex.now")) card.classList.remove("now");
    document.getElementById(detail.value)?.classList.add("now");
  });
  document.addEventListener("focus-on", ({ detail }) => document.getElementById(detail.value)?.focus());

  // A number field from 0 to 10 becomes a slider with two buttons. Without this script it is a number field.
  const make = (tag, attributes, ...inside) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...inside);
    return element;
  };
  const dress = (scale) => {
    const field = scale.querySelector("input[type=number]");
    if (!field) return;
    const words = scale.dataset.words.split("|");
    const [low, high] = scale.dataset.ends.split("|");
    const label = scale.querySelector("label");
    const said = make("output", {});
    const clear = make("button", { type: "button", className: "btn btn-quiet btn-sm2" }, "Clear");
    const slide = make("input", { type: "range", min: 0, max: 10, id: `${field.id}_slide` });
    const less = make("button", { type: "button", className: "step", ariaLabel: `Less: ${label.textContent}` }, "−");
    const more = make("button", { type: "button", className: "step", ariaLabel: `More: ${label.textContent}` }, "+");
    const ends = make("div", { className: "ends", ariaHidden: "true" }, make("span", {}, low), make("span", {}, high));
    said.htmlFor = label.htmlFor = slide.id;
    slide.setAttribute("aria-describedby", field.getAttribute("aria-describedby") ?? "");
    field.type = "hidden";
    field.after(make("div", { className: "said" }, said, clear), make("div", { className: "row2" }, less, slide, more), ends);

    const answer = (value) => {
      field.value = value;
      const blank = value === "";
      slide.value = blank ? 0 : value;
      slide.classList.toggle("blank", blank);
      slide.ariaValueText = blank ? "Not answered" : `${value} out of 10, ${words[value]}`;
      said.textContent = blank ? "Not answered" : `${value} · ${words[value]}`;
      clear.hidden = blank;
    };
    const step = (by) => answer(field.value === "" ? 0 : Math.min(10, Math.max(0, Number(field.value) + by)));
    // A tap on the thumb where it stands is an answer too: zero.
    for (const event of ["input", "pointerup"]) slide.addEventListener(event, () => answer(slide.value));
    less.addEventListener("click", () => step(-1));
    more.addEventListener("click", () => step(1));
    clear.addEventListener("click", () => {
      answer("");
      slide.focus();
    });
    answer(words[field.value] === undefined ? "" : field.value);
  };
  const dressAll = (root) => root.querySelectorAll(".scale").forEach(dress);
  dressAll(document);
  document.addEventListener("htmx:load", (event) => dressAll(event.detail.elt));
})();
