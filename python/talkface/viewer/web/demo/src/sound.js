/* Sounds as the runtime takes them: decoded by the browser, at the rate that the file has. */

export const KEPT = 2; // sounds at a time: the one shown, and the one that takes its place
const ANY_RATE = 48000, LOWEST = 8000, HIGHEST = 96000; // of what a browser must decode to
const PEAKS = 40_000, FINEST = 400; // as talkface.viewer.document

const named = (view, at, name) => [...name].every((letter, i) => view.getUint8(at + i) === letter.charCodeAt(0));

/* The rate that a WAV or FLAC file says, or null. */
function rateOf(bytes) {
  const view = new DataView(bytes);
  if (view.byteLength > 44 && named(view, 0, "RIFF") && named(view, 8, "WAVE")) {
    for (let at = 12; at + 16 <= view.byteLength; at += 8 + view.getUint32(at + 4, true)) {
      if (named(view, at, "fmt ")) return view.getUint32(at + 12, true);
    }
  }
  if (view.byteLength > 42 && named(view, 0, "fLaC")) return view.getUint32(18) >>> 12;
  return null;
}

/* `samples` (interleaved float32), `rate`, `channels`, `seconds`; an Error for what the browser cannot read. */
export async function decode(bytes, name) {
  const said = rateOf(bytes);
  const rate = said >= LOWEST && said <= HIGHEST ? said : ANY_RATE;
  let decoded;
  try {
    decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes);
  } catch {
    throw new Error(`this browser cannot read ${name} as sound`);
  }
  const channels = decoded.numberOfChannels;
  if (!decoded.length) throw new Error(`${name} holds no sound`);
  const samples = new Float32Array(decoded.length * channels);
  for (let c = 0; c < channels; c++) {
    const one = decoded.getChannelData(c);
    for (let i = 0; i < one.length; i++) samples[i * channels + c] = one[i];
  }
  return { samples, rate, channels, seconds: decoded.duration };
}

/* Lowest and highest sample of each stretch, all channels together; `rate`: stretches a second. */
export function peaks({ samples, rate: sampleRate, channels, seconds }) {
  const rate = Math.min(FINEST, PEAKS / seconds, sampleRate);
  const count = Math.max(1, Math.ceil(seconds * rate));
  const low = new Float32Array(count).fill(1), high = new Float32Array(count).fill(-1);
  for (let i = 0; i < samples.length; i++) {
    const stretch = Math.min(Math.floor((Math.floor(i / channels) * rate) / sampleRate), count - 1);
    low[stretch] = Math.max(-1, Math.min(low[stretch], samples[i]));
    high[stretch] = Math.min(1, Math.max(high[stretch], samples[i]));
  }
  return { rate, low, high };
}
