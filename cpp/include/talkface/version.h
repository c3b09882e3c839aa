/* The only place a version is typed. CMake, the wheel and the tests read it from here. */
#ifndef TALKFACE_VERSION_H_
#define TALKFACE_VERSION_H_

#define TALKFACE_VERSION "0.1.0"
/* Raised when a function or struct of talkface.h changes incompatibly. */
#define TALKFACE_ABI_VERSION 1
/* Newest bundle manifest schema that this library reads; older ones stay readable. */
#define TALKFACE_BUNDLE_SCHEMA 2

#endif /* TALKFACE_VERSION_H_ */
