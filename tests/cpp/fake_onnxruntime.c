/* The provider options of ONNX Runtime without the rest of it, as onnxruntime-gpu treats them: a
   call with options as text puts all others back to their defaults and takes no stream over. */
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef struct {
  char device[8], search[16], graph[8], tf32[8], fp16[8];
  void* stream;
} Settings;

EXPORT Settings fake_cuda, fake_tensorrt; /* as they were when the provider was appended */
EXPORT const char* fake_version = "1.22.0";
EXPORT int fake_knows_tf32 = 1;

static Settings cuda, tensorrt;
static int env;
static char* providers[] = {"TensorrtExecutionProvider", "CUDAExecutionProvider"};
static const char* const kUnknown = "unknown provider option";

static void* create_env(void* log, void* param, int32_t level, const char* id, void** out) {
  (void)log, (void)param, (void)level, (void)id;
  *out = &env;
  return NULL;
}
static void ignore(void* object) { (void)object; }
static const char* message(const void* status) { return (const char*)status; }

static void* list_providers(char*** names, int* count) {
  *names = providers;
  *count = 2;
  return NULL;
}
static void* free_providers(char** names, int count) {
  (void)names, (void)count;
  return NULL;
}

static Settings defaults(void) {
  Settings fresh = {"0", "EXHAUSTIVE", "0", "1", "0", NULL};
  return fresh;
}

static void* update(Settings* settings, const char* const* keys, const char* const* values,
                    size_t count) {
  Settings fresh = defaults();
  for (size_t i = 0; i < count; ++i) {
    if (strcmp(keys[i], "device_id") == 0) strcpy(fresh.device, values[i]);
    if (strcmp(keys[i], "cudnn_conv_algo_search") == 0) strcpy(fresh.search, values[i]);
    if (strcmp(keys[i], "enable_cuda_graph") == 0) strcpy(fresh.graph, values[i]);
    if (strcmp(keys[i], "trt_fp16_enable") == 0) strcpy(fresh.fp16, values[i]);
    if (strcmp(keys[i], "use_tf32") == 0) {
      if (!fake_knows_tf32) return (void*)kUnknown;
      strcpy(fresh.tf32, values[i]);
    }
  }
  *settings = fresh;
  return NULL;
}
static void* update_value(Settings* settings, const char* key, void* value) {
  if (strcmp(key, "user_compute_stream") != 0) return (void*)kUnknown;
  settings->stream = value;
  return NULL;
}

static void* create_cuda(Settings** out) {
  cuda = defaults();
  *out = &cuda;
  return NULL;
}
static void* create_tensorrt(Settings** out) {
  tensorrt = defaults();
  *out = &tensorrt;
  return NULL;
}
static void* append_cuda(void* session, const Settings* settings) {
  (void)session;
  fake_cuda = *settings;
  return NULL;
}
static void* append_tensorrt(void* session, const Settings* settings) {
  (void)session;
  fake_tensorrt = *settings;
  return NULL;
}

#define SLOT(number, function) [number] = (void (*)(void))(function)
static void (*const kTable[264])(void) = {
    SLOT(2, message),           SLOT(4, create_env),        SLOT(92, ignore),
    SLOT(93, ignore),           SLOT(125, list_providers),  SLOT(126, free_providers),
    SLOT(170, append_tensorrt), SLOT(171, create_tensorrt), SLOT(172, update),
    SLOT(174, ignore),          SLOT(204, append_cuda),     SLOT(205, create_cuda),
    SLOT(206, update),          SLOT(208, ignore),          SLOT(261, update_value),
    SLOT(263, update_value),
};

static const void* get_api(uint32_t version) { return version <= 11 ? kTable : NULL; }
static const char* get_version(void) { return fake_version; }

EXPORT const void* OrtGetApiBase(void) {
  static const struct {
    const void* (*get_api)(uint32_t);
    const char* (*get_version)(void);
  } base = {get_api, get_version};
  return &base;
}
