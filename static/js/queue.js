// What a phone keeps of a person, sealed, and the queue of what they tapped without a network. Pages and the service worker
// share it. The server takes each key of the queue in once, so it may be sent as often as it takes.
const disk = (() => {
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
  const within = async (mode, store, work) => {
    const transaction = (await open()).transaction(store, mode, { durability: "strict" });
    const asked = work(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };
  return {
    read: (store, work) => within("readonly", store, work),
    change: (store, work) => within("readwrite", store, work),
  };
})();

// A key for each person's pages and one for their queue, which no script can take out of the browser. What they sealed is
// gone for good with them.
const seals = (() => {
  const CIPHER = "AES-GCM";
  const NONCE = 12; // bytes, before what is sealed with it
  const known = (kind, owner) => disk.read("notes", (notes) => notes.get(`${kind}:${owner}`));
  const make = async (kind, owner) => {
    if (await known(kind, owner)) return;
    const key = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ["encrypt", "decrypt"]);
    // Another tab may have been faster: its key stays.
    await disk.change("notes", (notes) => notes.add(key, `${kind}:${owner}`)).catch(() => {});
  };
  const keyOf = async (kind, owner) => {
    const key = await known(kind, owner);
    if (!key) throw new Error("The key has been thrown away");
    return key;
  };
  const seal = async (kind, owner, bytes) => {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE));
    const sealed = await crypto.subtle.encrypt({ name: CIPHER, iv }, await keyOf(kind, owner), bytes);
    return new Blob([iv, sealed]).arrayBuffer();
  };
  const open = async (kind, owner, sealed) =>
    crypto.subtle.decrypt({ name: CIPHER, iv: sealed.slice(0, NONCE) }, await keyOf(kind, owner), sealed.slice(NONCE));
  // Without an owner: everybody's.
  const shred = (kind, owner = "") =>
    disk.change("notes", (notes) => notes.delete(IDBKeyRange.bound(`${kind}:${owner}`, `${kind}:${owner}\uffff`)));
  return { make, seal, open, shred };
})();

const queue = (() => {
  const MOST = 50;
  const rowsOf = async (owner) => (await disk.read("taps", (taps) => taps.getAll())).filter((row) => row.owner === owner);
  // Readable on the disk are a random key, whose it is, and when.
  const put = async (tap) => {
    const { key, owner, at } = tap;
    await seals.make("taps", owner);
    const sealed = await seals.seal("taps", owner, new TextEncoder().encode(JSON.stringify(tap)));
    return disk.change("taps", (taps) => taps.put({ key, owner, at, sealed }));
  };
  const remove = (key) => disk.change("taps", (taps) => taps.delete(key));
  const read = async (row) => JSON.parse(new TextDecoder().decode(await seals.open("taps", row.owner, row.sealed)));
  const inOrder = (a, b) => (a.at === b.at ? a.number - b.number : a.at < b.at ? -1 : 1);
  // All of one person, oldest first. Those of somebody else stay sealed.
  const of = async (owner) => {
    const taps = [];
    for (const row of await rowsOf(owner)) {
      if (!row.sealed) await put(row);
      const tap = row.sealed ? await read(row).catch(() => null) : row;
      if (tap) taps.push(tap);
    }
    return taps.sort(inOrder);
  };
  // Taps from before they were sealed.
  const sealAll = async () => {
    for (const row of await disk.read("taps", (taps) => taps.getAll())) if (!row.sealed) await put(row);
  };
  const forget = async (owner) => {
    await seals.shred("taps", owner);
    for (const { key } of await rowsOf(owner)) await remove(key);
  };
  // When something was last taken in, by a page or by the worker: a page from before may not show it yet.
  const sentAt = async () => (await disk.read("notes", (notes) => notes.get("sent"))) ?? 0;
  // How many there are of anybody.
  const size = () => disk.read("taps", (taps) => taps.count());
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
      await disk.change("notes", (notes) => notes.put(Date.now(), "sent"));
      if (stopped) return { end: "stopped" };
      if (byKey.size === taps.length) return { end: "away" };
    }
  };
  // One tab at a time.
  const send = (owner, token) =>
    self.navigator.locks ? self.navigator.locks.request("taps", () => sendAll(owner, token)) : sendAll(owner, token);

  return { put, remove, of, sealAll, forget, size, sentAt, waiting, send };
})();
