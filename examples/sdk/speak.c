/* A 16-bit mono WAVE file in, the jaw over time out, as a game would run it: 20 ms a tick.
 * Usage: speak BUNDLE FILE.wav */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "talkface/talkface.h"

static uint32_t little(const unsigned char* at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Samples of the file's data chunk, to be freed; NULL when it is not 16-bit mono. */
static int16_t* read_wave(const char* path, uint32_t* rate, uint32_t* count) {
  FILE* file = fopen(path, "rb");
  unsigned char head[12], format[16];
  int16_t* samples = NULL;
  if (file == NULL) return NULL;
  memset(format, 0, sizeof(format));
  if (fread(head, 1, 12, file) == 12 && memcmp(head, "RIFF", 4) == 0) {
    while (samples == NULL && fread(head, 1, 8, file) == 8) {
      const uint32_t size = little(head + 4);
      if (memcmp(head, "fmt ", 4) == 0 && size >= 16) {
        if (fread(format, 1, 16, file) != 16) break;
        fseek(file, (long)(size - 16), SEEK_CUR);
      } else if (memcmp(head, "data", 4) == 0) {
        if (format[2] != 1 || format[14] != 16) break; /* one channel, 16 bits */
        samples = (int16_t*)malloc(size + 2u);
        if (samples != NULL) *count = (uint32_t)(fread(samples, 2, size / 2, file));
        *rate = little(format + 4);
      } else {
        fseek(file, (long)(size + (size & 1)), SEEK_CUR);
      }
    }
  }
  fclose(file);
  return samples;
}

int main(int argc, char** argv) {
  talkface_error error = talkface_error_init();
  talkface_stream_options options = talkface_stream_options_init();
  talkface_pose pose = talkface_pose_init();
  talkface_model* model = NULL;
  talkface_stream* stream = NULL;
  uint32_t rate = 0, count = 0, at, tick;
  const int32_t jaw = talkface_channel_index("jawOpen");
  int16_t* samples;
  if (argc != 3) {
    fprintf(stderr, "usage: speak BUNDLE FILE.wav\n");
    return 2;
  }
  samples = read_wave(argv[2], &rate, &count);
  if (samples == NULL) {
    fprintf(stderr, "%s is not a 16-bit mono WAVE file\n", argv[2]);
    return 1;
  }
  options.sample_rate = rate;
  options.flags = TALKFACE_STREAM_SAMPLING;
  if (talkface_model_open(argv[1], NULL, &model, &error) < 0 ||
      talkface_stream_create(model, &options, &stream, &error) < 0) {
    fprintf(stderr, "%s\n", error.message);
    talkface_model_destroy(model);
    free(samples);
    return 1;
  }
  tick = rate / 50;
  for (at = 0; at + tick <= count; at += tick) {
    talkface_stream_push_s16(stream, samples + at, tick, NULL); /* [audio] */
    talkface_stream_process(stream, NULL, NULL);                /* [worker] */
    /* [game]: the sound plays 200 ms late, so that the face is ready. */
    talkface_stream_sample(stream, (int64_t)at - (int64_t)rate / 5, &pose);
    if (at / tick % 5 == 4) {
      printf("%6.2f s jawOpen %.3f |%.*s\n", (double)at / rate - 0.2, (double)pose.weights[jaw],
             (int)(pose.weights[jaw] * 40.0f), "########################################");
    }
  }
  talkface_stream_destroy(stream);
  talkface_model_destroy(model);
  free(samples);
  return 0;
}
