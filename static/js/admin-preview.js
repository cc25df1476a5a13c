// Beside the form of an exercise or a teaching text: what the patient would see if it were saved now. The server draws it, nothing is saved.
(() => {
  const panel = document.getElementById("preview");
  const form = document.getElementById(panel?.dataset.form);
  if (!form) return;

  // A shadow tree keeps the patient's styles and the admin's apart.
  const shadow = panel.attachShadow({ mode: "open" });
  for (const href of panel.dataset.styles.split(" ")) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    shadow.append(link);
  }
  const phone = document.createElement("div");
  phone.className = "patient";
  shadow.append(phone);

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = () => {
    const theme = document.documentElement.dataset.theme;
    phone.dataset.bsTheme = theme === "dark" || (theme !== "light" && dark.matches) ? "dark" : "light";
  };
  dark.addEventListener("change", colour);
  new MutationObserver(colour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  colour();
  let asked = 0;
  const draw = async () => {
    const mine = ++asked;
    const data = new FormData(form);
    data.delete("picture");
    // What was chosen in a pair of lists counts as selected only once the form is sent.
    for (const list of form.querySelectorAll("select[id$=_to]")) {
      data.delete(list.name);
      for (const option of list.options) data.append(list.name, option.value);
    }
    const answer = await fetch(panel.dataset.url, { method: "POST", body: data, headers: { "HX-Request": "true" } });
    if (!answer.ok || mine !== asked) return;
    phone.innerHTML = await answer.text();
  };
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 350);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // Choosing muscles and equipment moves options between lists, which is no event of the form.
  form.addEventListener("click", later);
  // The lists are filled after this script: draw once they are.
  addEventListener("load", later);
})();
