#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>

#include "bindings.h"
#include "talkface/talkface.hpp"

namespace py = pybind11;

namespace talkface::python {
namespace {

using Knobs = std::vector<std::pair<std::string, float>>;
using TimedPhones = std::vector<std::tuple<std::int64_t, std::int64_t, std::string>>;
using Shares = std::array<float, TALKFACE_EMOTION_COUNT>;
using TimedEmotions = std::vector<std::tuple<std::int64_t, Shares, float>>;
using Progress = std::function<bool(std::uint64_t, std::uint64_t)>;

std::vector<Phone> to_phones(const TimedPhones& timed) {
  std::vector<Phone> phones;
  phones.reserve(timed.size());
  for (const auto& [start, end, symbol] : timed) phones.push_back(phone(start, end, symbol));
  return phones;
}

std::vector<EmotionKey> to_keys(const TimedEmotions& timed) {
  std::vector<EmotionKey> keys;
  keys.reserve(timed.size());
  for (const auto& [sample, shares, weight] : timed) {
    keys.push_back(talkface_emotion_key_init());
    keys.back().sample = sample;
    std::copy(shares.begin(), shares.end(), keys.back().mix);
    keys.back().weight = weight;
  }
  return keys;
}

// Arrays are taken as they lie in memory; the Python layer has checked type and order.
template <typename T>
const T* view(const py::array& array) {
  const bool aligned = reinterpret_cast<std::uintptr_t>(array.data()) % alignof(T) == 0;
  if (!py::isinstance<py::array_t<T>>(array) || !(array.flags() & py::array::c_style) || !aligned) {
    throw Error(TALKFACE_ERROR_INVALID_ARGUMENT,
                "audio must be an aligned C-contiguous float32 or int16 array");
  }
  return static_cast<const T*>(array.data());
}

py::array_t<Pose> poses_to_array(std::vector<Pose>&& poses) {
  auto owner = std::make_unique<std::vector<Pose>>(std::move(poses));
  std::vector<Pose>* raw = owner.get();
  py::capsule capsule(owner.release(), [](void* p) { delete static_cast<std::vector<Pose>*>(p); });
  return py::array_t<Pose>({raw->size()}, {sizeof(Pose)}, raw->data(), capsule);
}

std::uint64_t push(Stream& stream, const py::array& audio, std::uint64_t channels) {
  const std::uint64_t frames = static_cast<std::uint64_t>(audio.size()) / channels;
  if (py::isinstance<py::array_t<std::int16_t>>(audio)) {
    const auto* data = view<std::int16_t>(audio);
    const py::gil_scoped_release release;
    return stream.push(data, frames);
  }
  const auto* data = view<float>(audio);
  const py::gil_scoped_release release;
  return stream.push(data, frames);
}

py::tuple animate(const Model& model, const py::array& audio, std::uint32_t sample_rate,
                  std::uint32_t channels, std::pair<std::uint32_t, std::uint32_t> frame_rate,
                  std::uint64_t seed, bool raw, const Knobs& knobs, const TimedPhones& phones,
                  const TimedEmotions& emotions, const std::string& style,
                  const Progress& progress) {
  AnimateOptions options;
  options.channels = channels;
  options.frame_rate = {frame_rate.first, frame_rate.second};
  options.seed = seed;
  options.raw = raw;
  options.knobs = knobs;
  options.phones = to_phones(phones);
  options.emotions = to_keys(emotions);
  options.style = style;
  if (progress) {
    options.progress = [&progress](std::uint64_t done, std::uint64_t total) {
      const py::gil_scoped_acquire gil;
      return progress(done, total);
    };
  }
  const TalkFace face(model);
  Clip clip;
  const auto size = static_cast<std::size_t>(audio.size());
  if (py::isinstance<py::array_t<std::int16_t>>(audio)) {
    const span<std::int16_t> samples(view<std::int16_t>(audio), size);
    const py::gil_scoped_release release;
    clip = face.animate(samples, sample_rate, options);
  } else {
    const span<float> samples(view<float>(audio), size);
    const py::gil_scoped_release release;
    clip = face.animate(samples, sample_rate, options);
  }
  return py::make_tuple(clip.frame_rate.num, clip.frame_rate.den,
                        poses_to_array(std::move(clip.frames)));
}

py::dict stats_of(const Stream& stream) {
  const talkface_stream_stats s = stream.stats();
  py::dict d;
  d["taken_samples"] = s.taken_samples;
  d["refused_samples"] = s.refused_samples;
  d["nonfinite_samples"] = s.nonfinite_samples;
  d["model_resets"] = s.model_resets;
  d["steps"] = s.steps;
  d["frames"] = s.frames;
  d["asleep"] = s.asleep;
  return d;
}

}  // namespace

void register_stream(py::module_& m) {
  PYBIND11_NUMPY_DTYPE(Pose, struct_size, flags, frame, seconds, weights, head_rotation,
                       head_translation, emotion, valence, arousal, visemes);
  m.attr("pose_dtype") = py::dtype::of<Pose>();
  m.attr("NEWEST") = TALKFACE_NEWEST;

  py::class_<StreamOptions>(m, "StreamOptions")
      .def(py::init([](std::uint32_t sample_rate, std::uint32_t channels,
                       std::pair<std::uint32_t, std::uint32_t> frame_rate, std::uint32_t ring_ms,
                       std::uint32_t store_ms, bool sampling, bool raw, std::uint64_t seed,
                       std::uint32_t timed_capacity, std::uint32_t sleep_ms) {
             StreamOptions o;
             o.sample_rate = sample_rate;
             o.channels = channels;
             o.frame_rate = {frame_rate.first, frame_rate.second};
             o.ring_ms = ring_ms;
             o.store_ms = store_ms;
             o.sampling = sampling;
             o.raw = raw;
             o.seed = seed;
             o.timed_capacity = timed_capacity;
             o.sleep_ms = sleep_ms;
             return o;
           }),
           py::arg("sample_rate"), py::arg("channels"), py::arg("frame_rate"), py::arg("ring_ms"),
           py::arg("store_ms"), py::arg("sampling"), py::arg("raw"), py::arg("seed"),
           py::arg("timed_capacity"), py::arg("sleep_ms"));

  py::class_<Stream>(m, "Stream")
      .def(py::init([](const Model& model, const StreamOptions& options) {
             return std::make_unique<Stream>(model, options);
           }),
           py::arg("model"), py::arg("options"))
      .def("push", &push, py::arg("audio"), py::arg("channels"))
      .def("push_phones",
           [](Stream& stream, const TimedPhones& timed) {
             const std::vector<Phone> phones = to_phones(timed);
             return stream.push_phones(phones.data(), phones.size());
           })
      .def("push_emotion",
           [](Stream& stream, const TimedEmotions& timed) {
             const std::vector<EmotionKey> keys = to_keys(timed);
             return stream.push_emotion(keys.data(), keys.size());
           })
      .def("set_emotion",
           [](Stream& stream, const Shares& shares, float weight) {
             float mix[TALKFACE_EMOTION_COUNT];
             std::copy(shares.begin(), shares.end(), mix);
             stream.set_emotion(mix, weight);
           })
      .def("set_style", &Stream::set_style)
      .def("flush", &Stream::flush)
      .def("process",
           [](Stream& stream) {
             bool full = false;
             const py::gil_scoped_release release;
             const std::uint64_t made = stream.process(&full);
             return std::make_pair(made, full);
           })
      .def(
          "read",
          [](Stream& stream, std::uint64_t limit) { return poses_to_array(stream.read(limit)); },
          py::arg("limit") = UINT64_MAX)
      .def("sample",
           [](Stream& stream, std::int64_t playhead) {
             return poses_to_array({stream.sample(playhead)});
           })
      .def("frames_ready", &Stream::frames_ready)
      .def("interrupt", &Stream::interrupt)
      .def("reset", &Stream::reset)
      .def("latency", &Stream::latency)
      .def("next_sample", &Stream::next_sample)
      .def("samples_needed", &Stream::samples_needed)
      .def("stats", &stats_of)
      .def("set_stride", &Stream::set_stride)
      .def("set_knob", &Stream::set_knob)
      .def("knob", &Stream::knob)
      .def("save",
           [](const Stream& stream) {
             const std::vector<unsigned char> blob = stream.save();
             return py::bytes(reinterpret_cast<const char*>(blob.data()), blob.size());
           })
      .def("load", [](Stream& stream, const py::bytes& blob) {
        const std::string_view data = blob;
        stream.load({reinterpret_cast<const unsigned char*>(data.data()), data.size()});
      });

  m.def("animate", &animate, py::arg("model"), py::arg("audio"), py::arg("sample_rate"),
        py::arg("channels"), py::arg("frame_rate"), py::arg("seed"), py::arg("raw"),
        py::arg("knobs"), py::arg("phones"), py::arg("emotions"), py::arg("style"),
        py::arg("progress"));
}

}  // namespace talkface::python
