// What `talkface bench` must not do in Python: single C calls, and whole ticks of crowds.
#include <pybind11/stl.h>

#include <chrono>
#include <vector>

#include "../tools/control.h"
#include "../tools/crowd_load.h"
#include "bindings.h"

namespace py = pybind11;

namespace talkface::python {
namespace {

// Seconds of each of `count` C calls of sample.
std::vector<double> time_sample(Stream& stream, std::int64_t playhead, std::size_t count) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> seconds(count);
  Pose pose = talkface_pose_init();
  for (std::size_t i = 0; i < count; ++i) {
    const auto began = Clock::now();
    talkface_stream_sample(stream.get(), playhead - static_cast<std::int64_t>(i), &pose);
    seconds[i] = std::chrono::duration<double>(Clock::now() - began).count();
  }
  return seconds;
}

py::dict crowd_load(const Model& model, std::uint32_t streams, std::uint32_t threads,
                    std::uint32_t sample_rate, std::uint32_t chunk_ms, std::uint32_t ticks,
                    std::uint32_t stride, std::uint32_t sleep_ms, double silent_share) {
  tools::CrowdTimes times;
  {
    const py::gil_scoped_release release;
    CrowdOptions options;
    options.threads = threads;
    options.max_streams = streams;
    Crowd crowd(model, options);
    tools::CrowdLoad load;
    load.streams = streams;
    load.sample_rate = sample_rate;
    load.chunk_ms = chunk_ms;
    load.ticks = ticks;
    load.stride = stride;
    load.sleep_ms = sleep_ms;
    load.silent_share = silent_share;
    times = tools::run(&crowd, load);
  }
  py::dict d;
  d["process"] = times.process;
  d["wall"] = times.wall;
  d["cpu"] = times.cpu;
  d["frames"] = times.frames;
  d["steps"] = times.stats.steps;
  d["runs"] = times.stats.runs;
  d["asleep"] = times.stats.asleep;
  d["backlog_steps"] = times.stats.backlog_steps;
  return d;
}

}  // namespace

void register_bench(py::module_& m) {
  m.def("time_sample", &time_sample);
  m.def("crowd_load", &crowd_load, py::arg("model"), py::arg("streams"), py::arg("threads"),
        py::arg("sample_rate"), py::arg("chunk_ms"), py::arg("ticks"), py::arg("stride"),
        py::arg("sleep_ms"), py::arg("silent_share"));
  m.def("rounds_per_second", &tools::rounds_per_second, py::arg("threads"), py::arg("seconds"),
        py::call_guard<py::gil_scoped_release>());
}

}  // namespace talkface::python
