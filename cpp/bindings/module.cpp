#include <pybind11/pybind11.h>

#include "bindings.h"
#include "talkface/talkface.hpp"

namespace py = pybind11;

PYBIND11_MODULE(_core, m) {
  m.doc() = "TalkFace's C++ runtime. Use the talkface package instead.";
  m.attr("version") = talkface_version();
  m.attr("abi_version") = talkface_abi_version();

  // Carries the status code beside the message; talkface.errors gives it a face.
  static PyObject* error =
      PyErr_NewException("talkface._core.CoreError", PyExc_RuntimeError, nullptr);
  m.add_object("CoreError", py::handle(error));
  py::register_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const talkface::Error& e) {
      const py::tuple arguments =
          py::make_tuple(static_cast<int>(e.status()), std::string(e.what()));
      PyErr_SetObject(error, arguments.ptr());
    }
  });

  talkface::python::register_model(m);
  talkface::python::register_stream(m);
  talkface::python::register_crowd(m);
  talkface::python::register_bench(m);
}
