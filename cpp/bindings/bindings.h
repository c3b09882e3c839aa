// Python bindings over talkface.hpp: one register function a topic.
#pragma once

#include <pybind11/pybind11.h>

namespace talkface::python {

void register_model(pybind11::module_& m);
void register_stream(pybind11::module_& m);
void register_crowd(pybind11::module_& m);
void register_bench(pybind11::module_& m);

}  // namespace talkface::python
