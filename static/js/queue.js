// What a patient tapped without a network, kept on the phone until it is sent. Pages and the service worker share it, and
// the server takes each key in once, so it may be sent as often as it takes.
const queue = (() => {
  const MOST = 50;
  let opened;
  const open = () =>
    (opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open("backwell", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("taps", { keyPath: "key" });
        asked.result.createObjectStore("notes");
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = asked.onblocked = () => reject(asked.error);
    }).catch((error) => {
      opened = null;
      throw error;
    }));
  // Answers once the disk has it: what is drawn as kept is kept.
  const within = async (mode, work, store = "taps") => {
    const transaction = (await open()).transaction(store, mode, { durability: "strict" });
    const asked = work(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };
  const put = (tap) => within("readwrite", (taps) => taps.put(tap));
  const remove = (key) => within("readwrite", (taps) => taps.delete(key));
  const inOrder = (a, b) => (a.at === b.at ? a.number - b.number : a.at < b.at ? -1 : 1);
  // All of one person, oldest first. Those of somebody else stay sealed.
  const of = async (owner) => (await within("readonly", (taps) => taps.getAll())).filter((tap) => tap.owner === owner).sort(inOrder);
  // When something was last taken in, by a page or by the worker: a page from before may not show it yet.
  const sentAt = async () => (await within("readonly", (notes) => notes.get("sent"), "notes")) ?? 0;
  // How many there are of anybody.
  const size = () => within("readonly", (taps) => taps.count());
  const waiting = async (owner) => (await of(owner)).filter((tap) => !tap.answer);

  const post = async (owner, taps, token) =>
    fetch("/today/sync/", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": await token(), "HX-Request": "true" },
      body: JSON.stringify({
        owner,
        sent_at: new Date().toISOString(),
        events: taps.map(({ key, kind, at, said }) => ({ key, kind, at, said })),
      }),
      redirect: "manual",
      signal: AbortSignal.timeout(20000),
    });

  // Sends all that waits. How it ended: sent, away (no network, or a busy server), signed-out, another (somebody else is
  // signed in).
  const sendAll = async (owner, token) => {
    let hasNewToken = false;
    for (;;) {
      const taps = (await waiting(owner)).slice(0, MOST);
      if (!taps.length) return { end: "sent" };
      let response;
      try {
        response = await post(owner, taps, token);
      } catch {
        return { end: "away" };
      }
      // The answer to a stale token brings a new one.
      if (response.status === 403 && !hasNewToken) {
        hasNewToken = true;
        continue;
      }
      if (response.status === 401) return { end: "signed-out" };
      if (response.status === 403 || response.status === 409) return { end: "another" };
      if (!response.ok) return { end: "away", seconds: Number(response.headers.get("Retry-After")) || 0 };
      const { answers, stopped } = await response.json();
      const byKey = new Map(taps.map((tap) => [tap.key, tap]));
      for (const { key, answer, words } of answers) {
        const tap = byKey.get(key);
        if (!tap) continue;
        byKey.delete(key);
        // What the person has to know stays until they have read it.
        if (words) await put({ ...tap, answer, words });
        else await remove(key);
      }
      await within("readwrite", (notes) => notes.put(Date.now(), "sent"), "notes");
      if (stopped) return { end: "stopped" };
      if (byKey.size === taps.length) return { end: "away" };
    }
  };
  // One tab at a time.
  const send = (owner, token) =>
    self.navigator.locks ? self.navigator.locks.request("taps", () => sendAll(owner, token)) : sendAll(owner, token);

  return { put, remove, of, size, sentAt, waiting, send };
})();
