// A crowd's own thread with its pool, audio, game and spawning threads at once: no pose is torn,
// nothing hangs, nobody is forgotten. Run it under ThreadSanitizer too (preset tsan).
#include "talkface/crowd.hpp"

#include <atomic>
#include <cmath>
#include <cstdio>
#include <thread>
#include <vector>

#include "../cpp/harness.h"

namespace {

std::atomic<int> failures{0};

void check_pose(const talkface::Pose& pose) {
  const float* q = pose.head_rotation;
  const float norm = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
  bool good = std::fabs(norm - 1.0f) < 1e-4f;
  for (const float weight : pose.weights) good = good && weight >= 0.0f && weight <= 1.0f;
  if (!good) ++failures;
}

std::vector<float> noise(std::size_t count) {
  std::vector<float> audio(count);
  std::uint32_t state = 1;
  for (float& x : audio) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(state >> 8) / 16777216.0f - 0.5f;
  }
  return audio;
}

void run(const talkface::Model& model) {
  talkface::CrowdOptions options;
  options.threads = 2;
  options.max_batch = 8;
  talkface::Crowd crowd(model, options);
  talkface::StreamOptions member = talkface::member_options();
  member.sampling = true;
  member.sleep_ms = 200;
  std::vector<talkface::Stream> fixed;
  for (std::uint64_t i = 0; i < 12; ++i) {
    member.seed = i;
    fixed.push_back(crowd.join(member));
  }
  crowd.start(200);
  const std::vector<float> audio = noise(1600);
  const std::vector<float> silence(1600);
  std::atomic<bool> stop{false};
  std::thread speaker([&] {
    for (int i = 0; i < 600; ++i) {
      for (talkface::Stream& stream : fixed) {
        stream.push((i / 40 % 2 == 0 ? audio : silence).data(), 400);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    stop = true;
  });
  std::thread game([&] {
    while (!stop) {
      for (talkface::Stream& stream : fixed) {
        check_pose(stream.sample(stream.next_sample() - 3200));
      }
      if (crowd.stats().failures != 0) ++failures;
    }
  });
  std::thread director([&] {
    for (std::uint32_t i = 0; !stop; ++i) {
      talkface::Stream& stream = fixed[i % fixed.size()];
      stream.set_stride(1u << (i % 3));
      stream.set_knob("lower_strength", static_cast<float>(i % 20) / 10.0f);
      if (i % 9 == 8) stream.interrupt(40);
      if (i % 31 == 30) stream.reset();
      if (i % 5 == 4) stream.flush();
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
  });
  std::thread spawner([&] {
    while (!stop) {
      talkface::Stream passer_by = crowd.join();
      passer_by.push(audio.data(), audio.size());
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      check_pose(passer_by.sample());
    }
  });
  speaker.join();
  game.join();
  director.join();
  spawner.join();
  crowd.stop();
  crowd.process();
  crowd.process();
  const talkface_crowd_stats stats = crowd.stats();
  if (stats.streams != fixed.size() || stats.backlog_steps != 0 || stats.frames == 0) ++failures;
}

}  // namespace

int main(int argc, char** argv) {
  return with_bundle(argc, argv, [](const char* bundle) {
    run(talkface::Model(bundle));
    return failures.load();
  });
}
