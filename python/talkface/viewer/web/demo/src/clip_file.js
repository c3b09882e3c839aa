/* A clip as talkface.sinks.json_sink writes it. */

function rows(values, width, decimals) {
  const count = width ? values.length / width : 0;
  return Array.from({ length: count }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width), (value) => Number(value.toFixed(decimals))));
}

export function clipFile(clip) {
  const seconds = (i) => Number(((i * clip.fps[1]) / clip.fps[0]).toFixed(9));
  const empty = Array.from({ length: clip.frames }, () => []);
  const table = (values, width, decimals = 6) => (width ? rows(values, width, decimals) : empty);
  return JSON.stringify({
    format: "talkface-clip",
    version: 1,
    fps: clip.fps,
    channels: clip.channels,
    emotions: clip.emotions,
    visemes: clip.visemes,
    timestamps: Array.from({ length: clip.frames }, (_, i) => seconds(i)),
    weights: table(clip.weights, clip.channels.length),
    head_rotation: table(clip.head_rotation, 4, 8),
    head_translation: table(clip.head_translation, 3, 8),
    emotion: table(clip.emotion, clip.emotions.length),
    viseme: table(clip.viseme, clip.visemes.length),
    ...(clip.affect ? { affect: table(clip.affect, 2) } : {}),
  });
}
