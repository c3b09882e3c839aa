// talkface_bench: cost of a stream and of crowds through the C ABI alone. `talkface bench` measures
// more.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "crowd_load.h"
#include "talkface/talkface.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void bench(const std::string& bundle) {
  constexpr std::uint32_t kRate = 48000;
  constexpr std::size_t kSeconds = 20;
  const auto began = Clock::now();
  const talkface::TalkFace face(bundle);
  const double opened = since(began);
  talkface::StreamOptions options;
  options.sample_rate = kRate;
  options.frame_rate = {60, 1};
  options.sampling = true;
  talkface::Stream stream = face.stream(options);
  std::vector<float> chunk(kRate / 50);
  std::uint32_t noise = 1;
  for (float& sample : chunk) {
    noise = noise * 1664525u + 1013904223u;
    sample = static_cast<float>(noise >> 8) / 16777216.0f * 0.2f - 0.1f;
  }
  std::vector<double> ticks;
  std::vector<double> samples;
  for (std::size_t i = 0; i < kSeconds * 50; ++i) {
    auto at = Clock::now();
    stream.push(chunk.data(), chunk.size());
    stream.process();
    ticks.push_back(since(at));
    at = Clock::now();
    stream.sample(static_cast<std::int64_t>(i * chunk.size()) - kRate / 5);
    samples.push_back(since(at));
  }
  double total = 0.0;
  for (const double tick : ticks) total += tick;
  std::printf("open                         %8.1f ms\n", opened * 1e3);
  std::printf("per second of audio (48 kHz) %8.2f ms\n", total / kSeconds * 1e3);
  std::printf("push + process, 20 ms        %8.3f ms p50 %8.3f ms p99\n",
              percentile(ticks, 0.5) * 1e3, percentile(ticks, 0.99) * 1e3);
  std::printf("sample                       %8.2f us p50 %8.2f us p99\n",
              percentile(samples, 0.5) * 1e6, percentile(samples, 0.99) * 1e6);
}

void bench_crowd(const std::string& bundle, std::uint32_t threads) {
  const talkface::Model model(bundle);
  talkface::CrowdOptions options;
  options.threads = threads;
  std::printf("\n%u thread(s), 16 kHz     streams  held on it   tick ms p50     p99   mean batch\n",
              threads);
  for (const std::uint32_t streams : {1u, 4u, 16u, 64u, 256u}) {
    talkface::Crowd crowd(model, options);
    talkface::tools::CrowdLoad load;
    load.streams = streams;
    const talkface::tools::CrowdTimes times = talkface::tools::run(&crowd, load);
    const double game = load.ticks * load.chunk_ms * 1e-3;
    std::printf("                       %9u %11.0f %13.2f %7.2f %12.1f\n", streams,
                streams * game / times.wall, percentile(times.process, 0.5) * 1e3,
                percentile(times.process, 0.99) * 1e3,
                static_cast<double>(times.stats.steps) / static_cast<double>(times.stats.runs));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: talkface_bench BUNDLE\n", stderr);
    return 2;
  }
  try {
    bench(argv[1]);
    for (const std::uint32_t threads : {1u, 2u}) bench_crowd(argv[1], threads);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "talkface_bench: %s\n", error.what());
    return 1;
  }
}
