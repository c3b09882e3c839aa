# Options shared by our own targets.
function(talkface_target_options target)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 /utf-8 /fp:precise)
  else()
    # No contraction and no fast-math: results must have the same bits on every machine.
    target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -ffp-contract=off)
    if(CMAKE_SIZEOF_VOID_P EQUAL 4)
      # Positions have 64 bits everywhere; what is indexed with them fits memory.
      target_compile_options(${target} PRIVATE -Wno-shorten-64-to-32)
    endif()
    if(TALKFACE_WERROR)
      target_compile_options(${target} PRIVATE -Werror)
    endif()
  endif()
  if(TALKFACE_SANITIZE)
    target_compile_options(${target} PRIVATE
      -fsanitize=${TALKFACE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${TALKFACE_SANITIZE})
  endif()
endfunction()

option(TALKFACE_WERROR "Treat warnings as errors" OFF)
