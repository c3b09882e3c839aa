// A load for benchmarks: a crowd at a game's tick, every stream with its own phase.
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

#include "talkface/crowd.hpp"

namespace talkface::tools {

struct CrowdLoad {
  std::uint32_t streams = 64;
  std::uint32_t sample_rate = 16000;
  std::uint32_t ticks = 250;    // that are measured
  std::uint32_t chunk_ms = 20;  // of audio pushed to every stream each tick
  std::uint32_t stride = 1;     // see talkface_stream_set_stride
  std::uint32_t sleep_ms = 0;   // see talkface_stream_options
  double silent_share = 0.0;    // of the streams: they hear nothing
  std::uint64_t max_steps = 0;  // of a tick
};

struct CrowdTimes {
  std::vector<double> process;  // seconds of each call of process
  double wall = 0.0;            // seconds of push, process and sample of all ticks
  double cpu = 0.0;             // the same, of all threads of this program
  std::uint64_t frames = 0;
  talkface_crowd_stats stats{};
};

inline double cpu_seconds() {
#if defined(CLOCK_PROCESS_CPUTIME_ID)
  timespec at{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
  return static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec);
#else
  return static_cast<double>(clock()) / CLOCKS_PER_SEC;
#endif
}

// Noise with the rhythm of syllables: what a graph does not find easy.
inline std::vector<float> babble(std::size_t samples, std::uint32_t rate) {
  std::mt19937 generator(1);
  std::vector<float> audio(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double turns = 4.0 * static_cast<double>(i) / rate;
    const double part = turns - static_cast<double>(static_cast<std::int64_t>(turns));
    const double rhythm = part < 0.5 ? 2.0 * part : 2.0 - 2.0 * part;
    const double noise = static_cast<double>(generator()) / 4294967296.0 - 0.5;
    audio[i] = static_cast<float>(0.25 * rhythm * noise);
  }
  return audio;
}

// Runs as fast as it can; a tick stands for chunk_ms of game time.
inline CrowdTimes run(Crowd* crowd, const CrowdLoad& load) {
  using Clock = std::chrono::steady_clock;
  const std::size_t chunk = std::size_t{load.sample_rate} * load.chunk_ms / 1000;
  const std::vector<float> audio = babble(std::size_t{load.sample_rate} * 2, load.sample_rate);
  const std::vector<float> silence(audio.size());
  std::mt19937 generator(2);
  StreamOptions options = member_options();
  options.sample_rate = load.sample_rate;
  options.sampling = true;
  options.sleep_ms = load.sleep_ms;
  std::vector<Stream> streams;
  std::vector<std::size_t> at(load.streams);
  for (std::uint32_t i = 0; i < load.streams; ++i) {
    options.seed = i;
    streams.push_back(crowd->join(options));
    streams.back().set_stride(load.stride);
    // A phase of its own: part of a hop is there before the first tick.
    const std::size_t phase = generator() % (load.sample_rate / 25);
    streams.back().push(audio.data(), phase);
    at[i] = generator() % (audio.size() - chunk);
  }
  const auto silent = static_cast<std::uint32_t>(load.silent_share * load.streams);
  CrowdTimes times;
  const std::uint32_t warm_up = 1500 / load.chunk_ms;
  Clock::time_point began = Clock::now();
  double cpu = cpu_seconds();
  std::int64_t playhead = 0;
  for (std::uint32_t tick = 0; tick < warm_up + load.ticks; ++tick) {
    if (tick == warm_up) {
      began = Clock::now();
      cpu = cpu_seconds();
    }
    for (std::uint32_t i = 0; i < load.streams; ++i) {
      const float* source = i < silent ? silence.data() : audio.data();
      streams[i].push(source + at[i], chunk);
      at[i] = (at[i] + chunk) % (audio.size() - chunk);
    }
    const Clock::time_point before = Clock::now();
    const std::uint64_t frames = crowd->process(load.max_steps);
    if (tick >= warm_up) {
      times.process.push_back(std::chrono::duration<double>(Clock::now() - before).count());
      times.frames += frames;
    }
    playhead += static_cast<std::int64_t>(chunk);
    const auto delay = static_cast<std::int64_t>(load.sample_rate) / 5;
    for (Stream& stream : streams) stream.sample(playhead - delay);
  }
  times.wall = std::chrono::duration<double>(Clock::now() - began).count();
  times.cpu = cpu_seconds() - cpu;
  times.stats = crowd->stats();
  return times;
}

}  // namespace talkface::tools
