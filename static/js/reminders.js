// Reminders on this device. Nothing is asked of the person before they tap; without script, e-mail and calendar work.
(() => {
  const form = document.getElementById("reminder-form");
  const says = document.getElementById("device-says");
  const useThis = document.getElementById("use-this");
  const devices = [...document.querySelectorAll("[data-device]")];

  const isApple = /iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  const key = () => Uint8Array.from(atob(form.dataset.vapid.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const say = (words) => {
    says.querySelector("span").textContent = words;
    says.hidden = false;
    says.scrollIntoView({ block: "nearest" });
  };

  // The address that this browser's push service gave it; a reason in words where there is none.
  const endpoint = async () => {
    if (!can) throw isApple ? "installed" : "cannot";
    if ((await Notification.requestPermission()) !== "granted") throw "denied";
    await navigator.serviceWorker.register("/sw.js");
    const worker = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: key() };
    const made = await worker.pushManager.subscribe(options).catch(async (error) => {
      // Made with another key, before this installation had its own.
      const old = await worker.pushManager.getSubscription();
      if (!old) throw error;
      await old.unsubscribe();
      return worker.pushManager.subscribe(options);
    });
    return made.endpoint;
  };

  let busy = false;
  const send = async () => {
    if (busy) return;
    busy = true;
    says.hidden = true;
    try {
      form.elements.endpoint.value = await endpoint();
      form.submit();
    } catch (reason) {
      say(says.dataset[reason] ?? says.dataset.cannot);
    } finally {
      busy = false;
    }
  };
  form.addEventListener("submit", (event) => {
    if (form.elements.way.value !== "push" || devices.length) return;
    event.preventDefault();
    send();
  });
  useThis?.addEventListener("click", () => {
    form.elements.way.value = "push";
    send();
  });

  // Which of the devices is this one. Addresses stay on the server: their hashes are compared.
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const known = async () => {
    const registration = can && (await navigator.serviceWorker.getRegistration());
    const ours = registration && (await registration.pushManager.getSubscription());
    return ours && hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(ours.endpoint)));
  };
  const find = async () => {
    const hash = await known();
    const here = devices.find((device) => device.dataset.device === hash);
    if (here) here.querySelector("[data-this]").hidden = false;
    if (useThis) useThis.hidden = !can || here === devices[0];
  };
  if (devices.length) find();

  const copy = document.getElementById("copy-address");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById("feed-address").value);
      document.dispatchEvent(new CustomEvent("announce", { detail: { value: copy.dataset.copied } }));
      copy.lastChild.textContent = copy.dataset.copied;
    });
  }
})();
