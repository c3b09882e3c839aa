// The same from C++: a whole file at once, the widest mouth out.
// Usage: speak_cpp BUNDLE FILE.wav (16-bit mono, 16 kHz, a 44-byte header)
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "talkface/talkface.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: speak_cpp BUNDLE FILE.wav\n");
    return 2;
  }
  std::ifstream file(argv[2], std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  if (bytes.size() < 44) {
    std::fprintf(stderr, "cannot read %s\n", argv[2]);
    return 1;
  }
  const auto* pcm = reinterpret_cast<const std::int16_t*>(bytes.data() + 44);
  try {
    talkface::TalkFace face(argv[1]);
    const talkface::Clip clip =
        face.animate(talkface::span<std::int16_t>(pcm, (bytes.size() - 44) / 2), 16000);
    const std::size_t jaw = talkface::channel("jawOpen");
    float widest = 0.0f;
    for (const talkface::Pose& pose : clip.frames) {
      if (pose.weights[jaw] > widest) widest = pose.weights[jaw];
    }
    std::printf("%zu frames, widest jawOpen %.3f\n", clip.frames.size(),
                static_cast<double>(widest));
    return 0;
  } catch (const talkface::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
