/* A clip as the server writes it (talkface.viewer.document): base64 of little-endian float32 tables. A
   backend in the browser gives the tables themselves. */

export function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

function table(made, width) {
  if (made instanceof Float32Array) return { values: made, width };
  const view = new DataView(bytesOf(made).buffer);
  const values = new Float32Array(view.byteLength / 4);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
  return { values, width };
}

function at(part, row, column) {
  return part.values[row * part.width + column];
}

export class Clip {
  constructor(made) {
    this.channels = made.channels;
    this.emotions = made.emotions;
    this.visemeNames = made.visemes;
    this.frames = made.frames;
    this.rate = made.fps[0] / made.fps[1];
    this.seconds = (made.frames - 1) / this.rate; // of the last frame
    this.weights = table(made.weights, made.channels.length);
    this.rotation = table(made.head_rotation, 4);
    this.translation = table(made.head_translation, 3);
    this.emotion = table(made.emotion, made.emotions.length);
    this.visemes = table(made.viseme, made.visemes.length);
    this.affect = made.affect ? table(made.affect, 2) : null;
    this.segments = this.spokenVisemes();
  }

  /* The frames around a time and how far it lies between them. */
  place(seconds) {
    const last = this.frames - 1;
    const where = Math.min(Math.max(seconds * this.rate, 0), last);
    const row = Math.floor(where);
    return [row, Math.min(row + 1, last), where - row];
  }

  mixed(part, seconds) {
    const [row, next, share] = this.place(seconds);
    return Array.from({ length: part.width }, (_, k) =>
      (1 - share) * at(part, row, k) + share * at(part, next, k));
  }

  /* Weights in the order of `channels`, head rotation (unit quaternion x y z w) and translation. */
  pose(seconds) {
    const [row, next, share] = this.place(seconds);
    const turn = (k) => at(this.rotation, row, k);
    const dot = [0, 1, 2, 3].reduce((sum, k) => sum + turn(k) * at(this.rotation, next, k), 0);
    const sign = dot < 0 ? -1 : 1;
    const mixed = [0, 1, 2, 3].map(
      (k) => (1 - share) * turn(k) + share * sign * at(this.rotation, next, k));
    const size = Math.hypot(...mixed) || 1;
    return {
      weights: this.mixed(this.weights, seconds),
      rotation: mixed.map((value) => value / size),
      translation: this.mixed(this.translation, seconds),
    };
  }

  channel(name) {
    const column = this.channels.indexOf(name);
    return (row) => at(this.weights, row, column);
  }

  emotionAt(seconds) {
    return this.mixed(this.emotion, seconds);
  }

  affectAt(seconds) {
    return this.affect ? this.mixed(this.affect, seconds) : null;
  }

  visemeAt(seconds) {
    const found = this.segments.find((one) => seconds >= one.start && seconds < one.end);
    return found ? found.name : "";
  }

  /* Stretches of the likeliest viseme: start and end in seconds, name. */
  spokenVisemes() {
    const made = [];
    for (let row = 0; row < (this.visemeNames.length ? this.frames : 0); row++) {
      let best = 0;
      for (let k = 1; k < this.visemes.width; k++) {
        if (at(this.visemes, row, k) > at(this.visemes, row, best)) best = k;
      }
      const name = this.visemeNames[best], before = made[made.length - 1];
      const end = (row + 1) / this.rate;
      if (before && before.name === name) before.end = end;
      else made.push({ name, start: row / this.rate, end });
    }
    return made;
  }
}
