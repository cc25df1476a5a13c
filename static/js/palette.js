// The command palette: Control K goes to patients and pages and does what the page offers; "?" lists the keys.
(() => {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const form = palette.querySelector("form");
  const q = document.getElementById("palette-q");
  const here = document.getElementById("palette-here");
  const keys = document.getElementById("shortcuts");
  const isOpen = () => document.querySelector("dialog[open]");
  const typed = () => q.value.trim().replace(/\s+/g, " ");

  // --- what the page itself offers: whatever it marks with data-command ---
  const run = (target) => {
    palette.close();
    if (target.matches("a, button")) return target.click();
    target.focus();
    if (!target.matches("input")) return target.scrollIntoView({ block: "center" });
    target.value = typed();
    target.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const command = (target) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = target.matches("input") && typed() ? `${target.dataset.command}: ${typed()}` : target.dataset.command;
    button.addEventListener("click", () => run(target));
    item.append(button);
    return item;
  };
  const draw = () => {
    const words = typed().toLowerCase().split(" ");
    const says = (target) => target.matches("input") || words.every((word) => target.dataset.command.toLowerCase().includes(word));
    // What takes the words as they are comes last.
    const fitting = [...document.querySelectorAll("[data-command]")].filter(says);
    here.replaceChildren(...fitting.sort((a, b) => a.matches("input") - b.matches("input")).map(command));
    here.hidden = !fitting.length;
  };

  const open = () => {
    if (isOpen()) return;
    palette.showModal();
    q.select();
    draw();
    htmx.trigger(form, "opened");
  };

  // --- through the list by arrow keys; Enter in the box takes the first ---
  const items = () => [...palette.querySelectorAll("#palette-here button, #palette-found a")];
  const first = () => {
    const found = palette.querySelector("#palette-found a");
    const offered = [...here.querySelectorAll("button")].find((_, n, all) => n < all.length - takesWords());
    return offered || found || here.querySelector("button");
  };
  const takesWords = () => document.querySelectorAll("input[data-command]").length;
  let takeWhenFound = false;
  const isFound = () => document.getElementById("palette-found").dataset.q === typed();
  const take = () => {
    takeWhenFound = false;
    if (palette.open && typed()) first()?.click();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  q.addEventListener("input", () => {
    takeWhenFound = false;
    draw();
  });
  palette.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      // A search field would only be emptied.
      event.preventDefault();
      palette.close();
    }
    if (event.key === "Enter" && event.target === q) {
      event.preventDefault();
      if (isFound()) take();
      else takeWhenFound = true;
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const stops = [q, ...items()];
    const step = event.key === "ArrowDown" ? 1 : -1;
    stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus();
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (takeWhenFound && isFound()) take();
  });
  palette.addEventListener("close", () => (takeWhenFound = false));

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#palette-open") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      open();
    } else if (event.key === "?" && !isOpen() && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      keys.showModal();
    }
  });
})();
