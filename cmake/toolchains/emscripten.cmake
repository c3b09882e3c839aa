# WebAssembly with Emscripten: Debian's package, or the SDK that EMSDK names. Exceptions are caught inside
# the library, so every object is compiled for them.
if(DEFINED ENV{EMSDK})
  set(TALKFACE_EMSCRIPTEN $ENV{EMSDK}/upstream/emscripten)
else()
  set(TALKFACE_EMSCRIPTEN /usr/share/emscripten)
endif()
set(CMAKE_CXX_FLAGS_INIT "-fexceptions")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fexceptions")
include(${TALKFACE_EMSCRIPTEN}/cmake/Modules/Platform/Emscripten.cmake)
