// The visit summary is copied by a button where the browser lets scripts write to the clipboard. Without it the text is
// selected by hand.
(() => {
  const copy = document.getElementById("copy-summary");
  const text = document.getElementById("summary");
  if (!copy || !navigator.clipboard) return;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    text.select();
    await navigator.clipboard.writeText(text.value);
    document.dispatchEvent(new CustomEvent("announce", { detail: { value: copy.dataset.copied } }));
    copy.lastChild.textContent = copy.dataset.copied;
  });
})();
