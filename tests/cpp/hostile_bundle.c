/* Bundles and runtimes that are not what they should be: each is refused with a reason. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "talkface/talkface.h"

static int failures = 0;

static void refused(const char* what, talkface_status status, talkface_status expected,
                    const talkface_model* model, const talkface_error* error) {
  if (status == expected && model == NULL && error->status == status && error->message[0] != 0) {
    return;
  }
  fprintf(stderr, "%s: %s instead of %s: %s\n", what, talkface_status_name(status),
          talkface_status_name(expected), error->message);
  ++failures;
}

enum { FILES = 3 };
static const char* const kNames[FILES] = {"manifest.json", "articulation.json", "model.onnx"};

/* A bundle in memory, and how its reader lies about the file `liar`. */
typedef struct {
  unsigned char* bytes[FILES];
  int64_t sizes[FILES];
  int liar;
  int64_t claimed;  /* size to tell; -2: the true one */
  int64_t answered; /* what every read answers; -2: the bytes read */
} pack;

static int file_of(const char* name) {
  int i;
  for (i = 0; i < FILES; ++i) {
    if (strcmp(kNames[i], name) == 0) return i;
  }
  return -1;
}

static int64_t pack_size(void* user, const char* name) {
  const pack* p = (const pack*)user;
  const int i = file_of(name);
  if (i < 0) return -1;
  return i == p->liar && p->claimed != -2 ? p->claimed : p->sizes[i];
}

static int64_t pack_read(void* user, const char* name, uint64_t offset, void* out, uint64_t count) {
  const pack* p = (const pack*)user;
  const int i = file_of(name);
  uint64_t left;
  if (i < 0) return -1;
  if (i == p->liar && p->answered != -2) return p->answered;
  left = (uint64_t)p->sizes[i] - offset;
  if (offset > (uint64_t)p->sizes[i]) return 0;
  if (count > left) count = left;
  memcpy(out, p->bytes[i] + offset, (size_t)count);
  return (int64_t)count;
}

static int load(pack* p, const char* folder) {
  int i;
  for (i = 0; i < FILES; ++i) {
    char path[1024];
    FILE* file;
    snprintf(path, sizeof(path), "%s/%s", folder, kNames[i]);
    file = fopen(path, "rb");
    if (file == NULL) return 0;
    fseek(file, 0, SEEK_END);
    p->sizes[i] = ftell(file);
    fseek(file, 0, SEEK_SET);
    p->bytes[i] = (unsigned char*)malloc((size_t)p->sizes[i]);
    if (fread(p->bytes[i], 1, (size_t)p->sizes[i], file) != (size_t)p->sizes[i]) return 0;
    fclose(file);
  }
  return 1;
}

static void opens_to(const char* what, pack* p, talkface_status expected) {
  talkface_model* model = NULL;
  talkface_error error = talkface_error_init();
  talkface_reader reader = talkface_reader_init();
  reader.user = p;
  reader.size = pack_size;
  reader.read = pack_read;
  refused(what, talkface_model_open_with(&reader, NULL, &model, &error), expected, model, &error);
  talkface_model_destroy(model);
}

/* Readers that fail, give too little, or say more than they did. */
static void test_readers(pack* p) {
  for (p->liar = 0; p->liar < FILES; ++p->liar) {
    const talkface_status other = p->liar == 0 ? TALKFACE_ERROR_BAD_BUNDLE /* cut JSON */
                                               : TALKFACE_ERROR_HASH_MISMATCH;
    p->claimed = -1;
    opens_to("a missing file", p, TALKFACE_ERROR_NOT_FOUND);
    p->claimed = INT64_MAX;
    opens_to("a file without end", p, TALKFACE_ERROR_BAD_BUNDLE);
    p->claimed = 0;
    opens_to("an empty file", p, other);
    p->claimed = p->sizes[p->liar] / 2;
    opens_to("a cut file", p, other);
    p->claimed = -2;
    p->answered = -1;
    opens_to("a read that fails", p, TALKFACE_ERROR_IO);
    p->answered = 0;
    opens_to("a read of nothing", p, TALKFACE_ERROR_IO);
    p->answered = INT64_MAX;
    opens_to("a read of more than was asked", p, TALKFACE_ERROR_IO);
    p->answered = -2;
    if (p->liar == 0) continue;
    p->bytes[p->liar][p->sizes[p->liar] / 2] ^= 1;
    opens_to("a flipped bit", p, TALKFACE_ERROR_HASH_MISMATCH);
    p->bytes[p->liar][p->sizes[p->liar] / 2] ^= 1;
  }
  p->liar = -1;
}

/* Manifests that are none. */
static void test_manifests(pack* p) {
  static const char* const texts[] = {
      " ", "{}", "[]", "null", "\"", "{\"schema\":-1}", "{\"schema\":\"1\"}", "\xff",
  };
  static const char newer[] = "{\"schema\":99}";
  enum { DEEP = 1 << 20, WIDE = 5 << 20 };
  unsigned char* const bytes = p->bytes[0];
  const int64_t size = p->sizes[0];
  unsigned char* const large = (unsigned char*)malloc(WIDE);
  size_t i;
  for (i = 0; i < sizeof(texts) / sizeof(texts[0]); ++i) {
    p->bytes[0] = large;
    p->sizes[0] = (int64_t)strlen(texts[i]);
    memcpy(large, texts[i], strlen(texts[i]));
    opens_to(texts[i], p, TALKFACE_ERROR_BAD_BUNDLE);
  }
  p->sizes[0] = (int64_t)strlen(newer);
  memcpy(large, newer, strlen(newer));
  opens_to("a schema of the future", p, TALKFACE_ERROR_UNSUPPORTED);
  memset(large, '[', WIDE);
  p->sizes[0] = DEEP;
  opens_to("a manifest of a million brackets", p, TALKFACE_ERROR_BAD_BUNDLE);
  p->sizes[0] = WIDE;
  opens_to("a manifest of 5 MiB", p, TALKFACE_ERROR_BAD_BUNDLE);
  free(large);
  p->bytes[0] = bytes;
  p->sizes[0] = size;
}

/* Paths that lead to nothing, and files that are not ONNX Runtime. */
static void test_paths(const char* folder) {
  enum { LONG = 100000 };
  static char too_long[LONG + 1];
  char file[1024];
  const char* paths[] = {"", "\xff\xfe\x80", too_long, file};
  talkface_model* model = NULL;
  talkface_model_options options = talkface_model_options_init();
  size_t i;
#if defined(TALKFACE_LINKED_ONNXRUNTIME)
  const talkface_status runtime = TALKFACE_ERROR_INVALID_ARGUMENT;
#else
  const talkface_status runtime = TALKFACE_ERROR_RUNTIME_MISSING;
#endif
  memset(too_long, 'x', LONG);
  too_long[0] = '/';
  snprintf(file, sizeof(file), "%s/manifest.json", folder);
  for (i = 0; i < sizeof(paths) / sizeof(paths[0]); ++i) {
    talkface_error error = talkface_error_init();
    refused("a path to nothing", talkface_model_open(paths[i], NULL, &model, &error),
            TALKFACE_ERROR_NOT_FOUND, model, &error);
    if (paths[i][0] == 0) continue; /* as NULL */
    error = talkface_error_init();
    options.onnxruntime_path = paths[i];
    refused("a runtime that is none", talkface_model_open(folder, &options, &model, &error),
            runtime, model, &error);
  }
  {
    talkface_error error = talkface_error_init();
    options.onnxruntime_path = TALKFACE_OTHER_LIBRARY;
    refused("another library", talkface_model_open(folder, &options, &model, &error), runtime,
            model, &error);
  }
}

int main(int argc, char** argv) {
  pack files;
  int i;
  if (argc != 2) return 2;
  if (getenv("TALKFACE_ONNXRUNTIME") == NULL) {
    printf("skipped: TALKFACE_ONNXRUNTIME is not set\n");
    return 77;
  }
  memset(&files, 0, sizeof(files));
  files.claimed = files.answered = -2;
  files.liar = -1;
  if (!load(&files, argv[1])) return 2;
  test_readers(&files);
  test_manifests(&files);
  test_paths(argv[1]);
  for (i = 0; i < FILES; ++i) free(files.bytes[i]);
  printf("%d failed checks\n", failures);
  return failures == 0 ? 0 : 1;
}
