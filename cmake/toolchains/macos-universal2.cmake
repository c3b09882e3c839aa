# macOS on Apple and Intel processors in one library; runs on a Mac. std::filesystem needs 10.15.
set(CMAKE_OSX_ARCHITECTURES "arm64;x86_64" CACHE STRING "")
set(CMAKE_OSX_DEPLOYMENT_TARGET "10.15" CACHE STRING "")
