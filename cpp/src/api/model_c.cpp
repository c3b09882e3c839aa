// Rig, knobs and models of the C ABI. No logic.
#include "anim/knobs.h"
#include "anim/rig.h"
#include "api/guard.h"

using talkface::Code;
using talkface::copy_text;
using talkface::Status;
using talkface::api::give;
using talkface::api::guarded;
using talkface::api::invalid;
using talkface::api::take_options;

namespace {

static_assert(TALKFACE_CHANNEL_COUNT == talkface::kChannelCount, "rig size");
static_assert(TALKFACE_EMOTION_COUNT == talkface::kEmotionCount, "emotion list");
static_assert(TALKFACE_VISEME_COUNT == talkface::kVisemeCount, "viseme list");
static_assert(TALKFACE_ERROR_INTERNAL == static_cast<int>(Code::kInternal), "status values");
static_assert(TALKFACE_POSE_EMPTY == static_cast<unsigned>(talkface::Timeline::kEmpty),
              "pose flags");

class CallbackSource : public talkface::FileSource {
 public:
  explicit CallbackSource(const talkface_reader& reader) : reader_(reader) {}

  Status read(const std::string& name, std::uint64_t max_bytes, std::string* out) override {
    const std::int64_t size = reader_.size(reader_.user, name.c_str());
    if (size < 0) return {Code::kNotFound, "the reader has no file " + name};
    if (static_cast<std::uint64_t>(size) > max_bytes) {
      return {Code::kBadBundle, name + " is larger than it may be"};
    }
    out->resize(static_cast<std::size_t>(size));
    std::uint64_t done = 0;
    while (done < out->size()) {
      const std::int64_t got =
          reader_.read(reader_.user, name.c_str(), done, out->data() + done, out->size() - done);
      if (got <= 0 || static_cast<std::uint64_t>(got) > out->size() - done) {
        return {Code::kIo, "the reader failed in " + name};
      }
      done += static_cast<std::uint64_t>(got);
    }
    return {};
  }

 private:
  talkface_reader reader_;
};

Status open_model(talkface::FileSource* source, const talkface_model_options* options,
                  talkface_model** out) {
  talkface_model_options o = talkface_model_options_init();
  if (!take_options(options, &o)) return invalid("model options: struct_size is not set");
  if (o.provider < TALKFACE_PROVIDER_CPU || o.provider > TALKFACE_PROVIDER_TENSORRT) {
    return invalid("model options: unknown provider");
  }
  if (o.threads < 1 || o.threads > 64) return invalid("model options: threads must be 1 to 64");
  if (o.device < 0) return invalid("model options: device must not be negative");
  talkface::ModelConfig config;
  config.session.provider = static_cast<talkface::Provider>(o.provider);
  config.session.device = o.device;
  config.session.threads = o.threads;
  if ((o.flags & ~std::uint32_t{TALKFACE_MODEL_CUDA_GRAPH}) != 0) {
    return invalid("model options: unknown flags");
  }
  config.session.cuda_graph = (o.flags & TALKFACE_MODEL_CUDA_GRAPH) != 0;
  config.session.cuda_stream = o.cuda_stream;
  if (o.cache_folder != nullptr) config.session.cache_folder = o.cache_folder;
  if (o.onnxruntime_path != nullptr) config.onnxruntime_path = o.onnxruntime_path;
  if (o.log != nullptr) config.log = talkface::LogSink(o.log, o.log_user);
  auto model = std::make_unique<talkface_model>();
  Status status = talkface::Model::open(source, config, &model->model);
  if (status.ok()) *out = model.release();
  return status;
}

}  // namespace

extern "C" {

const char* talkface_status_name(talkface_status status) TALKFACE_NOEXCEPT {
  switch (status) {
    case TALKFACE_OK: return "ok";
    case TALKFACE_FULL: return "full";
    case TALKFACE_ERROR_INVALID_ARGUMENT: return "invalid argument";
    case TALKFACE_ERROR_NOT_FOUND: return "not found";
    case TALKFACE_ERROR_IO: return "input or output failed";
    case TALKFACE_ERROR_BAD_BUNDLE: return "bad bundle";
    case TALKFACE_ERROR_HASH_MISMATCH: return "hash mismatch";
    case TALKFACE_ERROR_UNSUPPORTED: return "unsupported";
    case TALKFACE_ERROR_RUNTIME_MISSING: return "ONNX Runtime is missing";
    case TALKFACE_ERROR_RUNTIME_FAILED: return "ONNX Runtime failed";
    case TALKFACE_ERROR_OUT_OF_MEMORY: return "out of memory";
    case TALKFACE_ERROR_BUSY: return "busy";
    case TALKFACE_ERROR_BAD_STATE: return "bad state";
    case TALKFACE_ERROR_BUFFER_TOO_SMALL: return "buffer too small";
    case TALKFACE_ERROR_INTERNAL: return "internal error";
    default: return "unknown status";
  }
}

const char* talkface_version(void) TALKFACE_NOEXCEPT { return TALKFACE_VERSION; }

uint32_t talkface_abi_version(void) TALKFACE_NOEXCEPT { return TALKFACE_ABI_VERSION; }

const char* talkface_channel_name(uint32_t index) TALKFACE_NOEXCEPT {
  return index < talkface::kChannelCount ? talkface::kChannelNames[index] : nullptr;
}

int32_t talkface_channel_index(const char* name) TALKFACE_NOEXCEPT {
  return name == nullptr ? -1 : talkface::channel_index(name);
}

const char* talkface_emotion_name(uint32_t index) TALKFACE_NOEXCEPT {
  return index < talkface::kEmotionCount ? talkface::kEmotionNames[index] : nullptr;
}

const char* talkface_viseme_name(uint32_t index) TALKFACE_NOEXCEPT {
  return index < talkface::kVisemeCount ? talkface::kVisemeNames[index] : nullptr;
}

uint32_t talkface_knob_count(void) TALKFACE_NOEXCEPT {
  return static_cast<uint32_t>(talkface::kKnobCount);
}

talkface_status talkface_knob_get(uint32_t index, talkface_knob* out_knob) TALKFACE_NOEXCEPT {
  if (index >= talkface::kKnobCount) return TALKFACE_ERROR_INVALID_ARGUMENT;
  const talkface::KnobInfo& info = talkface::kKnobs[index];
  talkface_knob knob{};
  knob.name = info.name;
  knob.doc = info.doc;
  knob.default_value = info.default_value;
  knob.min_value = info.min_value;
  knob.max_value = info.max_value;
  return give(knob, out_knob);
}

talkface_status talkface_model_open(const char* path, const talkface_model_options* options,
                                    talkface_model** out_model,
                                    talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (out_model == nullptr) return invalid("out_model is NULL");
    *out_model = nullptr;
    if (path == nullptr) return invalid("path is NULL");
    talkface::FolderSource source{std::string(path)};
    return open_model(&source, options, out_model);
  });
}

talkface_status talkface_model_open_with(const talkface_reader* reader,
                                         const talkface_model_options* options,
                                         talkface_model** out_model,
                                         talkface_error* error) TALKFACE_NOEXCEPT {
  return guarded(error, [&]() -> Status {
    if (out_model == nullptr) return invalid("out_model is NULL");
    *out_model = nullptr;
    talkface_reader r = talkface_reader_init();
    if (reader == nullptr || !take_options(reader, &r) || r.size == nullptr || r.read == nullptr) {
      return invalid("reader needs struct_size, size and read");
    }
    CallbackSource source(r);
    return open_model(&source, options, out_model);
  });
}

void talkface_model_destroy(talkface_model* model) TALKFACE_NOEXCEPT { delete model; }

talkface_status talkface_model_get_info(const talkface_model* model,
                                        talkface_model_info* out_info) TALKFACE_NOEXCEPT {
  if (model == nullptr) return TALKFACE_ERROR_INVALID_ARGUMENT;
  const talkface::Manifest& m = model->model->manifest();
  const talkface::OrtSession& session = *model->model->session();
  talkface_model_info info = talkface_model_info_init();
  info.schema = m.schema;
  info.sample_rate = m.sample_rate;
  info.hop = m.hop;
  info.look_ahead = m.look_ahead;
  info.frame_rate_num = m.frame_rate_num;
  info.frame_rate_den = m.frame_rate_den;
  info.channel_count = static_cast<uint32_t>(m.channels.size());
  info.emotion_count = static_cast<uint32_t>(m.emotions.size());
  info.viseme_count = m.visemes_output.empty() ? 0 : TALKFACE_VISEME_COUNT;
  info.identity_size = m.identity_size;
  info.style_size = m.style_size;
  info.provider = static_cast<talkface_provider>(session.provider());
  info.tolerance = m.tolerance;
  copy_text(m.name, info.name, sizeof(info.name));
  copy_text(m.version, info.version, sizeof(info.version));
  copy_text(m.licence, info.licence, sizeof(info.licence));
  copy_text(model->model->bundle().manifest_sha256, info.sha256, sizeof(info.sha256));
  copy_text(session.library().version(), info.onnxruntime, sizeof(info.onnxruntime));
  copy_text(session.provider_note(), info.provider_note, sizeof(info.provider_note));
  info.expression_count = static_cast<uint32_t>(m.expression_channels.size());
  info.has_head = m.head_output.empty() ? 0 : 1;
  copy_text(m.precision, info.precision, sizeof(info.precision));
  return give(info, out_info);
}

const char* talkface_model_channel(const talkface_model* model, uint32_t index) TALKFACE_NOEXCEPT {
  if (model == nullptr || index >= model->model->manifest().channels.size()) return nullptr;
  return model->model->manifest().channels[index].c_str();
}

const char* talkface_model_identity(const talkface_model* model, uint32_t index) TALKFACE_NOEXCEPT {
  if (model == nullptr || index >= model->model->manifest().identities.size()) return nullptr;
  return model->model->manifest().identities[index].c_str();
}

const char* talkface_model_manifest(const talkface_model* model) TALKFACE_NOEXCEPT {
  return model == nullptr ? nullptr : model->model->bundle().manifest_text.c_str();
}

}  // extern "C"
