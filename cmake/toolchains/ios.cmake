# iOS devices; runs on a Mac with Xcode. std::filesystem needs 13.0.
set(CMAKE_SYSTEM_NAME iOS)
set(CMAKE_OSX_ARCHITECTURES arm64 CACHE STRING "")
set(CMAKE_OSX_DEPLOYMENT_TARGET "13.0" CACHE STRING "")
