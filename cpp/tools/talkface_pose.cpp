// talkface_pose: a WAVE file to poses as CSV, without Python.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include "talkface/talkface.hpp"
#include "wav.h"

namespace {

constexpr const char* kUsage =
    "usage: talkface_pose BUNDLE IN.wav [--fps N] [--raw] > OUT.csv\n"
    "\n"
    "Writes one line a frame: seconds, 52 ARKit weights, head rotation (x y z w) and translation.\n"
    "TALKFACE_ONNXRUNTIME names the full path of ONNX Runtime's shared library.\n";

int run(const std::string& bundle, const std::string& input, talkface::AnimateOptions options) {
  const Wav wav = read_wav(input);
  const talkface::TalkFace face(bundle);
  options.channels = wav.channels;
  const talkface::Clip clip = face.animate(wav.samples, wav.sample_rate, options);
  std::printf("seconds");
  for (std::uint32_t i = 0; i < TALKFACE_CHANNEL_COUNT; ++i) {
    std::printf(",%s", talkface_channel_name(i));
  }
  std::printf(",headX,headY,headZ,headW,headTX,headTY,headTZ\n");
  for (const talkface::Pose& pose : clip.frames) {
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
  if (argc > 1 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  talkface::AnimateOptions options;
  bool good = argc >= 3;
  for (int i = 3; i < argc && good; ++i) {
    if (std::strcmp(argv[i], "--raw") == 0) {
      options.raw = true;
    } else if (std::strcmp(argv[i], "--fps") == 0 && i + 1 < argc) {
      const long fps = std::strtol(argv[++i], nullptr, 10);
      good = fps >= 1 && fps <= 1000;
      options.frame_rate.num = static_cast<std::uint32_t>(fps);
    } else {
      good = false;
    }
  }
  if (!good) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  try {
    return run(argv[1], argv[2], options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "talkface_pose: %s\n", error.what());
    return 1;
  }
}
