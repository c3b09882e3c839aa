# Android arm64-v8a with the NDK that ANDROID_NDK_HOME names. API 24 is the lowest that ONNX Runtime's
# AAR supports; the C++ library is linked in, so that it meets no other copy in the app.
if(NOT DEFINED ENV{ANDROID_NDK_HOME})
  message(FATAL_ERROR "set ANDROID_NDK_HOME to the folder of an Android NDK")
endif()
set(ANDROID_ABI arm64-v8a)
set(ANDROID_PLATFORM android-24)
set(ANDROID_STL c++_static)
set(ANDROID_SUPPORT_FLEXIBLE_PAGE_SIZES ON)  # pages of 16 KB
include($ENV{ANDROID_NDK_HOME}/build/cmake/android.toolchain.cmake)
