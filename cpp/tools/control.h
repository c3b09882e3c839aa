// A control for benchmarks: what this machine gains by threads when nothing but arithmetic is done.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace talkface::tools {

// Rounds of arithmetic over a small array that all threads together do in a second.
inline double rounds_per_second(std::uint32_t threads, double seconds) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t kValues = 4096;
  constexpr int kRoundsBetweenLooks = 64;
  std::atomic<std::uint64_t> rounds{0};
  std::atomic<float> keep{0.0f};  // so that the work is not left out
  const auto work = [&](Clock::time_point until) {
    std::array<float, kValues> x{};
    std::array<float, kValues> y{};
    for (std::size_t i = 0; i < kValues; ++i) y[i] = 1.0f + 1e-3f * static_cast<float>(i);
    std::uint64_t done = 0;
    while (Clock::now() < until) {
      for (int r = 0; r < kRoundsBetweenLooks; ++r) {
        for (std::size_t i = 0; i < kValues; ++i) x[i] = x[i] * 0.999f + y[i];
      }
      done += kRoundsBetweenLooks;
    }
    keep.store(x[done % kValues]);
    rounds.fetch_add(done);
  };
  const Clock::time_point began = Clock::now();
  const auto until =
      began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::vector<std::thread> others;
  for (std::uint32_t i = 1; i < threads; ++i) others.emplace_back(work, until);
  work(until);
  for (std::thread& other : others) other.join();
  return static_cast<double>(rounds.load()) /
         std::chrono::duration<double>(Clock::now() - began).count();
}

}  // namespace talkface::tools
