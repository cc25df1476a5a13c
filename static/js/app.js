// What every page needs and HTML cannot do alone. Pages work without it; with it they say what happens and lose nothing.
(() => {
  // Here and not in the page, which comes anew each time; htmx starts after this script.
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    timeout: 15000,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "401", swap: false, error: true },
      { code: "4..", swap: true, error: true },
      { code: "5..", swap: false, error: true },
    ],
  });

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
      document.querySelector("meta[name=theme-color]").content = getComputedStyle(document.body).backgroundColor;
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `theme=${root.dataset.bsTheme}; path=/; max-age=31536000; samesite=lax${secure}`;
      say(appWords[root.dataset.bsTheme]);
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
    if (requestConfig.verb === "get" || elt.role === "search") note.querySelector("strong").textContent = appWords.notLoaded;
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

  // What makes an app of the site. It stands here and not in the page, which is sent at each visit.
  const add = (tag, attributes) => document.head.append(Object.assign(document.createElement(tag), attributes));
  add("link", { rel: "manifest", href: "/manifest.webmanifest" });
  add("meta", { name: "theme-color", content: getComputedStyle(document.body).backgroundColor });

  // A patient's phone without a network: the worker has a page for that moment; the rest comes only where the phone is their
  // own, or something waits on it.
  const noted = () => {
    try {
      return localStorage.offline;
    } catch {
      return "";
    }
  };
  if (root.dataset.owner) {
    addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {}));
    for (const name of noted() ? ["queue", "offline"] : []) add("script", { src: `/scripts/${name}.js`, async: false });
  }

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

// --- Today: in this file because every request counts on a phone's first visit ---
(() => {
  const make = (tag, attributes, ...inside) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...inside);
    return element;
  };

  // Taps go out one after the other: an answer replaces the card whose buttons the next tap came from. A tap keeps the
  // state it asked for, so that a double tap asks for the same twice.
  const waiting = [];
  let busy = false;
  const ours = (element) => element.closest("#check");
  // A tap shows at once as on its way, and in words where that takes long. As done it shows once the server has it.
  const onTheWay = new Map();
  let slow;
  const mark = () => {
    clearTimeout(slow);
    for (const old of document.querySelectorAll("#check .going")) old.classList.remove("going");
    for (const old of document.querySelectorAll("#check .saving")) old.remove();
    const ids = [...[...onTheWay.values()].map(({ elt }) => elt.id), ...waiting.map(({ id }) => id)];
    const going = ids.map((id) => document.getElementById(id)).filter((button) => button && ours(button));
    for (const button of going) button.classList.add("going");
    if (!going.length) return;
    slow = setTimeout(() => {
      const host = going[0].closest(".ex, .brk-item") ?? ours(going[0]);
      if (going[0].matches(".going")) host.append(make("p", { className: "small muted saving" }, appWords.saving));
    }, 700);
  };
  document.addEventListener(
    "click",
    (event) => {
      const button = busy && event.target.closest("#check [hx-post]");
      if (!button) return;
      event.preventDefault();
      event.stopPropagation();
      const sent = new FormData(button.form);
      sent.set(button.name, button.value);
      waiting.push({ id: button.id, path: button.getAttribute("hx-post"), values: { [button.name]: button.value }, sent });
      mark();
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
    if (detail.requestConfig.verb === "post") onTheWay.set(detail.xhr, { elt: detail.elt, path: detail.requestConfig.path, sent: detail.requestConfig.formData });
    if (!ours(detail.elt)) return;
    busy = true;
    mark();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    onTheWay.delete(detail.xhr);
    if (!ours(detail.requestConfig.elt) && !ours(detail.elt)) return;
    busy = false;
    mark();
    // What failed is shown beside its button, and is tried again from there before the rest goes on.
    if (detail.successful) setTimeout(sendNext, 40);
  });

  // Kept on the phone instead: the next may go.
  document.addEventListener("tap-kept", () => {
    busy = false;
    mark();
    setTimeout(sendNext, 40);
  });
  // An answer brings a card with new buttons.
  document.addEventListener("htmx:afterSettle", mark);

  // The page is left with a tap on its way: the browser sees it home. Each names the state that is wanted, so that it may
  // come twice.
  const MAY_COME_TWICE = /^\/today\/(check|skip|counted|say|morning|hurts)\/$/;
  addEventListener("pagehide", () => {
    for (const { path, sent } of [...onTheWay.values(), ...waiting]) {
      if (!MAY_COME_TWICE.test(path)) continue;
      fetch(path, { method: "POST", keepalive: true, headers: { "HX-Request": "true" }, body: new URLSearchParams([...sent]) }).catch(() => {});
    }
  });

  // After a tap: the mark of the exercise to do next moves on, and so does the focus where its button is gone.
  document.addEventListener("next-up", ({ detail }) => {
    for (const card of document.querySelectorAll(".ex.now")) card.classList.remove("now");
    document.getElementById(detail.value)?.classList.add("now");
  });
  document.addEventListener("focus-on", ({ detail }) => document.getElementById(detail.value)?.focus());

  // A number field from 0 to 10 becomes a slider with two buttons. Without this script it is a number field.
  const dress = (scale) => {
    const field = scale.querySelector("input[type=number]");
    if (!field) return;
    const [named, edges] = appWords.scales[scale.dataset.scale] ?? [scale.dataset.words, scale.dataset.ends];
    const words = named.split("|");
    const [low, high] = edges.split("|");
    const label = scale.querySelector("label");
    const asked = (text) => text.replace("%(question)s", label.textContent);
    const said = make("output", {});
    const clear = make("button", { type: "button", className: "btn btn-quiet btn-sm2" }, appWords.clear);
    const slide = make("input", { type: "range", min: 0, max: 10, id: `${field.id}_slide` });
    const less = make("button", { type: "button", className: "step", ariaLabel: asked(appWords.less) }, "−");
    const more = make("button", { type: "button", className: "step", ariaLabel: asked(appWords.more) }, "+");
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
      slide.ariaValueText = blank ? appWords.unanswered : appWords.outOf10.replace("%(score)s", value).replace("%(words)s", words[value]);
      said.textContent = blank ? appWords.unanswered : `${value} · ${words[value]}`;
      clear.hidden = blank;
    };
    // From some pain on, where it was felt is worth telling: that part opens, and never closes by itself.
    const where = field.name === "pain_worst" && field.form.querySelector("details.where");
    const give = (value) => {
      answer(value);
      if (where && value >= Number(where.dataset.from)) where.open = true;
    };
    const step = (by) => give(field.value === "" ? 0 : Math.min(10, Math.max(0, Number(field.value) + by)));
    // A tap on the thumb where it stands is an answer too: zero.
    for (const event of ["input", "pointerup"]) slide.addEventListener(event, () => give(slide.value));
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

  // The prompt to get up shows itself when its time has come and somebody looks; only then does it count as shown.
  const getUp = () => {
    const prompt = document.querySelector("#prompt[data-due]");
    if (!prompt || document.hidden || Date.now() < Number(prompt.dataset.due)) return;
    prompt.removeAttribute("data-due");
    htmx.ajax("POST", prompt.dataset.post, { source: prompt, swap: "none", values: { prompt: `${prompt.dataset.number}.shown` } });
  };
  setInterval(getUp, 10000);
  for (const event of ["visibilitychange", "DOMContentLoaded"]) document.addEventListener(event, getUp);
})();
