// ONNX Runtime's C function table over onnxruntime-web: what `TALKFACE_LINKED_ONNXRUNTIME` links in
// a browser. Slots of CUDA and TensorRT stay empty: their providers are not listed, and nobody
// calls them then.
#include "onnx_web.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "model/ort_api.h"

namespace talkface::ort {

struct StatusObject {
  std::string message;
};
struct Env {};
struct Allocator {};
struct MemoryInfo {};
struct SessionOptions {
  std::string free_axes;
};
struct TensorInfo {
  std::int32_t type;
  std::vector<std::int64_t> shape;
};
struct TypeInfo {
  TensorInfo tensor;
};
struct Port {
  std::string name;
  TensorInfo tensor;
};
struct Session {
  std::int32_t handle = 0;
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  ~Session() {
    if (handle != 0) talkface_onnx_close(handle);
  }
};
struct Value {
  float* data;
  std::vector<std::int32_t> shape;
};
struct IoBinding {
  std::vector<talkface_onnx_tensor> inputs;
  std::vector<talkface_onnx_tensor> outputs;
  std::vector<std::unique_ptr<std::string>> names;
};

namespace {

constexpr std::size_t kSlots = 264;
constexpr std::int32_t kNotFloat = 0;  // ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED
char cpu_provider[] = "CPUExecutionProvider";
char* providers[] = {cpu_provider};

StatusObject* failed(std::string message) { return new StatusObject{std::move(message)}; }

// Takes over a text of the page.
std::string taken(char* text) {
  const std::unique_ptr<char, decltype(&std::free)> owner(text, &std::free);
  return text == nullptr ? std::string() : std::string(text);
}

StatusObject* result(char* error) { return error == nullptr ? nullptr : failed(taken(error)); }

std::vector<Port> ports_of(const Json* list) {
  std::vector<Port> ports;
  for (const Json& item : list->items()) {
    Port port{item.find("name")->string(),
              {item.find("float")->boolean() ? kFloat : kNotFloat, {}}};
    for (const Json& size : item.find("shape")->items()) {
      port.tensor.shape.push_back(static_cast<std::int64_t>(size.number()));
    }
    ports.push_back(std::move(port));
  }
  return ports;
}

StatusObject* create_session(const Env* /*env*/, const void* graph, std::size_t size,
                             const SessionOptions* options, Session** out) {
  auto session = std::make_unique<Session>();
  const std::string axes = "{" + options->free_axes + "}";
  StatusObject* status = result(talkface_onnx_open(graph, size, axes.c_str(), &session->handle));
  if (status != nullptr) return status;
  Json told;
  const Status parsed = Json::parse(taken(talkface_onnx_ports(session->handle)), &told);
  if (!parsed.ok()) return failed(parsed.message());
  session->inputs = ports_of(told.find("inputs"));
  session->outputs = ports_of(told.find("outputs"));
  *out = session.release();
  return nullptr;
}

StatusObject* fix_axis(SessionOptions* options, const char* name, std::int64_t size) {
  if (!options->free_axes.empty()) options->free_axes += ",";
  options->free_axes += "\"" + std::string(name) + "\":" + std::to_string(size);
  return nullptr;
}

StatusObject* name_of(const std::vector<Port>& ports, std::size_t index, char** out) {
  *out = strdup(ports.at(index).name.c_str());
  return nullptr;
}

StatusObject* type_of(const std::vector<Port>& ports, std::size_t index, TypeInfo** out) {
  *out = new TypeInfo{ports.at(index).tensor};
  return nullptr;
}

StatusObject* wrap(const MemoryInfo* /*info*/, void* data, std::size_t /*bytes*/,
                   const std::int64_t* shape, std::size_t rank, std::int32_t type, Value** out) {
  if (type != kFloat) return failed("only tensors of float32 can be bound");
  auto value = std::make_unique<Value>();
  value->data = static_cast<float*>(data);
  for (std::size_t i = 0; i < rank; ++i) {
    value->shape.push_back(static_cast<std::int32_t>(shape[i]));
  }
  *out = value.release();
  return nullptr;
}

void bind(IoBinding* binding, std::vector<talkface_onnx_tensor>* list, const char* name,
          const Value* value) {
  binding->names.push_back(std::make_unique<std::string>(name));
  list->push_back({binding->names.back()->c_str(), value->data, value->shape.data(),
                   static_cast<std::uint32_t>(value->shape.size())});
}

// Assigns one function to its slot; the name decides the type it must have.
template <typename Function>
void put(const void** slot, Function function, Function /*type*/) {
  std::memcpy(slot, &function, sizeof(*slot));
}

struct Table {
  const void* slots[kSlots] = {};
  Table();
};

// The constants of slots, by name.
enum Slot : std::size_t {
#define TALKFACE_ORT_SLOT(slot, name, result, parameters) k##name = (slot),
  TALKFACE_ORT_SLOTS(TALKFACE_ORT_SLOT)
#undef TALKFACE_ORT_SLOT
};

Table::Table() {
#define TALKFACE_WEB(name, ...) put(&slots[k##name], +(__VA_ARGS__), decltype(Functions::name){})
  using Text = const char*;
  TALKFACE_WEB(GetErrorMessage, [](const StatusObject* s) -> Text { return s->message.c_str(); });
  TALKFACE_WEB(CreateEnvWithCustomLogger,
               [](LogFunction, void*, std::int32_t, Text, Env** out) -> StatusObject* {
                 *out = new Env;
                 return nullptr;
               });
  TALKFACE_WEB(CreateSessionFromArray, create_session);
  TALKFACE_WEB(CreateSessionOptions, [](SessionOptions** out) -> StatusObject* {
    *out = new SessionOptions;
    return nullptr;
  });
  // What onnxruntime-web has no counterpart for: it has one thread and does not spin.
  const auto ignored = [](SessionOptions*, int) -> StatusObject* { return nullptr; };
  TALKFACE_WEB(SetSessionLogSeverityLevel, ignored);
  TALKFACE_WEB(SetSessionGraphOptimizationLevel, ignored);
  TALKFACE_WEB(SetIntraOpNumThreads, ignored);
  TALKFACE_WEB(SetInterOpNumThreads, ignored);
  TALKFACE_WEB(AddSessionConfigEntry,
               [](SessionOptions*, Text, Text) -> StatusObject* { return nullptr; });
  TALKFACE_WEB(AddFreeDimensionOverrideByName, fix_axis);
  TALKFACE_WEB(SessionGetInputCount, [](const Session* s, std::size_t* out) -> StatusObject* {
    *out = s->inputs.size();
    return nullptr;
  });
  TALKFACE_WEB(SessionGetOutputCount, [](const Session* s, std::size_t* out) -> StatusObject* {
    *out = s->outputs.size();
    return nullptr;
  });
  TALKFACE_WEB(SessionGetInputName, [](const Session* s, std::size_t i, Allocator*, char** out) {
    return name_of(s->inputs, i, out);
  });
  TALKFACE_WEB(SessionGetOutputName, [](const Session* s, std::size_t i, Allocator*, char** out) {
    return name_of(s->outputs, i, out);
  });
  TALKFACE_WEB(SessionGetInputTypeInfo, [](const Session* s, std::size_t i, TypeInfo** out) {
    return type_of(s->inputs, i, out);
  });
  TALKFACE_WEB(SessionGetOutputTypeInfo, [](const Session* s, std::size_t i, TypeInfo** out) {
    return type_of(s->outputs, i, out);
  });
  TALKFACE_WEB(CastTypeInfoToTensorInfo,
               [](const TypeInfo* type, const TensorInfo** out) -> StatusObject* {
                 *out = &type->tensor;
                 return nullptr;
               });
  TALKFACE_WEB(GetTensorElementType, [](const TensorInfo* t, std::int32_t* out) -> StatusObject* {
    *out = t->type;
    return nullptr;
  });
  TALKFACE_WEB(GetDimensionsCount, [](const TensorInfo* t, std::size_t* out) -> StatusObject* {
    *out = t->shape.size();
    return nullptr;
  });
  TALKFACE_WEB(GetDimensions,
               [](const TensorInfo* t, std::int64_t* out, std::size_t n) -> StatusObject* {
                 std::memcpy(out, t->shape.data(), n * sizeof(*out));
                 return nullptr;
               });
  TALKFACE_WEB(GetAllocatorWithDefaultOptions, [](Allocator** out) -> StatusObject* {
    static Allocator allocator;
    *out = &allocator;
    return nullptr;
  });
  TALKFACE_WEB(AllocatorFree, [](Allocator*, void* memory) -> StatusObject* {
    std::free(memory);
    return nullptr;
  });
  TALKFACE_WEB(CreateCpuMemoryInfo,
               [](std::int32_t, std::int32_t, MemoryInfo** out) -> StatusObject* {
                 *out = new MemoryInfo;
                 return nullptr;
               });
  TALKFACE_WEB(CreateTensorWithDataAsOrtValue, wrap);
  TALKFACE_WEB(CreateIoBinding, [](Session*, IoBinding** out) -> StatusObject* {
    *out = new IoBinding;
    return nullptr;
  });
  TALKFACE_WEB(BindInput, [](IoBinding* b, Text name, const Value* v) -> StatusObject* {
    bind(b, &b->inputs, name, v);
    return nullptr;
  });
  TALKFACE_WEB(BindOutput, [](IoBinding* b, Text name, const Value* v) -> StatusObject* {
    bind(b, &b->outputs, name, v);
    return nullptr;
  });
  TALKFACE_WEB(RunWithBinding, [](Session* s, const RunOptions*, const IoBinding* b) {
    return result(talkface_onnx_run(s->handle, b->inputs.data(), b->inputs.size(),
                                    b->outputs.data(), b->outputs.size()));
  });
  TALKFACE_WEB(GetAvailableProviders, [](char*** names, int* count) -> StatusObject* {
    *names = providers;
    *count = 1;
    return nullptr;
  });
  TALKFACE_WEB(ReleaseAvailableProviders, [](char**, int) -> StatusObject* { return nullptr; });
  TALKFACE_WEB(ReleaseEnv, [](Env* one) { delete one; });
  TALKFACE_WEB(ReleaseStatus, [](StatusObject* one) { delete one; });
  TALKFACE_WEB(ReleaseMemoryInfo, [](MemoryInfo* one) { delete one; });
  TALKFACE_WEB(ReleaseSession, [](Session* one) { delete one; });
  TALKFACE_WEB(ReleaseValue, [](Value* one) { delete one; });
  TALKFACE_WEB(ReleaseTypeInfo, [](TypeInfo* one) { delete one; });
  TALKFACE_WEB(ReleaseSessionOptions, [](SessionOptions* one) { delete one; });
  TALKFACE_WEB(ReleaseIoBinding, [](IoBinding* one) { delete one; });
#undef TALKFACE_WEB
}

const void* table(std::uint32_t version) {
  static const Table made;
  return version == kOrtApiVersion ? made.slots : nullptr;
}

const char* version() {
  static const std::string text = taken(talkface_onnx_version());
  return text.c_str();
}

struct ApiBase {
  const void* (*get_api)(std::uint32_t version);
  const char* (*get_version_string)();
};

}  // namespace
}  // namespace talkface::ort

extern "C" const void* OrtGetApiBase() {
  static const talkface::ort::ApiBase base = {&talkface::ort::table, &talkface::ort::version};
  return &base;
}
