// "All" fills its row or its day here; without this script the server does, and shows the form again.
"use strict";
document.addEventListener("click", event => {
  const button = event.target.closest("button[name=all]");
  if (!button) return;
  const [kind, which] = button.value.split(".");
  const cells = kind === "row" ? button.closest("tr").querySelectorAll("td") : document.querySelectorAll(`td[data-day="${which}"]`);
  // A number is how often something was done: the server knows the most that was asked for.
  if ([...cells].some(cell => cell.querySelector("input:not([type=checkbox])"))) return;
  event.preventDefault();
  const open = [...cells].flatMap(cell => [...cell.querySelectorAll("input[type=checkbox]:not(:checked)")]);
  for (const box of open) box.checked = true;
  const { tickedOne, ticked } = button.form.dataset;
  document.getElementById("live").textContent = open.length === 1 ? tickedOne : ticked.replace("%(number)s", open.length);
});
