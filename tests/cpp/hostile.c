/* A host that does everything wrong: every call is refused or harmless, and none prints. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_c.h"
#include "talkface/talkface.h"

#define REFUSED(call) CHECK((call) == TALKFACE_ERROR_INVALID_ARGUMENT)

static const uint64_t kHuge = UINT64_MAX;

/* NULL for each pointer in turn, beside arguments that are good. */
static void test_nulls(talkface_model* model, talkface_crowd* crowd, talkface_stream* stream) {
  talkface_crowd* no_crowd = NULL;
  talkface_stream* none = NULL;
  talkface_pose pose = talkface_pose_init();
  talkface_stream_stats stats = talkface_stream_stats_init();
  talkface_reader reader = talkface_reader_init();
  float mix[TALKFACE_EMOTION_COUNT] = {1.0f};
  unsigned char blob[16];
  uint64_t count = 0;
  float value = 0.0f;
  REFUSED(talkface_model_open_with(&reader, NULL, NULL, NULL));
  REFUSED(talkface_model_get_info(model, NULL));
  REFUSED(talkface_model_get_info(NULL, NULL));
  CHECK(talkface_model_channel(model, UINT32_MAX) == NULL);
  CHECK(talkface_model_identity(NULL, 0) == NULL);
  CHECK(talkface_model_identity(model, UINT32_MAX) == NULL);
  CHECK(talkface_model_manifest(NULL) == NULL);
  CHECK(talkface_emotion_name(UINT32_MAX) == NULL && talkface_viseme_name(UINT32_MAX) == NULL);
  CHECK(talkface_status_name(INT32_MIN) != NULL && talkface_status_name(INT32_MAX) != NULL);
  REFUSED(talkface_stream_create(model, NULL, NULL, NULL));
  REFUSED(talkface_stream_create(NULL, NULL, &none, NULL));
  REFUSED(talkface_stream_push_f32(stream, NULL, 1, NULL));
  REFUSED(talkface_stream_push_s16(stream, NULL, kHuge, NULL));
  REFUSED(talkface_stream_push_s16(NULL, NULL, 0, NULL));
  REFUSED(talkface_stream_push_emotion(stream, NULL, 1, NULL));
  REFUSED(talkface_stream_push_emotion(NULL, NULL, 0, &count));
  REFUSED(talkface_stream_set_emotion(stream, NULL, 1.0f));
  REFUSED(talkface_stream_set_emotion(NULL, mix, 1.0f));
  REFUSED(talkface_stream_set_style(stream, NULL, 1, NULL));
  REFUSED(talkface_stream_set_style(NULL, "{}", 2, NULL));
  REFUSED(talkface_stream_flush(NULL));
  REFUSED(talkface_stream_read(stream, NULL, 1, &count));
  REFUSED(talkface_stream_read(stream, &pose, 1, NULL));
  REFUSED(talkface_stream_sample(stream, 0, NULL));
  REFUSED(talkface_stream_interrupt(NULL, 0));
  REFUSED(talkface_stream_reset(NULL));
  REFUSED(talkface_stream_get_stats(NULL, &stats));
  REFUSED(talkface_stream_get_stats(stream, NULL));
  REFUSED(talkface_stream_set_knob(NULL, "lower_strength", 1.0f));
  REFUSED(talkface_stream_set_knob(stream, NULL, 1.0f));
  REFUSED(talkface_stream_get_knob(NULL, "lower_strength", &value));
  REFUSED(talkface_stream_get_knob(stream, NULL, &value));
  REFUSED(talkface_stream_get_knob(stream, "lower_strength", NULL));
  REFUSED(talkface_stream_save(NULL, blob, sizeof(blob), NULL));
  CHECK(talkface_stream_save(stream, NULL, kHuge, NULL) == TALKFACE_ERROR_BUFFER_TOO_SMALL);
  REFUSED(talkface_stream_load(NULL, blob, sizeof(blob), NULL));
  CHECK(talkface_stream_load(stream, NULL, kHuge, NULL) == TALKFACE_ERROR_BAD_STATE);
  CHECK(talkface_stream_load(stream, blob, 0, NULL) == TALKFACE_ERROR_BAD_STATE);
  CHECK(talkface_stream_frames_ready(NULL) == 0 && talkface_stream_state_size(NULL) == 0);
  CHECK(talkface_stream_next_sample(NULL) == 0 && talkface_stream_samples_needed(NULL) == 0);
  REFUSED(talkface_crowd_create(NULL, NULL, &no_crowd, NULL));
  REFUSED(talkface_crowd_join(crowd, NULL, NULL, NULL));
  REFUSED(talkface_crowd_get_stats(crowd, NULL));
}

/* Sizes of structs: none, less than the head, those of a much newer caller. */
static void test_struct_sizes(const talkface_model* model, talkface_stream* stream) {
  struct {
    talkface_stream_options known;
    unsigned char newer[64];
  } options;
  struct {
    talkface_pose known;
    unsigned char newer[64];
  } pose;
  talkface_stream* made = NULL;
  talkface_knob knob = talkface_knob_init();
  talkface_stream_stats stats = talkface_stream_stats_init();
  talkface_phone phone = talkface_phone_init();
  talkface_error error;
  uint64_t count = 0;
  const uint32_t wrong[] = {0, 1, 3};
  size_t i;
  memset(&options, 0xff, sizeof(options));
  options.known = talkface_stream_options_init();
  options.known.struct_size = sizeof(options);
  CHECK(talkface_stream_create(model, &options.known, &made, NULL) == TALKFACE_OK);
  talkface_stream_destroy(made);
  memset(&pose, 0x55, sizeof(pose));
  pose.known.struct_size = sizeof(pose);
  CHECK(talkface_stream_sample(stream, 0, &pose.known) == TALKFACE_OK);
  CHECK(pose.known.struct_size == sizeof(pose) && pose.newer[0] == 0x55);
  for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); ++i) {
    options.known.struct_size = wrong[i];
    REFUSED(talkface_stream_create(model, &options.known, &made, NULL));
    pose.known.struct_size = wrong[i];
    REFUSED(talkface_stream_sample(stream, 0, &pose.known));
    REFUSED(talkface_stream_read(stream, &pose.known, 1, &count));
    stats.struct_size = wrong[i];
    REFUSED(talkface_stream_get_stats(stream, &stats));
    knob.struct_size = wrong[i];
    REFUSED(talkface_knob_get(0, &knob));
    phone.struct_size = wrong[i];
    REFUSED(talkface_stream_push_phones(stream, &phone, 1, &count, NULL));
    error = talkface_error_init();
    error.struct_size = wrong[i]; /* nothing is written to it */
    REFUSED(talkface_stream_process(NULL, NULL, &error));
    CHECK(error.status == TALKFACE_OK && error.message[0] == 0);
  }
  error.struct_size = UINT32_MAX;
  REFUSED(talkface_stream_process(NULL, NULL, &error));
  CHECK(strstr(error.message, "NULL") != NULL);
}

/* Options that no stream can have. */
static void test_options(const talkface_model* model) {
  static const struct {
    size_t offset;
    uint32_t value;
  } bad[] = {
#define FIELD(name, value) {offsetof(talkface_stream_options, name), (value)}
      FIELD(flags, UINT32_MAX),    FIELD(sample_rate, 0),
      FIELD(sample_rate, 1),       FIELD(sample_rate, 1000000000),
      FIELD(channels, 0),          FIELD(channels, 9),
      FIELD(channels, UINT32_MAX), FIELD(frame_rate_num, 1001),
      FIELD(ring_ms, 0),           FIELD(ring_ms, UINT32_MAX),
      FIELD(store_ms, 0),          FIELD(store_ms, UINT32_MAX),
      FIELD(timed_capacity, 0),    FIELD(timed_capacity, UINT32_MAX),
      FIELD(sleep_ms, 1),          FIELD(sleep_ms, UINT32_MAX),
#undef FIELD
  };
  size_t i;
  for (i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    talkface_stream_options options = talkface_stream_options_init();
    talkface_stream* stream = (talkface_stream*)&options;
    talkface_error error = talkface_error_init();
    memcpy((unsigned char*)&options + bad[i].offset, &bad[i].value, sizeof(uint32_t));
    REFUSED(talkface_stream_create(model, &options, &stream, &error));
    CHECK(stream == NULL && error.message[0] != 0);
  }
}

/* A pose that a game may use, whatever came before. */
static int usable(const talkface_pose* pose) {
  const float* q = pose->head_rotation;
  int i;
  for (i = 0; i < TALKFACE_CHANNEL_COUNT; ++i) {
    if (!(pose->weights[i] >= 0.0f && pose->weights[i] <= 1.0f)) return 0;
  }
  return isfinite(pose->seconds) &&
         fabsf(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3] - 1.0f) < 1e-4f;
}

/* Numbers that are none, and counts and times without end. */
static void test_numbers(talkface_stream* stream, int takes_emotion) {
  static float audio[64000];
  static talkface_pose poses[600];
  const float odd[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f};
  const int64_t playheads[] = {INT64_MIN + 1, INT64_MAX, -1, 0};
  const talkface_status status =
      takes_emotion ? TALKFACE_ERROR_INVALID_ARGUMENT : TALKFACE_ERROR_UNSUPPORTED;
  talkface_emotion_key key = talkface_emotion_key_init();
  talkface_error error = talkface_error_init();
  uint64_t taken = 0, count = 0, i;
  uint32_t k;
  for (i = 0; i < sizeof(odd) / sizeof(odd[0]); ++i) {
    float mix[TALKFACE_EMOTION_COUNT] = {0};
    for (k = 0; k < talkface_knob_count(); ++k) {
      talkface_knob knob = talkface_knob_init();
      CHECK(talkface_knob_get(k, &knob) == TALKFACE_OK);
      REFUSED(talkface_stream_set_knob(stream, knob.name, odd[i]));
    }
    CHECK(talkface_stream_set_emotion(stream, mix, odd[i]) == status);
    mix[2] = odd[i];
    CHECK(talkface_stream_set_emotion(stream, mix, 1.0f) == status);
    key.mix[3] = odd[i];
    CHECK(talkface_stream_push_emotion(stream, &key, 1, NULL) == status);
    key = talkface_emotion_key_init();
    audio[100 * i] = odd[i];
  }
  key.sample = INT64_MAX;
  CHECK(talkface_stream_push_emotion(stream, &key, 1, NULL) == status);
  REFUSED(talkface_stream_set_style(stream, "{}", kHuge, &error));
  REFUSED(talkface_stream_set_style(stream, "{\"gains\": {\"jawOpen\": NaN}}", 27, NULL));
  REFUSED(talkface_stream_set_style(stream, "{\"gains\": {\"jawOpen\": 1e999}}", 29, NULL));
  REFUSED(talkface_stream_interrupt(stream, UINT32_MAX));
  REFUSED(talkface_stream_set_stride(stream, UINT32_MAX));
  CHECK(talkface_stream_push_f32(stream, audio, 0, &taken) == TALKFACE_OK && taken == 0);
  CHECK(talkface_stream_push_f32(stream, audio, kHuge, &taken) == TALKFACE_FULL);
  CHECK(taken > 0 && taken < 64000);
  CHECK(talkface_stream_push_f32(stream, audio, kHuge, &taken) == TALKFACE_FULL && taken == 0);
  CHECK(talkface_stream_process(stream, &count, &error) == TALKFACE_OK && count > 0);
  for (i = 0; i < sizeof(playheads) / sizeof(playheads[0]); ++i) {
    poses[0] = talkface_pose_init();
    CHECK(talkface_stream_sample(stream, playheads[i], poses) == TALKFACE_OK && usable(poses));
  }
  poses[0] = talkface_pose_init();
  CHECK(talkface_stream_read(stream, poses, 0, &count) == TALKFACE_OK && count == 0);
  CHECK(talkface_stream_read(stream, poses, kHuge, &count) == TALKFACE_OK && count > 0);
  for (i = 0; i < count; ++i) CHECK(usable(&poses[i]));
  for (i = 0; i < 40; ++i) CHECK(talkface_stream_flush(stream) >= 0);
  CHECK(talkface_stream_flush(stream) == TALKFACE_FULL);
}

/* Handles destroyed from the top down: what is left stands still. */
static void test_orphans(talkface_model* model, talkface_crowd* crowd, talkface_stream* alone,
                         talkface_stream* member) {
  static int16_t audio[1600];
  talkface_pose pose = talkface_pose_init();
  talkface_error error = talkface_error_init();
  void* blob = malloc((size_t)talkface_stream_state_size(member));
  uint64_t size = talkface_stream_state_size(member);
  talkface_model_destroy(model);
  CHECK(talkface_crowd_process(crowd, kHuge, NULL, &error) == TALKFACE_OK);
  talkface_crowd_destroy(crowd);
  CHECK(talkface_stream_push_s16(member, audio, 1600, NULL) >= 0);
  CHECK(talkface_stream_process(member, NULL, &error) == TALKFACE_ERROR_BAD_STATE);
  CHECK(talkface_stream_save(member, blob, size, &error) == TALKFACE_OK);
  CHECK(talkface_stream_load(member, blob, size, &error) == TALKFACE_OK);
  CHECK(talkface_stream_reset(member) == TALKFACE_OK);
  CHECK(talkface_stream_sample(member, TALKFACE_NEWEST, &pose) == TALKFACE_OK && usable(&pose));
  talkface_stream_destroy(member);
  free(blob);
  CHECK(talkface_stream_process(alone, NULL, &error) >= 0);
  CHECK(talkface_stream_sample(alone, 0, &pose) == TALKFACE_OK && usable(&pose));
  talkface_stream_destroy(alone);
}

int main(int argc, char** argv) {
  talkface_model* model = NULL;
  talkface_crowd* crowd = NULL;
  talkface_stream *alone = NULL, *member = NULL;
  talkface_stream_options small = talkface_stream_options_init();
  talkface_error error = talkface_error_init();
  const float even[TALKFACE_EMOTION_COUNT] = {0};
  if (argc != 2) return 2;
  if (getenv("TALKFACE_ONNXRUNTIME") == NULL) {
    printf("skipped: TALKFACE_ONNXRUNTIME is not set\n");
    return 77;
  }
  if (talkface_model_open(argv[1], NULL, &model, &error) < 0 ||
      talkface_crowd_create(model, NULL, &crowd, &error) < 0 ||
      talkface_crowd_join(crowd, &small, &member, &error) < 0 ||
      talkface_stream_create(model, &small, &alone, &error) < 0) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  test_nulls(model, crowd, alone);
  test_struct_sizes(model, alone);
  test_options(model);
  test_numbers(alone, talkface_stream_set_emotion(alone, even, 0.0f) == TALKFACE_OK);
  test_orphans(model, crowd, alone, member);
  printf("%d failed checks\n", failures);
  return failures == 0 ? 0 : 1;
}
