# cmake -DFROM=schema.sql -DTO=schema.h -P schema.cmake: the text as a C string, a line a line.
file(READ ${FROM} text)
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n\"" text "${text}")
file(WRITE ${TO} "static const char schema_sql[] = \"${text}\";\n")
