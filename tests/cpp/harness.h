// main() of the programs that drive the shared library with a bundle.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <exception>

// Runs `body(bundle)`, which returns its number of failures. Exit codes: 0 passed, 1 failed, 2
// wrong usage, 77 skipped for want of ONNX Runtime.
template <typename Body>
int with_bundle(int argc, char** argv, Body&& body) {
  if (argc != 2) return 2;
  if (std::getenv("TALKFACE_ONNXRUNTIME") == nullptr) {
    std::printf("skipped: TALKFACE_ONNXRUNTIME is not set\n");
    return 77;
  }
  int failures = 1;
  try {
    failures = body(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
