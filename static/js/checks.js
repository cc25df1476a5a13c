// "No to all of these": a no for each question of the group that has no answer yet. What was chosen stays.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-no-to-all]");
  if (!button) return;
  let answered = 0;
  for (const question of button.closest("[data-group]").querySelectorAll("fieldset")) {
    if (question.querySelector("input:checked")) continue;
    question.querySelector("input[value=no]").checked = true;
    answered += 1;
  }
  const value = button.dataset.noToAll.replace("%(number)s", answered);
  document.dispatchEvent(new CustomEvent("announce", { detail: { value } }));
});
