/* Keyboard: what the help dialog lists. Fields and buttons keep the keys that are theirs. */
import { part } from "./dom.js";

const STEP = 1; // seconds

function owns(target, key) {
  if (target.closest("dialog[open]") || target.closest("textarea, input[type=number], input[type=text], select")) return true;
  if (target.matches("input[type=range], input[type=radio]")) return key !== " " && key.length > 1;
  return key === " " && target.matches("button, summary, a, input");
}

export function listen(view) {
  const sound = part("sound");
  const step = (by) => view.seek(sound.currentTime + by);
  const frames = (count) => step(count / (view.clip?.rate ?? Infinity));
  const keys = {
    " ": () => view.toggle(),
    k: () => view.toggle(),
    ArrowLeft: (event) => (event.shiftKey ? frames(-1) : step(-STEP)),
    ArrowRight: (event) => (event.shiftKey ? frames(1) : step(STEP)),
    ",": () => frames(-1),
    ".": () => frames(1),
    Home: () => view.seek(0),
    End: () => view.seek(sound.duration || 0),
    "+": () => view.timeline.zoom(0.5),
    "-": () => view.timeline.zoom(2),
    0: () => view.timeline.look(0, Infinity),
    l: () => view.loop(),
    m: () => view.mute(),
    v: () => view.stage?.shot("front"),
    o: () => part("file").click(),
    "?": () => view.help(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || owns(event.target, event.key)) return;
    const run = keys[event.key] || keys[event.key.toLowerCase()];
    if (!run) return;
    event.preventDefault();
    run(event);
  });
}
