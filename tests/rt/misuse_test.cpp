// A host that breaks the rule of one thread for each role: frames may be wrong, memory is not.
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include "../cpp/harness.h"
#include "talkface/talkface.hpp"

namespace {

std::atomic<int> failures{0};
std::atomic<int> busy{0};

void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s\n", what);
  ++failures;
}

bool usable(const talkface_pose& pose) {
  for (const float weight : pose.weights) {
    if (!(weight >= 0.0f && weight <= 1.0f)) return false;
  }
  return std::isfinite(pose.seconds);
}

void run(const char* bundle) {
  const talkface::TalkFace face(bundle);
  talkface::StreamOptions options;
  options.ring_ms = 100;
  options.store_ms = 500;
  talkface::Stream owner = face.stream(options);
  talkface_stream* stream = owner.get();
  std::atomic<bool> done{false};
  const std::vector<float> audio(1000, 0.1f);
  const talkface::Phone phone = talkface::phone(0, 800, "AA");

  // Two threads meet inside process by chance, on one core not for a while: push until they have.
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto push = [&] {
    for (int i = 0; i < 600 || (busy == 0 && std::chrono::steady_clock::now() < give_up); ++i) {
      talkface_stream_push_f32(stream, audio.data(), 1 + static_cast<unsigned>(i) % 1000, nullptr);
      talkface_stream_push_phones(stream, &phone, 1, nullptr, nullptr);
      if (i % 50 == 0) talkface_stream_flush(stream);
      if (i % 150 == 0) talkface_stream_reset(stream);
      std::this_thread::yield();
    }
  };
  const auto process = [&] {
    std::vector<unsigned char> blob(talkface_stream_state_size(stream));
    while (!done) {
      talkface_error error = talkface_error_init();
      const talkface_status status = talkface_stream_process(stream, nullptr, &error);
      check(status >= 0 || status == TALKFACE_ERROR_BUSY, error.message);
      if (status == TALKFACE_ERROR_BUSY) ++busy;
      talkface_stream_save(stream, blob.data(), blob.size(), nullptr);
    }
  };
  const auto play = [&] {
    std::vector<talkface_pose> poses(50, talkface_pose_init());
    while (!done) {
      std::uint64_t count = 0;
      talkface_stream_read(stream, poses.data(), poses.size(), &count);
      check(count <= poses.size(), "read more than there is room for");
      talkface_stream_sample(stream, TALKFACE_NEWEST, &poses[0]);
      check(usable(poses[0]), "a pose out of range");
    }
  };
  std::vector<std::thread> twice;
  for (const std::function<void()>& role :
       {std::function<void()>(process), {process}, {play}, {play}}) {
    twice.emplace_back(role);
  }
  std::thread one(push), other(push);
  one.join();
  other.join();
  done = true;
  for (std::thread& thread : twice) thread.join();
  check(busy > 0, "two threads were never inside process at once");

  // Used by the rules again, it speaks again.
  owner.reset();
  owner.process();
  owner.push(audio.data(), audio.size());
  owner.flush();
  owner.process();
  check(owner.read().size() > 3 && usable(owner.sample()), "the stream did not recover");
}

}  // namespace

int main(int argc, char** argv) {
  return with_bundle(argc, argv, [](const char* bundle) {
    run(bundle);
    return failures.load();
  });
}
