// An opened bundle: immutable, shared by streams.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "anim/articulation_table.h"
#include "base/log.h"
#include "base/status.h"
#include "dsp/resampler.h"
#include "model/bundle.h"
#include "model/ort_session.h"

namespace talkface {

struct ModelConfig {
  SessionConfig session;
  std::string onnxruntime_path;
  LogSink log;
};

class Model {
 public:
  static Status open(FileSource* source, const ModelConfig& config,
                     std::shared_ptr<const Model>* out);

  [[nodiscard]] const Manifest& manifest() const { return bundle_.manifest; }
  [[nodiscard]] const Bundle& bundle() const { return bundle_; }
  [[nodiscard]] const std::shared_ptr<OrtSession>& session() const { return session_; }
  // State of a fresh stream: all tensors, one after the other.
  [[nodiscard]] const std::vector<float>& initial_state() const { return initial_state_; }
  // A session for many streams at once, opened when it is first asked for.
  Status batch_session(std::shared_ptr<OrtSession>* out) const;
  // The resampler's table for an input rate, one for all streams that use it.
  [[nodiscard]] std::shared_ptr<const ResamplerTable> resampler(std::uint32_t sample_rate) const;
  // nullptr when the bundle has none.
  [[nodiscard]] const ArticulationTable* articulation() const { return articulation_.get(); }

 private:
  Model() = default;

  Bundle bundle_;  // without the bytes of the table, which is parsed
  SessionConfig session_config_;
  std::vector<float> initial_state_;
  mutable std::mutex mutex_;  // of what follows
  mutable std::shared_ptr<OrtSession> batch_session_;
  mutable std::map<std::uint32_t, std::weak_ptr<const ResamplerTable>> resamplers_;
  std::shared_ptr<OrtSession> session_;
  std::unique_ptr<const ArticulationTable> articulation_;
};

}  // namespace talkface
