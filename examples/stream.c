/* The smallest whole C program: a tone pushed in 20 ms chunks, as a game would push a voice. */
#include <math.h>
#include <stdio.h>

#include "talkface/talkface.h"

int main(int argc, char** argv) {
  talkface_error error = talkface_error_init();
  talkface_stream_options options = talkface_stream_options_init();
  talkface_pose pose = talkface_pose_init();
  talkface_model* model = NULL;
  talkface_stream* stream = NULL;
  float chunk[960];
  int tick, i;
  if (argc != 2) return 2;
  if (talkface_model_open(argv[1], NULL, &model, &error) < 0) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  options.sample_rate = 48000;
  options.flags = TALKFACE_STREAM_SAMPLING;
  if (talkface_stream_create(model, &options, &stream, &error) < 0) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  for (tick = 0; tick < 100; ++tick) {
    for (i = 0; i < 960; ++i) {
      const double t = (tick * 960 + i) / 48000.0;
      chunk[i] = (float)(0.3 * sin(6.2831853 * 140.0 * t) * (0.5 + 0.5 * sin(6.2831853 * 4.0 * t)));
    }
    talkface_stream_push_f32(stream, chunk, 960, NULL); /* [audio] */
    talkface_stream_process(stream, NULL, NULL);        /* [worker] */
    /* [game]: the sound plays, so the playhead moves. */
    talkface_stream_sample(stream, (int64_t)tick * 960 - 9600, &pose);
  }
  printf("jawOpen %.2f after 2 s, latency %.0f ms\n",
         (double)pose.weights[talkface_channel_index("jawOpen")],
         talkface_stream_latency(stream) / 16.0);
  talkface_stream_destroy(stream);
  talkface_model_destroy(model);
  return 0;
}
