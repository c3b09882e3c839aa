/* What stands behind the page where there is no server: a worker that runs the bundle. Same interface as
   the server's in ../../src/api.js. */
import { clipFile } from "./clip_file.js";
import { decode, KEPT, peaks } from "./sound.js";

const EXAMPLE = "speech.wav";
const FORMATS = [{
  name: "json", label: "JSON",
  doc: "TalkFace clip for the Python package, which makes every other format of it: talkface convert clip.json clip.csv",
}];
const UNSERVED = "This page cannot load its model from the file system. Serve the folder, for instance with "
  + "python3 -m http.server, and open http://localhost:8000/";
const LOADING = "Loading the model…";

function caller(worker) {
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data: { id, result, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  };
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || "the worker did not start"));
    waiting.clear();
  };
  return (call, values = {}, moved = []) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    worker.postMessage({ id: last, call, ...values }, moved);
  });
}

const overtaken = () => Object.assign(new Error("a newer request came in the meantime"), { name: "AbortError" });

async function fetched(name) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`cannot read ${name}: ${response.status} ${response.statusText}`);
  return response;
}

function browser() {
  const addresses = new Map();
  let call = null, count = 0, shown = null;

  async function open(file) {
    const sound = await decode(await file.arrayBuffer(), file.name);
    count += 1;
    const recording = { id: `r${count}`, name: file.name, seconds: sound.seconds, script: false, peaks: peaks(sound) };
    await call("take", { recording: recording.id, sound }, [sound.samples.buffer]);
    addresses.set(recording.id, URL.createObjectURL(file));
    for (const old of [...addresses.keys()].slice(0, -KEPT)) {
      URL.revokeObjectURL(addresses.get(old));
      addresses.delete(old);
    }
    return recording;
  }

  async function session() {
    if (location.protocol === "file:") throw new Error(UNSERVED);
    call = caller(new Worker("worker.js", { type: "module" }));
    const facts = await call("open");
    const request = {
      bundle: facts.name, identity: facts.identities[0] ?? "", style: null, emotion: "auto",
      emotion_weight: null, seed: 0, knobs: {}, raw: false,
    };
    const example = await (await fetched(EXAMPLE)).blob();
    return {
      channels: facts.channels,
      knobs: facts.knobs,
      bundles: [{
        name: facts.name, about: facts.about, identities: facts.identities,
        emotions: facts.takes_emotion ? facts.emotions : [],
      }],
      live: null,
      formats: FORMATS,
      request,
      defaults: request,
      recording: await open(new File([example], EXAMPLE, { type: "audio/wav" })),
    };
  }

  return {
    live: true,
    note: "This page has no server: the model runs in this browser, and no sound leaves it. "
      + "Engine formats, other bundles and timed phones come with the Python package.",
    async session() {
      const status = document.getElementById("status"), start = document.querySelector(".start");
      const offer = [...start.children];
      status.textContent = LOADING;
      start.replaceChildren(LOADING);
      try {
        const made = await session();
        start.replaceChildren(...offer);
        return made;
      } catch (error) {
        start.replaceChildren();
        throw error;
      } finally {
        status.textContent = "";
      }
    },
    head: async () => (await fetched("head.glb")).arrayBuffer(),
    open,
    async animate({ recording, ...request }) {
      const { clip, took } = await call("animate", { recording, request, fps: null, alone: false });
      if (!clip) throw overtaken();
      count += 1;
      shown = { recording, request };
      return { id: `run${count}`, took, clip };
    },
    audio: ({ id }) => addresses.get(id),
    download: () => "#export",
    /* Of the run that is shown. */
    async file(run, format, fps) {
      const rate = fps ? [...fps.split("/").map(Number), 1].slice(0, 2) : null;
      const { clip } = await call("animate", { ...shown, fps: rate, alone: true });
      return { name: `clip.${format}`, contents: new Blob([clipFile(clip)], { type: "application/json" }) };
    },
  };
}

globalThis.TALKFACE_BACKEND = browser();
