# Only the C ABI leaves the library.
if(APPLE)
  file(STRINGS ${PROJECT_SOURCE_DIR}/tests/abi/exports.txt TALKFACE_SYMBOLS)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS tests/abi/exports.txt)
  list(TRANSFORM TALKFACE_SYMBOLS PREPEND "_")  # as Mach-O writes C names
  list(JOIN TALKFACE_SYMBOLS "\n" TALKFACE_SYMBOLS)
  set(TALKFACE_EXPORTS ${PROJECT_BINARY_DIR}/exports.apple)
  file(WRITE ${TALKFACE_EXPORTS} "${TALKFACE_SYMBOLS}\n")
  target_link_options(talkface PRIVATE LINKER:-exported_symbols_list,${TALKFACE_EXPORTS})
elseif(CMAKE_SYSTEM_NAME MATCHES "^(Linux|Android)$")
  set(TALKFACE_EXPORTS ${PROJECT_SOURCE_DIR}/cmake/exports.map)
  # -z now: a lazily bound function would take the loader's lock inside the first push or sample.
  target_link_options(talkface PRIVATE
    LINKER:--version-script=${TALKFACE_EXPORTS} LINKER:--no-undefined LINKER:-z,now)
endif()
if(TALKFACE_EXPORTS)
  set_target_properties(talkface PROPERTIES LINK_DEPENDS ${TALKFACE_EXPORTS})
endif()
