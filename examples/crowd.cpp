// Thirty-two characters that talk at once: crowd BUNDLE
//
// Every tick of a game: audio is pushed to each of them, one call makes all their frames, and each
// is sampled where its sound is.
#include "talkface/crowd.hpp"

#include <cmath>
#include <cstdio>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: crowd BUNDLE\n");
    return 2;
  }
  try {
    constexpr std::uint32_t kRate = 48000;
    constexpr std::size_t kTick = kRate / 60;
    const talkface::TalkFace face(argv[1]);
    talkface::Crowd crowd(face.model());
    std::vector<talkface::Stream> characters;
    talkface::StreamOptions options = talkface::member_options();
    options.sample_rate = kRate;
    options.sampling = true;
    options.sleep_ms = 500;  // who is silent costs next to nothing
    for (std::uint64_t seed = 0; seed < 32; ++seed) {
      options.seed = seed;
      characters.push_back(crowd.join(options));
    }
    std::vector<float> chunk(kTick);
    for (std::size_t tick = 0; tick < 180; ++tick) {
      for (std::size_t i = 0; i < characters.size(); ++i) {
        const float loudness = i < 8 ? 0.3f : 0.0f;  // eight of them speak
        for (std::size_t s = 0; s < kTick; ++s) {
          const double seconds = static_cast<double>(tick * kTick + s) / kRate;
          const double voice = std::sin(900.0 * seconds) * std::sin(20.0 * seconds);
          chunk[s] = loudness * static_cast<float>(voice);
        }
        characters[i].push(chunk.data(), chunk.size());
      }
      crowd.process();
      for (talkface::Stream& character : characters) {
        // The face is late by the latency; a game plays the sound that much later.
        character.sample(static_cast<std::int64_t>((tick + 1) * kTick) - kRate / 5);
      }
    }
    const talkface_crowd_stats stats = crowd.stats();
    const float jaw = characters[0].sample().weights[talkface::channel("jawOpen")];
    std::printf("%u characters, %u asleep, %.1f in a run; jawOpen of the first: %.2f\n",
                stats.streams, stats.asleep,
                static_cast<double>(stats.steps) / static_cast<double>(stats.runs),
                static_cast<double>(jaw));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "crowd: %s\n", error.what());
    return 1;
  }
}
