/* Runs the bundle beside the page, so that the page stays awake. Messages: {id, call, ...} and answers
   {id, result} or {id, error}; jobs run one after the other. */
import { Face } from "./face.js";
import { KEPT } from "./sound.js";

const address = (name) => new URL(name, self.location.href).href;
const sounds = new Map();
let face = null, queue = Promise.resolve(), newest = 0;

async function fetched(name) {
  const response = await fetch(address(`bundle/${name}`));
  if (!response.ok) throw new Error(`cannot read bundle/${name}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/* Lets messages in. */
const breath = () => new Promise((resolve) => setTimeout(resolve));

const jobs = {
  async open() {
    const manifest = await fetched("manifest.json");
    const files = new Map([["manifest.json", manifest]]);
    const names = Object.keys(JSON.parse(new TextDecoder().decode(manifest)).files);
    await Promise.all(names.map(async (name) => files.set(name, await fetched(name))));
    const card = new TextDecoder().decode(files.get("MODEL_CARD.md"));
    face = await Face.open(files, address);
    return { ...face.facts, about: card.split("\n", 1)[0].replace("# Model card:", "").trim() };
  },

  take({ recording, sound }) {
    sounds.set(recording, sound);
    for (const old of [...sounds.keys()].slice(0, -KEPT)) sounds.delete(old);
  },

  async animate({ id, recording, request, fps, alone }) {
    const sound = sounds.get(recording);
    if (!sound) throw new Error(`the ${KEPT} newest sounds are kept; open this one again`);
    const began = performance.now();
    const clip = await face.animate(sound, request, fps, async () => {
      await breath();
      return alone || id === newest;
    });
    return { clip, took: (performance.now() - began) / 1000 };
  },
};

self.onmessage = ({ data }) => {
  if (data.call === "animate" && !data.alone) newest = data.id;
  queue = queue.then(async () => {
    try {
      self.postMessage({ id: data.id, result: await jobs[data.call](data) });
    } catch (error) {
      self.postMessage({ id: data.id, error: String(error?.message ?? error) });
    }
  });
};
