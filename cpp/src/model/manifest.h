// manifest.json of a bundle: what the graph takes and gives. Schema: docs/bundle.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace talkface {

struct StateTensor {
  std::string input;
  std::string output;
  std::vector<std::int64_t> shape;
  std::vector<float> initial;  // empty: zeros
  std::size_t count = 0;       // product of shape
};

struct BundleFile {
  std::string name;
  std::string sha256;
  std::uint64_t bytes = 0;
};

struct Manifest {
  std::uint32_t schema = 0;
  std::string name, version, licence;
  std::uint32_t sample_rate = 0;
  std::uint32_t hop = 0;
  std::uint32_t look_ahead = 0;
  std::int64_t window_offset = 0;
  std::int64_t window_length = 0;
  std::uint32_t frame_rate_num = 0;
  std::uint32_t frame_rate_den = 0;
  std::uint32_t frames_per_step = 0;
  std::string graph;  // file name
  std::string audio_input;
  std::string emotion_input;  // empty when absent, as below
  std::string identity_input;
  std::string noise_input;
  std::string weights_output;
  std::string visemes_output;
  std::string closure_output;
  std::string emotion_output;
  std::string expression_output;
  std::string head_output;
  std::vector<std::string> channels;
  std::vector<std::size_t> channel_indices;  // canonical index of each channel
  std::vector<std::string> emotions;
  std::uint32_t identity_size = 0;
  std::uint32_t style_size = 0;
  std::uint32_t noise_size = 0;
  std::vector<std::string> identities;
  std::vector<std::string> expression_channels;
  std::vector<std::size_t> expression_indices;  // canonical index of each of them
  std::vector<float> expression_rest;           // a row of them for each emotion
  std::vector<StateTensor> state;
  std::string precision = "float32";  // or fp16, int8: of the graph's large layers
  float tolerance = 0.0f;
  std::string articulation;  // file name of the articulation table; empty when there is none
  std::vector<BundleFile> files;

  // Values of all state tensors, one after the other.
  [[nodiscard]] std::size_t state_count() const;
  [[nodiscard]] std::vector<float> initial_state() const;
  // Samples between two graph frames.
  [[nodiscard]] std::int64_t frame_step() const { return hop / frames_per_step; }

  static Status parse(std::string_view json, Manifest* out);
};

}  // namespace talkface
