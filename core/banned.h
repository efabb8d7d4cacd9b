/* banned.h: functions that do not build here, because each has a safer way in this tree.
 *
 * Included before every file by the compiler's command line, so it must include nothing itself:
 * `#pragma GCC poison` would also hit the C library's own headers, which is why the names are made
 * into identifiers that do not exist instead. */
#ifndef CARREL_BANNED_H
#define CARREL_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(function, instead) carrel_bans_##function##_use_##instead

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef strtok
#undef sprintf
#undef vsprintf
#undef gets
#undef system
#undef popen
#undef mktemp
#undef tmpnam
#undef atoi
#undef atol
#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#undef rand
#undef srand
#undef alloca

#define strcpy(...) BANNED(strcpy, snprintf_or_memcpy)
#define strcat(...) BANNED(strcat, buffer_add)
#define strncpy(...) BANNED(strncpy, snprintf_or_memcpy)
#define strncat(...) BANNED(strncat, buffer_add)
#define strtok(...) BANNED(strtok, strtok_r)
#define sprintf(...) BANNED(sprintf, snprintf)
#define vsprintf(...) BANNED(vsprintf, vsnprintf)
#define gets(...) BANNED(gets, getline)
#define system(...) BANNED(system, posix_spawn)
#define popen(...) BANNED(popen, posix_spawn)
#define mktemp(...) BANNED(mktemp, mkostemp)
#define tmpnam(...) BANNED(tmpnam, mkostemp)
#define atoi(...) BANNED(atoi, number_parse)
#define atol(...) BANNED(atol, number_parse)
#define gmtime(...) BANNED(gmtime, gmtime_r)
#define localtime(...) BANNED(localtime, localtime_r)
#define ctime(...) BANNED(ctime, timestamp_format)
#define asctime(...) BANNED(asctime, timestamp_format)
#define rand(...) BANNED(rand, random_bytes)
#define srand(...) BANNED(srand, random_bytes)
#define alloca(...) BANNED(alloca, buffer)

#endif
