# Units are built where they run: in debug builds, with sanitizers or without.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    set(CARREL_UNIT EXCLUDE_FROM_ALL)
endif()

# carrel_test(NAME LIBS…): tests/unit/test_NAME.c becomes one program and one CTest. It reads
# golden files from CARREL_SOURCE_DIR and writes only below its own working directory.
function(carrel_test name)
    add_executable(test_${name} ${CARREL_UNIT} ${CMAKE_SOURCE_DIR}/tests/unit/test_${name}.c)
    target_link_libraries(test_${name} PRIVATE carrel_flags PkgConfig::cmocka ${ARGN})
    target_compile_definitions(test_${name} PRIVATE CARREL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR})
    set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/tests/work/${name})
    add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/tests/work/${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
