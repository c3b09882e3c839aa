/* The runtime's calls (cpp/web/face.cpp) as JavaScript. */
import createRuntime from "talkface-runtime";
import { Host } from "./host.js";

const EMOTIONS = 8, VISEMES = 15; // of a pose, whatever the bundle gives
const READ = 256; // poses at a time

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

  async poses(stream, { samples, channels, rate }, wanted) {
    return this.lent(4 * rate * channels, async (at) => {
      const rows = [];
      for (let done = 0; done < samples.length;) {
        if (!(await wanted())) return null;
        const second = samples.subarray(done, done + rate * channels);
        this.runtime.HEAPF32.set(second, at >> 2);
        done += channels * this.now("push", stream, at, second.length / channels);
        await this.drain(stream, rows);
      }
      this.now("flush", stream);
      await this.drain(stream, rows);
      return rows;
    });
  }

  async drain(stream, rows) {
    const width = this.runtime._talkface_web_width();
    await this.lent(4 * width * READ, async (at) => {
      for (let full = true; full;) {
        full = (await this.later("process", stream)) === 1;
        for (let count; (count = this.now("read", stream, at, READ)) > 0;) {
          for (let i = 0; i < count; i++) {
            const from = at / 4 + i * width;
            rows.push(this.runtime.HEAPF32.slice(from, from + width));
          }
        }
      }
    });
  }

  clip(rows, fps) {
    const { channels, emotions, visemes } = this.facts;
    let offset = 0;
    /* The next `width` columns; `taken` of them. */
    const table = (width, taken = width) => {
      const values = new Float32Array(rows.length * taken);
      rows.forEach((row, i) => values.set(row.subarray(offset, offset + taken), i * taken));
      offset += width;
      return values;
    };
    const weights = table(channels.length), head_rotation = table(4), head_translation = table(3);
    const emotion = table(EMOTIONS, emotions.length), affect = table(2);
    return {
      fps, frames: rows.length, channels, emotions, visemes, weights, head_rotation, head_translation, emotion,
      affect: emotions.length ? affect : null,
      viseme: table(VISEMES, visemes.length),
    };
  }
}
