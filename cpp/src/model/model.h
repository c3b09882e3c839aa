// An opened bundle: immutable, shared by streams.
#pragma once

#include <memory>
#include <string>

#include "anim/articulation_table.h"
#include "base/log.h"
#include "base/status.h"
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
  // nullptr when the bundle has none.
  [[nodiscard]] const ArticulationTable* articulation() const { return articulation_.get(); }

 private:
  Model() = default;

  Bundle bundle_;  // without the bytes of graph and table, which are parsed
  std::shared_ptr<OrtSession> session_;
  std::unique_ptr<const ArticulationTable> articulation_;
};

}  // namespace talkface
