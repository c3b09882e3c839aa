// Audio, worker, game and control threads on one stream at once: no pose is torn, nothing hangs.
// Run it under ThreadSanitizer too (preset tsan).
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "../cpp/harness.h"
#include "talkface/talkface.hpp"

namespace {

std::atomic<int> failures{0};

constexpr float kHappy[TALKFACE_EMOTION_COUNT] = {0.0f, 1.0f};
constexpr float kSad[TALKFACE_EMOTION_COUNT] = {0.0f, 0.0f, 0.8f};

void check_pose(const talkface::Pose& pose) {
  const float* q = pose.head_rotation;
  const float norm = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
  bool good = std::fabs(norm - 1.0f) < 1e-4f;
  for (const float weight : pose.weights) good = good && weight >= 0.0f && weight <= 1.0f;
  if (!good) ++failures;
}

void run(const char* bundle, bool sampling) {
  const talkface::TalkFace face(bundle);
  talkface::StreamOptions options;
  options.sample_rate = 48000;
  options.frame_rate = {60, 1};
  options.sampling = sampling;
  options.store_ms = 500;
  options.ring_ms = 100;
  talkface::Stream stream = face.stream(options);
  std::atomic<bool> stop{false};
  const bool directed = face.model().info().expression_count > 0;

  std::thread audio([&] {
    std::vector<float> chunk(441);
    std::uint32_t noise = 1;
    const char* symbols[] = {"AA", "M", "AY", "sil", "F"};
    for (int i = 0; i < 4000; ++i) {
      const std::int64_t next = stream.next_sample();
      const talkface::Phone phones[] = {
          talkface::phone(next + 9600, next + 12000, symbols[i % 5]),
          talkface::phone(next + 12000, next + 13000, symbols[(i + 1) % 5])};
      stream.push_phones(phones, 2);
      if (directed) {
        const talkface::EmotionKey keys[] = {talkface::emotion_key(next + 9600, kHappy),
                                             talkface::emotion_key(next + 24000, kSad, 0.5f)};
        stream.push_emotion(keys, 2);
      }
      for (float& x : chunk) {
        noise = noise * 1664525u + 1013904223u;
        x = static_cast<float>(noise >> 8) / 16777216.0f - 0.5f;
      }
      std::uint64_t taken = 0;
      while ((taken += stream.push(chunk.data() + taken, chunk.size() - taken)) < chunk.size()) {
        std::this_thread::yield();
      }
      if (i % 500 == 499) stream.flush();
    }
    stop = true;
  });
  std::thread worker([&] {
    while (!stop) stream.process();
  });
  std::thread game([&] {
    while (!stop) {
      check_pose(stream.sample());
      check_pose(stream.sample(stream.next_sample() - 9600));
      for (const talkface::Pose& pose : stream.read()) check_pose(pose);
    }
  });
  std::thread control([&] {
    for (int i = 0; !stop; ++i) {
      stream.samples_needed();
      stream.stats();
      stream.set_knob("lower_strength", static_cast<float>(i % 20) / 10.0f);
      if (directed) stream.set_emotion(i % 2 == 0 ? kHappy : kSad, 0.5f);
      if (i % 400 == 399) stream.interrupt(60);
      if (i % 1500 == 1499) stream.reset();
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  });
  audio.join();
  worker.join();
  game.join();
  control.join();
}

// Many short utterances with their phones and emotions, flushed by the audio thread while the
// worker runs: every frame must equal the one that the same calls give in order. A flush that the
// worker steps over would change frames.
void run_utterances(const char* bundle) {
  const talkface::TalkFace face(bundle);
  constexpr int kUtterances = 120;
  std::vector<std::vector<float>> speech;
  std::uint32_t noise = 99;
  for (int u = 0; u < kUtterances; ++u) {
    noise = noise * 1664525u + 1013904223u;
    speech.emplace_back(200 + (noise >> 20) % 700);
    for (float& x : speech.back()) {
      noise = noise * 1664525u + 1013904223u;
      x = static_cast<float>(noise >> 8) / 16777216.0f - 0.5f;
    }
  }
  // Every utterance is one phone. All are pushed before the audio, so every frame has them.
  std::vector<talkface::Phone> phones;
  for (const auto& utterance : speech) {
    const std::int64_t at = phones.empty() ? 0 : phones.back().end;
    const char* symbol = phones.size() % 3 == 0 ? "M" : "AA";
    phones.push_back(talkface::phone(at, at + static_cast<std::int64_t>(utterance.size()), symbol));
  }
  std::vector<talkface::EmotionKey> keys;
  if (face.model().info().expression_count > 0) {
    for (const talkface::Phone& phone : phones) {
      keys.push_back(talkface::emotion_key(phone.start, keys.size() % 2 == 0 ? kHappy : kSad));
    }
  }
  std::vector<talkface::Pose> expected;
  {
    talkface::Stream stream = face.stream();
    stream.push_phones(phones.data(), phones.size());
    if (!keys.empty()) stream.push_emotion(keys.data(), keys.size());
    for (const auto& utterance : speech) {
      stream.push(utterance.data(), utterance.size());
      stream.flush();
      stream.process();
      stream.append_to(&expected);
    }
  }
  for (int repeat = 0; repeat < 20; ++repeat) {
    talkface::Stream stream = face.stream();
    std::vector<talkface::Pose> poses;
    std::atomic<bool> stop{false};
    std::thread audio([&] {
      stream.push_phones(phones.data(), phones.size());
      if (!keys.empty()) stream.push_emotion(keys.data(), keys.size());
      for (const auto& utterance : speech) {
        std::uint64_t taken = 0;
        while ((taken += stream.push(utterance.data() + taken, utterance.size() - taken)) <
               utterance.size()) {
          std::this_thread::yield();
        }
        while (!stream.flush()) std::this_thread::yield();
      }
      stop = true;
    });
    while (!stop) {
      stream.process();
      stream.append_to(&poses);
    }
    audio.join();
    stream.process();
    stream.append_to(&poses);
    bool same = poses.size() == expected.size();
    for (std::size_t i = 0; same && i < poses.size(); ++i) {
      same = std::memcmp(poses[i].weights, expected[i].weights, sizeof(poses[i].weights)) == 0;
    }
    if (!same) ++failures;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return with_bundle(argc, argv, [](const char* bundle) {
    run(bundle, false);
    run(bundle, true);
    run_utterances(bundle);
    return failures.load();
  });
}
