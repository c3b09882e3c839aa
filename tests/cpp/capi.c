/* The C API from C11: open, push, flush, process, read, sample, knobs, state, errors. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_c.h"
#include "talkface/talkface.h"

static int log_lines = 0;

static void on_log(void* user, talkface_log_level level, const char* message) {
  (void)level;
  (void)message;
  ++*(int*)user;
}

/* A packed asset: one folder served through callbacks, in small pieces. */
typedef struct {
  const char* folder;
} pack;

static FILE* open_file(void* user, const char* name) {
  char path[1024];
  snprintf(path, sizeof(path), "%s/%s", ((pack*)user)->folder, name);
  return fopen(path, "rb");
}

static int64_t pack_size(void* user, const char* name) {
  FILE* file = open_file(user, name);
  long size;
  if (file == NULL) return -1;
  fseek(file, 0, SEEK_END);
  size = ftell(file);
  fclose(file);
  return size;
}

static int64_t pack_read(void* user, const char* name, uint64_t offset, void* out, uint64_t count) {
  FILE* file = open_file(user, name);
  size_t got;
  if (file == NULL) return -1;
  if (count > 4096) count = 4096;
  fseek(file, (long)offset, SEEK_SET);
  got = fread(out, 1, (size_t)count, file);
  fclose(file);
  return (int64_t)got;
}

static void test_constants(void) {
  CHECK(strcmp(talkface_version(), TALKFACE_VERSION) == 0);
  CHECK(talkface_abi_version() == TALKFACE_ABI_VERSION);
  CHECK(strcmp(talkface_channel_name(17), "jawOpen") == 0);
  CHECK(talkface_channel_name(52) == NULL);
  CHECK(talkface_channel_index("tongueOut") == 51);
  CHECK(talkface_channel_index("TongueOut") == -1);
  CHECK(talkface_channel_index(NULL) == -1);
  CHECK(strcmp(talkface_emotion_name(7), "contempt") == 0);
  CHECK(talkface_emotion_name(8) == NULL);
  CHECK(strcmp(talkface_viseme_name(0), "sil") == 0);
  CHECK(strcmp(talkface_status_name(TALKFACE_OK), "ok") == 0);
  CHECK(strcmp(talkface_status_name(12345), "unknown status") == 0);
}

static void test_knobs(void) {
  talkface_knob knob;
  memset(&knob, 0, sizeof(knob));
  knob.struct_size = sizeof(knob);
  CHECK(talkface_knob_count() >= 10);
  CHECK(talkface_knob_get(0, &knob) == TALKFACE_OK);
  CHECK(strcmp(knob.name, "lower_strength") == 0 && knob.doc[0] != 0);
  CHECK(talkface_knob_get(talkface_knob_count(), &knob) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_knob_get(0, NULL) == TALKFACE_ERROR_INVALID_ARGUMENT);
}

static void test_null_is_refused(void) {
  talkface_model* model = NULL;
  talkface_error error = talkface_error_init();
  uint64_t count = 7;
  talkface_pose pose = talkface_pose_init();
  CHECK(talkface_model_open(NULL, NULL, &model, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(error.status == TALKFACE_ERROR_INVALID_ARGUMENT && error.message[0] != 0);
  CHECK(talkface_model_open("x", NULL, NULL, NULL) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_model_open_with(NULL, NULL, &model, NULL) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_create(NULL, NULL, NULL, NULL) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_push_f32(NULL, NULL, 0, &count) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(count == 0);
  CHECK(talkface_stream_process(NULL, NULL, NULL) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_read(NULL, &pose, 1, &count) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_sample(NULL, 0, &pose) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_latency(NULL) == 0);
  CHECK(talkface_model_channel(NULL, 0) == NULL);
  talkface_model_destroy(NULL);
  talkface_stream_destroy(NULL);
}

static void test_open_errors(const char* folder) {
  talkface_model* model = (talkface_model*)1;
  talkface_error error = talkface_error_init();
  talkface_model_options options = talkface_model_options_init();
  CHECK(talkface_model_open("no such folder", NULL, &model, &error) == TALKFACE_ERROR_NOT_FOUND);
  CHECK(model == NULL && strstr(error.message, "manifest.json") != NULL);
#if defined(TALKFACE_LINKED_ONNXRUNTIME)
  options.onnxruntime_path = "/any/libonnxruntime.so";
  CHECK(talkface_model_open(folder, &options, &model, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(error.message, "linked in") != NULL);
#else
  options.onnxruntime_path = "/no/such/libonnxruntime.so";
  CHECK(talkface_model_open(folder, &options, &model, &error) == TALKFACE_ERROR_RUNTIME_MISSING);
  CHECK(strstr(error.message, "TALKFACE_ONNXRUNTIME") != NULL);
  options.onnxruntime_path = "libonnxruntime.so";
  CHECK(talkface_model_open(folder, &options, &model, &error) == TALKFACE_ERROR_RUNTIME_MISSING);
  CHECK(strstr(error.message, "absolute") != NULL);
#endif
  options.onnxruntime_path = NULL;
  options.threads = 0;
  CHECK(talkface_model_open(folder, &options, &model, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
}

static void fill(float* samples, size_t count) {
  uint32_t noise = 12345u;
  size_t i;
  for (i = 0; i < count; ++i) {
    noise = noise * 1664525u + 1013904223u;
    samples[i] = ((float)(noise >> 8) / 16777216.0f - 0.5f) * 0.4f;
  }
}

static void test_stream(const talkface_model* model) {
  enum { kSamples = 24000, kPoses = 400 };
  static float audio[kSamples];
  static talkface_pose poses[kPoses];
  talkface_stream_options options = talkface_stream_options_init();
  talkface_stream* stream = NULL;
  talkface_error error = talkface_error_init();
  talkface_stream_stats stats = talkface_stream_stats_init();
  talkface_pose pose = talkface_pose_init();
  uint64_t taken = 0, made = 0, count = 0, i;
  float value = 0.0f;
  void* blob;

  options.sample_rate = 24000;
  options.frame_rate_num = 60;
  CHECK(talkface_stream_create(model, &options, &stream, &error) == TALKFACE_OK);
  if (stream == NULL) return;
  fill(audio, kSamples);
  CHECK(talkface_stream_push_f32(stream, audio, kSamples, &taken) == TALKFACE_OK);
  CHECK(taken == kSamples);
  CHECK(talkface_stream_push_f32(stream, audio, kSamples, &taken) == TALKFACE_FULL);
  CHECK(taken == 1);
  CHECK(talkface_stream_flush(stream) == TALKFACE_OK);
  CHECK(talkface_stream_process(stream, &made, &error) == TALKFACE_OK);
  CHECK(made > 0);
  poses[0] = talkface_pose_init();
  CHECK(talkface_stream_read(stream, poses, kPoses, &count) == TALKFACE_OK);
  CHECK(count == 61);
  for (i = 0; i < count; ++i) {
    const float* q = poses[i].head_rotation;
    size_t c;
    CHECK(poses[i].frame == (int64_t)i && poses[i].struct_size == sizeof(talkface_pose));
    CHECK(fabs(poses[i].seconds - (double)i / 60.0) < 1e-9);
    CHECK(fabsf(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3] - 1.0f) < 1e-5f);
    for (c = 0; c < TALKFACE_CHANNEL_COUNT; ++c) {
      CHECK(poses[i].weights[c] >= 0.0f && poses[i].weights[c] <= 1.0f);
    }
  }
  CHECK(talkface_stream_sample(stream, 12000, &pose) == TALKFACE_OK && pose.flags == 0);
  CHECK(talkface_stream_sample(stream, TALKFACE_NEWEST, &pose) == TALKFACE_OK);
  CHECK(talkface_stream_get_stats(stream, &stats) == TALKFACE_OK);
  CHECK(stats.taken_samples == kSamples + 1 && stats.refused_samples == kSamples - 1);
  CHECK(talkface_stream_set_knob(stream, "lower_strength", 0.5f) == TALKFACE_OK);
  CHECK(talkface_stream_get_knob(stream, "lower_strength", &value) == TALKFACE_OK && value == 0.5f);
  CHECK(talkface_stream_set_knob(stream, "lower_strength", 5.0f) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_set_knob(stream, "none", 1.0f) == TALKFACE_ERROR_NOT_FOUND);
  blob = malloc((size_t)talkface_stream_state_size(stream));
  CHECK(talkface_stream_save(stream, blob, 10, &error) == TALKFACE_ERROR_BUFFER_TOO_SMALL);
  CHECK(talkface_stream_save(stream, blob, talkface_stream_state_size(stream), &error) ==
        TALKFACE_OK);
  CHECK(talkface_stream_load(stream, blob, talkface_stream_state_size(stream), &error) ==
        TALKFACE_OK);
  free(blob);
  CHECK(talkface_stream_interrupt(stream, 100) == TALKFACE_OK);
  CHECK(talkface_stream_interrupt(stream, 99999) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_reset(stream) == TALKFACE_OK);
  CHECK(talkface_stream_next_sample(stream) == 0);
  talkface_stream_destroy(stream);

  options.sample_rate = 1;
  CHECK(talkface_stream_create(model, &options, &stream, &error) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(stream == NULL && strstr(error.message, "sample_rate") != NULL);
}

static talkface_phone say(int64_t start, int64_t end, const char* symbol) {
  talkface_phone phone = talkface_phone_init();
  phone.start = start;
  phone.end = end;
  memcpy(phone.symbol, symbol, strlen(symbol));
  return phone;
}

static void test_phones(const talkface_model* model) {
  enum { kMany = 600 };
  static talkface_phone many[kMany];
  talkface_phone phones[3];
  talkface_error error = talkface_error_init();
  talkface_stream* stream = NULL;
  uint64_t taken = 7;
  int i;
  CHECK(talkface_stream_create(model, NULL, &stream, NULL) == TALKFACE_OK);
  CHECK(talkface_stream_push_phones(NULL, phones, 1, &taken, &error) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(taken == 0 && strstr(error.message, "NULL") != NULL);
  CHECK(talkface_stream_push_phones(stream, NULL, 1, &taken, NULL) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_push_phones(stream, NULL, 0, NULL, NULL) == TALKFACE_OK);
  phones[0] = say(0, 800, "sil");
  phones[1] = say(800, 1600, "ae1");
  phones[2] = say(1600, 2400, "XYZ");
  CHECK(talkface_stream_push_phones(stream, phones, 3, &taken, &error) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(taken == 0 && strstr(error.message, "phone 2 has a symbol") != NULL);
  phones[2] = say(1600, 1600, "B");
  CHECK(talkface_stream_push_phones(stream, phones, 3, &taken, NULL) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  phones[2] = say(-1, 1600, "B");
  CHECK(talkface_stream_push_phones(stream, phones, 3, &taken, NULL) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  phones[2] = say(1600, INT64_MAX, "B");
  CHECK(talkface_stream_push_phones(stream, phones, 3, &taken, NULL) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  memset(phones[2].symbol, 'B', sizeof(phones[2].symbol));
  phones[2].end = 2400;
  CHECK(talkface_stream_push_phones(stream, phones, 3, &taken, &error) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(error.message, "terminated") != NULL);
  phones[2] = say(1600, 2400, "B");
  CHECK(talkface_stream_push_phones(stream, phones, 3, &taken, &error) == TALKFACE_OK);
  CHECK(taken == 3);
  phones[0].struct_size = 8;
  CHECK(talkface_stream_push_phones(stream, phones, 1, &taken, NULL) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  for (i = 0; i < kMany; ++i) many[i] = say(i * 100, i * 100 + 100, i % 2 ? "AA" : "M");
  CHECK(talkface_stream_push_phones(stream, many, kMany, &taken, NULL) == TALKFACE_FULL);
  CHECK(taken == 512 - 3);
  CHECK(talkface_stream_process(stream, NULL, NULL) == TALKFACE_OK);
  CHECK(talkface_stream_push_phones(stream, many + taken, kMany - taken, &taken, NULL) ==
        TALKFACE_OK);
  talkface_stream_destroy(stream);
}

/* An older caller: its structs end before our newest fields. */
static void test_older_callers(const talkface_model* model) {
  struct {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t sample_rate;
  } old_options;
  talkface_model_info info = talkface_model_info_init();
  talkface_pose poses[2];
  talkface_stream* stream = NULL;
  old_options.struct_size = sizeof(old_options);
  old_options.flags = 0;
  old_options.sample_rate = 48000;
  CHECK(talkface_stream_create(model, (const talkface_stream_options*)&old_options, &stream,
                               NULL) == TALKFACE_OK);
  CHECK(talkface_stream_latency(stream) > 0);
  memset(poses, 0x55, sizeof(poses));
  poses[0].struct_size = offsetof(talkface_pose, weights) + 8;
  CHECK(talkface_stream_sample(stream, 0, &poses[0]) == TALKFACE_OK);
  CHECK(poses[0].weights[0] == 0.0f && poses[0].weights[1] == 0.0f);
  CHECK(((unsigned char*)&poses[0].weights[2])[0] == 0x55);
  talkface_stream_destroy(stream);
  info.struct_size = 12;
  CHECK(talkface_model_get_info(model, &info) == TALKFACE_OK);
  CHECK(info.sample_rate == 16000 && info.hop == 0 && info.struct_size == 12);
  info.struct_size = 0;
  CHECK(talkface_model_get_info(model, &info) == TALKFACE_ERROR_INVALID_ARGUMENT);
}

int main(int argc, char** argv) {
  talkface_model* model = NULL;
  talkface_model* packed = NULL;
  talkface_error error = talkface_error_init();
  talkface_model_options options = talkface_model_options_init();
  talkface_reader reader = talkface_reader_init();
  talkface_model_info info = talkface_model_info_init();
  pack files;
  if (argc != 2) return 2;
  if (getenv("TALKFACE_ONNXRUNTIME") == NULL) {
    printf("skipped: TALKFACE_ONNXRUNTIME is not set\n");
    return 77;
  }
  test_constants();
  test_knobs();
  test_null_is_refused();
  test_open_errors(argv[1]);
  options.provider =
      TALKFACE_PROVIDER_CUDA; /* not there on most machines: falls back and says so */
  options.log = on_log;
  options.log_user = &log_lines;
  CHECK(talkface_model_open(argv[1], &options, &model, &error) == TALKFACE_OK);
  if (model == NULL) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  CHECK(talkface_model_get_info(model, &info) == TALKFACE_OK);
  CHECK(strcmp(info.name, "tiny") == 0 && info.frame_rate_num == 100 && info.emotion_count == 8);
  if (info.provider == TALKFACE_PROVIDER_CPU) {
    CHECK(log_lines > 0 && info.provider_note[0] != 0);
  }
  CHECK(strcmp(talkface_model_channel(model, 0), "jawOpen") == 0);
  CHECK(talkface_model_channel(model, info.channel_count) == NULL);
  CHECK(strstr(talkface_model_manifest(model), "\"tiny\"") != NULL);
  files.folder = argv[1];
  reader.user = &files;
  CHECK(talkface_model_open_with(&reader, NULL, &packed, &error) ==
        TALKFACE_ERROR_INVALID_ARGUMENT);
  reader.size = pack_size;
  reader.read = pack_read;
  CHECK(talkface_model_open_with(&reader, NULL, &packed, &error) == TALKFACE_OK);
  test_stream(packed);
  talkface_model_destroy(packed);
  test_stream(model);
  test_phones(model);
  test_older_callers(model);
  talkface_model_destroy(model);
  printf("%d failed checks\n", failures);
  return failures == 0 ? 0 : 1;
}
