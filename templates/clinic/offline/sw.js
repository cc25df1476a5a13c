// What stands between the site and the network on a patient's phone. It keeps the files that every page needs, and a page
// for the moment without a network; pages of a person only once they said "this is my own phone" (the note DEVICE), and
// only pages that say they are that person's. Staff's pages pass through untouched.
importScripts("{{ queue }}");
const SHELL = "shell-VERSION-OF-THIS";
const FILES = [{% for file in files %}"{{ file }}", {% endfor %}];
const NO_CONNECTION = "{% url "offline" %}";
const OWN = "own-pages";
const DEVICE = "/device"; // in OWN: whose phone this is
const PATIENCE = 4000; // milliseconds until a kept page is shown instead
const CSRF_COOKIE = "{{ csrf_cookie }}";
const REMINDER = { title: "Backwell", body: "Time for your exercises?", url: "{% url "today" %}" };

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
      .then(() => self.clients.claim()),
  );
});

// --- whose phone it is, and the pages kept of it ---
const ownPages = async () => ((await caches.has(OWN)) ? caches.open(OWN) : null);
const ownerOf = async (pages) => (await (await pages?.match(DEVICE))?.text()) ?? "";
const ownerIn = (html) => html.match(/<html[^>]* data-owner="([0-9a-f]+)"/)?.[1] ?? "";
const isPatients = (path) => path.startsWith("/today/") || path === "/help/";

// Keeps the page if it is the owner's. A page of somebody else, or the sign-in, means that the owner has gone.
const keep = async (url, response) => {
  const pages = await ownPages();
  if (!pages) return;
  if (new URL(response.url || url).pathname.startsWith("/accounts/login/")) return void (await caches.delete(OWN));
  if (response.status === 403 && isPatients(new URL(url).pathname)) return void (await forgetExercises(pages));
  if (!response.ok || response.redirected || !isPatients(new URL(url).pathname)) return;
  const html = await response.text();
  const owner = ownerIn(html);
  if (owner && owner !== (await ownerOf(pages))) return void (await caches.delete(OWN));
  if (!owner) return;
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(name);
  headers.set("Kept-At", new Date().toISOString());
  await pages.put(url, new Response(html, { headers }));
  const pictures = html.matchAll(/"(\/(?:today\/figures|media\/exercises)\/[^"#]+)/g);
  for (const picture of new Set([...pictures].map(([, path]) => path))) {
    if (!(await pages.match(picture))) await pages.add(picture).catch(() => {});
  }
};
// Exercises on hold are not shown from here either.
const forgetExercises = async (pages) => {
  for (const { url } of await pages.keys()) if (isPatients(new URL(url).pathname)) await pages.delete(url);
};

// The kept page, which says when it was kept.
const kept = async (request) => {
  const pages = await ownPages();
  const found = (await pages?.match(request)) ?? (await pages?.match(request, { ignoreSearch: true }));
  if (!found || !isPatients(new URL(request.url).pathname)) return null;
  const html = (await found.text()).replace("<html ", `<html data-kept-at="${found.headers.get("Kept-At")}" `);
  return new Response(html, { headers: found.headers });
};

const pageOf = async (event) => {
  const fresh = fetch(event.request);
  const inTime = fresh.then((response) => {
    const copy = response.type === "basic" && response.clone();
    if (copy) event.waitUntil(keep(event.request.url, copy).catch(() => {}));
    return response;
  });
  const tooLong = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const first = await Promise.race([inTime, tooLong]);
    return first ?? (await kept(event.request)) ?? (await inTime);
  } catch {
    return (await kept(event.request)) ?? (await caches.match(NO_CONNECTION)) ?? Response.error();
  }
};

// Names with a hash in them never change; others are asked for first.
const fileOf = async (request) => {
  const isHashed = /\.[0-9a-f]{12}\.|\/today\/figures\//.test(request.url);
  const mine = await caches.match(request, { ignoreVary: true });
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
  else if (/^\/(static|scripts|today\/figures|media\/exercises)\//.test(pathname)) event.respondWith(fileOf(request));
});

// --- what a page asks for ---
const asked = {
  async own({ owner }) {
    await caches.delete(OWN);
    await (await caches.open(OWN)).put(DEVICE, new Response(owner));
  },
  async forget() {
    await caches.delete(OWN);
  },
  async keep({ urls, hours = 0 }) {
    const pages = await ownPages();
    for (const url of pages ? urls.map((path) => new URL(path, self.location.origin).href) : []) {
      const before = Date.parse((await pages.match(url))?.headers.get("Kept-At") ?? 0) || 0;
      if (Date.now() - before > hours * 3600e3) await fetch(url).then((response) => keep(url, response)).catch(() => {});
    }
  },
};
self.addEventListener("message", (event) => {
  const done = asked[event.data?.ask]?.(event.data);
  event.waitUntil(Promise.resolve(done).then(() => event.ports[0]?.postMessage("done")));
});

// --- the network is back, and no page is open ---
self.addEventListener("sync", (event) => {
  const token = async () => (await self.cookieStore?.get(CSRF_COOKIE))?.value ?? "";
  const send = async () => {
    const { end } = await queue.send(await ownerOf(await ownPages()), token);
    if (end === "away") throw new Error("Not sent yet"); // then the browser tries again
  };
  if (event.tag === "taps") event.waitUntil(send());
});

// --- a reminder: the same words for everybody, on a screen that others may see ---
self.addEventListener("push", (event) => {
  const { title, body, url } = REMINDER;
  event.waitUntil(
    self.registration.showNotification(title, { body, tag: "reminder", icon: "{{ icon }}", badge: "{{ icon }}", data: { url } }),
  );
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
