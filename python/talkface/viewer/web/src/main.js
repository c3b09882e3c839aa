/* The page: puts sound, clip, face and controls together. The sound is the clock. */
import { source } from "./api.js";
import { Clip } from "./clip.js";
import { Controls } from "./controls.js";
import { make, part } from "./dom.js";
import { Chips, Heard } from "./panels.js";
import { Stage } from "./stage.js";
import { clock, Timeline } from "./timeline.js";
import { listen } from "./keys.js";
import { follow } from "./live.js";

const PAUSE_MS = 120, PATIENCE_MS = 500;
const api = source();
const sound = part("sound");

class View {
  constructor() {
    this.clip = null;
    this.recording = null;
    this.run = null;
    this.stage = null;
    this.timeline = new Timeline(part("timeline"), part("curves"), { seek: (seconds) => this.seek(seconds) });
    this.chips = new Chips(part("chips"), (clip, curves) => this.timeline.show(clip, curves));
    this.heard = new Heard(part("heard"));
  }

  async start() {
    this.session = await api.session();
    await this.raiseStage();
    this.transport();
    listen(this);
    requestAnimationFrame(() => this.tick());
    if (this.session.live) {
      follow(this, this.session.live);
      return;
    }
    this.controls = new Controls(this.session, () => this.animateSoon());
    this.exports();
    if (!api.live) this.carried();
    else this.drops();
    if (this.session.recording) await this.open(this.session.recording);
    else this.tell("Open or drop a sound file to begin.");
  }

  async raiseStage() {
    try {
      this.stage = new Stage(part("stage"));
    } catch (error) {
      part("no-stage").hidden = false;
      return;
    }
    const found = await this.stage.load(await api.head(), this.session.channels);
    if (found.length < this.session.channels.length) {
      const lacking = this.session.channels.filter((name) => !found.includes(name));
      part("head-note").textContent = `This head lacks ${lacking.length} of ${this.session.channels.length} blendshapes.`;
      part("head-note").title = lacking.join(", ");
    }
    for (const button of document.querySelectorAll("[data-shot]")) {
      button.addEventListener("click", () => this.stage.shot(button.dataset.shot));
    }
  }

  /* Shows a recording from its beginning and animates it. */
  async open(recording) {
    this.recording = recording;
    document.body.classList.remove("empty");
    document.title = `${recording.name} · TalkFace`;
    part("name").textContent = recording.name;
    part("length").textContent = clock(recording.seconds);
    sound.src = api.audio(recording);
    const { low, high, rate } = recording.peaks;
    this.timeline.open({ low, high, rate }, recording.seconds);
    this.controls.scripted(recording.script);
    await this.animate();
  }

  animateSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.animate(), PAUSE_MS);
  }

  async animate() {
    if (!this.recording) return;
    document.body.setAttribute("aria-busy", "true");
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.tell("Animating…"), PATIENCE_MS);
    try {
      const run = await api.animate({ ...this.controls.request(), recording: this.recording.id });
      this.swap(run);
    } catch (error) {
      if (error.name === "AbortError" || error.status === 409) return;
      this.complain(error);
    }
    clearTimeout(this.patience);
    document.body.removeAttribute("aria-busy");
  }

  /* A new clip takes the old one's place; the sound goes on. */
  swap(run) {
    this.run = run;
    this.clip = new Clip(run.clip);
    this.chips.show(this.clip);
    this.heard.show(this.clip.emotions);
    this.links();
    this.drawn = null;
    this.quiet();
    const pace = this.recording.seconds / run.took;
    this.tell(api.live
      ? `Animated ${this.recording.seconds.toFixed(1)} s in ${run.took.toFixed(2)} s, ${pace.toFixed(0)} times as fast as speech.`
      : "");
  }

  tick() {
    requestAnimationFrame(() => this.tick());
    const now = sound.currentTime;
    // A mouth that was cut off in a sound closes behind it.
    const moment = sound.ended && this.clip ? Math.max(now, this.clip.seconds) : now;
    if (this.clip && moment !== this.drawn) {
      this.drawn = moment;
      this.stage?.show(this.clip.channels, this.clip.pose(moment));
      this.timeline.draw(now);
      this.chips.at(now);
      this.heard.at(this.clip.emotionAt(now), this.clip.affectAt(now));
      part("time").textContent = clock(now);
      this.say(now);
    }
    this.stage?.draw();
  }

  say(now) {
    const element = part("timeline");
    element.setAttribute("aria-valuenow", now.toFixed(2));
    const viseme = this.clip.visemeAt(now);
    element.setAttribute("aria-valuetext",
      `${now.toFixed(1)} of ${this.recording.seconds.toFixed(1)} seconds${viseme ? `, viseme ${viseme}` : ""}`);
    element.setAttribute("aria-valuemax", this.recording.seconds.toFixed(2));
  }

  transport() {
    const button = part("play");
    button.addEventListener("click", () => this.toggle());
    for (const name of ["play", "pause", "ended"]) {
      sound.addEventListener(name, () => {
        const playing = !sound.paused && !sound.ended;
        button.setAttribute("aria-label", playing ? "Pause" : "Play");
        button.classList.toggle("playing", playing);
      });
    }
    sound.addEventListener("error", () => {
      if (sound.getAttribute("src")) this.complain(new Error("the sound cannot be played"));
    });
    part("loop").addEventListener("click", () => this.loop());
    part("mute").addEventListener("click", () => this.mute());
    part("speed").addEventListener("change", () => {
      sound.playbackRate = sound.defaultPlaybackRate = Number(part("speed").value);
    });
    part("closer").addEventListener("click", () => this.timeline.zoom(0.5));
    part("wider").addEventListener("click", () => this.timeline.zoom(2));
    part("help-open").addEventListener("click", () => this.help());
  }

  toggle() {
    if (!this.recording) return;
    if (sound.paused) sound.play().catch((error) => this.complain(error));
    else sound.pause();
  }

  seek(seconds) {
    if (!this.recording) return;
    sound.currentTime = Math.min(Math.max(seconds, 0), this.recording.seconds);
  }

  loop() {
    sound.loop = !sound.loop;
    part("loop").setAttribute("aria-pressed", sound.loop);
  }

  mute() {
    sound.muted = !sound.muted;
    part("mute").setAttribute("aria-pressed", sound.muted);
  }

  help() {
    part("help").showModal();
  }

  exports() {
    part("fps").append(...[["", "the model's own"], "24", "25", "30", "50", "60000/1001", "60", "120"].map((one) => {
      const [value, text] = Array.isArray(one) ? one : [one, one === "60000/1001" ? "59.94" : one];
      return make("option", { value, selected: value === "60" }, text);
    }));
    part("fps").addEventListener("change", () => this.links());
    part("export-note").textContent = api.note ?? "";
    part("export-note").hidden = !api.note;
  }

  links() {
    const list = part("downloads");
    if (!api.live) {
      list.replaceChildren(...api.downloads.map(({ file, doc }) =>
        make("li", {}, make("a", { href: file, download: "", class: "button" }, file), make("span", { class: "doc" }, doc))));
      return;
    }
    list.replaceChildren(...this.session.formats.map(({ name, label, doc }) => make("li", {},
      make("a", {
        href: api.download(this.run.id, name, part("fps").value), download: "", class: "button",
        click: (event) => { event.preventDefault(); this.save(name); },
        "aria-label": `${label}: ${doc}`,
      }, label),
      make("span", { class: "doc" }, doc))));
  }

  /* Makes the file first, so that an error is told and not saved. */
  async save(format) {
    try {
      const { name, contents } = await api.file(this.run.id, format, part("fps").value);
      const address = URL.createObjectURL(contents);
      make("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
    } catch (error) {
      this.complain(error);
    }
  }

  /* A static page: nothing runs again. */
  carried() {
    for (const element of document.querySelectorAll(".needs-server")) element.disabled = true;
    for (const element of document.querySelectorAll(".only-server")) element.hidden = true;
    part("carried").hidden = false;
    part("carried").after(part("export"));
  }

  drops() {
    const input = part("file");
    input.addEventListener("change", () => { if (input.files[0]) this.take(input.files[0]); input.value = ""; });
    for (const button of document.querySelectorAll("[data-open]")) {
      button.addEventListener("click", () => input.click());
    }
    let depth = 0;
    const over = (by) => { depth += by; document.body.classList.toggle("dropping", depth > 0); };
    document.addEventListener("dragenter", (event) => { event.preventDefault(); over(1); });
    document.addEventListener("dragleave", () => over(-1));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      over(-depth);
      const [file] = event.dataTransfer.files;
      if (file) this.take(file);
    });
  }

  async take(file) {
    document.body.setAttribute("aria-busy", "true");
    try {
      const recording = await api.open(file);
      sound.pause();
      await this.open(recording);
    } catch (error) {
      this.complain(error);
    }
    document.body.removeAttribute("aria-busy");
  }

  tell(text) {
    part("status").textContent = text;
  }

  complain(error) {
    part("alert-text").textContent = error instanceof TypeError && api.lost ? api.lost : error.message;
    part("alert").hidden = false;
  }

  quiet() {
    part("alert").hidden = true;
  }
}

const view = new View();
part("alert-close").addEventListener("click", () => view.quiet());
globalThis.talkface = {
  /* What is shown now, for tests and for pages around this one. */
  state: () => ({
    ready: Boolean(view.clip),
    run: view.run?.id ?? null,
    seconds: sound.currentTime, // of the playhead
    shown: view.drawn ?? null, // of the pose on the screen
    playing: !sound.paused,
    influences: view.stage?.influences() ?? {},
    rotation: view.stage?.head?.quaternion.toArray() ?? null,
    heard: view.heard.values,
  }),
  where: (point) => view.stage.where(point),
};
view.start().catch((error) => view.complain(error));
