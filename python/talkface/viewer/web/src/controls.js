/* The panel: sliders made from the knob table, emotion, style, bundle. What it says is `request()`. */
import { make, part } from "./dom.js";
import { readable } from "./names.js";

/* Where knobs stand; those that match nothing stand under "More". */
const GROUPS = [
  ["Mouth", /^(lower|mouth|closure|tongue|silence)/],
  ["Eyes and brows", /^(upper|blink|gaze|brow)/],
  ["Head and breath", /^(head|sway|breath)/],
  ["Expression", /^(emotion|max_emotions|expression)/],
  ["Script", /^script/],
  ["More", /./],
];

const whole = (knob) => knob.maximum - knob.minimum > 4 && Number.isInteger(knob.default);

function slider({ id, label, unit = "", doc, minimum, maximum, step, value, rest, input }) {
  const range = make("input", {
    id, type: "range", min: minimum, max: maximum, step, value, "aria-describedby": doc ? `${id}-doc` : undefined,
  });
  const shown = make("output", { for: id });
  const reset = make("button", {
    type: "button", class: "reset", "aria-label": `Reset ${label}`, title: `Back to ${rest}`,
    click: () => { set(rest); input(rest); range.focus(); },
  }, "↺");
  function set(to) {
    range.value = to;
    shown.textContent = `${Number(Number(to).toFixed(2))}${unit ? ` ${unit}` : ""}`;
    range.style.setProperty("--at", `${(100 * (to - minimum)) / (maximum - minimum)}%`);
    range.setAttribute("aria-valuetext", shown.textContent);
    reset.hidden = Number(to) === rest;
  }
  range.addEventListener("input", () => { set(range.value); input(Number(range.value)); });
  set(value);
  const row = make("div", { class: "knob" },
    make("div", { class: "knob-head" }, make("label", { for: id }, label), reset, shown), range,
    ...(doc ? [make("p", { id: `${id}-doc`, class: "doc" }, doc)] : []));
  return { row, set, value: () => Number(range.value), range };
}

function choice(id, label, options, value, change) {
  const select = make("select", { id, change: () => change(select.value) },
    ...options.map(([key, text]) => make("option", { value: key, selected: key === value }, text)));
  return { row: make("div", { class: "field" }, make("label", { for: id }, label), select), select };
}

export class Controls {
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
    this.asked = structuredClone(session.request);
    this.hasScript = false;
    this.build();
  }

  /* What the server is asked for; `recording` is added by whoever sends it. */
  request() {
    return structuredClone(this.asked);
  }

  ask(changes) {
    Object.assign(this.asked, changes);
    this.changed();
  }

  build() {
    part("reset-all").addEventListener("click", () => {
      this.asked = structuredClone(this.session.defaults);
      this.refresh();
      this.changed();
    });
    this.refresh();
  }

  /* What the chosen bundle knows. */
  get bundle() {
    return this.session.bundles.find((one) => one.name === this.asked.bundle);
  }

  refresh() {
    for (const id of ["voice", "emotion", "knobs"]) {
      part(id).replaceChildren();
      this[id](part(id));
    }
    this.scripted(this.hasScript);
    part("emotion-section").hidden = !this.bundle.emotions.length;
  }

  take(name) {
    this.asked.bundle = name;
    const { identities, emotions } = this.bundle;
    if (!this.asked.style && !identities.includes(this.asked.identity)) this.asked.identity = identities[0] || "";
    if (!emotions.length) this.asked.emotion = "auto";
    this.refresh();
    part("bundle").focus();
    this.changed();
  }

  voice(into) {
    const { session, asked } = this;
    const bundle = choice("bundle", "Bundle", session.bundles.map((one) => [one.name, one.name]),
      asked.bundle, (value) => this.take(value));
    const styles = [...this.bundle.identities.map((name) => [name, name]),
      ...(asked.style ? [["", asked.style.name || "style file"]] : [])];
    const own = asked.style;
    const identity = choice("identity", "Style", styles, asked.style ? "" : asked.identity,
      (value) => this.ask(value ? { identity: value, style: null } : { style: own }));
    const file = make("input", {
      id: "style-file", type: "file", accept: ".json,application/json", class: "quiet",
      change: async () => {
        const [chosen] = file.files;
        if (!chosen) return;
        this.ask({ style: { name: chosen.name, text: await chosen.text() } });
        part("voice").replaceChildren();
        this.voice(part("voice"));
        part("identity").focus();
      },
    });
    const seed = make("input", {
      id: "seed", type: "number", min: 0, max: 4294967295, step: 1, value: asked.seed,
      change: () => { if (seed.checkValidity() && seed.value) this.ask({ seed: Number(seed.value) }); },
    });
    const dice = make("button", {
      type: "button", class: "small", title: "Other blinks, gaze and sway",
      click: () => { seed.value = Math.floor(Math.random() * 10000); this.ask({ seed: Number(seed.value) }); },
    }, "Another");
    const raw = make("input", {
      id: "raw", type: "checkbox", role: "switch", checked: asked.raw,
      change: () => this.ask({ raw: raw.checked }),
    });
    into.append(bundle.row, make("p", { class: "doc under" }, this.bundle.about), identity.row,
      make("div", { class: "field" }, make("label", { for: "style-file" }, "Style file"), file),
      make("div", { class: "field" }, make("label", { for: "seed" }, "Seed"),
        make("div", { class: "beside" }, seed, dice)),
      make("div", { class: "switch" }, make("label", { for: "raw" }, "Raw: no knobs, no idle life"), raw));
  }

  emotion(into) {
    const { asked, bundle } = this;
    const shown = bundle.emotions.filter((name) => name !== "neutral");
    const timed = Array.isArray(asked.emotion);
    const mixed = !timed && typeof asked.emotion === "object";
    const mix = mixed ? { ...asked.emotion } : timed || asked.emotion === "auto" ? {} : { [asked.emotion]: 1 };
    const keys = asked.emotion;
    const now = timed ? "keys" : mixed ? "mix" : asked.emotion;
    const sliders = new Map();
    const say = () => {
      const shares = Object.fromEntries(shown.map((name) => [name, sliders.get(name).value()]));
      this.ask({ emotion: shares });
    };
    for (const name of shown) {
      sliders.set(name, slider({
        id: `mix-${name}`, label: name, minimum: 0, maximum: 1, step: 0.01, value: mix[name] || 0, rest: 0,
        input: (value) => {
          const others = shown.filter((one) => one !== name);
          const sum = others.reduce((all, one) => all + sliders.get(one).value(), 0);
          if (sum > 1 - value) {
            for (const one of others) {
              sliders.get(one).set(Math.floor((100 * sliders.get(one).value() * (1 - value)) / sum) / 100);
            }
          }
          say();
        },
      }));
    }
    const weight = slider({
      id: "emotion-weight", label: "Weight", doc: "How far this replaces what is heard.", minimum: 0, maximum: 1,
      step: 0.01, value: asked.emotion_weight ?? 1, rest: 1, input: (value) => this.ask({ emotion_weight: value }),
    });
    const mixBox = make("div", { role: "group", "aria-label": "Shares of a mix; neutral gets the rest" },
      ...shown.map((name) => sliders.get(name).row));
    const show = (value) => {
      weight.row.hidden = value === "auto";
      mixBox.hidden = value !== "mix";
    };
    const kind = choice("emotion-kind", "Emotion", [
      ["auto", "As heard in the voice"], ...bundle.emotions.map((name) => [name, name]), ["mix", "A mix…"],
      ...(timed ? [["keys", "Timed keys, as given"]] : []),
    ], now, (value) => {
      show(value);
      if (value === "mix") say();
      else if (value === "keys") this.ask({ emotion: keys });
      else this.ask({ emotion: value });
    });
    show(now);
    into.append(kind.row, mixBox, weight.row);
  }

  /* Whether the recording has phones that the knob of the script can weigh. */
  scripted(flag) {
    this.hasScript = flag;
    part("knob-script_strength")?.toggleAttribute("disabled", !flag);
  }

  knobs(into) {
    const { session, asked } = this;
    const left = [...session.knobs];
    for (const [title, pattern] of GROUPS) {
      const members = left.filter((knob) => pattern.test(knob.name));
      for (const knob of members) left.splice(left.indexOf(knob), 1);
      if (!members.length) continue;
      const sliders = members.map((knob) => slider({
        id: `knob-${knob.name}`, ...readable(knob.name), doc: knob.doc, minimum: knob.minimum,
        maximum: knob.maximum, step: whole(knob) ? 1 : 0.01, value: asked.knobs[knob.name] ?? knob.default,
        rest: knob.default,
        input: (value) => this.ask({ knobs: { ...this.asked.knobs, [knob.name]: value } }),
      }));
      const box = make("details", { open: title === "Mouth" },
        make("summary", {}, title), ...sliders.map(({ row }) => row));
      into.append(box);
    }
  }
}
