// What every page needs and HTML cannot do alone. Pages work without it; with it they say what happens and lose nothing.
(() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);

  // --- theme: follows the system until someone chooses; the server reads the cookie ---
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.bsTheme ? root.dataset.bsTheme === "dark" : system.matches);
  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(name + "="))?.slice(name.length + 1);

  // --- one status line for screen readers ---
  const say = (text) => {
    const live = $("live");
    if (!live) return;
    live.textContent = "";
    // The same sentence twice is read twice only if the line was empty in between.
    setTimeout(() => (live.textContent = text), 50);
  };
  document.addEventListener("announce", (event) => say(event.detail.value));

  // --- plain controls ---
  const controls = {
    theme() {
      root.dataset.bsTheme = isDark() ? "light" : "dark";
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; samesite=lax${secure}`;
      say(root.dataset.bsTheme === "dark" ? "Dark colours" : "Light colours");
    },
    peek(button) {
      const field = $(button.getAttribute("aria-controls"));
      field.type = field.type === "password" ? "text" : "password";
      button.setAttribute("aria-pressed", field.type === "text");
    },
    print() {
      window.print();
    },
    close(button) {
      button.closest("dialog").close();
    },
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) controls[button.dataset.do](button);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const control of document.querySelectorAll("[data-needs-script]")) control.hidden = false;

  // --- a sign-in in another tab renews the token: send the new one ---
  const token = () => cookie(root.dataset.csrfCookie);
  document.addEventListener("submit", (event) => {
    const field = event.target.elements?.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get" && token()) event.detail.headers["X-CSRFToken"] = token();
  });

  // --- requests that did not arrive ---
  const again = ({ elt, requestConfig: { verb, path } }) => htmx.ajax(verb, path, { source: elt });

  const notSaved = (event) => {
    const { elt, requestConfig } = event.detail;
    if (!elt.isConnected || elt.nextElementSibling?.matches(".not-saved")) return;
    const note = $("not-saved").content.firstElementChild.cloneNode(true);
    if (requestConfig.verb === "get" || elt.role === "search") note.querySelector("strong").textContent = "This did not load.";
    note.querySelector("button").addEventListener("click", () => {
      note.remove();
      elt.classList.remove("unsaved");
      again(event.detail);
    });
    elt.classList.add("unsaved");
    elt.after(note);
  };
  for (const failure of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, notSaved);
  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status >= 500 || isPage(event.detail.xhr)) notSaved(event);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
    elt.classList.remove("unsaved");
    if (elt.nextElementSibling?.matches(".not-saved")) elt.nextElementSibling.remove();
  });

  // A refused form comes back as a fragment and is shown. A whole page does not fit into a part of one.
  const isPage = (xhr) => /^\s*<!doctype/i.test(xhr.responseText);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.isError && isPage(event.detail.xhr)) event.detail.shouldSwap = false;
  });

  // Signed out meanwhile: stay here, sign in beside it, then repeat what was asked for.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    const dialog = $("signed-out");
    if (xhr.status !== 401 || !dialog) return;
    event.preventDefault();
    dialog.querySelector("a").href = xhr.getResponseHeader("HX-Redirect");
    dialog.querySelector("[data-again]").onclick = () => {
      dialog.close();
      again(event.detail);
    };
    dialog.showModal();
  });
})();
