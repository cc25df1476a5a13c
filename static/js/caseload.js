// The caseload by keyboard, and what is done about a patient below their row. Everything here is a link or a form as well.
(() => {
  const names = () => [...document.querySelectorAll("#cases .who")];
  const rowOf = (element) => element?.closest("tr.attend-row")?.previousElementSibling ?? element?.closest("#cases tbody tr");
  let next = null; // where the focus goes once the list has come anew

  const step = (by) => {
    const all = names();
    const at = all.indexOf(rowOf(document.activeElement)?.querySelector(".who"));
    all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
  };
  const close = (row) => {
    const panel = row?.nextElementSibling;
    if (!panel?.matches(".attend-row")) return false;
    panel.remove();
    row.querySelector(".attend").setAttribute("aria-expanded", "false");
    row.querySelector(".attend").focus();
    return true;
  };

  // Only while the focus is in the list, and not while something is being typed.
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !target.closest("#cases table")) return;
    if (key === "Escape" && close(rowOf(target))) return;
    if (target.matches("input, textarea, select")) return;
    const doing = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      j: () => step(1),
      k: () => step(-1),
      d: () => rowOf(target)?.querySelector(".attend")?.click(),
    }[key];
    if (!doing) return;
    event.preventDefault();
    doing();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, triggeringEvent, parameters } = event.detail;
    if (triggeringEvent?.type === "caseload-changed") {
      parameters.again = 1; // what was done is said, not how many are left
      parameters.page = document.getElementById("cases").dataset.page;
    }
    if (elt.matches?.(".attend") && close(rowOf(elt))) event.preventDefault();
  });
  document.addEventListener("caseload-changed", () => {
    const row = rowOf(document.activeElement);
    next = names().indexOf(row?.querySelector(".who"));
  });
  // The focus moves once htmx knows what is new: what has it can be used.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const opened = detail.requestConfig?.elt;
    if (detail.target.id === "cases" && next !== null) {
      const all = names();
      (all[Math.min(next, all.length - 1)] ?? document.getElementById("find")).focus();
      next = null;
    } else if (opened?.matches(".attend")) {
      opened.setAttribute("aria-expanded", "true");
      rowOf(opened).nextElementSibling.querySelector("textarea, a, button")?.focus();
    } else if (detail.target.matches(".attending")) {
      document.getElementById(detail.target.id)?.querySelector("[aria-invalid]")?.focus(); // and its error is read out
    }
  });
})();
