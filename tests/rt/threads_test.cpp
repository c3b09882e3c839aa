// Audio, worker, game and control threads on one stream at once: no pose is torn, nothing hangs.
// Run it under ThreadSanitizer too (preset tsan).
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "talkface/talkface.hpp"

namespace {

std::atomic<int> failures{0};

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

  std::thread audio([&] {
    std::vector<float> chunk(441);
    std::uint32_t noise = 1;
    for (int i = 0; i < 4000; ++i) {
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (std::getenv("TALKFACE_ONNXRUNTIME") == nullptr) {
    std::printf("skipped: TALKFACE_ONNXRUNTIME is not set\n");
    return 77;
  }
  try {
    run(argv[1], false);
    run(argv[1], true);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  std::printf("%d bad poses\n", failures.load());
  return failures == 0 ? 0 : 1;
}
