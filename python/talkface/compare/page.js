"use strict";

/* Weights by name and head angles at a time, between the rows of a side. */
function poseAt(face, channels, rate, seconds) {
  const last = face.weights.length - 1;
  const place = Math.min(Math.max(seconds * rate, 0), last);
  const row = Math.floor(place), next = Math.min(row + 1, last), share = place - row;
  const mix = (rows, k) => ((1 - share) * rows[row][k] + share * rows[next][k]) / 1000;
  const weights = {};
  channels.forEach((name, k) => { weights[name] = mix(face.weights, k); });
  return [weights, [0, 1, 2].map((k) => mix(face.head, k))];
}

/* The answers as CSV, in the order of clips and questions. */
function answersCsv(data, rater, answers) {
  const quoted = (text) => '"' + String(text).replace(/"/g, '""') + '"';
  const rows = ["page,rater,clip,question,answer"];
  for (const { clip } of data.trials) {
    for (const question of Object.keys(data.questions)) {
      const answer = answers[clip + " " + question];
      if (answer) rows.push([data.page, quoted(rater), quoted(clip), question, answer].join(","));
    }
  }
  return rows.join("\r\n") + "\r\n";
}

function startPage(document, window) {
  const data = JSON.parse(document.getElementById("data").textContent);
  const part = (id) => document.getElementById(id);
  const sound = part("sound"), form = part("questions"), answers = {}, heard = new Set();
  const all = data.trials.length * Object.keys(data.questions).length;
  let index = 0, saved = true;

  function draw() {
    for (const side of ["left", "right"]) {
      const pose = poseAt(data.trials[index][side], data.channels, data.rate, sound.currentTime);
      drawFace(part(side).getContext("2d"), ...pose);
    }
  }

  function follow() {
    draw();
    if (!sound.paused) window.requestAnimationFrame(follow);
  }

  function tell() {
    const left = all - Object.keys(answers).length;
    part("left-over").textContent = left ? left + " of " + all + " answers to go" : "all answered: thank you";
    for (const field of form.children) field.disabled = !heard.has(data.trials[index].clip);
  }

  function ask(question, text, clip) {
    const field = document.createElement("fieldset"), title = document.createElement("div");
    title.textContent = text;
    field.append(title);
    for (const [value, shown] of [["left", "Left"], ["same", "No difference"], ["right", "Right"]]) {
      const label = document.createElement("label"), choice = document.createElement("input");
      Object.assign(choice, { type: "radio", name: question, value });
      choice.checked = answers[clip + " " + question] === value;
      choice.addEventListener("change", () => {
        answers[clip + " " + question] = value;
        saved = false;
        tell();
      });
      label.append(choice, " " + shown);
      field.append(label);
    }
    form.append(field);
  }

  function show(number) {
    index = number;
    const { clip } = data.trials[index];
    sound.pause();
    sound.src = "media/" + clip + ".wav";
    part("place").textContent = "Clip " + (index + 1) + " of " + data.trials.length;
    part("back").disabled = index === 0;
    part("next").disabled = index === data.trials.length - 1;
    form.replaceChildren();
    for (const [question, text] of Object.entries(data.questions)) ask(question, text, clip);
    draw();
    tell();
  }

  sound.addEventListener("play", follow);
  sound.addEventListener("ended", () => { heard.add(data.trials[index].clip); draw(); tell(); });
  part("play").addEventListener("click", () => { sound.currentTime = 0; sound.play(); });
  part("back").addEventListener("click", () => show(index - 1));
  part("next").addEventListener("click", () => show(index + 1));
  part("save").addEventListener("click", () => {
    const rater = part("rater").value.trim();
    if (!rater) { window.alert("Please write your name or number first."); return; }
    const link = document.createElement("a");
    const text = new window.Blob([answersCsv(data, rater, answers)], { type: "text/csv" });
    link.href = window.URL.createObjectURL(text);
    link.download = "answers-" + rater.replace(/[^A-Za-z0-9]+/g, "-") + ".csv";
    link.click();
    saved = true;
  });
  window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
  show(0);
}

if (typeof document !== "undefined") startPage(document, window);
