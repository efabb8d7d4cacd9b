# Every third-party library, found once. Which module may include which headers is said in docs/architecture.md.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Threads REQUIRED)
foreach(lib IN ITEMS jansson libzip md4c yaml-0.1:yaml libcurl:curl sdl2 SDL2_ttf:sdl2_ttf libevent
        libevent_openssl libevent_pthreads sqlite3 x11 xext xrandr xi libcrypt:crypt libseccomp:seccomp cmocka)
    string(REPLACE ":" ";" pair ${lib})
    list(GET pair 0 package)
    list(POP_BACK pair name)
    pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${package})
endforeach()
