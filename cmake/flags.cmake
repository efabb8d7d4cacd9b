# carrel_flags: how every line of ours is compiled. Targets link it PRIVATE.
add_library(carrel_flags INTERFACE)
target_compile_definitions(carrel_flags INTERFACE
    _GNU_SOURCE CARREL_VERSION="${PROJECT_VERSION}")
target_compile_options(carrel_flags INTERFACE
    -Wall -Wextra -Wshadow -Wundef -Wvla -Wstrict-prototypes -Wmissing-prototypes
    -Wformat=2 -Wpointer-arith -Wwrite-strings -Wcast-qual -Wswitch-enum
    -fstack-protector-strong -fno-common
    -include ${CMAKE_SOURCE_DIR}/core/banned.h)
target_link_options(carrel_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_link_options(carrel_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)

if(CARREL_WERROR)
    target_compile_options(carrel_flags INTERFACE -Werror)
endif()
if(CARREL_SANITIZE)
    target_compile_options(carrel_flags INTERFACE
        -fsanitize=${CARREL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
    target_link_options(carrel_flags INTERFACE -fsanitize=${CARREL_SANITIZE})
endif()
if(CMAKE_BUILD_TYPE MATCHES "Rel" AND NOT CARREL_SANITIZE)
    target_compile_options(carrel_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(CARREL_FUZZ)
    target_compile_options(carrel_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CARREL_SIMULATION)
    target_compile_definitions(carrel_flags INTERFACE CARREL_SIMULATION=1)
endif()
