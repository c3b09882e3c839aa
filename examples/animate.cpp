// The smallest whole C++ program: a 16-bit mono WAVE file in, the widest mouth out.
// Build: find_package(TalkFace CONFIG REQUIRED), link TalkFace::talkface.
// Run with TALKFACE_ONNXRUNTIME set to the full path of ONNX Runtime's library.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "talkface/talkface.hpp"

#ifndef BUNDLE
#define BUNDLE "python/talkface/bundles/default"
#endif

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  if (bytes.size() < 44) return 1;
  const auto* pcm = reinterpret_cast<const std::int16_t*>(bytes.data() + 44);
  const talkface::span<std::int16_t> samples(pcm, (bytes.size() - 44) / 2);
  try {
    talkface::TalkFace face(BUNDLE);
    const talkface::Clip clip = face.animate(samples, 16000);
    const std::size_t jaw = talkface::channel("jawOpen");
    float widest = 0.0f;
    for (const talkface::Pose& pose : clip.frames) {
      if (pose.weights[jaw] > widest) widest = pose.weights[jaw];
    }
    std::printf("%zu frames, widest jawOpen %.2f\n", clip.frames.size(),
                static_cast<double>(widest));
    return 0;
  } catch (const talkface::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
