// One graph in ONNX Runtime, checked against its manifest.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/bundle.h"
#include "model/device_memory.h"
#include "model/ort_api.h"
#include "model/providers.h"

namespace talkface {

struct SessionConfig {
  Provider provider = Provider::kCpu;
  int device = 0;
  int threads = 1;
  void* cuda_stream = nullptr;           // the host's cudaStream_t, or null
  bool cuda_graph = false;               // of sessions with a free batch
  std::string cache_folder;              // of TensorRT's engines
  bool free_batch = false;               // leave the graph's batch axis free; else it is 1
  std::vector<std::size_t> state_axes;   // of a free batch, for TensorRT's profiles
  std::shared_ptr<DeviceMemory> memory;  // to keep tensors in; null: the provider's own
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
  // Where tensors are kept; null for the host's memory.
  [[nodiscard]] const std::shared_ptr<DeviceMemory>& device_memory() const { return memory_; }
  // Whether runs are captured as CUDA graphs, each binding under a number of its own.
  [[nodiscard]] bool captures_graphs() const { return captures_; }
  [[nodiscard]] int next_graph_id() const { return graph_id_.fetch_add(1) + 1; }
  // Where the batch lies in each state tensor of the manifest; in every other port it comes first.
  // Valid where the session batches: the graph leaves the axis free, and it was asked for.
  [[nodiscard]] const std::vector<std::size_t>& batch_axes() const { return batch_axes_; }
  [[nodiscard]] bool batches() const { return batches_; }

 private:
  OrtSession() = default;
  [[nodiscard]] std::vector<ProviderPlan> plans(const Bundle& bundle, const SessionConfig& config);
  Status create(const Bundle& bundle, const SessionConfig& config, const ProviderPlan& plan);
  void note(const std::string& text);
  Status check_signature(const Manifest& manifest);

  std::shared_ptr<ort::Library> library_;
  ort::Session* session_ = nullptr;
  Provider provider_ = Provider::kCpu;
  std::string provider_note_;
  std::vector<std::size_t> batch_axes_;
  bool batches_ = false;
  std::shared_ptr<DeviceMemory> memory_;
  bool captures_ = false;
  mutable std::atomic<int> graph_id_{0};
  LogSink log_;
};

}  // namespace talkface
