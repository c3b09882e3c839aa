#include "model/model.h"

namespace talkface {

Status Model::open(FileSource* source, const ModelConfig& config,
                   std::shared_ptr<const Model>* out) {
  const ort::LogScope scope(config.log);
  std::shared_ptr<Model> model(new Model());
  Status status = Bundle::open(source, &model->bundle_);
  if (!status.ok()) return status;
  if (!model->bundle_.manifest.articulation.empty()) {
    auto table = std::make_unique<ArticulationTable>();
    status = ArticulationTable::parse(model->bundle_.articulation, table.get());
    if (!status.ok()) return status;
    model->articulation_ = std::move(table);
    std::string().swap(model->bundle_.articulation);
  }
  std::shared_ptr<ort::Library> library;
  status = ort::Library::load(config.onnxruntime_path, &library);
  if (!status.ok()) return status;
  status = OrtSession::open(model->bundle_, std::move(library), config.session, config.log,
                            &model->session_);
  if (!status.ok()) return status;
  model->session_config_ = config.session;
  model->initial_state_ = model->manifest().initial_state();
  *out = std::move(model);
  return {};
}

Status Model::batch_session(std::shared_ptr<OrtSession>* out) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (batch_session_ == nullptr) {
    SessionConfig config = session_config_;
    config.provider = Provider::kCpu;
    config.free_batch = true;
    const ort::LogScope scope(session_->log());
    const auto open = [&] {
      return OrtSession::open(bundle_, session_->shared_library(), config, session_->log(),
                              &batch_session_);
    };
    Status status;
    if (session_->provider() == Provider::kTensorRt) {
      // Its engines want to know what may vary, which only a session tells.
      status = open();
      if (status.ok() && batch_session_->batches())
        config.state_axes = batch_session_->batch_axes();
    }
    config.provider = session_->provider();
    if (status.ok()) status = open();
    if (!status.ok()) return status;
  }
  *out = batch_session_;
  return {};
}

std::shared_ptr<const ResamplerTable> Model::resampler(std::uint32_t sample_rate) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::weak_ptr<const ResamplerTable>& known = resamplers_[sample_rate];
  std::shared_ptr<const ResamplerTable> table = known.lock();
  if (table == nullptr) {
    table = std::make_shared<const ResamplerTable>(sample_rate, manifest().sample_rate);
    known = table;
  }
  return table;
}

}  // namespace talkface
