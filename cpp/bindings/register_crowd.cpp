#include <pybind11/stl.h>

#include <memory>

#include "bindings.h"
#include "talkface/crowd.hpp"

namespace py = pybind11;

namespace talkface::python {
namespace {

// A crowd's own thread may wait for the GIL to log.
struct WithoutGil {
  void operator()(Crowd* crowd) const {
    const py::gil_scoped_release release;
    delete crowd;
  }
};

py::dict stats_of(const Crowd& crowd) {
  const talkface_crowd_stats s = crowd.stats();
  py::dict d;
  d["streams"] = s.streams;
  d["asleep"] = s.asleep;
  d["full"] = s.full;
  d["steps"] = s.steps;
  d["runs"] = s.runs;
  d["frames"] = s.frames;
  d["backlog_steps"] = s.backlog_steps;
  d["failures"] = s.failures;
  d["oldest_ms"] = s.oldest_ms;
  return d;
}

}  // namespace

void register_crowd(py::module_& m) {
  py::class_<Crowd, std::unique_ptr<Crowd, WithoutGil>>(m, "Crowd")
      .def(py::init([](const Model& model, std::uint32_t max_streams, std::uint32_t max_batch,
                       std::uint32_t threads) {
             CrowdOptions o;
             o.max_streams = max_streams;
             o.max_batch = max_batch;
             o.threads = threads;
             const py::gil_scoped_release release;
             return std::unique_ptr<Crowd, WithoutGil>(new Crowd(model, o));
           }),
           py::arg("model"), py::arg("max_streams"), py::arg("max_batch"), py::arg("threads"))
      .def("join", &Crowd::join, py::arg("options"))
      .def("process", &Crowd::process, py::arg("max_steps"),
           py::call_guard<py::gil_scoped_release>())
      .def("start", &Crowd::start, py::arg("period_us"))
      .def("stop", &Crowd::stop, py::call_guard<py::gil_scoped_release>())
      .def("stats", &stats_of);
}

}  // namespace talkface::python
