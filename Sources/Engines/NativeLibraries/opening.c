#define _GNU_SOURCE
#include "opening.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *lz_message(const char *format, ...) {
    char *message = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0) message = strdup("out of memory");
    va_end(arguments);
    return message;
}

char *lz_open_library(const char *path, void **out) {
    *out = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (*out) return NULL;
    const char *reason = dlerror();
    if (reason && strstr(reason, "libgomp.so.1"))
        return lz_message("%s needs the OpenMP runtime libgomp.so.1, which this machine lacks. "
                          "Install it with: apt install libgomp1", path);
    return lz_message("The library %s cannot be opened: %s", path, reason ? reason : "no reason given");
}

char *lz_find_symbols(void *library, const char *library_name, const lz_symbol *symbols, size_t count, void *into) {
    for (size_t index = 0; index < count; index++) {
        void *address = dlsym(library, symbols[index].name);
        if (!address)
            return lz_message("The %s library has no function %s; it is of another version than this program "
                              "was written for.", library_name, symbols[index].name);
        memcpy((char *)into + symbols[index].offset, &address, sizeof address);
    }
    return NULL;
}
