/* Poses as they come, over Server-Sent Events: JSON lines of {weights: {name: value}, ...}. */
import { part } from "./dom.js";

export function follow(view) {
  document.body.classList.add("live");
  document.body.classList.remove("empty");
  part("name").textContent = "live";
  const events = new EventSource("live");
  let count = 0;
  events.addEventListener("pose", (event) => {
    const { weights, rotation, translation } = JSON.parse(event.data);
    const names = Object.keys(weights);
    view.stage?.show(names, { weights: Object.values(weights), rotation, translation });
    count += 1;
    if (count % 25 === 1) view.tell(`${count} poses`);
  });
  events.addEventListener("end", () => {
    events.close();
    view.tell(`The stream has ended after ${count} poses.`);
  });
  events.addEventListener("error", () => view.tell("Waiting for the server…"));
}
