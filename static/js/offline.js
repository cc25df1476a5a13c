// A patient's own phone without a network: taps are kept and drawn as kept, sent when the network is back, and the page
// always says what is saved where. Loaded by app.js where the device is the person's own, or something waits on it.
(() => {
  const KINDS = {
    "/today/check/": "check",
    "/today/skip/": "skip",
    "/today/counted/": "sets_counted",
    "/today/say/": "session_say",
    "/today/morning/": "morning_say",
    "/today/hurts/": "hurts",
  };
  const EVENT = "/today/went-wrong/";
  const UNSENT = "/today/unsent/";
  const words = offlineWords;
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const root = document.documentElement;
  const owner = root.dataset.owner;
  const $ = (id) => document.getElementById(id);
  const make = (tag, attributes, ...inside) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...inside);
    return element;
  };
  const say = (value) => document.dispatchEvent(new CustomEvent("announce", { detail: { value } }));
  const token = () =>
    document.cookie.split("; ").find((pair) => pair.startsWith(`${root.dataset.csrfCookie}=`))?.split("=")[1] ?? "";
  const worker = async (message) => {
    const registration = await navigator.serviceWorker?.getRegistration();
    const to = registration?.active ?? (registration && (await navigator.serviceWorker.ready).active);
    if (!to) return;
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise((resolve) => (port1.onmessage = resolve));
    to.postMessage(message, [port2]);
    await answered;
  };

  // --- the device's note about itself: whose it is, whether pages are kept, whether it still has to sign out ---
  const read = () => JSON.parse(localStorage.offline ?? "{}");
  const write = (note) => {
    if (Object.keys(note).length) localStorage.offline = JSON.stringify(note);
    else localStorage.removeItem("offline");
  };
  const isOwn = () => read().own === owner;

  // --- keeping a tap ---
  let waits = 0;
  let number = 0;
  const made = new WeakMap();
  const onItsWay = new Map();
  const tapOf = (kind, values) => {
    const said = {};
    for (const [name, value] of values) if (name !== "csrfmiddlewaretoken") (said[name] ??= []).push(String(value));
    return { key: crypto.randomUUID(), owner, kind, at: new Date().toISOString(), number: number++, said };
  };
  const keep = async (tap, element) => {
    try {
      await queue.put(tap);
    } catch {
      place(element, "not-saved", words.cannotKeepTap);
      document.dispatchEvent(new Event("tap-kept"));
      return;
    }
    waits += 1;
    draw(tap, element);
    status();
    say(words.kept);
    document.dispatchEvent(new Event("tap-kept"));
    navigator.serviceWorker?.ready.then(({ sync }) => sync?.register("taps")).catch(() => {});
    if (navigator.onLine) later(3);
  };
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, path, formData, elt } = event.detail;
    if (verb !== "post" || !KINDS[path] || !isOwn()) return;
    const tap = tapOf(KINDS[path], formData.entries());
    made.set(event.detail, tap);
    // What waits goes first; and without a network there is nothing to wait for.
    if (!navigator.onLine || waits) {
      event.preventDefault();
      keep(tap, elt);
      return;
    }
    // On the disk before it is on its way: the page may be left, or the phone go off, before the answer comes.
    onItsWay.set(tap, queue.put(tap).catch(() => {}));
  });
  // The answer may be lost after the server took it in. A tap names the state that is wanted, so it may come twice.
  const instead = (event) => {
    const { requestConfig, elt } = event.detail;
    const tap = made.get(requestConfig);
    if (!tap) return;
    made.delete(requestConfig);
    onItsWay.delete(tap);
    event.stopPropagation();
    event.preventDefault();
    keep(tap, elt);
  };
  const BUSY = [429, 502, 503, 504];
  for (const failure of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, instead, true);
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { status } = event.detail.xhr;
    if (status === 401) end = "signed-out";
    if (status === 401 || BUSY.includes(status)) instead(event);
  }, true); // prettier-ignore
  document.addEventListener("htmx:afterRequest", async ({ detail }) => {
    const tap = made.get(detail.requestConfig);
    if (!onItsWay.has(tap) || !detail.xhr.status) return;
    // Answered, with a yes or a no: it waits no longer.
    await onItsWay.get(tap);
    onItsWay.delete(tap);
    await queue.remove(tap.key);
    if (detail.successful) refreshSoon();
  });

  // --- drawing what is kept ---
  const place = (element, className, text) => {
    const host = element?.closest?.(".ex, .brk-item, form.pain, #counted, #sheet, #main") ?? $("main");
    let note = host.querySelector(`:scope > .${className}`);
    if (!note) host.append((note = make("p", { className: `small muted ${className}` })));
    note.textContent = text;
  };
  const isDoneAs = (button, done) => {
    button.value = button.value.replace(/[01]$/, done ? "0" : "1");
    if (button.hasAttribute("aria-pressed")) {
      button.setAttribute("aria-pressed", done);
      const ring = button.querySelector(".ring");
      if (ring) ring.textContent = done ? "✓" : "";
    } else if (button.matches(".donebadge")) button.textContent = done ? "✓" : "○";
    else if (button.matches(".all")) button.textContent = done ? words.undo : words.allDone;
  };
  const drawers = {
    check({ tick: [tick] }) {
      const [line, occasion, ...what] = tick.split(".");
      const done = what.pop() === "1";
      const of = `[name=tick][value^="${line}.${occasion}.`;
      const isAll = what[0] === "all";
      const buttons = [...document.querySelectorAll(isAll ? `${of}"]` : `${of}${what.join(".")}."]`)];
      for (const button of buttons) if (!button.matches(".brk")) isDoneAs(button, done);
      const brk = buttons.find((button) => button.matches(".brk"));
      if (brk && done) nextBreak(brk, line, Number(occasion));
      return buttons[0];
    },
    skip({ skip: [skip] }) {
      const [line, occasion] = skip.split(".");
      return document.querySelector(`[value^="${line}.${occasion}."]`);
    },
    session_say: (said) => filled($(said.part[0]), said),
    morning_say: (said) => filled($("morning"), said),
    sets_counted: (said) => filled($("counted"), said),
    hurts: (said) => filled($("hurts"), said),
  };
  // The same break again is its next occasion.
  const nextBreak = (button, line, occasion) => {
    const said = [...button.querySelectorAll(".small")].pop();
    said.textContent = said.textContent.replace(/\d+/, occasion);
    const [, of = 12] = said.textContent.match(/\d+/g);
    if (occasion < Number(of)) button.value = `${line}.${occasion + 1}.all.1`;
    else button.classList.add("on");
  };
  const filled = (form, said) => {
    for (const field of form?.elements ?? []) {
      const values = said[field.name];
      if (!values || field.type === "submit") continue;
      const slide = $(`${field.id}_slide`);
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (slide && values[0] !== "") {
        slide.value = values[0];
        slide.dispatchEvent(new Event("input"));
      } else if (!slide && field.name !== "day") [field.value] = values;
    }
    return form;
  };
  const draw = (tap, element) => {
    // The question about the morning is about another day than the page.
    const form = tap.kind === "morning_say" ? "#morning" : "#check";
    const shown = document.querySelector(`${form} [name=day]`)?.value;
    if (shown && tap.said.day?.[0] !== shown) return;
    const drawn = drawers[tap.kind]?.(tap.said);
    if (drawn || element?.isConnected) {
      const isSkipped = tap.kind === "skip" && !tap.said.skip[0].endsWith(".");
      place(drawn ?? element, "waits", isSkipped ? words.notToday : words.kept);
      advise(tap, drawn ?? element);
    }
    count();
  };
  const count = () => {
    const cards = [...document.querySelectorAll("#check .ex")];
    const isDone = (card) => {
      const ticks = [...card.querySelectorAll("[name=tick]:not(.all)")];
      return ticks.length > 0 && ticks.every((button) => button.value.endsWith(".0"));
    };
    const sum = document.querySelector("#sum strong");
    if (sum && cards.length) sum.textContent = fill(words.doneOf, { done: cards.filter(isDone).length, all: cards.length });
  };

  // --- pain that the clinic does not know of: what to do meanwhile, and whom to call ---
  const adviceOn = ({ kind, said }, page) => {
    const is = (name, value) => said[name]?.[0] === value;
    if (is("is_numb", "yes")) return "numb";
    if (is("moved", "away") && is("away_lasted", "yes")) return "away";
    if (kind === "hurts") return "stopped";
    const isHigh = ({ dataset: { of, from } }) => said[of]?.[0] && Number(said[of][0]) >= Number(from);
    return [...page.querySelectorAll("[data-from]")].find(isHigh)?.dataset.advice;
  };
  const unsentPage = async () => {
    const response = await fetch(UNSENT);
    if (!response.ok) throw new Error("No advice kept");
    return new DOMParser().parseFromString(await response.text(), "text/html").getElementById("unsent");
  };
  const advise = async (tap, element) => {
    if (!["hurts", "session_say", "morning_say"].includes(tap.kind)) return;
    let parts = [];
    try {
      const page = await unsentPage();
      const advice = adviceOn(tap, page);
      if (advice) parts = [...page.querySelectorAll(`[data-advice="${advice}"], [data-always]`)];
    } catch {
      parts = [make("p", { className: "note warn mt-3" }, words.unknown)];
    }
    show("unsent", parts, element);
  };
  const show = (className, parts, element) => {
    const host = element.closest("form") ?? $("main");
    host.querySelector(`:scope > .${className}`)?.remove();
    if (!parts.length) return;
    for (const part of parts) part.hidden = false;
    const box = make("div", { className, tabIndex: -1 }, ...parts.map((part) => document.importNode(part, true)));
    host.append(box);
    box.focus();
    say(parts[0].textContent.trim());
  };
  // "Something went wrong" is for a person to read today: it waits on no phone.
  const tellLater = async (form) => {
    const page = await unsentPage().catch(() => null);
    const note = make("p", { className: "note warn mt-3" }, words.notSent);
    show("unsent", [note, page?.querySelector("[data-always]") ?? make("p", { className: "note warn" }, words.unknown)], form);
  };

  // --- what is saved where, at the top of the page ---
  let end = "";
  const things = (number) => (number === 1 ? words.waitsOne : fill(words.waits, { number }));
  const status = () => {
    let line = $("waits");
    if (!line) $("main").prepend((line = make("div", { id: "waits" })));
    const said = [];
    if (root.dataset.keptAt) said.push(keptWords(new Date(root.dataset.keptAt)));
    if (waits) said.push(`${things(waits)}.`);
    else if (end === "sent") said.push(words.allSent);
    const note = make("p", { className: "note info mb-3" }, make("span", {}, said.join(" ")));
    if (waits && end === "signed-out") {
      const next = encodeURIComponent(location.pathname);
      note.append(make("a", { href: `/accounts/login/?next=${next}`, className: "btn btn-line btn-sm2" }, words.signIn));
    } else if (waits && navigator.onLine) {
      note.append(make("button", { type: "button", className: "btn btn-line btn-sm2", onclick: flush }, words.sendNow));
    }
    line.replaceChildren(...(said.length ? [note] : []), ...unread.map(told));
  };
  const keptWords = (at) => {
    const time = at.toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit" });
    const isToday = at.toDateString() === new Date().toDateString();
    const when = { time, day: at.toLocaleDateString(root.lang, { weekday: "long" }) };
    const day = document.querySelector("#check [name=day]")?.value;
    const isOld = day && day !== new Date().toLocaleDateString("sv");
    const its = isOld && new Date(`${day}T12:00`).toLocaleDateString(root.lang, { weekday: "long", day: "numeric", month: "long" });
    return [fill(isToday ? words.asItWasToday : words.asItWas, when), its && fill(words.countsFor, { day: its })].filter(Boolean).join(" ");
  };
  // What came back with words: refused for good, or other than the person thinks. Typed text is shown again.
  let unread = [];
  const told = (tap) => {
    const ok = make("button", { type: "button", className: "btn btn-line btn-sm2" }, words.seen);
    ok.onclick = () => queue.remove(tap.key).then(look);
    const when = new Date(tap.at).toLocaleString(root.lang, { weekday: "long", hour: "2-digit", minute: "2-digit" });
    const what = fill(words.whatWhen, { what: words.what[tap.kind] ?? words.what[""], when });
    const comment = tap.said.comment?.[0];
    const typed = comment ? make("p", { className: "mt-2" }, fill(words.wrote, { text: comment })) : "";
    const lead = make("strong", {}, tap.answer === "refused" ? `${words.refused} ` : "");
    return make("div", { className: "note warn mb-3" }, make("div", {}, make("p", {}, lead, `${what} ${tap.words}`), typed, ok));
  };
  const look = async () => {
    const mine = await queue.of(owner);
    waits = mine.filter((tap) => !tap.answer).length;
    unread = mine.filter((tap) => tap.answer);
    if ($("waits") || waits || unread.length || end || root.dataset.keptAt) status();
    return mine;
  };

  // --- sending ---
  let timer;
  let shownAt = performance.timeOrigin;
  let delay = 30;
  const later = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(flush, seconds * 1000);
  };
  const isTyping = () => {
    const texts = [...document.querySelectorAll("#main textarea")];
    return texts.some((text) => text.value !== text.defaultValue) || document.activeElement?.matches("input, textarea, select");
  };
  async function flush() {
    clearTimeout(timer);
    const sent = await queue.send(owner, token);
    const isNews = (await queue.sentAt()) > shownAt;
    end = sent.end === "sent" && !isNews ? "" : sent.end;
    if (end === "stopped") {
      await worker({ ask: "forget" });
      location.assign("/today/");
      return end;
    }
    // What is kept of somebody whose sign-in has ended goes; what waits stays, sealed.
    if (end === "signed-out" || end === "another") await worker({ ask: "forget" });
    if (end === "away") {
      later(sent.seconds || delay);
      delay = Math.min(delay * 2, 600);
    } else delay = 30;
    await look();
    if (end === "sent") {
      shownAt = Date.now();
      for (const note of document.querySelectorAll(".waits, .unsent")) note.remove();
      say(words.allSent);
      if (!unread.length) renew();
      refreshSoon();
    }
    return sent.end;
  }
  // The page as the server has it now, unless somebody is typing.
  const renew = () => {
    if (isTyping() || !document.querySelector("#check, #after, #morning")) return;
    if (root.dataset.keptAt) {
      sessionStorage.sent = end;
      return location.reload();
    }
    htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "outerHTML" }).then(() => status());
  };

  // --- keeping pages ---
  let renewal;
  const refreshSoon = () => {
    clearTimeout(renewal);
    if (isOwn() && location.pathname.startsWith("/today/")) renewal = setTimeout(() => worker({ ask: "keep", urls: [location.href] }), 3000);
  };
  const keepAll = async () => {
    if (!isOwn() || root.dataset.keptAt) return;
    if (!(await caches.has("own-pages"))) await worker({ ask: "own", owner });
    const links = [...document.querySelectorAll('#main a[href^="/today/exercise/"]')];
    const exercises = new Set(links.map(({ href }) => href.split(/[?#]/)[0]));
    await worker({ ask: "keep", urls: [location.href], hours: 0.01 });
    await worker({ ask: "keep", urls: ["/today/", "/today/plan/", "/help/", UNSENT, ...exercises], hours: 6 });
    await worker({ ask: "ahead", hours: 6 });
  };

  // --- "this is my own phone", and signing out ---
  const settings = $("own-device");
  // Where the browser can install the page as an app by itself.
  addEventListener("beforeinstallprompt", (event) => {
    const button = $("install");
    if (!button) return;
    event.preventDefault();
    button.hidden = false;
    button.onclick = () => event.prompt();
  });
  // Nothing is kept that cannot be sealed: an address without https has no means for it.
  const can = isSecureContext && Boolean(crypto.subtle && navigator.serviceWorker);
  const dress = () => {
    const now = can ? (isOwn() ? "own" : "not-own") : "cannot";
    for (const part of settings?.querySelectorAll("[data-when]") ?? []) part.hidden = part.dataset.when !== now;
  };
  const own = async (button) => {
    try {
      await queue.of(owner);
      await worker({ ask: "own", owner });
      if (!(await caches.has("own-pages"))) throw new Error("not kept");
    } catch {
      place(button, "not-saved", words.cannotKeep);
      return;
    }
    write({ ...read(), own: owner });
    navigator.storage?.persist?.();
    await keepAll();
    dress();
    say(words.keeps);
  };
  const disown = async () => {
    const note = read();
    delete note.own;
    write(note);
    await worker({ ask: "forget" });
    dress();
    say(words.keepsNoMore);
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-own-device]");
    if (button) (button.dataset.ownDevice === "yes" ? own : disown)(button);
  });

  const signOut = async (form, keeps) => {
    await worker({ ask: "forget" });
    if (!keeps) await queue.forget(owner);
    // What is sealed to somebody who used this phone before stays as well.
    const sealed = (await queue.size()) > 0;
    write(sealed ? { sealed } : {});
    if (navigator.onLine) return submit(form, sealed);
    // Nothing of theirs is shown here any more; the session ends as soon as the server can be told.
    write({ sealed, leaving: true });
    location.assign("/offline/");
  };
  const submit = (form, keeps) => {
    form.elements.csrfmiddlewaretoken.value = token();
    if (keeps) form.append(make("input", { type: "hidden", name: "keep", value: "1" }));
    form.submit();
  };
  const askFirst = (form) => {
    const dialog = make("dialog", { id: "leaving" });
    dialog.setAttribute("aria-labelledby", "leaving-title");
    const button = (text, style, onclick) => make("button", { type: "button", className: `btn ${style}`, onclick }, text);
    const note = make("p", {}, words.onThisPhone);
    const send = async () => {
      if ((await flush()) === "sent") return signOut(form, false);
      note.textContent = words.cannotSend;
    };
    dialog.append(
      make("h2", { id: "leaving-title" }, things(waits)),
      note,
      make(
        "p",
        { className: "acts" },
        button(words.sendAndLeave, "btn-primary", send),
        button(words.keepAndLeave, "btn-line", () => signOut(form, true)),
        button(words.stay, "btn-quiet", () => dialog.close()),
      ),
    );
    dialog.onclose = () => dialog.remove();
    document.body.append(dialog);
    dialog.showModal();
  };
  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    const kind = KINDS[new URL(submitter?.formAction || target.action).pathname];
    // A plain form: with a network it is sent as ever.
    if (kind && !event.defaultPrevented && isOwn() && (waits || !navigator.onLine)) {
      event.preventDefault();
      keep(tapOf(kind, new FormData(target, submitter).entries()), submitter);
    }
    if (new URL(target.action).pathname === EVENT && !navigator.onLine) {
      event.preventDefault();
      tellLater(target);
    }
    if (new URL(target.action).pathname !== "/accounts/logout/") return;
    event.preventDefault();
    look().then(() => (waits ? askFirst(target) : signOut(target, false)));
  });

  // --- a phone that left while it was offline: the server hears of it before anything else ---
  const leave = () => {
    const form = document.querySelector('form[action="/accounts/logout/"]');
    if (!form) return;
    document.body.hidden = true;
    const { sealed } = read();
    write(sealed ? { sealed } : {});
    submit(form, sealed);
  };

  const begin = async () => {
    const note = read();
    if (note.leaving) return leave();
    // Somebody else has signed in: what is kept of the one before goes, and what waits stays sealed.
    if (note.own && note.own !== owner) {
      write({ sealed: true });
      await worker({ ask: "forget" });
    }
    dress();
    // The guided session needs the server: without it, the way on is the page of the exercise.
    const following = document.querySelector(".ex.now h3 a");
    if (root.dataset.keptAt && following && $("go")) $("go").href = following.href;
    for (const tap of await look()) if (!tap.answer) draw(tap);
    if (navigator.onLine) await flush();
    if (sessionStorage.sent && !root.dataset.keptAt) {
      end ||= sessionStorage.sent;
      sessionStorage.removeItem("sent");
      if (end) status();
    }
    if (!(await queue.size())) {
      const { sealed, ...rest } = read();
      if (sealed) write(rest);
    }
    keepAll();
  };
  addEventListener("online", async () => {
    delay = 30;
    if ((await flush()) === "sent" && root.dataset.keptAt) renew();
  });
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  begin();
})();
