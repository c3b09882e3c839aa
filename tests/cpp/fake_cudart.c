/* A CUDA runtime without a GPU: the functions that cuda_memory.cpp uses, over the host's memory.
   One device, 0. Copies wait until the stream is synchronised, as a real device may let them. */
#include <stdlib.h>
#include <string.h>

enum { WAITING = 64 };

static struct {
  void* destination;
  const void* source;
  size_t bytes;
} copies[WAITING];
static int waiting = 0;
static int device = 0;

int fake_cudart_allocations = 0;
int fake_cudart_streams = 0;

int cudaSetDevice(int index) {
  device = index;
  return index == 0 ? 0 : 101; /* cudaErrorInvalidDevice */
}

int cudaMalloc(void** out, size_t bytes) {
  *out = malloc(bytes);
  memset(*out, 0x7f, bytes); /* NaN: what was not copied shows */
  ++fake_cudart_allocations;
  return 0;
}

int cudaFree(void* memory) {
  free(memory);
  --fake_cudart_allocations;
  return 0;
}

int cudaStreamSynchronize(void* stream) {
  (void)stream;
  for (int i = 0; i < waiting; ++i) {
    memcpy(copies[i].destination, copies[i].source, copies[i].bytes);
  }
  waiting = 0;
  return 0;
}

int cudaMemcpyAsync(void* destination, const void* source, size_t bytes, int kind, void* stream) {
  if (kind != 1 && kind != 2) return 1;
  if (waiting == WAITING) cudaStreamSynchronize(stream);
  copies[waiting].destination = destination;
  copies[waiting].source = source;
  copies[waiting].bytes = bytes;
  ++waiting;
  return 0;
}

int cudaStreamCreateWithFlags(void** out, unsigned flags) {
  *out = &fake_cudart_streams;
  ++fake_cudart_streams;
  return flags == 1 ? 0 : 1;
}

int cudaStreamDestroy(void* stream) {
  (void)stream;
  --fake_cudart_streams;
  return 0;
}

int cudaHostRegister(void* memory, size_t bytes, unsigned flags) {
  (void)memory;
  return bytes > 0 && flags == 0 ? 0 : 1;
}

int cudaHostUnregister(void* memory) { return memory != NULL ? 0 : 1; }

const char* cudaGetErrorString(int error) {
  return error == 101 ? "invalid device ordinal" : "an error";
}
