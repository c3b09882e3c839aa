// Reads RIFF WAVE files: PCM 16 or 32-bit float, up to 8 channels.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

struct Wav {
  std::uint32_t sample_rate = 0;
  std::uint32_t channels = 0;
  std::vector<float> samples;  // interleaved
};

namespace wav_detail {

template <typename T>
T take(const std::vector<char>& bytes, std::size_t at) {
  if (at + sizeof(T) > bytes.size()) throw std::runtime_error("the WAVE file is truncated");
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

}  // namespace wav_detail

// `path` is UTF-8. Throws std::runtime_error that says what is wrong.
inline Wav read_wav(const std::string& path) {
  using wav_detail::take;
  std::ifstream file(std::filesystem::u8path(path), std::ios::binary);
  if (!file) throw std::runtime_error("cannot open " + path);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  if (bytes.size() < 12 || std::memcmp(bytes.data(), "RIFF", 4) != 0 ||
      std::memcmp(bytes.data() + 8, "WAVE", 4) != 0) {
    throw std::runtime_error(path + " is not a WAVE file");
  }
  Wav wav;
  std::uint16_t format = 0;
  std::uint16_t bits = 0;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::string id(bytes.data() + at, 4);
    const std::size_t size = take<std::uint32_t>(bytes, at + 4);
    at += 8;
    if (id == "fmt ") {
      format = take<std::uint16_t>(bytes, at);
      wav.channels = take<std::uint16_t>(bytes, at + 2);
      wav.sample_rate = take<std::uint32_t>(bytes, at + 4);
      bits = take<std::uint16_t>(bytes, at + 14);
      if (format == 0xfffe) format = take<std::uint16_t>(bytes, at + 24);
    } else if (id == "data") {
      const bool pcm16 = format == 1 && bits == 16;
      if (!pcm16 && !(format == 3 && bits == 32)) {
        throw std::runtime_error(path + ": only 16-bit PCM and 32-bit float are read");
      }
      const std::size_t width = bits / 8;
      const std::size_t count = std::min(size, bytes.size() - at) / width;
      wav.samples.reserve(count);
      for (std::size_t i = 0; i < count; ++i) {
        wav.samples.push_back(
            pcm16 ? static_cast<float>(take<std::int16_t>(bytes, at + i * width)) / 32768.0f
                  : take<float>(bytes, at + i * width));
      }
      return wav;
    }
    at += size + size % 2;
  }
  throw std::runtime_error(path + " holds no audio");
}
