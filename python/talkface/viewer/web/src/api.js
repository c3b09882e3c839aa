/* Where clips come from: a backend that was there first (demo/src/backend.js), the data that a static page
   carries, or the server that sent this page. */
import { bytesOf } from "./clip.js";

async function answered(response) {
  if (response.ok) return response;
  const told = await response.json().catch(() => ({ error: response.statusText }));
  throw Object.assign(new Error(told.error), { status: response.status });
}

const answer = async (response) => (await answered(response)).json();

function server() {
  const page = Math.random().toString(36).slice(2);
  let running = null;
  const download = (run, format, fps) =>
    `api/export?run=${run}&format=${encodeURIComponent(format)}&fps=${encodeURIComponent(fps)}`;
  return {
    live: true,
    lost: "The server does not answer: is `talkface view` still running?",
    session: async () => answer(await fetch("api/session")),
    head: async () => (await answered(await fetch("head.glb"))).arrayBuffer(),
    /* A newer run ends an older one, whose promise then fails with an AbortError. */
    animate: async (request) => {
      running?.abort();
      running = new AbortController();
      return answer(await fetch("api/animate", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...request, page }),
        signal: running.signal,
      }));
    },
    open: async (file) => answer(await fetch(`api/recordings?name=${encodeURIComponent(file.name)}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: file,
    })),
    /* An exported file: its name and contents. */
    file: async (...which) => {
      const response = await answered(await fetch(download(...which)));
      const name = response.headers.get("Content-Disposition").split("filename*=UTF-8''")[1];
      return { name: decodeURIComponent(name), contents: await response.blob() };
    },
    audio: (recording) => `audio/${recording.id}.wav`,
    download,
  };
}

function carried(data) {
  return {
    live: false,
    session: async () => data.session,
    head: async () => bytesOf(data.head).buffer,
    animate: async () => data.run,
    audio: () => data.audio,
    downloads: data.downloads,
  };
}

export function source() {
  if (globalThis.TALKFACE_BACKEND) return globalThis.TALKFACE_BACKEND;
  return globalThis.TALKFACE_DATA ? carried(globalThis.TALKFACE_DATA) : server();
}
