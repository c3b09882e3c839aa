# find_package(TalkFace CONFIG REQUIRED PATHS this_sdk) gives the target TalkFace::talkface and
# TalkFace_BUNDLES, the folder of the bundles, and TalkFace_RUNTIME, the libraries to ship with a program.
get_filename_component(TalkFace_SDK "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(TalkFace_BUNDLES "${TalkFace_SDK}/bundles")
if(WIN32)
  set(TalkFace_RUNTIME
    "${TalkFace_SDK}/lib/windows-x86_64/talkface.dll"
    "${TalkFace_SDK}/lib/windows-x86_64/talkface_onnxruntime.dll")
elseif(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(TalkFace_RUNTIME
    "${TalkFace_SDK}/lib/linux-x86_64/libtalkface.so"
    "${TalkFace_SDK}/lib/linux-x86_64/libtalkface_onnxruntime.so")
else()
  set(TalkFace_FOUND FALSE)
  set(TalkFace_NOT_FOUND_MESSAGE "this SDK has libraries for Linux and Windows on x86-64 alone")
  return()
endif()
if(NOT TARGET TalkFace::talkface)
  list(GET TalkFace_RUNTIME 0 TalkFace_LIBRARY)
  add_library(TalkFace::talkface SHARED IMPORTED)
  set_target_properties(TalkFace::talkface PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${TalkFace_SDK}/include"
    IMPORTED_LOCATION "${TalkFace_LIBRARY}"
    IMPORTED_IMPLIB "${TalkFace_SDK}/lib/windows-x86_64/talkface.lib")
endif()
