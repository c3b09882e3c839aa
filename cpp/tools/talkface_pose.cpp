// talkface_pose: a WAVE file to poses as CSV, without Python.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "arguments.h"
#include "talkface/talkface.hpp"
#include "wav.h"

namespace {

constexpr const char* kUsage =
    "usage: talkface_pose BUNDLE IN.wav [--fps N] [--raw] [--chunk N] > OUT.csv\n"
    "\n"
    "Writes one line a frame: seconds, 52 ARKit weights, head rotation (x y z w) and translation.\n"
    "--chunk streams the audio in pieces of N samples; the frames are the same.\n"
    "TALKFACE_ONNXRUNTIME names the full path of ONNX Runtime's shared library.\n";

// As animate, in chunks.
std::vector<talkface::Pose> streamed(const talkface::TalkFace& face, const Wav& wav,
                                     const talkface::AnimateOptions& options, std::size_t chunk) {
  talkface::StreamOptions o;
  o.sample_rate = wav.sample_rate;
  o.channels = wav.channels;
  o.frame_rate = options.frame_rate;
  o.raw = options.raw;
  talkface::Stream stream = face.stream(o);
  std::vector<talkface::Pose> poses;
  const std::size_t total = wav.samples.size() / wav.channels;
  for (std::size_t at = 0; at < total;) {
    const std::size_t count = std::min(chunk, total - at);
    at += static_cast<std::size_t>(stream.push(wav.samples.data() + at * wav.channels, count));
    stream.process();
    stream.append_to(&poses);
  }
  stream.flush();
  stream.process();
  stream.append_to(&poses);
  return poses;
}

int run(const std::string& bundle, const std::string& input, talkface::AnimateOptions options,
        std::size_t chunk) {
  const Wav wav = read_wav(input);
  const talkface::TalkFace face(bundle);
  options.channels = wav.channels;
  const std::vector<talkface::Pose> poses =
      chunk > 0 ? streamed(face, wav, options, chunk)
                : face.animate(wav.samples, wav.sample_rate, options).frames;
  std::printf("seconds");
  for (std::uint32_t i = 0; i < TALKFACE_CHANNEL_COUNT; ++i) {
    std::printf(",%s", talkface_channel_name(i));
  }
  std::printf(",headX,headY,headZ,headW,headTX,headTY,headTZ\n");
  for (const talkface::Pose& pose : poses) {
    std::printf("%.6f", pose.seconds);
    for (const float weight : pose.weights) std::printf(",%.9g", static_cast<double>(weight));
    for (const float x : pose.head_rotation) std::printf(",%.9g", static_cast<double>(x));
    for (const float x : pose.head_translation) std::printf(",%.9g", static_cast<double>(x));
    std::printf("\n");
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments = utf8_arguments(argc, argv);
  if (arguments.size() > 1 && arguments[1] == "--help") {
    std::fputs(kUsage, stdout);
    return 0;
  }
  talkface::AnimateOptions options;
  std::size_t chunk = 0;
  bool good = arguments.size() >= 3;
  for (std::size_t i = 3; i < arguments.size() && good; ++i) {
    const bool more = i + 1 < arguments.size();
    if (arguments[i] == "--raw") {
      options.raw = true;
    } else if (arguments[i] == "--fps" && more) {
      const long fps = std::strtol(arguments[++i].c_str(), nullptr, 10);
      good = fps >= 1 && fps <= 1000;
      options.frame_rate.num = static_cast<std::uint32_t>(fps);
    } else if (arguments[i] == "--chunk" && more) {
      const long samples = std::strtol(arguments[++i].c_str(), nullptr, 10);
      good = samples >= 1;
      chunk = static_cast<std::size_t>(samples);
    } else {
      good = false;
    }
  }
  if (!good) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  try {
    return run(arguments[1], arguments[2], options, chunk);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "talkface_pose: %s\n", error.what());
    return 1;
  }
}
