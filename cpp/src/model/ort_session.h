// One graph in ONNX Runtime, and what a stream needs to run it step after step: state tensors that
// ping-pong between two preallocated sets through two bindings, so that no step copies state.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/span.h"
#include "base/status.h"
#include "model/bundle.h"
#include "model/ort_api.h"

namespace talkface {

enum class Provider : std::int32_t { kCpu = 0, kCuda = 1 };

struct SessionConfig {
  Provider provider = Provider::kCpu;
  int device = 0;
  int threads = 1;
};

// Immutable and shared by streams; Run of one session may be called from several threads.
class OrtSession {
 public:
  static Status open(const Bundle& bundle, std::shared_ptr<ort::Library> library,
                     const SessionConfig& config, const LogSink& log,
                     std::shared_ptr<OrtSession>* out);
  ~OrtSession();
  OrtSession(const OrtSession&) = delete;
  OrtSession& operator=(const OrtSession&) = delete;

  [[nodiscard]] const ort::Library& library() const { return *library_; }
  [[nodiscard]] ort::Session* handle() const { return session_; }
  [[nodiscard]] Provider provider() const { return provider_; }
  [[nodiscard]] const std::string& provider_note() const { return provider_note_; }
  [[nodiscard]] const LogSink& log() const { return log_; }

 private:
  OrtSession() = default;
  Status create(const Bundle& bundle, const SessionConfig& config, Provider provider);
  Status append_cuda(ort::SessionOptions* options, int device) const;
  Status check_signature(const Manifest& manifest) const;

  std::shared_ptr<ort::Library> library_;
  ort::Session* session_ = nullptr;
  Provider provider_ = Provider::kCpu;
  std::string provider_note_;
  LogSink log_;
};

// Buffers and bindings of one stream.
class StepRunner {
 public:
  static Status create(std::shared_ptr<OrtSession> session, const Manifest& manifest,
                       std::unique_ptr<StepRunner>* out);
  ~StepRunner();
  StepRunner(const StepRunner&) = delete;
  StepRunner& operator=(const StepRunner&) = delete;

  // State of a fresh stream.
  void reset();
  // Audio window to fill before run().
  float* audio() { return audio_; }
  Status run();

  // Outputs of the last run for its frame `index`; empty where the bundle has no such output.
  [[nodiscard]] Span<const float> weights(std::size_t index) const { return at(weights_, index); }
  [[nodiscard]] Span<const float> visemes(std::size_t index) const { return at(visemes_, index); }
  [[nodiscard]] Span<const float> closure(std::size_t index) const { return at(closure_, index); }
  [[nodiscard]] Span<const float> emotion(std::size_t index) const { return at(emotion_, index); }
  // True when every output and every state value is finite.
  [[nodiscard]] bool finite() const;

  // All state tensors, one after the other.
  [[nodiscard]] Span<const float> state() const { return {states_[current_], state_count_}; }
  Span<float> state() { return {states_[current_], state_count_}; }

 private:
  struct Output {
    float* data = nullptr;
    std::size_t width = 0;  // values a frame
  };

  StepRunner(std::shared_ptr<OrtSession> session, const Manifest& manifest);
  Status bind(const Manifest& manifest);
  Status add_value(float* data, std::size_t count, const std::vector<std::int64_t>& shape,
                   ort::Value** out);
  Status bind_all(int set);
  static Span<const float> at(const Output& output, std::size_t index) {
    return {output.data == nullptr ? nullptr : output.data + index * output.width,
            output.data == nullptr ? 0 : output.width};
  }

  std::shared_ptr<OrtSession> session_;
  std::vector<float> arena_;
  float* audio_ = nullptr;
  float* states_[2] = {nullptr, nullptr};
  std::size_t state_count_ = 0;
  std::vector<float> initial_;
  Output weights_, visemes_, closure_, emotion_;
  float* outputs_begin_ = nullptr;
  std::size_t outputs_count_ = 0;
  int current_ = 0;
  struct Named {
    std::string name;
    ort::Value* value;
  };
  ort::MemoryInfo* memory_ = nullptr;
  std::vector<ort::Value*> values_;
  std::vector<Named> inputs_[2];  // per direction of the ping-pong
  std::vector<Named> bound_outputs_[2];
  ort::IoBinding* bindings_[2] = {nullptr, nullptr};
};

}  // namespace talkface
