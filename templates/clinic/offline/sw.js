{% load i18n %}// What stands between the site and the network on a patient's phone. It keeps the files that every page needs, and a page
// for the moment without a network; pages of a person only once they said "this is my own phone" (the note DEVICE), and
// only pages that say they are that person's. Those are sealed, and opened when they are served. Staff's pages pass through
// untouched.
importScripts("{{ queue }}");
const SHELL = "shell-VERSION-OF-THIS";
const FILES = [{% for file in files %}"{{ file }}", {% endfor %}];
const NO_CONNECTION = "{% url "offline" %}";
const OWN = "own-pages";
const DEVICE = "/device"; // in OWN: whose phone this is
const AHEAD = "{% url "today" %}?ahead=1"; // the next day's page; so each of its exercises
const UNSENT = "{% url "unsent" %}"; // what to do about an answer that the clinic does not have yet
const PATIENCE = 4000; // milliseconds until a kept page is shown instead
const LASTS = {{ session_days }} * 864e5; // no sign-in is older, and no page is kept for longer
const CSRF_COOKIE = "{{ csrf_cookie }}";

self.addEventListener("install", (event) => {
  const nobodys = new Request(NO_CONNECTION, { credentials: "omit" });
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll([...FILES, nobodys])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("shell-") && name !== SHELL;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(sealOld)
      .finally(() => self.clients.claim()),
  );
});
// What an earlier worker kept readable: pages are dropped and come anew, taps are sealed.
const sealOld = async () => {
  const pages = await ownPages();
  for (const page of (await pages?.keys()) ?? []) {
    const { pathname } = new URL(page.url);
    if (pathname !== DEVICE && !(await pages.match(page)).headers.has("Sealed")) await pages.delete(page);
  }
  if (pages) await seals.make("pages", await ownerOf(pages));
  if ((await indexedDB.databases?.())?.some(({ name }) => name === "backwell")) await queue.sealAll();
};

// --- whose phone it is, and the pages kept of it ---
const ownPages = async () => ((await caches.has(OWN)) ? caches.open(OWN) : null);
const ownerOf = async (pages) => (await (await pages?.match(DEVICE))?.text()) ?? "";
const ownerIn = (html) => html.match(/<html[^>]* data-owner="([0-9a-f]+)"/)?.[1] ?? "";
const isPatients = (path) => (path.startsWith("/today/") && !isLive(path)) || path === "/help/";
// For a person to hear of at once, and with a check before it: shown by the server, or not at all.
const isLive = (path) => ["{% url "adverse_event" %}", "{% url "flare" %}"].some((live) => path.startsWith(live));

// The key goes first: whatever is left after it is noise.
const forget = async () => {
  await seals.shred("pages").catch(() => {});
  await caches.delete(OWN);
};

const put = async (pages, url, body, headers) => {
  const sealed = await seals.seal("pages", await ownerOf(pages), body);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(name);
  headers.set("Sealed", "1");
  await pages.put(url, new Response(sealed, { headers }));
};
const bodyOf = async (pages, found) => seals.open("pages", await ownerOf(pages), await found.arrayBuffer());
const textOf = async (pages, found) => new TextDecoder().decode(await bodyOf(pages, found));

// Keeps the page if it is the owner's. A page of somebody else, or the sign-in, means that the owner has gone.
const keep = async (url, response) => {
  const pages = await ownPages();
  if (!pages) return;
  if (new URL(response.url || url).pathname.startsWith("/accounts/login/")) return forget();
  if (!isPatients(new URL(url).pathname)) return;
  if (response.status === 403) return forgetExercises(pages);
  if (response.status === 422) return void (await pages.delete(url));
  if (!response.ok || response.redirected) return;
  const html = await response.text();
  const owner = ownerIn(html);
  if (owner && owner !== (await ownerOf(pages))) return forget();
  if (!owner) return;
  const headers = new Headers(response.headers);
  headers.set("Kept-At", new Date().toISOString());
  const begins = html.match(/ id="ahead" data-from="(\d+)"/)?.[1];
  if (begins) headers.set("Begins", begins);
  await put(pages, url, new TextEncoder().encode(html), headers);
  const pictures = html.matchAll(/"(\/(?:today\/figures|media\/exercises)\/[^"#]+)/g);
  for (const picture of new Set([...pictures].map(([, path]) => path))) if (!(await pages.match(picture))) await keepPicture(pages, picture);
};
const keepPicture = async (pages, path) => {
  const response = await fetch(path).catch(() => null);
  if (response?.ok) await put(pages, path, await response.arrayBuffer(), new Headers(response.headers));
};
// Exercises on hold are not shown from here either.
const forgetExercises = async (pages) => {
  for (const { url } of await pages.keys()) if (isPatients(new URL(url).pathname)) await pages.delete(url);
};

const keptAt = (found) => Date.parse(found?.headers.get("Kept-At") ?? "") || 0;
const begins = (found) => Number(found.headers.get("Begins") ?? Infinity);
// The page as it was kept; from the beginning of a day on the one that was kept ahead for it, unless there is a newer one.
const pick = async (pages, request) => {
  const { pathname, searchParams } = new URL(request.url);
  const exact = await pages.match(request.url);
  const others = await pages.matchAll(pathname, { ignoreSearch: true });
  const ahead = searchParams.has("day") ? null : others.find((found) => begins(found) <= Date.now());
  if (ahead && keptAt(exact) < begins(ahead)) return ahead;
  return exact ?? others.find((found) => begins(found) === Infinity);
};

// The kept page, which says when it was kept.
const kept = async (request) => {
  const pages = await ownPages();
  const found = pages && isPatients(new URL(request.url).pathname) && (await pick(pages, request));
  if (!found) return null;
  if (Date.now() - keptAt(found) > LASTS) return void (await forget());
  const html = (await textOf(pages, found)).replace("<html ", `<html data-kept-at="${found.headers.get("Kept-At")}" `);
  const itsDay = begins(found) <= Date.now() ? html.replace(/<p[^>]* id="ahead".*?<\/p>/s, "") : html;
  return new Response(itsDay, { headers: found.headers });
};
const keptOrNone = ({ url }) => {
  const address = new URL(url);
  return kept(isLive(address.pathname) ? { url: new URL(UNSENT, address).href } : { url }).catch(() => null);
};

const pageOf = async (event) => {
  const fresh = fetch(event.request);
  const inTime = fresh.then((response) => {
    const copy = response.type === "basic" && response.clone();
    if (copy) event.waitUntil(keep(event.request.url, copy).catch(() => {}));
    return response;
  });
  const isKept = isPatients(new URL(event.request.url).pathname);
  const tooLong = new Promise((resolve) => isKept && setTimeout(resolve, PATIENCE));
  try {
    const first = await Promise.race([inTime, tooLong]);
    return first ?? (await keptOrNone(event.request)) ?? (await inTime);
  } catch {
    return (await keptOrNone(event.request)) ?? (await caches.match(NO_CONNECTION)) ?? Response.error();
  }
};

const pictureOf = async (request) => {
  const pages = await ownPages();
  const found = await pages?.match(request, { ignoreVary: true });
  return found && new Response(await bodyOf(pages, found), { headers: found.headers });
};
// Names with a hash in them never change; others are asked for first.
const fileOf = async (request) => {
  const isHashed = /\.[0-9a-f]{12}\.|\/today\/figures\//.test(request.url);
  const mine = (await caches.match(request, { ignoreVary: true, cacheName: SHELL })) ?? (await pictureOf(request).catch(() => null));
  if (mine && isHashed) return mine;
  try {
    const response = await fetch(request);
    if (response.ok && isHashed && request.url.includes("/static/")) await (await caches.open(SHELL)).put(request, response.clone());
    return response;
  } catch {
    return mine ?? Response.error();
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || /^\/(clinic|admin)\//.test(pathname)) return;
  if (request.mode === "navigate" && request.method === "POST") event.respondWith(fetch(request).catch(() => caches.match(NO_CONNECTION)));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(pageOf(event));
  else if (pathname === UNSENT) event.respondWith(keptOrNone(request).then((mine) => mine ?? fetch(request)));
  else if (/^\/(static|scripts|today\/figures|media\/exercises)\//.test(pathname)) event.respondWith(fileOf(request));
});

// --- what a page asks for ---
const renew = async (pages, path, hours) => {
  const url = new URL(path, self.location.origin).href;
  const before = await pages.match(url);
  const isFresh = before && Date.now() - keptAt(before) < hours * 3600e3 && begins(before) > Date.now();
  if (!isFresh) await fetch(url).then((response) => keep(url, response)).catch(() => {});
};
const asked = {
  async own({ owner }) {
    await forget();
    await seals.make("pages", owner);
    await (await caches.open(OWN)).put(DEVICE, new Response(owner));
  },
  forget,
  async keep({ urls, hours = 0 }) {
    const pages = await ownPages();
    for (const url of pages ? urls : []) await renew(pages, url, hours);
  },
  // The next day and its exercises, for a morning without a network.
  async ahead({ hours }) {
    const pages = await ownPages();
    if (!pages) return;
    await renew(pages, AHEAD, hours);
    const found = await pages.match(AHEAD);
    const links = found ? (await textOf(pages, found)).matchAll(/href="(\/today\/exercise\/[^"?#]+)/g) : [];
    for (const path of new Set([...links].map(([, path]) => path))) await renew(pages, `${path}?ahead=1`, hours);
  },
};
self.addEventListener("message", (event) => {
  const done = Promise.resolve(asked[event.data?.ask]?.(event.data)).catch(() => {});
  event.waitUntil(done.then(() => event.ports[0]?.postMessage("done")));
});

// --- the network is back, and no page is open ---
self.addEventListener("sync", (event) => {
  const token = async () => (await self.cookieStore?.get(CSRF_COOKIE))?.value ?? "";
  const send = async () => {
    const { end } = await queue.send(await ownerOf(await ownPages()), token);
    if (end === "signed-out") await forget();
    if (end === "away") throw new Error("Not sent yet"); // then the browser tries again
  };
  if (event.tag === "taps") event.waitUntil(send());
});

// --- a reminder: a push is empty, so the site is asked what it is for; without an answer, words that fit each ---
self.addEventListener("push", (event) => {
  const asked = async () => (await fetch("{% url "reminder_words" %}", { redirect: "error", signal: AbortSignal.timeout(PATIENCE) })).json();
  const show = async () => {
    const { kind, words } = await asked().catch(() => ({ kind: "session", words: "{% filter escapejs %}{% translate "Time for your exercises?" %}{% endfilter %}" }));
    const looks = { tag: kind, icon: "{{ icon }}", badge: "{{ icon }}", data: { url: "{% url "today" %}" } };
    await self.registration.showNotification("Backwell", { body: words, ...looks });
  };
  event.waitUntil(show());
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  const show = async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const here = open.find((client) => new URL(client.url).pathname === url.pathname);
    return here ? here.focus() : self.clients.openWindow(url);
  };
  event.waitUntil(show());
});
