/* Crowds through the C ABI from C11: joining, jobs of the host, leaving, refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_c.h"
#include "talkface/talkface.h"

enum { MEMBERS = 20, RATE = 16000 };

static unsigned job_calls = 0;

/* A host's job runner, here one that goes backwards. */
static void run_jobs(void* user, void (*job)(void* context, uint32_t index), void* context,
                     uint32_t count) {
  CHECK(user == &job_calls);
  for (uint32_t i = count; i-- > 0;) {
    job(context, i);
    ++job_calls;
  }
}

static void test_null_is_refused(const talkface_model* model) {
  talkface_crowd* crowd = NULL;
  talkface_stream* stream = NULL;
  talkface_crowd_options options = talkface_crowd_options_init();
  talkface_crowd_stats stats = talkface_crowd_stats_init();
  talkface_error error = talkface_error_init();
  CHECK(talkface_crowd_create(NULL, NULL, &crowd, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_crowd_create(model, NULL, NULL, NULL) == TALKFACE_ERROR_INVALID_ARGUMENT);
  options.threads = 0;
  CHECK(talkface_crowd_create(model, &options, &crowd, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(crowd == NULL && strstr(error.message, "threads") != NULL);
  options = talkface_crowd_options_init();
  options.struct_size = 0;
  CHECK(talkface_crowd_create(model, &options, &crowd, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_crowd_join(NULL, NULL, &stream, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_crowd_process(NULL, 0, NULL, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_crowd_start(NULL, 1000, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_crowd_get_stats(NULL, &stats) == TALKFACE_ERROR_INVALID_ARGUMENT);
  talkface_crowd_stop(NULL);
  talkface_crowd_destroy(NULL);
}

static void test_members(const talkface_model* model) {
  static float audio[RATE];
  talkface_crowd* crowd = NULL;
  talkface_stream* members[MEMBERS] = {NULL};
  talkface_stream* late = NULL;
  talkface_stream* alone = NULL;
  talkface_crowd_options options = talkface_crowd_options_init();
  talkface_crowd_stats stats = talkface_crowd_stats_init();
  talkface_error error = talkface_error_init();
  talkface_pose pose = talkface_pose_init(), other = talkface_pose_init();
  uint64_t made = 0, frames = 0;
  uint32_t noise = 5;
  for (int i = 0; i < RATE; ++i) {
    noise = noise * 1664525u + 1013904223u;
    audio[i] = (float)(noise >> 8) / 16777216.0f * 0.4f - 0.2f;
  }
  options.max_streams = MEMBERS;
  options.max_batch = 4;
  options.threads = 3;
  options.run_jobs = run_jobs;
  options.jobs_user = &job_calls;
  CHECK(talkface_crowd_create(model, &options, &crowd, &error) == TALKFACE_OK);
  for (int i = 0; i < MEMBERS; ++i) {
    CHECK(talkface_crowd_join(crowd, NULL, &members[i], &error) == TALKFACE_OK);
    CHECK(talkface_stream_push_f32(members[i], audio + 10 * i, RATE / 2, NULL) == TALKFACE_OK);
  }
  CHECK(talkface_crowd_join(crowd, NULL, &late, &error) == TALKFACE_ERROR_BAD_STATE);
  CHECK(late == NULL && strstr(error.message, "full") != NULL);
  CHECK(talkface_stream_process(members[0], NULL, &error) == TALKFACE_ERROR_BAD_STATE);
  CHECK(talkface_crowd_process(crowd, 0, &made, &error) == TALKFACE_OK);
  CHECK(made > 0 && job_calls > 0 && job_calls % 3 == 0);
  CHECK(talkface_crowd_get_stats(crowd, &stats) == TALKFACE_OK);
  CHECK(stats.streams == MEMBERS && stats.frames == made && stats.failures == 0);
  CHECK(stats.steps >= stats.runs && stats.backlog_steps == 0);

  CHECK(talkface_stream_create(model, NULL, &alone, &error) == TALKFACE_OK);
  CHECK(talkface_stream_push_f32(alone, audio + 70, RATE / 2, NULL) == TALKFACE_OK);
  CHECK(talkface_stream_process(alone, &frames, &error) == TALKFACE_OK);
  CHECK(frames * MEMBERS == made);
  CHECK(talkface_stream_sample(alone, TALKFACE_NEWEST, &pose) == TALKFACE_OK);
  CHECK(talkface_stream_sample(members[7], TALKFACE_NEWEST, &other) == TALKFACE_OK);
  for (int c = 0; c < TALKFACE_CHANNEL_COUNT; ++c) {
    const float apart = pose.weights[c] - other.weights[c];
    CHECK(apart < 1e-5f && apart > -1e-5f);
  }

  /* Leaving makes room. A member may outlive its crowd, and then stands still. */
  talkface_stream_destroy(members[3]);
  CHECK(talkface_crowd_process(crowd, 0, &made, &error) == TALKFACE_OK && made == 0);
  CHECK(talkface_crowd_join(crowd, NULL, &late, &error) == TALKFACE_OK);
  CHECK(talkface_stream_set_stride(late, 2) == TALKFACE_OK);
  CHECK(talkface_stream_set_stride(late, 3) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_stream_set_stride(NULL, 1) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_crowd_start(crowd, 10, &error) == TALKFACE_ERROR_INVALID_ARGUMENT);
  CHECK(talkface_crowd_start(crowd, 1000, &error) == TALKFACE_OK);
  CHECK(talkface_crowd_start(crowd, 1000, &error) == TALKFACE_ERROR_BAD_STATE);
  talkface_crowd_destroy(crowd);
  CHECK(talkface_stream_push_f32(late, audio, 100, NULL) == TALKFACE_OK);
  CHECK(talkface_stream_sample(late, 0, &pose) == TALKFACE_OK);
  CHECK(talkface_stream_process(late, NULL, &error) == TALKFACE_ERROR_BAD_STATE);
  for (int i = 0; i < MEMBERS; ++i) {
    if (i != 3) talkface_stream_destroy(members[i]);
  }
  talkface_stream_destroy(late);
  talkface_stream_destroy(alone);
}

int main(int argc, char** argv) {
  talkface_model* model = NULL;
  talkface_error error = talkface_error_init();
  if (argc != 2) return 2;
  if (getenv("TALKFACE_ONNXRUNTIME") == NULL) {
    printf("skipped: TALKFACE_ONNXRUNTIME is not set\n");
    return 77;
  }
  if (talkface_model_open(argv[1], NULL, &model, &error) != TALKFACE_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  test_null_is_refused(model);
  test_members(model);
  talkface_model_destroy(model);
  printf("%d failed checks\n", failures);
  return failures == 0 ? 0 : 1;
}
