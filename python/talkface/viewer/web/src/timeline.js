/* Waveform, visemes, curves and emotion over one time axis, with the playhead. */

const GUTTER = 78, ROWS = { ruler: 18, wave: 40, visemes: 22, curves: 76, head: 44, emotion: 34 }, GAP = 5;
const CLOSEST = 0.25; // seconds across at most zoom
const STEPS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
const DEGREES = 180 / Math.PI;
const FONT = "12px system-ui, sans-serif", SMALL = "10.5px system-ui, sans-serif";
const HEAD = [["nod", "--c3", 0], ["turn", "--c1", 1], ["tilt", "--c2", 2]];

export class Timeline {
  constructor(element, canvas, { seek }) {
    this.element = element;
    this.canvas = canvas;
    this.still = document.createElement("canvas");
    this.curves = [];
    this.clip = null;
    this.peaks = null;
    this.seconds = 0;
    this.view = [0, 1];
    this.now = 0;
    new ResizeObserver(() => this.refresh()).observe(element);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.refresh());
    this.pointer(seek);
  }

  pointer(seek) {
    let held = false;
    const go = (event) => seek(this.timeAt(event.clientX - this.canvas.getBoundingClientRect().left));
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      held = true;
      this.canvas.setPointerCapture(event.pointerId);
      go(event);
    });
    this.canvas.addEventListener("pointermove", (event) => { if (held) go(event); });
    for (const name of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(name, () => { held = false; });
    }
    this.canvas.addEventListener("wheel", (event) => {
      if (!this.seconds) return;
      event.preventDefault();
      const [from, to] = this.view;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = ((event.deltaX || event.deltaY) / this.width) * (to - from);
        this.look(from + by, to + by);
      } else {
        const at = this.timeAt(event.clientX - this.canvas.getBoundingClientRect().left);
        this.zoom(Math.exp(event.deltaY * 0.002), at);
      }
    }, { passive: false });
  }

  get width() {
    return Math.max(this.element.clientWidth - GUTTER - 8, 1);
  }

  timeAt(x) {
    const [from, to] = this.view;
    return Math.min(Math.max(from + ((x - GUTTER) / this.width) * (to - from), 0), this.seconds);
  }

  xAt(seconds) {
    const [from, to] = this.view;
    return GUTTER + ((seconds - from) / (to - from)) * this.width;
  }

  /* Shows a stretch of time, kept inside the recording. */
  look(from, to) {
    const span = Math.min(Math.max(to - from, CLOSEST), this.seconds || 1);
    const start = Math.min(Math.max(from, 0), Math.max((this.seconds || 1) - span, 0));
    this.view = [start, start + span];
    this.refresh();
  }

  zoom(factor, about = this.now) {
    const [from, to] = this.view;
    this.look(about - (about - from) * factor, about + (to - about) * factor);
  }

  open(peaks, seconds) {
    this.peaks = peaks;
    this.loudest = Math.max(0.05, ...[peaks.low, peaks.high].map(largest));
    this.seconds = seconds;
    this.look(0, seconds);
  }

  /* A clip and which of its channels are drawn: names and colours. */
  show(clip, curves) {
    this.clip = clip;
    this.curves = curves;
    this.scales();
    this.refresh();
  }

  refresh() {
    this.stale = true;
    this.draw(this.now);
  }

  colour(name) {
    return this.style.getPropertyValue(name).trim();
  }

  /* A playhead that moves out of view takes the view along. */
  draw(now) {
    const [from, to] = this.view;
    if (now !== this.now && (now < from || now > to)) {
      const start = Math.min(Math.max(now - 0.1 * (to - from), 0), this.seconds - (to - from));
      this.view = [start, start + to - from];
      this.stale = true;
    }
    this.now = now;
    const ratio = window.devicePixelRatio || 1;
    const width = this.element.clientWidth;
    const height = this.layout();
    if (this.stale) {
      this.stale = false;
      this.style = getComputedStyle(this.element);
      for (const canvas of [this.canvas, this.still]) {
        canvas.width = Math.max(1, Math.round(width * ratio));
        canvas.height = Math.round(height * ratio);
      }
      this.canvas.style.height = `${height}px`;
      const ctx = this.still.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.paint(ctx, width, height);
    }
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.drawImage(this.still, 0, 0);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.seconds) this.playhead(ctx, height);
  }

  /* Tops of the rows that this clip has; returns the height of all. */
  layout() {
    let top = 0;
    this.rows = [];
    for (const [name, height] of Object.entries(ROWS)) {
      if (name === "visemes" && !this.clip?.visemeNames.length) continue;
      if (name === "emotion" && !this.clip?.emotions.length) continue;
      this.rows.push({ name, top, height });
      top += height + GAP;
    }
    return top;
  }

  paint(ctx, width, height) {
    ctx.clearRect(0, 0, width, height);
    ctx.font = FONT;
    ctx.textBaseline = "middle";
    const names = {
      wave: "Sound", visemes: "Visemes", curves: "Curves", emotion: "Heard",
      head: this.clip ? `Head ±${this.most.head}°` : "Head",
    };
    for (const row of this.rows) {
      if (row.name !== "ruler") {
        ctx.fillStyle = this.colour("--row");
        ctx.beginPath();
        ctx.roundRect(GUTTER, row.top, this.width, row.height, 4);
        ctx.fill();
        ctx.fillStyle = this.colour("--muted");
        ctx.textAlign = "left";
        const notes = this.notes(row.name);
        ctx.fillText(names[row.name], 4, row.top + row.height / 2 - (notes.length ? 8 : 0));
        let x = 4;
        ctx.font = SMALL;
        for (const [text, colour] of notes) {
          ctx.fillStyle = this.colour(colour);
          ctx.fillText(text, x, row.top + row.height / 2 + 8);
          x += ctx.measureText(text).width + 4;
        }
        ctx.font = FONT;
      }
      if (!this.seconds) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(GUTTER, row.top, this.width, row.height);
      if (row.name !== "ruler") ctx.clip();
      this[row.name === "visemes" ? "spoken" : `draw_${row.name}`](ctx, row);
      ctx.restore();
    }
  }

  draw_ruler(ctx, row) {
    const [from, to] = this.view;
    const step = STEPS.find((one) => (one / (to - from)) * this.width >= 64) || STEPS[STEPS.length - 1];
    ctx.fillStyle = this.colour("--muted");
    ctx.textAlign = "center";
    for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9; k++) {
      const x = this.xAt(k * step);
      ctx.fillText(clock(k * step, step), Math.min(Math.max(x, GUTTER + 14), GUTTER + this.width - 14), row.top + 8);
      ctx.fillRect(x, row.top + 15, 1, 3);
    }
  }

  draw_wave(ctx, row) {
    const [from, to] = this.view, { low, high, rate } = this.peaks;
    const middle = row.top + row.height / 2, scale = (row.height / 2 - 2) / this.loudest;
    ctx.fillStyle = this.colour("--wave");
    for (let x = 0; x < this.width; x++) {
      const first = Math.floor((from + (x / this.width) * (to - from)) * rate);
      const last = Math.max(first + 1, Math.floor((from + ((x + 1) / this.width) * (to - from)) * rate));
      let bottom = Infinity, top = -Infinity;
      for (let k = first; k < last && k < low.length; k++) {
        bottom = Math.min(bottom, low[k]);
        top = Math.max(top, high[k]);
      }
      if (top < bottom) continue;
      ctx.fillRect(GUTTER + x, middle - top * scale, 1, Math.max(1, (top - bottom) * scale));
    }
  }

  spoken(ctx, row) {
    ctx.textAlign = "center";
    for (const { name, start, end } of this.clip.segments) {
      if (end < this.view[0] || start > this.view[1] || name === "sil") continue;
      const x = this.xAt(start), w = this.xAt(end) - x;
      ctx.fillStyle = this.colour("--chip");
      ctx.beginPath();
      ctx.roundRect(x + 0.5, row.top + 2, Math.max(w - 1, 1), row.height - 4, 3);
      ctx.fill();
      if (w < 16) continue;
      ctx.fillStyle = this.colour("--text");
      ctx.fillText(name, x + w / 2, row.top + row.height / 2 + 0.5);
    }
  }

  /* A line through value(row) of every frame in view. */
  line(ctx, row, colour, value, low, high) {
    const { clip, view } = this;
    if (!clip) return;
    const first = Math.max(0, Math.floor(view[0] * clip.rate) - 1);
    const last = Math.min(clip.frames - 1, Math.ceil(view[1] * clip.rate) + 1);
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.6;
    ctx.lineJoin = "round";
    ctx.beginPath();
    for (let k = first; k <= last; k++) {
      const share = (value(k) - low) / (high - low);
      ctx.lineTo(this.xAt(k / clip.rate), row.top + row.height - 2 - share * (row.height - 4));
    }
    ctx.stroke();
  }

  /* What stands under a row's name. */
  notes(row) {
    if (!this.clip) return [];
    if (row === "curves") return [[`0 to ${this.most.curves}`, "--muted"]];
    if (row === "head") return HEAD.map(([name, colour]) => [name, colour]);
    return [];
  }

  /* Tops of the scales: the tenth, and the degree, that all of a row's lines stay below. */
  scales() {
    const top = (least, lines) => {
      let most = least;
      for (const value of lines) for (let k = 0; k < this.clip.frames; k++) most = Math.max(most, Math.abs(value(k)));
      return most;
    };
    this.most = {
      curves: Math.ceil(10 * top(0.2, this.curves.map(({ name }) => this.clip.channel(name))) - 1e-6) / 10,
      head: Math.ceil(top(2, HEAD.map(([, , k]) => this.angle(k)))),
    };
  }

  draw_curves(ctx, row) {
    if (!this.clip) return;
    for (const { name, colour } of this.curves) {
      this.line(ctx, row, this.colour(colour), this.clip.channel(name), 0, this.most.curves);
    }
  }

  /* Nod, turn or tilt in degrees, for small angles. */
  angle(k) {
    const { values } = this.clip.rotation;
    return (frame) => 2 * DEGREES * values[4 * frame + k] * Math.sign(values[4 * frame + 3] || 1);
  }

  draw_head(ctx, row) {
    if (!this.clip) return;
    ctx.fillStyle = this.colour("--grid");
    ctx.fillRect(GUTTER, row.top + row.height / 2, this.width, 1);
    for (const [, colour, k] of HEAD) {
      this.line(ctx, row, this.colour(colour), this.angle(k), -this.most.head, this.most.head);
    }
  }

  /* Shares over one another; what is left above is neutral's. */
  draw_emotion(ctx, row) {
    const { clip } = this, [from, to] = this.view;
    for (let x = 0; x < this.width; x++) {
      const shares = clip.emotionAt(from + (x / this.width) * (to - from));
      let top = row.top + row.height;
      for (let k = shares.length - 1; k > 0; k--) {
        const tall = shares[k] * row.height;
        ctx.fillStyle = this.colour(`--${clip.emotions[k]}`);
        top -= tall;
        ctx.fillRect(GUTTER + x, top, 1, tall + 0.5);
      }
    }
  }

  playhead(ctx, height) {
    const x = this.xAt(this.now);
    ctx.fillStyle = this.colour("--accent");
    ctx.fillRect(x - 0.75, 12, 1.5, height - 12 - GAP);
    ctx.beginPath();
    ctx.moveTo(x - 6, 6);
    ctx.lineTo(x + 6, 6);
    ctx.lineTo(x, 15);
    ctx.fill();
  }
}

/* Math.max(...) of a long array would overflow the stack. */
function largest(values) {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/* Seconds as m:ss, with decimals where the step needs them. */
export function clock(seconds, step = 0.01) {
  const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  const minutes = Math.floor(seconds / 60 + 1e-9);
  const rest = Math.max(seconds - 60 * minutes, 0).toFixed(digits);
  return `${minutes}:${rest.padStart(digits ? digits + 3 : 2, "0")}`;
}
