/* For test programs in C: what fails is told and counted. */
#pragma once

#include <stdio.h>

static int failures = 0;

#define CHECK(expression)                                                            \
  do {                                                                               \
    if (!(expression)) {                                                             \
      fprintf(stderr, "%s:%d: CHECK(%s) failed\n", __FILE__, __LINE__, #expression); \
      ++failures;                                                                    \
    }                                                                                \
  } while (0)
