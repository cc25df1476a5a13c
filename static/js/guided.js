// The guided session: counts the steps of one exercise aloud, and ticks a set off with the button that the page has for it.
(() => {
  const $ = (id) => document.getElementById(id);
  const player = $("player");
  const steps = JSON.parse($("steps")?.textContent ?? "[]");
  if (!player || !steps.length) return;
  const AWAY = 5000; // no tick of the clock for so long: the phone slept, or somebody called
  const MEMORY = "guided";
  const { key, id } = player.dataset;
  const words = $("player-words").dataset;
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const timer = $("timer");
  const ring = timer.querySelector(".fg");
  const [number, unit] = timer.querySelectorAll("text");

  // --- what is remembered: which exercise, which step, how far in, and the sound. Counts and times, nothing else ---
  const memory = {
    get: (name) => {
      try {
        return localStorage.getItem(name);
      } catch {
        return null;
      }
    },
    set: (name, value) => {
      try {
        localStorage.setItem(name, value);
      } catch {} // a private window: then only a reload loses its place
    },
  };

  // --- aloud. Browsers want a touch before they make a noise, and complain otherwise ---
  let loud = memory.get("guided-sound") !== "off";
  let audio = null;
  const touched = () => navigator.userActivation?.hasBeenActive ?? true;
  const beep = (pitch, seconds = 0.12) => {
    if (touched()) navigator.vibrate?.(seconds * 1000);
    if (!loud || !touched() || !window.AudioContext) return;
    audio ??= new AudioContext();
    audio.resume();
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0.2, audio.currentTime);
    gain.gain.linearRampToValueAtTime(0, audio.currentTime + seconds);
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + seconds);
  };
  const hush = () => window.speechSynthesis?.cancel();
  const speak = (text) => {
    if (!loud || !touched() || !window.speechSynthesis) return;
    const said = new SpeechSynthesisUtterance(text);
    said.lang = document.documentElement.lang;
    speechSynthesis.speak(said);
  };
  // What begins cuts short what is being said; a count is left out rather than said too late.
  const call = (text) => {
    hush();
    speak(text);
  };
  const count = (text) => {
    if (!window.speechSynthesis?.speaking) speak(text);
  };
  // A screen reader hears what begins, and once when it is about to end. What begins with a tick waits for its answer.
  let later = "";
  const tell = (value) => document.dispatchEvent(new CustomEvent("announce", { detail: { value } }));
  document.addEventListener("htmx:afterRequest", () => {
    if (later) tell(later);
    later = "";
  });

  // --- the screen stays on while it counts ---
  let lock = null;
  const stayAwake = async () => {
    try {
      lock = await navigator.wakeLock?.request("screen");
    } catch {} // the battery is low: the phone decides
  };
  const mayRest = () => {
    lock?.release();
    lock = null;
  };

  // --- the sets, as their buttons say them ---
  let sent = new Set();
  const button = (tick) => $(`t-${id}-${tick}`);
  const isDone = (tick) => sent.has(tick) || button(tick)?.getAttribute("aria-pressed") === "true";
  const canTick = () => Boolean($("sheet").querySelector(".set"));
  document.addEventListener(
    "click",
    ({ target }) => {
      if (target.closest(".set[aria-pressed=true], .all")) sent = new Set();
    },
    true,
  );

  // --- where it is: `at` a step, `spent` in it until `since`, and from then on by the clock ---
  let at = 0;
  let spent = 0;
  let since = 0;
  let runs = false;
  let seen = Date.now();
  let watched = 0; // how far in the step when the page was last looked at
  let saved = 0;
  let cue = "";
  let lastCue = "";
  let note = "";
  const span = (step) => step.reps * step.beats.reduce((sum, beat) => sum + beat.seconds, 0) * 1000;
  const elapsed = () => spent + (runs ? Date.now() - since : 0);
  const keep = () => {
    saved = Date.now();
    memory.set(MEMORY, JSON.stringify({ key, at, spent, since, runs, watched, seen: saved }));
  };

  // From getting ready to the first set still to do; from a set over the rest to the next, sets done already left out.
  const firstOpen = () => {
    const open = steps.findIndex((step) => step.kind === "work" && !isDone(step.tick));
    return open < 0 ? steps.length : open;
  };
  const following = () => {
    if (steps[at].kind === "ready") return firstOpen();
    let next = at + 1;
    while (next < steps.length && isDone(steps[next].tick)) next++;
    return next < steps.length ? next : firstOpen();
  };

  const now = () => {
    const step = steps[at];
    const round = span(step) / step.reps;
    const gone = Math.min(elapsed(), span(step) - 1);
    const rep = Math.floor(gone / round);
    let left = gone - rep * round;
    const beat = step.beats.find((each) => (left -= each.seconds * 1000) < 0);
    return { step, beat, rep: rep + 1, left: Math.ceil(-left / 1000), share: 1 + left / (beat.seconds * 1000) };
  };
  const clock = (seconds) => {
    if (seconds < 100) return [seconds, seconds === 1 ? words.second : words.seconds];
    return [`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`, words.minutes];
  };
  const counted = ({ reps, alternates }, rep) => {
    if (reps < 2) return "";
    return fill(alternates ? (rep % 2 ? words.repOneSide : words.repOtherSide) : words.rep, { rep, reps });
  };

  const show = () => {
    const over = at >= steps.length;
    timer.hidden = !canTick();
    timer.classList.toggle("over", over);
    player.querySelector(".bar").classList.toggle("over", over || !canTick());
    $("skip").classList.toggle("btn-primary", over || !canTick());
    $("skip").classList.toggle("btn-line", !over && canTick());
    $("run").classList.toggle("runs", runs);
    const begun = at || spent;
    $("run").lastElementChild.textContent = runs ? words.pause : begun ? words.carryOn : words.start;
    $("on").hidden = over || !(runs || begun);
    if (over) {
      $("now").textContent = words.done;
      $("place").textContent = "";
      return;
    }
    const { step, beat, rep, left, share } = now();
    $("on").textContent = { work: words.setDone, rest: words.skipRest }[step.kind] ?? words.ready;
    $("now").textContent = note || beat.words;
    $("place").textContent = [step.place, counted(step, rep)].filter(Boolean).join(" · ");
    const [big, small] = beat.counted || step.reps < 2 ? clock(left) : [rep, fill(words.ofReps, step)];
    number.textContent = big;
    unit.textContent = small;
    ring.ownerSVGElement.setAttribute("aria-label", `${big} ${small}`);
    ring.setAttribute("stroke-dasharray", `${Math.max(0, 100 * (1 - share))} 200`);
  };

  // Words at the start of a step; then the count, a high tone where a hold begins and a low one where it ends.
  const cues = () => {
    const { step, beat, rep, left } = now();
    const place = `${at}.${rep}.${step.beats.indexOf(beat)}`;
    if (place !== cue) {
      const isNew = !cue.startsWith(`${at}.`);
      cue = place;
      if (beat.counted) beep(step.kind === "work" ? 880 : 520);
      else if (!isNew && step.beats.at(-1).counted) beep(520);
      if (!isNew && beat === step.beats[0]) count(`${rep}`);
      else if (!isNew) count(beat.words.split(".")[0]);
    }
    if (!beat.counted || beat.seconds < 10) return;
    const last = `${place}.${left}`;
    if (left > 5 || last === lastCue) return;
    lastCue = last;
    if (left <= 3) beep(660, 0.06);
    if (left === 5) tell(words.fiveLeft);
  };

  const begin = (step, { overrun = 0, quiet = false } = {}) => {
    at = step;
    spent = watched = overrun;
    since = Date.now();
    note = "";
    if (at >= steps.length) return finish();
    if (runs && !quiet) {
      call(steps[at].words);
      if (busy()) later = steps[at].words;
      else tell(steps[at].words);
    }
    keep();
    show();
    if (runs) cues();
  };
  const busy = () => Boolean(document.querySelector("#check .htmx-request, #check.htmx-request"));

  const finish = () => {
    if (runs) {
      beep(880, 0.4);
      call(words.done);
    }
    runs = false;
    mayRest();
    keep();
    show();
  };

  const end = (overrun = 0) => {
    const step = steps[at];
    if (step.ticks) {
      sent.add(step.tick);
      const set = button(step.tick);
      if (set?.getAttribute("aria-pressed") === "false") set.click();
    }
    begin(following(), { overrun });
  };

  // Back after a while: within the same step it counts on. What has ended meanwhile is not called done: it goes back to
  // the repetition that was left, or from a rest to the next set.
  const welcome = () => {
    const step = steps[at];
    pause();
    if (step.kind === "work") spent = watched - (watched % (span(step) / step.reps));
    else begin(following(), { quiet: true });
    note = words.welcome;
    keep();
    show();
    tell(note);
  };

  const tick = () => {
    const gap = Date.now() - seen;
    seen = Date.now();
    if (!runs) return;
    const left = span(steps[at]) - elapsed();
    if (left <= 0) return gap > AWAY || document.hidden ? welcome() : end(-left);
    if (!document.hidden) watched = elapsed();
    if (seen - saved > 1000) keep();
    show();
    cues();
  };

  const start = () => {
    runs = true;
    since = seen = Date.now();
    note = "";
    stayAwake();
    timer.scrollIntoView({ block: "nearest" });
    const fresh = !at && !spent;
    if (fresh) return begin(0);
    cue = `${at}.`;
    call(now().beat.words);
    tell(fill(words.carryingOn, { place: steps[at].place || steps[at].words }));
    keep();
    show();
  };
  const pause = () => {
    spent = Math.min(elapsed(), span(steps[at]) - 1);
    runs = false;
    hush();
    mayRest();
    keep();
    show();
  };

  $("run").addEventListener("click", () => {
    if (!runs) return start();
    pause();
    tell(words.paused);
  });
  $("on").addEventListener("click", () => {
    if (!runs) {
      runs = true;
      seen = Date.now();
      stayAwake();
    }
    end();
  });
  const dressSound = () => {
    $("sound").setAttribute("aria-pressed", loud);
    $("sound").lastElementChild.textContent = loud ? words.soundOn : words.soundOff;
  };
  $("sound").addEventListener("click", () => {
    loud = !loud;
    memory.set("guided-sound", loud ? "on" : "off");
    if (!loud) hush();
    dressSound();
  });

  // "It hurts" and "I can't do this": the clock stops, and the questions are there.
  player.addEventListener("click", (event) => {
    const link = event.target.closest("[data-fold]");
    const fold = link && $(link.dataset.fold)?.closest("form, details");
    if (!fold) return;
    event.preventDefault();
    if (runs) pause();
    const questions = fold.matches("details") ? fold : fold.querySelector("details");
    questions.open = true;
    questions.querySelector("summary").focus();
    questions.scrollIntoView({ block: "start" });
  });

  // After an answer: a set ticked or taken back by hand, an exercise left out.
  document.addEventListener("htmx:afterSettle", () => {
    if (!canTick()) {
      if (runs) pause();
    } else if (at >= steps.length && firstOpen() < steps.length) {
      at = spent = 0;
      cue = "";
    } else if (at < steps.length && firstOpen() === steps.length) {
      return begin(steps.length);
    } else if (at < steps.length && steps[at].kind !== "ready" && isDone(steps[at].tick)) {
      return begin(following());
    }
    show();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return keep();
    if (runs) stayAwake();
    tick();
  });
  addEventListener("pagehide", keep);

  // --- where it was, if that was this exercise on this day ---
  let was = null;
  try {
    was = JSON.parse(memory.get(MEMORY));
  } catch {} // not ours
  if (firstOpen() === steps.length) at = steps.length;
  else if (was?.key === key && was.at < steps.length && !isDone(steps[was.at].tick)) {
    ({ at, spent, since, runs, watched, seen } = was);
    if (runs) stayAwake();
    cue = `${at}.`;
  }
  $("in-words").hidden = true;
  dressSound();
  show();
  tick();
  setInterval(tick, 200);
})();
