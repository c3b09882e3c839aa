/* Poses as they come: the JSON lines that `talkface live` sends over WebSocket, a header and then frames. */
import { part } from "./dom.js";

const AGAIN_MS = 1000;

export function follow(view, address) {
  document.body.classList.add("live");
  document.body.classList.remove("empty");
  part("name").textContent = "live";
  let header = null, count = 0, since = performance.now();

  function frame(line) {
    view.stage?.show(header.channels, {
      weights: line.weights, rotation: line.head_rotation, translation: line.head_translation,
    });
    if (line.emotion) view.heard.at(line.emotion, null);
    count += 1;
    const passed = performance.now() - since;
    if (passed < 1000) return;
    view.tell(`${Math.round((1000 * count) / passed)} poses a second`);
    count = 0;
    since = performance.now();
  }

  function call() {
    view.tell(`Waiting for poses from ${address}`);
    const socket = new WebSocket(address);
    socket.addEventListener("message", ({ data }) => {
      const line = JSON.parse(data);
      if (line.weights) {
        if (header) frame(line);
        return;
      }
      header = line;
      view.heard.show(header.emotions);
    });
    socket.addEventListener("close", () => {
      header = null;
      view.tell(`Waiting for poses from ${address}`);
      setTimeout(call, AGAIN_MS);
    });
  }
  call();
}
