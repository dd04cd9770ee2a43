#ifndef LAZULI_OPENING_H
#define LAZULI_OPENING_H

#include <stddef.h>

/// A message to free(), in the manner of printf.
char *lz_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Opens a library by path.
char *lz_open_library(const char *path, void **out);

typedef struct {
    const char *name;
    /// Where in the caller's structure the function's address goes.
    size_t offset;
} lz_symbol;

/// Looks all symbols up and stores their addresses; the message names the first that is missing.
char *lz_find_symbols(void *library, const char *library_name, const lz_symbol *symbols, size_t count, void *into);

#endif
