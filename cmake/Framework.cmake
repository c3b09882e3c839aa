# A static framework for iOS: talkface.framework with its headers. The app links ONNX Runtime's
# xcframework beside it; nothing is loaded at run time.
if(NOT TALKFACE_STATIC OR NOT TALKFACE_LINKED_ONNXRUNTIME)
  message(FATAL_ERROR "on iOS set TALKFACE_STATIC and TALKFACE_LINKED_ONNXRUNTIME (the preset ios does)")
endif()
file(GLOB TALKFACE_HEADERS CONFIGURE_DEPENDS cpp/include/talkface/*.h cpp/include/talkface/*.hpp)
target_sources(talkface PRIVATE ${TALKFACE_HEADERS})
set_target_properties(talkface PROPERTIES
  FRAMEWORK ON
  FRAMEWORK_VERSION A
  MACOSX_FRAMEWORK_BUNDLE_VERSION ${PROJECT_VERSION}
  MACOSX_FRAMEWORK_SHORT_VERSION_STRING ${PROJECT_VERSION}
  PUBLIC_HEADER "${TALKFACE_HEADERS}"
)
install(TARGETS talkface FRAMEWORK DESTINATION . ARCHIVE DESTINATION . PUBLIC_HEADER DESTINATION talkface)
