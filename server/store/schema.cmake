# cmake -DFROM=schema.sql -DTO=schema.h -DNAME=schema_sql -P schema.cmake: the text as a C string, a line a line.
file(READ ${FROM} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n\"" text "${text}")
file(WRITE ${TO} "static const char ${NAME}[] = \"${text}\";\n")
