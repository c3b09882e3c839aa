// What the page's JavaScript does for the runtime: onnxruntime-web runs graphs there, and files of
// the bundle come from there. Texts that it returns are allocated with malloc; the caller frees.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// One bound tensor of float32, as the page reads it from our memory.
struct talkface_onnx_tensor {
  const char* name;
  float* data;
  const std::int32_t* shape;
  std::uint32_t rank;
};

// Version of onnxruntime-web.
char* talkface_onnx_version();
// Both return null, or what went wrong; the stack is unwound while the page waits for its promise.
// `free_axes`: {"axis name": size} as JSON.
char* talkface_onnx_open(const void* graph, std::size_t size, const char* free_axes,
                         std::int32_t* session);
char* talkface_onnx_run(std::int32_t session, const talkface_onnx_tensor* inputs,
                        std::size_t input_count, const talkface_onnx_tensor* outputs,
                        std::size_t output_count);
// {"inputs": [{"name", "float", "shape"}], "outputs": [...]}; -1 for a free size.
char* talkface_onnx_ports(std::int32_t session);
void talkface_onnx_close(std::int32_t session);

// As the callbacks of talkface_reader.
std::int32_t talkface_file_size(const char* name);
std::int32_t talkface_file_read(const char* name, std::uint32_t offset, void* destination,
                                std::uint32_t count);
}
