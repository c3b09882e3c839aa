// Tensors and bindings of one session: which memory a run reads and writes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/span.h"
#include "base/status.h"
#include "model/device_memory.h"
#include "model/ort_session.h"

namespace talkface {

// Host memory that was mirrored has a twin where the session computes, and tensors over it lie
// there. Without a device memory, nothing is copied and mirroring does nothing.
class IoBindings {
 public:
  struct Bound {
    std::string name;
    ort::Value* value;
  };

  static Status create(std::shared_ptr<OrtSession> session, std::unique_ptr<IoBindings>* out);
  ~IoBindings();
  IoBindings(const IoBindings&) = delete;
  IoBindings& operator=(const IoBindings&) = delete;

  // `host` outlives this.
  Status mirror(Span<float> host);
  // A float tensor over host memory that outlives this, or over its twin.
  Status wrap(float* data, const std::vector<std::int64_t>& shape, ort::Value** out);
  // One more binding; *index tells which.
  Status add(std::vector<Bound> inputs, std::vector<Bound> outputs, std::size_t* index);

  // Copies of mirrored memory, in order with runs; the host sees a download after synchronize().
  Status upload(Span<const float> host);
  Status download(Span<float> host);
  Status run(std::size_t index);
  Status synchronize();

  [[nodiscard]] bool on_device() const { return device_ != nullptr; }

 private:
  struct Binding {
    ort::IoBinding* handle = nullptr;
    ort::RunOptions* options = nullptr;  // with a CUDA graph of its own, where there are graphs
    std::vector<Bound> inputs;
    std::vector<Bound> outputs;
  };

  explicit IoBindings(std::shared_ptr<OrtSession> session);
  Status bind(const Binding& binding) const;
  [[nodiscard]] DeviceTwin* twin_of(const float* host) const;

  std::shared_ptr<OrtSession> session_;
  std::shared_ptr<DeviceMemory> device_;  // null: the host's memory is the session's
  ort::MemoryInfo* host_info_ = nullptr;
  ort::MemoryInfo* device_info_ = nullptr;
  std::vector<std::unique_ptr<DeviceTwin>> twins_;
  std::vector<ort::Value*> values_;
  std::vector<Binding> bindings_;
};

}  // namespace talkface
