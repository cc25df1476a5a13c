// Pauses and resumes the moving figure: by its button, or by a tap on the figure itself.
document.addEventListener("click", (event) => {
  const pair = event.target.closest(".fig-pair");
  if (!pair || !event.target.closest(".fig-toggle, .move")) return;
  const figure = pair.querySelector(".move");
  const pause = !figure.animationsPaused();
  if (pause) figure.pauseAnimations();
  else figure.unpauseAnimations();
  pair.querySelector(".fig-toggle").setAttribute("aria-pressed", pause);
});
