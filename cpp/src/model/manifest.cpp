#include "model/manifest.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "anim/latent.h"
#include "anim/rig.h"
#include "base/json.h"
#include "talkface/version.h"

namespace talkface {
namespace {

constexpr std::array<std::string_view, 3> kPrecisions = {"float32", "fp16", "int8"};
constexpr std::size_t kMaxNames = 256;
constexpr std::size_t kMaxStateTensors = 256;
constexpr std::size_t kMaxStateFloats = 16u << 20;

Status bad(const std::string& what) { return {Code::kBadBundle, "manifest.json: " + what}; }

// Reads members of one object and remembers the first complaint.
class Reader {
 public:
  Reader(const Json& object, std::string path, Status* status)
      : object_(object), path_(std::move(path)), status_(status) {}

  const Json* member(const char* key, Json::Kind kind, bool required) {
    const Json* value = object_.find(key);
    if (value == nullptr || value->is(Json::Kind::kNull)) {
      if (required) complain(key, "is missing");
      return nullptr;
    }
    if (!value->is(kind)) {
      complain(key, "has the wrong type");
      return nullptr;
    }
    return value;
  }

  void text(const char* key, std::string* out, bool required = true) {
    if (const Json* value = member(key, Json::Kind::kString, required)) *out = value->string();
  }

  template <typename Integer>
  void integer(const char* key, Integer* out, double low, double high, bool required = true) {
    const Json* value = member(key, Json::Kind::kNumber, required);
    if (value == nullptr) return;
    const double number = value->number();
    if (number < low || number > high ||
        number != static_cast<double>(static_cast<std::int64_t>(number))) {
      complain(key, "is out of range");
      return;
    }
    *out = static_cast<Integer>(number);
  }

  void texts(const char* key, std::vector<std::string>* out, bool required = true) {
    const Json* value = member(key, Json::Kind::kArray, required);
    if (value == nullptr) return;
    if (value->items().size() > kMaxNames) return complain(key, "has too many entries");
    for (const Json& item : value->items()) {
      if (!item.is(Json::Kind::kString)) return complain(key, "must hold strings");
      if (std::find(out->begin(), out->end(), item.string()) != out->end()) {
        return complain(key, "names " + item.string() + " twice");
      }
      out->push_back(item.string());
    }
  }

  void complain(const std::string& key, const std::string& what) {
    if (status_->ok()) *status_ = bad(path_ + key + " " + what);
  }

 private:
  const Json& object_;
  std::string path_;
  Status* status_;
};

void read_state(const Json& list, Manifest* out, Status* status) {
  std::size_t total = 0;
  for (const Json& item : list.items()) {
    if (!item.is(Json::Kind::kObject) || out->state.size() >= kMaxStateTensors) {
      *status = bad("state must hold at most 256 objects");
      return;
    }
    StateTensor tensor;
    Reader reader(item, "state.", status);
    reader.text("input", &tensor.input);
    reader.text("output", &tensor.output);
    const Json* shape = reader.member("shape", Json::Kind::kArray, true);
    if (shape == nullptr) return;
    tensor.count = 1;
    for (const Json& dimension : shape->items()) {
      const double size = dimension.is(Json::Kind::kNumber) ? dimension.number() : 0.0;
      if (size < 1.0 || size > 1e6 ||
          size != static_cast<double>(static_cast<std::int64_t>(size))) {
        return reader.complain("shape", "must hold positive integers");
      }
      tensor.shape.push_back(static_cast<std::int64_t>(size));
      tensor.count *= static_cast<std::size_t>(size);
      if (tensor.count > kMaxStateFloats) return reader.complain("shape", "is too large");
    }
    if (const Json* initial = reader.member("initial", Json::Kind::kArray, false)) {
      for (const Json& value : initial->items()) {
        if (!value.is(Json::Kind::kNumber)) return reader.complain("initial", "must hold numbers");
        tensor.initial.push_back(static_cast<float>(value.number()));
      }
      if (tensor.initial.size() != tensor.count) {
        return reader.complain("initial", "does not fill the shape of " + tensor.input);
      }
    }
    total += tensor.count;
    if (total > kMaxStateFloats) return reader.complain("shape", "is too large");
    out->state.push_back(std::move(tensor));
  }
}

void read_expression_rest(const Json& rows, Manifest* out, Status* status) {
  const std::size_t width = out->expression_channels.size();
  bool good = rows.items().size() == kEmotionCount;
  for (std::size_t emotion = 0; good && emotion < kEmotionCount; ++emotion) {
    const Json& row = rows.items()[emotion];
    good = row.is(Json::Kind::kArray) && row.items().size() == width;
    for (std::size_t i = 0; good && i < width; ++i) {
      const double most = emotion == 0 ? 0.0 : 1.0;
      const double value = row.items()[i].is(Json::Kind::kNumber) ? row.items()[i].number() : 2.0;
      good = value >= -most && value <= most;
      out->expression_rest.push_back(static_cast<float>(value));
    }
  }
  if (good || !status->ok()) return;
  *status = bad(
      "expression_rest must hold 8 rows of one number in [-1, 1] for each of expression_channels; "
      "neutral's are 0");
}

void read_files(const Json& object, Manifest* out, Status* status) {
  for (const auto& [name, value] : object.members()) {
    BundleFile file;
    file.name = name;
    if (!value.is(Json::Kind::kObject)) {
      *status = bad("files." + name + " must be an object");
      return;
    }
    Reader reader(value, "files." + name + ".", status);
    reader.text("sha256", &file.sha256);
    reader.integer("bytes", &file.bytes, 0, 4e9);
    if (name.empty() || name[0] == '/' || name.find("..") != std::string::npos ||
        name.find('\\') != std::string::npos || name.find(':') != std::string::npos) {
      reader.complain("", "is not a plain relative path");
    }
    out->files.push_back(std::move(file));
  }
}

// Every input and every output of the graph is named once.
Status check_ports(const Manifest& m) {
  std::vector<std::string> inputs = {m.audio_input};
  std::vector<std::string> outputs = {m.weights_output};
  for (const std::string* name : {&m.emotion_input, &m.identity_input, &m.noise_input}) {
    if (!name->empty()) inputs.push_back(*name);
  }
  for (const std::string* name : {&m.visemes_output, &m.closure_output, &m.emotion_output,
                                  &m.expression_output, &m.head_output}) {
    if (!name->empty()) outputs.push_back(*name);
  }
  for (const StateTensor& tensor : m.state) {
    inputs.push_back(tensor.input);
    outputs.push_back(tensor.output);
  }
  for (auto* names : {&inputs, &outputs}) {
    std::sort(names->begin(), names->end());
    const auto twice = std::adjacent_find(names->begin(), names->end());
    if (twice != names->end()) return bad("names the port '" + *twice + "' twice");
  }
  return {};
}

// Canonical indices of channels.
Status find_channels(const std::vector<std::string>& names, std::vector<std::size_t>* out) {
  for (const std::string& name : names) {
    const int index = channel_index(name);
    if (index < 0) return bad("channel " + name + " is not an ARKit blendshape");
    out->push_back(static_cast<std::size_t>(index));
  }
  return {};
}

// What schema 2 adds: an input or output and what describes it come together.
Status check_conditions(const Manifest& m) {
  if (m.style_size != 0) {
    return {Code::kUnsupported, "manifest.json: style inputs need a newer TalkFace"};
  }
  if (m.schema < 2 && m.identity_size != 0) {
    return {Code::kUnsupported, "manifest.json: identity inputs need schema 2"};
  }
  // An expression without the input follows the emotion that the graph itself hears.
  if (!m.emotion_input.empty() && m.expression_output.empty()) {
    return bad("inputs.emotion needs outputs.expression");
  }
  if (m.expression_output.empty() != m.expression_channels.empty() ||
      m.expression_output.empty() != m.expression_rest.empty()) {
    return bad("outputs.expression, expression_channels and expression_rest must come together");
  }
  if (m.identities.size() != m.identity_size) {
    return bad("identity_size must be the number of identities");
  }
  if (m.identity_input.empty() != m.identities.empty()) {
    return bad("inputs.identity and identities must come together");
  }
  if (m.noise_input.empty() != (m.noise_size == 0)) {
    return bad("inputs.noise and noise_size must come together");
  }
  return {};
}

Status check(Manifest* m) {
  if (m->sample_rate != 16000) return bad("sample_rate must be 16000");
  if (m->hop % m->frames_per_step != 0) return bad("frames_per_step must divide hop");
  const std::uint64_t by_hop =
      static_cast<std::uint64_t>(m->frames_per_step) * m->sample_rate * m->frame_rate_den;
  if (by_hop != static_cast<std::uint64_t>(m->hop) * m->frame_rate_num) {
    return bad("frame_rate must be frames_per_step * sample_rate / hop");
  }
  if (m->window_length < m->hop) return bad("window.length must be at least hop");
  if (m->window_offset + m->window_length != static_cast<std::int64_t>(m->look_ahead)) {
    return bad("window.offset + window.length must equal look_ahead");
  }
  if (std::find(kPrecisions.begin(), kPrecisions.end(), m->precision) == kPrecisions.end()) {
    return bad("precision must be float32, fp16 or int8, not " + m->precision);
  }
  if (m->audio_input.empty() || m->weights_output.empty()) {
    return bad("inputs.audio and outputs.weights must be names");
  }
  if (m->channels.empty()) return bad("channels is empty");
  Status status = find_channels(m->channels, &m->channel_indices);
  if (status.ok()) status = find_channels(m->expression_channels, &m->expression_indices);
  if (!status.ok()) return status;
  bool fixed = m->emotions.empty() || m->emotions.size() == kEmotionCount;
  for (std::size_t i = 0; fixed && i < m->emotions.size(); ++i) {
    fixed = m->emotions[i] == kEmotionNames[i];
  }
  if (!fixed) return bad("emotions must be the fixed list, in order, or empty");
  if (m->emotion_output.empty() != m->emotions.empty()) {
    return bad("outputs.emotion and emotions must come together");
  }
  status = check_conditions(*m);
  if (status.ok()) status = check_ports(*m);
  if (!status.ok()) return status;
  const auto listed = [m](const std::string& name) {
    return std::any_of(m->files.begin(), m->files.end(),
                       [&](const BundleFile& file) { return file.name == name; });
  };
  for (const std::string& name : {m->graph, m->articulation}) {
    if (!name.empty() && !listed(name)) return bad("files does not list " + name);
  }
  return {};
}

}  // namespace

std::size_t Manifest::state_count() const {
  std::size_t count = 0;
  for (const StateTensor& tensor : state) count += tensor.count;
  return count;
}

std::vector<float> Manifest::initial_state() const {
  std::vector<float> values;
  values.reserve(state_count());
  for (const StateTensor& tensor : state) {
    values.insert(values.end(), tensor.initial.begin(), tensor.initial.end());
    if (tensor.initial.empty()) values.insert(values.end(), tensor.count, 0.0f);
  }
  return values;
}

Status Manifest::parse(std::string_view json, Manifest* out) {
  *out = Manifest();
  Json root;
  Status status = Json::parse(json, &root);
  if (!status.ok()) return bad(status.message());
  if (!root.is(Json::Kind::kObject)) return bad("is not an object");
  Reader reader(root, "", &status);
  reader.integer("schema", &out->schema, 1, 1e6);
  if (!status.ok()) return status;
  if (out->schema > TALKFACE_BUNDLE_SCHEMA) {
    return {Code::kUnsupported, "manifest.json: schema " + std::to_string(out->schema) +
                                    " is newer than this library (" +
                                    std::to_string(TALKFACE_BUNDLE_SCHEMA) + "); update TalkFace"};
  }
  reader.text("name", &out->name);
  reader.text("version", &out->version);
  reader.text("licence", &out->licence);
  reader.integer("sample_rate", &out->sample_rate, 1, 1e6);
  reader.integer("hop", &out->hop, 16, 160000);
  reader.integer("look_ahead", &out->look_ahead, 0, 160000);
  reader.integer("frames_per_step", &out->frames_per_step, 1, 1000);
  reader.text("graph", &out->graph);
  reader.text("articulation", &out->articulation, false);
  reader.texts("channels", &out->channels);
  reader.texts("emotions", &out->emotions);
  reader.integer("identity_size", &out->identity_size, 0, 4096);
  reader.integer("style_size", &out->style_size, 0, 4096);
  if (const Json* window = reader.member("window", Json::Kind::kObject, true)) {
    Reader inner(*window, "window.", &status);
    inner.integer("offset", &out->window_offset, -1.6e6, 160000);
    inner.integer("length", &out->window_length, 1, 1.6e6);
  }
  if (const Json* rate = reader.member("frame_rate", Json::Kind::kObject, true)) {
    Reader inner(*rate, "frame_rate.", &status);
    inner.integer("num", &out->frame_rate_num, 1, 1e6);
    inner.integer("den", &out->frame_rate_den, 1, 1e6);
  }
  if (const Json* inputs = reader.member("inputs", Json::Kind::kObject, true)) {
    Reader inner(*inputs, "inputs.", &status);
    inner.text("audio", &out->audio_input);
    if (out->schema >= 2) {
      inner.text("emotion", &out->emotion_input, false);
      inner.text("identity", &out->identity_input, false);
      inner.text("noise", &out->noise_input, false);
    }
  }
  if (const Json* outputs = reader.member("outputs", Json::Kind::kObject, true)) {
    Reader inner(*outputs, "outputs.", &status);
    inner.text("weights", &out->weights_output);
    inner.text("visemes", &out->visemes_output, false);
    inner.text("closure", &out->closure_output, false);
    inner.text("emotion", &out->emotion_output, false);
    if (out->schema >= 2) {
      inner.text("expression", &out->expression_output, false);
      inner.text("head", &out->head_output, false);
    }
  }
  if (out->schema >= 2) {
    reader.integer("noise_size", &out->noise_size, 0, Latent::kMaxSize, false);
    reader.texts("identities", &out->identities, false);
    reader.texts("expression_channels", &out->expression_channels, false);
    if (const Json* rest = reader.member("expression_rest", Json::Kind::kArray, false)) {
      read_expression_rest(*rest, out, &status);
    }
  }
  reader.text("precision", &out->precision, false);
  if (const Json* tolerance = reader.member("tolerance", Json::Kind::kNumber, true)) {
    out->tolerance = static_cast<float>(tolerance->number());
  }
  if (const Json* state = reader.member("state", Json::Kind::kArray, true)) {
    read_state(*state, out, &status);
  }
  if (const Json* files = reader.member("files", Json::Kind::kObject, true)) {
    read_files(*files, out, &status);
  }
  return status.ok() ? check(out) : status;
}

}  // namespace talkface
