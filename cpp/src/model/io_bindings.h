// Tensors and bindings of one session: which memory a run reads and writes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/ort_session.h"

namespace talkface {

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

  // A float tensor over memory that outlives this.
  Status wrap(float* data, const std::vector<std::int64_t>& shape, ort::Value** out);
  // One more binding; *index tells which.
  Status add(std::vector<Bound> inputs, std::vector<Bound> outputs, std::size_t* index);
  Status run(std::size_t index);

  [[nodiscard]] const OrtSession& session() const { return *session_; }

 private:
  struct Binding {
    ort::IoBinding* handle = nullptr;
    std::vector<Bound> inputs;
    std::vector<Bound> outputs;
  };

  explicit IoBindings(std::shared_ptr<OrtSession> session) : session_(std::move(session)) {}
  Status bind(const Binding& binding) const;

  std::shared_ptr<OrtSession> session_;
  ort::MemoryInfo* memory_ = nullptr;
  std::vector<ort::Value*> values_;
  std::vector<Binding> bindings_;
};

}  // namespace talkface
