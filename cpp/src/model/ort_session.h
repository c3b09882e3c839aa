// One graph in ONNX Runtime, checked against its manifest.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/bundle.h"
#include "model/ort_api.h"

namespace talkface {

enum class Provider : std::int32_t { kCpu = 0, kCuda = 1 };

struct SessionConfig {
  Provider provider = Provider::kCpu;
  int device = 0;
  int threads = 1;
  bool free_batch = false;  // leave the graph's batch axis free; else it is 1
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
  [[nodiscard]] const std::shared_ptr<ort::Library>& shared_library() const { return library_; }
  [[nodiscard]] ort::Session* handle() const { return session_; }
  [[nodiscard]] Provider provider() const { return provider_; }
  [[nodiscard]] const std::string& provider_note() const { return provider_note_; }
  [[nodiscard]] const LogSink& log() const { return log_; }
  // Where the batch lies in each state tensor of the manifest; in every other port it comes first.
  // Valid where the session batches: the graph leaves the axis free, and it was asked for.
  [[nodiscard]] const std::vector<std::size_t>& batch_axes() const { return batch_axes_; }
  [[nodiscard]] bool batches() const { return batches_; }

 private:
  OrtSession() = default;
  Status create(const Bundle& bundle, const SessionConfig& config, Provider provider);
  Status append_cuda(ort::SessionOptions* options, int device) const;
  Status check_signature(const Manifest& manifest);

  std::shared_ptr<ort::Library> library_;
  ort::Session* session_ = nullptr;
  Provider provider_ = Provider::kCpu;
  std::string provider_note_;
  std::vector<std::size_t> batch_axes_;
  bool batches_ = false;
  LogSink log_;
};

}  // namespace talkface
