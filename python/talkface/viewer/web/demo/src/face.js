/* The runtime's calls (cpp/web/face.cpp) as JavaScript. */
import createRuntime from "talkface-runtime";
import { Host } from "./host.js";

const WIDTHS = { head_rotation: 4, head_translation: 3 };
const EMOTIONS = 8, VISEMES = 15; // of a pose, whatever the bundle gives

export class Face {
  /* `files`: the bundle's, by name; `address(name)`: where a .wasm file lies. */
  static async open(files, address) {
    const host = new Host(files, address("onnxruntime.wasm"));
    const runtime = await createRuntime({ host, locateFile: () => address("talkface.wasm") });
    host.runtime = runtime;
    const face = new Face(runtime);
    await face.later("open");
    const described = runtime._talkface_web_describe();
    if (!described) throw face.failure();
    face.facts = JSON.parse(runtime.UTF8ToString(described));
    files.clear();
    return face;
  }

  constructor(runtime) {
    this.runtime = runtime;
  }

  failure() {
    return new Error(this.runtime.UTF8ToString(this.runtime._talkface_web_error()));
  }

  checked(result) {
    if (result < 0) throw this.failure();
    return result;
  }

  now(name, ...values) {
    return this.checked(this.runtime[`_talkface_web_${name}`](...values));
  }

  /* A call that waits for ONNX Runtime. One at a time. */
  async later(name, ...values) {
    const kinds = values.map(() => "number");
    return this.checked(await this.runtime.ccall(`talkface_web_${name}`, "number", kinds, values, { async: true }));
  }

  /* Memory that lasts for the time of `use`. */
  async lent(bytes, use) {
    const at = this.runtime._malloc(bytes);
    try {
      return await use(at);
    } finally {
      this.runtime._free(at);
    }
  }

  withText(text, use) {
    const size = this.runtime.lengthBytesUTF8(text) + 1;
    return this.lent(size, (at) => {
      this.runtime.stringToUTF8(text, at, size);
      return use(at);
    });
  }

  /* The clip of a sound, under the names of talkface.viewer.document. `sound`: `samples` (interleaved),
     `rate`, `channels`. `fps`: [num, den] or null for the graph's own. `wanted()`: asked once a second of
     sound; false ends it, and the answer is null. */
  async animate(sound, request, fps, wanted) {
    const [num, den] = fps ?? [0, 1];
    const stream = this.runtime._talkface_web_stream(sound.rate, sound.channels, num, den, request.seed, request.raw);
    if (!stream) throw this.failure();
    try {
      await this.direct(stream, request);
      const rows = await this.poses(stream, sound, wanted);
      return rows && this.clip(rows, fps ?? this.facts.fps);
    } finally {
      this.runtime._talkface_web_destroy(stream);
    }
  }

  async direct(stream, { knobs, emotion, emotion_weight, identity, style }) {
    for (const [name, value] of Object.entries(knobs)) {
      await this.withText(name, (at) => this.now("knob", stream, at, value));
    }
    const text = style?.text ?? (identity ? JSON.stringify({ talkface_style: 1, identities: { [identity]: 1 } }) : "");
    if (text) await this.withText(text, (at) => this.now("style", stream, at));
    const weight = emotion_weight ?? 1;
    if (emotion === "auto" || weight === 0) return;
    const shares = typeof emotion === "string" ? { [emotion]: 1 } : emotion;
    const mix = this.facts.emotions.map((name) => shares[name] ?? 0);
    mix[0] = Math.max(0, 1 - mix.slice(1).reduce((sum, share) => sum + share, 0));
    await this.lent(4 * EMOTIONS, (at) => {
      this.runtime.HEAPF32.set(mix, at >> 2);
      return this.now("emotion", stream, at, weight);
    });
  }

  async poses(stream, { samples, channels }, wanted) {
    const total = samples.length / channels;
    return this.lent(4 * samples.length, async (at) => {
      this.runtime.HEAPF32.set(samples, at >> 2);
      const rows = [];
      for (let done = 0; done < total;) {
        if (!(await wanted())) return null;
        done += this.now("push", stream, at + 4 * done * channels, total - done);
        await this.drain(stream, rows);
      }
      this.now("flush", stream);
      await this.drain(stream, rows);
      return rows;
    });
  }

  async drain(stream, rows) {
    const width = this.runtime._talkface_web_width(), most = 256;
    await this.lent(4 * width * most, async (at) => {
      for (let full = true; full;) {
        full = (await this.later("process", stream)) === 1;
        let count;
        do {
          count = this.now("read", stream, at, most);
          for (let i = 0; i < count; i++) rows.push(this.runtime.HEAPF32.slice((at >> 2) + i * width, (at >> 2) + (i + 1) * width));
        } while (count > 0);
      }
    });
  }

  clip(rows, fps) {
    const { channels, emotions, visemes } = this.facts;
    let offset = 0;
    const table = (width, taken = width) => {
      const values = new Float32Array(rows.length * taken);
      rows.forEach((row, i) => values.set(row.subarray(offset, offset + taken), i * taken));
      offset += width;
      return values;
    };
    return {
      fps, frames: rows.length, channels, emotions, visemes,
      weights: table(channels.length),
      head_rotation: table(WIDTHS.head_rotation),
      head_translation: table(WIDTHS.head_translation),
      emotion: table(EMOTIONS, emotions.length),
      affect: emotions.length ? table(2) : table(2, 0) && null,
      viseme: table(VISEMES, visemes.length),
    };
  }
}
