#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include "bindings.h"
#include "talkface/talkface.hpp"

namespace py = pybind11;

namespace talkface::python {
namespace {

// By talkface_provider.
constexpr const char* kProviders[] = {"cpu", "cuda", "tensorrt"};

talkface_provider provider_of(const std::string& name) {
  for (talkface_provider i = TALKFACE_PROVIDER_CPU; i <= TALKFACE_PROVIDER_TENSORRT; ++i) {
    if (name == kProviders[i]) return i;
  }
  throw Error(TALKFACE_ERROR_INVALID_ARGUMENT, "no provider " + name);
}

py::dict info_of(const Model& model) {
  const talkface_model_info info = model.info();
  py::dict d;
  d["name"] = info.name;
  d["version"] = info.version;
  d["licence"] = info.licence;
  d["sha256"] = info.sha256;
  d["schema"] = info.schema;
  d["sample_rate"] = info.sample_rate;
  d["hop"] = info.hop;
  d["look_ahead"] = info.look_ahead;
  d["frame_rate"] = py::make_tuple(info.frame_rate_num, info.frame_rate_den);
  d["emotion_count"] = info.emotion_count;
  d["viseme_count"] = info.viseme_count;
  d["identity_size"] = info.identity_size;
  d["expression_count"] = info.expression_count;
  d["has_head"] = info.has_head != 0;
  d["precision"] = info.precision;
  d["style_size"] = info.style_size;
  d["tolerance"] = info.tolerance;
  d["provider"] = kProviders[info.provider];
  d["provider_note"] = info.provider_note;
  d["onnxruntime"] = info.onnxruntime;
  return d;
}

py::list knob_table() {
  py::list table;
  for (uint32_t i = 0; i < talkface_knob_count(); ++i) {
    talkface_knob knob{};
    knob.struct_size = sizeof(knob);
    talkface_knob_get(i, &knob);
    table.append(
        py::make_tuple(knob.name, knob.default_value, knob.min_value, knob.max_value, knob.doc));
  }
  return table;
}

template <typename Name>
py::tuple names(Name name) {
  py::list list;
  for (uint32_t i = 0; const char* text = name(i); ++i) list.append(text);
  return py::tuple(list);
}

}  // namespace

void register_model(py::module_& m) {
  m.attr("channels") = names(talkface_channel_name);
  m.attr("emotions") = names(talkface_emotion_name);
  m.attr("visemes") = names(talkface_viseme_name);
  m.def("knobs", &knob_table);

  using Log = std::function<void(int, std::string)>;
  py::class_<Model>(m, "Model")
      .def(py::init([](const std::string& path, const std::string& provider, int device,
                       int threads, const std::string& onnxruntime, Log log, bool cuda_graph,
                       const std::string& cache_folder) {
             ModelOptions options;
             options.provider = provider_of(provider);
             options.cuda_graph = cuda_graph;
             options.cache_folder = cache_folder;
             options.device = device;
             options.threads = threads;
             options.onnxruntime_path = onnxruntime;
             // The library calls from a thread that holds no GIL.
             auto shared = std::make_shared<Log>(std::move(log));
             options.log = [shared](talkface_log_level level, const char* text) {
               const py::gil_scoped_acquire gil;
               try {
                 (*shared)(level, text);
               } catch (py::error_already_set& failure) {
                 failure.discard_as_unraisable("talkface log");
               }
             };
             const py::gil_scoped_release release;
             return Model(path, std::move(options));
           }),
           py::arg("path"), py::arg("provider"), py::arg("device"), py::arg("threads"),
           py::arg("onnxruntime"), py::arg("log"), py::arg("cuda_graph"), py::arg("cache_folder"))
      .def("info", &info_of)
      .def("channels", &Model::channels)
      .def("identities", &Model::identities)
      .def("manifest", &Model::manifest);
}

}  // namespace talkface::python
