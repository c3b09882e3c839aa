/* Chips that choose curves and say their weights; bars of the emotion heard. */
import { make } from "./dom.js";

const FIRST = ["jawOpen", "mouthClose", "mouthPucker", "mouthSmileLeft", "browInnerUp"];
const COLOURS = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"];

export class Chips {
  constructor(list, changed) {
    this.list = list;
    this.changed = changed;
    this.names = [...FIRST];
    this.values = [];
  }

  colour(index) {
    return COLOURS[index % COLOURS.length];
  }

  show(clip) {
    this.clip = clip;
    const more = make("select", { id: "more-curves", "aria-label": "Add a curve", change: () => {
      this.names.push(more.value);
      this.show(clip);
      this.list.querySelector("select").focus();
    } }, make("option", { value: "" }, "+ curve"),
    ...clip.channels.filter((name) => !this.names.includes(name)).map((name) => make("option", { value: name }, name)));
    this.values = this.names.map(() => make("span", { class: "value" }));
    this.list.replaceChildren(...this.names.map((name, k) => make("li", {}, make("button", {
      type: "button", class: "chip", style: `--swatch: var(${this.colour(k)})`, "aria-label": `Remove the curve ${name}`,
      title: "Remove this curve", click: () => {
        this.names = this.names.filter((one) => one !== name);
        this.show(clip);
        this.list.querySelector("button, select").focus();
      },
    }, make("span", { class: "swatch" }), name, this.values[k]))), make("li", {}, more));
    this.changed(clip, this.names.map((name, k) => ({ name, colour: this.colour(k) })));
  }

  at(seconds) {
    const [row, next, share] = this.clip.place(seconds);
    this.names.forEach((name, k) => {
      const value = this.clip.channel(name);
      this.values[k].textContent = ((1 - share) * value(row) + share * value(next)).toFixed(2);
    });
  }
}

export class Heard {
  constructor(box) {
    this.box = box;
    this.values = {};
  }

  show(emotions) {
    this.emotions = emotions;
    this.box.hidden = !emotions.length;
    this.bars = emotions.map((name) => {
      const fill = make("span", { class: "fill", style: `background: var(--${name})` });
      const text = make("span", { class: "share" });
      return { fill, text, row: make("li", {},
        make("span", { class: "emotion" }, name), make("span", { class: "bar" }, fill), text) };
    });
    this.box.querySelector(".bars").replaceChildren(...this.bars.map(({ row }) => row));
  }

  /* Shares of the emotions; valence and arousal, or null. */
  at(shares, affect) {
    this.values = Object.fromEntries(this.emotions.map((name, k) => [name, shares[k]]));
    this.bars.forEach(({ fill, text }, k) => {
      fill.style.transform = `scaleX(${shares[k]})`;
      text.textContent = `${Math.round(100 * shares[k])}%`;
    });
    this.box.querySelector(".affect").textContent =
      affect ? `valence ${signed(affect[0])} · arousal ${signed(affect[1])}` : "";
  }
}

const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
