// Number fields from 0 to 10 become a slider with two buttons. Without this script they are number fields.
(() => {
  const dress = (scale) => {
    const field = scale.querySelector("input[type=number]");
    if (!field) return;
    const slide = scale.querySelector("input[type=range]");
    const said = scale.querySelector("output");
    const clear = scale.querySelector("[data-clear]");
    const words = scale.dataset.words.split("|");
    for (const part of scale.querySelectorAll("[hidden]")) part.hidden = false;
    field.type = "hidden";
    scale.querySelector("label").htmlFor = slide.id;

    const show = () => {
      const blank = field.value === "";
      const text = blank ? "Not answered" : `${field.value} · ${words[field.value]}`;
      slide.value = blank ? 0 : field.value;
      slide.classList.toggle("blank", blank);
      slide.setAttribute("aria-valuetext", blank ? text : `${field.value} out of 10, ${words[field.value]}`);
      said.textContent = text;
      clear.hidden = blank;
    };
    const answer = (value) => {
      field.value = value;
      show();
    };
    // A tap on the thumb where it stands is an answer too: zero.
    for (const event of ["input", "pointerup"]) slide.addEventListener(event, () => answer(slide.value));
    clear.addEventListener("click", () => {
      answer("");
      slide.focus();
    });
    for (const step of scale.querySelectorAll("[data-step]")) {
      step.addEventListener("click", () => {
        const from = field.value === "" ? (step.dataset.step > 0 ? 0 : 1) : Number(field.value);
        answer(Math.min(10, Math.max(0, from + Number(step.dataset.step))));
      });
    }
    if (words[field.value] === undefined) field.value = "";
    show();
  };
  const dressAll = (root) => root.querySelectorAll(".scale").forEach(dress);
  dressAll(document);
  document.addEventListener("htmx:load", (event) => dressAll(event.detail.elt));
})();
