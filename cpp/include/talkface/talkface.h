/*
 * TalkFace: speech in, face out.
 *
 * A model is an opened bundle: immutable, shared by any number of streams. A stream is one
 * character: audio is pushed in, poses come out, and all mutable state is its own.
 *
 *   talkface_model_open -> talkface_stream_create -> push, process, read or sample -> destroy
 *
 * Time. Input positions are sample indices at the stream's own input rate, counted since creation
 * or reset; a frame's position is its time on that same clock, look-ahead and resampler delay
 * already taken out.
 *
 * Errors. Every fallible function returns a talkface_status; functions that can explain themselves
 * take an optional talkface_error. Nothing exits, aborts, prints or throws across this interface.
 *
 * Threads. Four symbolic threads, each at most one OS thread at a time for one stream:
 *   [main]   create, destroy and set_style; no other call may run on the object meanwhile
 *   [audio]  push, push_phones, push_emotion and flush
 *   [worker] process, save, load
 *   [game]   read and sample
 *   [any]    from any thread at any time
 * One OS thread may play all of them. The library starts no thread, unless a crowd is asked for
 * some.
 *
 * Real time. Functions tagged [real-time] neither allocate, lock, log nor call out, and their time
 * is bounded by their arguments.
 *
 * Structs begin with struct_size; start from the inline initialiser (talkface_xxx_init) so that
 * fields appended later keep their defaults.
 */
#ifndef TALKFACE_TALKFACE_H_
#define TALKFACE_TALKFACE_H_

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "talkface/version.h"

#if defined(_WIN32) && defined(TALKFACE_STATIC)
#define TALKFACE_API
#elif defined(_WIN32)
#if defined(TALKFACE_BUILD)
#define TALKFACE_API __declspec(dllexport)
#else
#define TALKFACE_API __declspec(dllimport)
#endif
#else
#define TALKFACE_API __attribute__((visibility("default")))
#endif

#if defined(__cplusplus)
#define TALKFACE_NOEXCEPT noexcept
extern "C" {
#else
#define TALKFACE_NOEXCEPT
#endif

/* ---- Fixed sizes ------------------------------------------------------------------------- */

#define TALKFACE_CHANNEL_COUNT 52 /* ARKit blendshapes, Live Link UDP order */
#define TALKFACE_EMOTION_COUNT 8
#define TALKFACE_VISEME_COUNT 15 /* Oculus visemes: sil PP FF TH DD kk CH SS nn RR aa E I O U */
#define TALKFACE_MIN_SAMPLE_RATE 8000
#define TALKFACE_MAX_SAMPLE_RATE 192000
#define TALKFACE_MAX_CHANNELS 8

/* ---- Status ------------------------------------------------------------------------------ */

typedef int32_t talkface_status;
enum {
  TALKFACE_OK = 0,
  TALKFACE_FULL = 1, /* not an error: read frames (or process audio), then call again */
  TALKFACE_ERROR_INVALID_ARGUMENT = -1,
  TALKFACE_ERROR_NOT_FOUND = -2,
  TALKFACE_ERROR_IO = -3,
  TALKFACE_ERROR_BAD_BUNDLE = -4,
  TALKFACE_ERROR_HASH_MISMATCH = -5,
  TALKFACE_ERROR_UNSUPPORTED = -6,
  TALKFACE_ERROR_RUNTIME_MISSING = -7,
  TALKFACE_ERROR_RUNTIME_FAILED = -8,
  TALKFACE_ERROR_OUT_OF_MEMORY = -9,
  TALKFACE_ERROR_BUSY = -10,
  TALKFACE_ERROR_BAD_STATE = -11,
  TALKFACE_ERROR_BUFFER_TOO_SMALL = -12,
  TALKFACE_ERROR_INTERNAL = -13
};

/* Optional text about a failure, owned by the caller. message is always terminated. */
typedef struct talkface_error {
  uint32_t struct_size;
  talkface_status status;
  char message[504];
} talkface_error;

static inline talkface_error talkface_error_init(void) {
  talkface_error e;
  memset(&e, 0, sizeof(e));
  e.struct_size = sizeof(e);
  return e;
}

/* Name of a status, for instance "bad bundle". Never NULL; static storage. [any] [real-time] */
TALKFACE_API const char* talkface_status_name(talkface_status status) TALKFACE_NOEXCEPT;

/* Version of the loaded library, for instance "0.1.0". Static storage. [any] [real-time] */
TALKFACE_API const char* talkface_version(void) TALKFACE_NOEXCEPT;

/* TALKFACE_ABI_VERSION of the loaded library. [any] [real-time] */
TALKFACE_API uint32_t talkface_abi_version(void) TALKFACE_NOEXCEPT;

/* ---- Rig --------------------------------------------------------------------------------- */

/* Canonical name of channel index 0 to 51 ("jawOpen"), or NULL. Static storage. [any] [real-time]
 */
TALKFACE_API const char* talkface_channel_name(uint32_t index) TALKFACE_NOEXCEPT;

/* Index of a channel name (case-sensitive), or -1. [any] [real-time] */
TALKFACE_API int32_t talkface_channel_index(const char* name) TALKFACE_NOEXCEPT;

/* Name of emotion index 0 to 7 ("neutral"), or NULL. Static storage. [any] [real-time] */
TALKFACE_API const char* talkface_emotion_name(uint32_t index) TALKFACE_NOEXCEPT;

/* Name of viseme index 0 to 14 ("sil"), or NULL. Static storage. [any] [real-time] */
TALKFACE_API const char* talkface_viseme_name(uint32_t index) TALKFACE_NOEXCEPT;

/* ---- Pose -------------------------------------------------------------------------------- */

enum {
  TALKFACE_POSE_HELD = 1u,   /* underrun: the newest frame is held */
  TALKFACE_POSE_EASING = 2u, /* underrun went on: easing to neutral, or already there */
  TALKFACE_POSE_EARLY = 4u,  /* playhead before the oldest stored frame */
  TALKFACE_POSE_EMPTY = 8u   /* no frame has been made yet: this is the neutral pose */
};

/* All values of one face at one time. */
typedef struct talkface_pose {
  uint32_t struct_size;
  uint32_t flags; /* TALKFACE_POSE_*; 0 for a frame that was read */
  /* Frame number on the output's own grid (its time is frame * den / num seconds), or for
     sample() the playhead, in input samples. */
  int64_t frame;
  double seconds;
  float weights[TALKFACE_CHANNEL_COUNT]; /* 0 to 1, canonical order */
  float head_rotation[4];                /* unit quaternion x y z w; identity is neutral */
  float head_translation[3];             /* metres */
  float emotion[TALKFACE_EMOTION_COUNT]; /* 0 to 1; all 0 when the bundle hears no emotion */
  float valence;                         /* -1 to 1 */
  float arousal;                         /* -1 to 1 */
  float visemes[TALKFACE_VISEME_COUNT];  /* probabilities; all 0 when the bundle gives none */
} talkface_pose;

static inline talkface_pose talkface_pose_init(void) {
  talkface_pose p;
  memset(&p, 0, sizeof(p));
  p.struct_size = sizeof(p);
  p.head_rotation[3] = 1.0f;
  return p;
}

/* ---- Knobs ------------------------------------------------------------------------------- */

/* A post-processing parameter, set per stream. Engine panels are generated from this table. */
typedef struct talkface_knob {
  uint32_t struct_size;
  uint32_t reserved;
  const char* name; /* snake_case; a unit ends the name; static storage, as doc */
  const char* doc;
  float default_value;
  float min_value;
  float max_value;
} talkface_knob;

static inline talkface_knob talkface_knob_init(void) {
  talkface_knob k;
  memset(&k, 0, sizeof(k));
  k.struct_size = sizeof(k);
  return k;
}

/* Number of knobs. [any] [real-time] */
TALKFACE_API uint32_t talkface_knob_count(void) TALKFACE_NOEXCEPT;

/*
 * Describe knob index 0 to talkface_knob_count() - 1.
 * out_knob: its struct_size must be set. Returns INVALID_ARGUMENT for an index out of range.
 * The strings live as long as the library. [any] [real-time]
 */
TALKFACE_API talkface_status talkface_knob_get(uint32_t index,
                                               talkface_knob* out_knob) TALKFACE_NOEXCEPT;

/* ---- Model ------------------------------------------------------------------------------- */

typedef struct talkface_model talkface_model;

typedef int32_t talkface_provider;
enum { TALKFACE_PROVIDER_CPU = 0, TALKFACE_PROVIDER_CUDA = 1, TALKFACE_PROVIDER_TENSORRT = 2 };

typedef int32_t talkface_log_level;
enum { TALKFACE_LOG_INFO = 0, TALKFACE_LOG_WARNING = 1, TALKFACE_LOG_ERROR = 2 };

/* Called during model_open, stream_create and process only, on the calling thread; message is valid
   in the call. It must not throw, and user must stay valid while the model or a stream lives. */
typedef void (*talkface_log_fn)(void* user, talkface_log_level level, const char* message);

enum {
  /* Crowds on CUDA capture their runs as CUDA graphs (ONNX Runtime 1.18 or newer). */
  TALKFACE_MODEL_CUDA_GRAPH = 1u
};

typedef struct talkface_model_options {
  uint32_t struct_size;
  /* What to try first. TensorRT falls back to CUDA and CUDA to the CPU, each with a log line. */
  talkface_provider provider;
  int32_t device;  /* CUDA device index */
  int32_t threads; /* intra-op threads of ONNX Runtime, 1 to 64 */
  /* Full path (UTF-8) of the ONNX Runtime shared library. NULL: the environment variable
     TALKFACE_ONNXRUNTIME, else libtalkface_onnxruntime or libonnxruntime beside this library.
     Must be NULL where ONNX Runtime is linked in (iOS, consoles). */
  const char* onnxruntime_path;
  talkface_log_fn log; /* may be NULL */
  void* log_user;
  void* cuda_stream;        /* the host's cudaStream_t to compute on; NULL: one of our own */
  const char* cache_folder; /* UTF-8, where TensorRT keeps its engines; NULL: nowhere */
  uint32_t flags;           /* TALKFACE_MODEL_* */
  uint32_t reserved;
} talkface_model_options;

static inline talkface_model_options talkface_model_options_init(void) {
  talkface_model_options o;
  memset(&o, 0, sizeof(o));
  o.struct_size = sizeof(o);
  o.threads = 1;
  return o;
}

/* Read access to a bundle's files, for packed game assets. Both return a negative value on failure.
   Called during talkface_model_open_with only. name is a bare file name, '/'-separated, UTF-8. */
typedef struct talkface_reader {
  uint32_t struct_size;
  uint32_t reserved;
  void* user;
  int64_t (*size)(void* user, const char* name);
  /* Copy bytes [offset, offset + count) to destination; return the number copied. */
  int64_t (*read)(void* user, const char* name, uint64_t offset, void* destination, uint64_t count);
} talkface_reader;

static inline talkface_reader talkface_reader_init(void) {
  talkface_reader r;
  memset(&r, 0, sizeof(r));
  r.struct_size = sizeof(r);
  return r;
}

typedef struct talkface_model_info {
  uint32_t struct_size;
  uint32_t schema;
  uint32_t sample_rate; /* of the model, Hz */
  uint32_t hop;         /* model samples a step */
  uint32_t look_ahead;  /* model samples */
  uint32_t frame_rate_num;
  uint32_t frame_rate_den;
  uint32_t channel_count; /* channels that the bundle drives */
  uint32_t emotion_count;
  uint32_t viseme_count; /* 15 or 0 */
  uint32_t identity_size;
  uint32_t style_size;
  talkface_provider provider; /* the one in use */
  uint32_t reserved;
  float tolerance; /* stated bound between runtimes on the golden clip */
  char name[64];
  char version[32];
  char licence[64];
  char sha256[65];           /* of the manifest, lower-case hex */
  char onnxruntime[32];      /* version of the loaded ONNX Runtime */
  char provider_note[256];   /* why the wanted provider is not in use; empty if it is */
  uint32_t expression_count; /* channels to which emotion adds */
  uint32_t has_head;         /* 1 when the bundle moves the head, else 0 */
  char precision[16];        /* of the graph's large layers: float32, fp16 or int8 */
} talkface_model_info;

static inline talkface_model_info talkface_model_info_init(void) {
  talkface_model_info i;
  memset(&i, 0, sizeof(i));
  i.struct_size = sizeof(i);
  return i;
}

/*
 * Open the bundle in a folder: check its manifest, hashes and graph, and prepare inference.
 * path: UTF-8; options and error may be NULL. On failure *out_model is NULL.
 * The caller owns the model and destroys it with talkface_model_destroy.
 * [main] blocks, allocates
 */
TALKFACE_API talkface_status talkface_model_open(const char* path,
                                                 const talkface_model_options* options,
                                                 talkface_model** out_model,
                                                 talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * Open a bundle through read callbacks instead of a folder.
 * reader: both callbacks set; used during this call only. options and error may be NULL.
 * The caller owns the model and destroys it with talkface_model_destroy.
 * [main] blocks, allocates
 */
TALKFACE_API talkface_status talkface_model_open_with(const talkface_reader* reader,
                                                      const talkface_model_options* options,
                                                      talkface_model** out_model,
                                                      talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * Release the caller's hold on a model. NULL is allowed.
 * Streams keep what they need alive, so the order of destruction is free.
 * [main] blocks
 */
TALKFACE_API void talkface_model_destroy(talkface_model* model) TALKFACE_NOEXCEPT;

/*
 * Facts about an open model.
 * out_info: its struct_size must be set; strings are copied into it.
 * [any] [real-time]
 */
TALKFACE_API talkface_status talkface_model_get_info(
    const talkface_model* model, talkface_model_info* out_info) TALKFACE_NOEXCEPT;

/*
 * Name of the bundle's channel at index 0 to channel_count - 1, or NULL.
 * The string lives as long as the model. Poses always hold all 52 channels in canonical order.
 * [any] [real-time]
 */
TALKFACE_API const char* talkface_model_channel(const talkface_model* model,
                                                uint32_t index) TALKFACE_NOEXCEPT;

/*
 * Name of the bundle's identity at index 0 to identity_size - 1, or NULL. Style files mix them.
 * The string lives as long as the model.
 * [any] [real-time]
 */
TALKFACE_API const char* talkface_model_identity(const talkface_model* model,
                                                 uint32_t index) TALKFACE_NOEXCEPT;

/*
 * The bundle's manifest as JSON text (UTF-8).
 * The string lives as long as the model.
 * [any] [real-time]
 */
TALKFACE_API const char* talkface_model_manifest(const talkface_model* model) TALKFACE_NOEXCEPT;

/* ---- Stream ------------------------------------------------------------------------------ */

typedef struct talkface_stream talkface_stream;

enum {
  /* Only sample() is used: when the frame store is full the oldest frame is overwritten. */
  TALKFACE_STREAM_SAMPLING = 1u,
  /* Give the graph's own output: no post-processing, no idle life. For measurement. */
  TALKFACE_STREAM_RAW = 2u
};

typedef struct talkface_stream_options {
  uint32_t struct_size;
  uint32_t flags;          /* TALKFACE_STREAM_* */
  uint32_t sample_rate;    /* of pushed audio, 8000 to 192000 Hz */
  uint32_t channels;       /* interleaved, 1 to 8, averaged */
  uint32_t frame_rate_num; /* of read(): frames a second = num / den, 1 to 1000; 0: the graph's */
  uint32_t frame_rate_den;
  uint32_t ring_ms;  /* audio that push can hold before process runs, 20 to 60000 */
  uint32_t store_ms; /* frames kept for read and sample, 500 to 60000 */
  uint64_t seed;     /* of idle life (blinks, gaze...) and of the head */
  /* Phones, and emotion keys, that lie on the clock, 16 to 65536; half as many wait for process. */
  uint32_t timed_capacity;
  /* Milliseconds of silence (below -60 dBFS) after which the stream ends the utterance and rests,
     200 to 600000: it costs next to nothing until there is sound. 0: never. */
  uint32_t sleep_ms;
} talkface_stream_options;

static inline talkface_stream_options talkface_stream_options_init(void) {
  talkface_stream_options o;
  memset(&o, 0, sizeof(o));
  o.struct_size = sizeof(o);
  o.sample_rate = 16000;
  o.channels = 1;
  o.ring_ms = 1000;
  o.store_ms = 4000;
  o.timed_capacity = 1024;
  return o;
}

/* One timed phone of what is said, for talkface_stream_push_phones. */
typedef struct talkface_phone {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t start; /* input samples since reset, as frames of push are counted; not negative */
  int64_t end;   /* past start */
  /* ARPAbet, any case, with or without a stress digit ("AH", "ow1"); "sil"; "UNK" for speech of an
     unknown sound. Terminated. */
  char symbol[8];
} talkface_phone;

static inline talkface_phone talkface_phone_init(void) {
  talkface_phone p;
  memset(&p, 0, sizeof(p));
  p.struct_size = sizeof(p);
  return p;
}

/* The emotion to show at one time, for talkface_stream_push_emotion. */
typedef struct talkface_emotion_key {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t sample; /* input samples since reset, as frames of push are counted; not negative */
  /* Shares of the emotions, each in [0, 1], their sum at most 1; neutral gets what the others
     leave. */
  float mix[TALKFACE_EMOTION_COUNT];
  float weight; /* how far the mix replaces the emotion that is heard, 0 to 1 */
} talkface_emotion_key;

static inline talkface_emotion_key talkface_emotion_key_init(void) {
  talkface_emotion_key k;
  memset(&k, 0, sizeof(k));
  k.struct_size = sizeof(k);
  k.mix[0] = 1.0f;
  return k;
}

/* Counters since creation or reset. */
typedef struct talkface_stream_stats {
  uint32_t struct_size;
  uint32_t asleep;            /* 1 while the stream rests in silence (sleep_ms) */
  uint64_t taken_samples;     /* sample frames that push took */
  uint64_t refused_samples;   /* sample frames that push could not take (overrun) */
  uint64_t nonfinite_samples; /* NaN or Inf values replaced by 0 */
  uint64_t model_resets;      /* times a non-finite graph output reset the model state */
  uint64_t steps;             /* graph runs */
  uint64_t frames;            /* graph frames made */
} talkface_stream_stats;

static inline talkface_stream_stats talkface_stream_stats_init(void) {
  talkface_stream_stats s;
  memset(&s, 0, sizeof(s));
  s.struct_size = sizeof(s);
  return s;
}

/* Playhead value for talkface_stream_sample that means "the newest frame". */
#define TALKFACE_NEWEST INT64_MIN

/*
 * Create a stream over a model; everything it will ever need is allocated here.
 * options may be NULL (16 kHz mono); error may be NULL. On failure *out_stream is NULL.
 * The caller owns the stream and destroys it with talkface_stream_destroy.
 * [main] blocks, allocates
 */
TALKFACE_API talkface_status talkface_stream_create(const talkface_model* model,
                                                    const talkface_stream_options* options,
                                                    talkface_stream** out_stream,
                                                    talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * Destroy a stream. NULL is allowed.
 * No other call on it may be running.
 * [main] blocks
 */
TALKFACE_API void talkface_stream_destroy(talkface_stream* stream) TALKFACE_NOEXCEPT;

/*
 * Push float audio, interleaved, normally in [-1, 1]; NaN and Inf count and become 0.
 * frames: sample frames (values / channels). *out_taken (may be NULL): how many were taken.
 * Samples are copied. FULL when not all fitted: the rest is the caller's to push again or to lose.
 * [audio] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_push_f32(talkface_stream* stream, const float* samples,
                                                      uint64_t frames,
                                                      uint64_t* out_taken) TALKFACE_NOEXCEPT;

/*
 * Push 16-bit audio, interleaved.
 * As talkface_stream_push_f32; a value v counts as v / 32768.
 * Samples are copied.
 * [audio] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_push_s16(talkface_stream* stream,
                                                      const int16_t* samples, uint64_t frames,
                                                      uint64_t* out_taken) TALKFACE_NOEXCEPT;

/*
 * Push timed phones of the audio, from a text-to-speech engine or an aligner: where they are, the
 * mouth follows them instead of what the model hears (knob script_strength; docs/script.md).
 * phones: phones[0].struct_size says the size of every element. Any order; what a later phone
 * overlaps is cut back. Push them before their audio, half a second ahead if possible: frames that
 * are already made stay as they are. *out_taken (may be NULL): how many were taken. error may be
 * NULL.
 * Phones are copied. FULL when not all fitted (timed_capacity): push the rest later.
 * INVALID_ARGUMENT takes none; UNSUPPORTED when the bundle has no articulation table, also for a
 * count of 0. Reset drops all phones, interrupt those pushed before it, flush none. [audio]
 * [real-time]
 */
TALKFACE_API talkface_status talkface_stream_push_phones(talkface_stream* stream,
                                                         const talkface_phone* phones,
                                                         uint64_t count, uint64_t* out_taken,
                                                         talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * Push timed emotions: between two keys mix and weight go linearly, the last key holds, and before
 * the first one the constant setting counts (talkface_stream_set_emotion; docs/emotion.md). A key
 * replaces those that were pushed before it and lie behind it.
 * keys: keys[0].struct_size says the size of every element. In time order; two at one time make a
 * step. Push them before their audio: frames that are already made stay as they are. *out_taken
 * (may be NULL): how many were taken.
 * Keys are copied. FULL when not all fitted (timed_capacity): push the
 * rest later. INVALID_ARGUMENT takes none; UNSUPPORTED when the bundle takes no emotion, also for a
 * count of 0. Reset drops all keys, interrupt those pushed before it, flush none.
 * [audio] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_push_emotion(talkface_stream* stream,
                                                          const talkface_emotion_key* keys,
                                                          uint64_t count,
                                                          uint64_t* out_taken) TALKFACE_NOEXCEPT;

/*
 * The emotion to show where no key says otherwise, from the next frame that process makes.
 * mix: as in talkface_emotion_key. weight: how far it replaces the emotion that is heard, 0 (the
 * state at creation) to 1. INVALID_ARGUMENT changes nothing; UNSUPPORTED when the bundle takes no
 * emotion. Reset and interrupt keep it.
 * The mix is copied.
 * [any], one thread at a time [real-time]
 */
TALKFACE_API talkface_status talkface_stream_set_emotion(talkface_stream* stream,
                                                         const float mix[TALKFACE_EMOTION_COUNT],
                                                         float weight) TALKFACE_NOEXCEPT;

/*
 * Give the stream a style file: whose face, gains and rests of channels (docs/emotion.md).
 * json: UTF-8 text, at most 64 KiB; a size of 0 means the default style. INVALID_ARGUMENT for a
 * style that cannot be, with a reason, and BAD_STATE inside an utterance change nothing. Reset
 * keeps the style; a saved state is loaded only by a stream of the same one. error may be NULL. The
 * text is copied. [main] blocks, allocates
 */
TALKFACE_API talkface_status talkface_stream_set_style(talkface_stream* stream, const char* json,
                                                       uint64_t size,
                                                       talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * End the utterance after the audio pushed so far: the look-ahead is padded with silence. The mouth
 * comes to rest before the end, or in the 60 ms behind it with a bundle that looks ahead too
 * little. The next push begins a new utterance on the same clock with fresh model state. FULL when
 * 16 flushes already wait for process. Nothing is computed here. [audio] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_flush(talkface_stream* stream) TALKFACE_NOEXCEPT;

/*
 * Turn the audio pushed so far into frames, and carry out requests (flush, interrupt, reset).
 * *out_frames (may be NULL): graph frames made. FULL when unread frames fill the store (audio is
 * kept); BUSY when another thread is inside process, save or load of this stream.
 * error may be NULL.
 * [worker] may block in ONNX Runtime
 */
TALKFACE_API talkface_status talkface_stream_process(talkface_stream* stream, uint64_t* out_frames,
                                                     talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * Frames that read could return now.
 * [any] [real-time]
 */
TALKFACE_API uint64_t talkface_stream_frames_ready(const talkface_stream* stream) TALKFACE_NOEXCEPT;

/*
 * Read up to capacity frames in order, each once, on the grid t = i / frame rate from t = 0.
 * poses: poses[0].struct_size says the size of every element. *out_count: frames written.
 * The frames are copied. After a gap (a sampling stream overwrote frames) reading goes on at the
 * oldest one that is still stored.
 * [game] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_read(talkface_stream* stream, talkface_pose* poses,
                                                  uint64_t capacity,
                                                  uint64_t* out_count) TALKFACE_NOEXCEPT;

/*
 * Pose at a playhead in input samples, interpolated; TALKFACE_NEWEST for the newest frame.
 * Past the newest frame it is held for 100 ms, then eased to neutral over 200 ms (see flags).
 * out_pose: its struct_size must be set. Always gives a finite pose, in range.
 * [game] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_sample(talkface_stream* stream, int64_t playhead,
                                                    talkface_pose* out_pose) TALKFACE_NOEXCEPT;

/*
 * Stop now: drop audio and frames not yet played, ease from the pose at the playhead to neutral.
 * ease_ms: 0 to 10000. The clock goes on: the next pushed sample keeps its index. "Now" is the last
 * sampled playhead or the last frame read, whichever is later. Carried out by the next process.
 * [any] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_interrupt(talkface_stream* stream,
                                                       uint32_t ease_ms) TALKFACE_NOEXCEPT;

/*
 * Back to the just-created state; knobs, the constant emotion and the style keep their values.
 * Audio pushed before this call is dropped, audio pushed after it starts at index 0. Carried out
 * by the next process; until then sample gives the neutral pose and read nothing.
 * [any] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_reset(talkface_stream* stream) TALKFACE_NOEXCEPT;

/*
 * Algorithmic latency, audio in to pose out, in samples at the model's rate:
 * resampler delay + look-ahead + hop. Divide by the model's sample_rate for seconds.
 * [any] [real-time]
 */
TALKFACE_API uint32_t talkface_stream_latency(const talkface_stream* stream) TALKFACE_NOEXCEPT;

/*
 * Index (input samples since reset) of the first sample that push has not taken yet.
 * A host may drop its own audio before this index.
 * [any] [real-time]
 */
TALKFACE_API int64_t talkface_stream_next_sample(const talkface_stream* stream) TALKFACE_NOEXCEPT;

/*
 * Input samples that must still be pushed before process can make another frame.
 * 0 when process has work to do now.
 * [any] [real-time]
 */
TALKFACE_API uint64_t talkface_stream_samples_needed(const talkface_stream* stream)
    TALKFACE_NOEXCEPT;

/*
 * Counters of a stream.
 * out_stats: its struct_size must be set.
 * [any] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_get_stats(
    const talkface_stream* stream, talkface_stream_stats* out_stats) TALKFACE_NOEXCEPT;

/*
 * Set a knob by name; the value must lie in the knob's range.
 * Takes effect at the next frame that process makes.
 * [any] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_set_knob(talkface_stream* stream, const char* name,
                                                      float value) TALKFACE_NOEXCEPT;

/*
 * Read a knob by name.
 * [any] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_get_knob(const talkface_stream* stream,
                                                      const char* name,
                                                      float* out_value) TALKFACE_NOEXCEPT;

/*
 * Make every frame of the graph (stride 1, the state at creation), every second (2) or every fourth
 * one (4): for characters in the distance. Frames between are interpolated, so that reading and
 * sampling go on as before; poses come later by stride - 1 graph frames.
 * Takes effect at the next frame that process makes, without a jump.
 * [any] [real-time]
 */
TALKFACE_API talkface_status talkface_stream_set_stride(talkface_stream* stream,
                                                        uint32_t stride) TALKFACE_NOEXCEPT;

/*
 * Bytes that talkface_stream_save needs; fixed for a stream.
 * [any] [real-time]
 */
TALKFACE_API uint64_t talkface_stream_state_size(const talkface_stream* stream) TALKFACE_NOEXCEPT;

/*
 * Write the whole state (audio, phones, emotion, model, frames, knobs) into buffer, for quick-save
 * and replay. capacity: at least talkface_stream_state_size. No push, read or sample may run
 * meanwhile. error may be NULL. [worker]
 */
TALKFACE_API talkface_status talkface_stream_save(talkface_stream* stream, void* buffer,
                                                  uint64_t capacity,
                                                  talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * Restore a state saved by a stream of the same bundle, style and options; else BAD_STATE, and the
 * stream is unchanged. No push, read or sample may run meanwhile. error may be NULL. [worker]
 */
TALKFACE_API talkface_status talkface_stream_load(talkface_stream* stream, const void* buffer,
                                                  uint64_t size,
                                                  talkface_error* error) TALKFACE_NOEXCEPT;

/* ---- Crowd ------------------------------------------------------------------------------- */

/* Many streams over one model. Each tick, those that have a hop ready run as one batch. A member is
   a talkface_stream like any other, but the crowd processes it. Its poses are those of a stream
   alone, up to rounding (docs/numerics.md). */
typedef struct talkface_crowd talkface_crowd;

typedef struct talkface_crowd_options {
  uint32_t struct_size;
  uint32_t max_streams; /* members at a time, 1 to 65536 */
  uint32_t max_batch;   /* streams of one graph run, 1 to 256 */
  uint32_t threads;     /* that share a tick, 1 to 64 */
  /* The host's job runner: call job(context, i) for every i below count, on any threads, and return
     when all have returned. NULL: the crowd starts threads - 1 threads. */
  void (*run_jobs)(void* user, void (*job)(void* context, uint32_t index), void* context,
                   uint32_t count);
  void* jobs_user;
} talkface_crowd_options;

static inline talkface_crowd_options talkface_crowd_options_init(void) {
  talkface_crowd_options o;
  memset(&o, 0, sizeof(o));
  o.struct_size = sizeof(o);
  o.max_streams = 256;
  o.max_batch = 64;
  o.threads = 1;
  return o;
}

/* Of a crowd: steps, runs, frames and failures since creation, the rest when the last process
   ended. */
typedef struct talkface_crowd_stats {
  uint32_t struct_size;
  uint32_t streams;       /* members */
  uint32_t asleep;        /* of them, resting in silence */
  uint32_t full;          /* of them, waiting for frames to be read */
  uint64_t steps;         /* graph steps of members */
  uint64_t runs;          /* graph runs; steps / runs is the mean batch */
  uint64_t frames;        /* graph frames made */
  uint64_t backlog_steps; /* steps whose audio was there but that did not run */
  uint64_t failures;      /* threads of ticks in which a graph run failed */
  double oldest_ms;       /* how much audio the longest waiting member is behind */
} talkface_crowd_stats;

static inline talkface_crowd_stats talkface_crowd_stats_init(void) {
  talkface_crowd_stats s;
  memset(&s, 0, sizeof(s));
  s.struct_size = sizeof(s);
  return s;
}

/*
 * Create a crowd over a model; buffers for every batch size are made and tried here.
 * options and error may be NULL. On failure *out_crowd is NULL. A bundle whose graph has no free
 * batch axis works too: its streams run one by one.
 * The caller owns the crowd and destroys it with talkface_crowd_destroy.
 * [main] blocks, allocates
 */
TALKFACE_API talkface_status talkface_crowd_create(const talkface_model* model,
                                                   const talkface_crowd_options* options,
                                                   talkface_crowd** out_crowd,
                                                   talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * Destroy a crowd; stops its thread. NULL is allowed. Members that are left make no more frames.
 * No other call on it may be running.
 * [main] blocks
 */
TALKFACE_API void talkface_crowd_destroy(talkface_crowd* crowd) TALKFACE_NOEXCEPT;

/*
 * Create a stream that is a member of the crowd, from the next process on. BAD_STATE when
 * max_streams are there already.
 * options: as of talkface_stream_create; a crowd of many wants a ring_ms of 250, a store_ms of 500
 * and a timed_capacity of 64. error may be NULL.
 * The caller owns the stream; talkface_stream_destroy leaves the crowd, at any time. The crowd lets
 * go of its memory in the process after that.
 * [main] allocates; process of the crowd may be running
 */
TALKFACE_API talkface_status talkface_crowd_join(talkface_crowd* crowd,
                                                 const talkface_stream_options* options,
                                                 talkface_stream** out_stream,
                                                 talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * One tick: turn the audio of all members into frames. A member that cannot go on (its frame store
 * is full, it is being saved) is passed over.
 * max_steps: graph steps to run at most, those of the longest waiting members first; what is left
 * over is the backlog of talkface_crowd_get_stats. 0: all. *out_frames (may be NULL): graph frames
 * made, by all. BUSY when another thread is inside. error may be NULL.
 * After a failed run the members that were in it hold their pose and begin anew.
 * [worker] of the crowd and of every member; may block in ONNX Runtime
 */
TALKFACE_API talkface_status talkface_crowd_process(talkface_crowd* crowd, uint64_t max_steps,
                                                    uint64_t* out_frames,
                                                    talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * Process every period_us microseconds, 100 to 1000000, on a thread that is started here.
 * Failures are logged and counted. BAD_STATE when it runs already. error may be NULL.
 * The thread is the crowd's.
 * [main] allocates
 */
TALKFACE_API talkface_status talkface_crowd_start(talkface_crowd* crowd, uint32_t period_us,
                                                  talkface_error* error) TALKFACE_NOEXCEPT;

/*
 * End the thread of talkface_crowd_start and wait for its tick. Nothing happens without one.
 * [main] blocks
 */
TALKFACE_API void talkface_crowd_stop(talkface_crowd* crowd) TALKFACE_NOEXCEPT;

/*
 * Counters of a crowd.
 * out_stats: its struct_size must be set.
 * [any] [real-time]
 */
TALKFACE_API talkface_status talkface_crowd_get_stats(
    const talkface_crowd* crowd, talkface_crowd_stats* out_stats) TALKFACE_NOEXCEPT;

#if defined(__cplusplus)
} /* extern "C" */
#endif

#endif /* TALKFACE_TALKFACE_H_ */
