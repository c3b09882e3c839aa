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
  std::string().swap(model->bundle_.graph);
  *out = std::move(model);
  return {};
}

}  // namespace talkface
