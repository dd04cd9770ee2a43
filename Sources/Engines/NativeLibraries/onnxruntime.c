// ONNX Runtime has one exported function that hands out a table of functions. The table only ever grows, so an index
// stays what it is; those below are of API version 16 (onnxruntime_c_api.h, struct OrtApi).

#include "NativeLibraries.h"
#include "opening.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { API_VERSION = 16, OLDEST_MINOR = 16, LOGGING_ERRORS = 3, ALL_OPTIMIZATIONS = 99 };
enum { DEVICE_ALLOCATOR = 0, DEFAULT_MEMORY = 0, TEXT = 8 };

enum slot {
    GET_ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION_FROM_ARRAY = 8,
    RUN = 9,
    CREATE_SESSION_OPTIONS = 10,
    SET_OPTIMIZATION_LEVEL = 23,
    SET_INTRA_OP_THREADS = 24,
    SET_INTER_OP_THREADS = 25,
    CREATE_TENSOR = 48,
    CREATE_TENSOR_WITH_DATA = 49,
    IS_TENSOR = 50,
    GET_TENSOR_DATA = 51,
    FILL_STRING_TENSOR = 52,
    GET_STRING_DATA_LENGTH = 53,
    GET_STRING_CONTENT = 54,
    GET_ELEMENT_TYPE = 60,
    GET_DIMENSIONS_COUNT = 61,
    GET_DIMENSIONS = 62,
    GET_ELEMENT_COUNT = 64,
    GET_TYPE_AND_SHAPE = 65,
    CREATE_CPU_MEMORY_INFO = 69,
    GET_DEFAULT_ALLOCATOR = 78,
    RELEASE_STATUS = 93,
    RELEASE_SESSION = 95,
    RELEASE_VALUE = 96,
    RELEASE_TYPE_AND_SHAPE = 99,
    RELEASE_SESSION_OPTIONS = 100,
};

typedef void *status;

typedef struct {
    const void *const *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
} api_entry;

struct lz_ort {
    const void *const *api;
    const char *version;
    void *environment;
    void *memory;
    void *allocator;
};

/// Frees the status; its message is the caller's.
static char *message_of(const lz_ort *runtime, status failed) {
    if (!failed) return NULL;
    const char *(*get)(status) = (const char *(*)(status))runtime->api[GET_ERROR_MESSAGE];
    char *message = strdup(get(failed));
    ((void (*)(status))runtime->api[RELEASE_STATUS])(failed);
    return message;
}

static char *begin(lz_ort *runtime) {
    status (*create_env)(int, const char *, void **) = (status(*)(int, const char *, void **))runtime->api[CREATE_ENV];
    char *message = message_of(runtime, create_env(LOGGING_ERRORS, "lazuli", &runtime->environment));
    if (message) return message;
    status (*create_memory)(int, int, void **) = (status(*)(int, int, void **))runtime->api[CREATE_CPU_MEMORY_INFO];
    message = message_of(runtime, create_memory(DEVICE_ALLOCATOR, DEFAULT_MEMORY, &runtime->memory));
    if (message) return message;
    status (*get_allocator)(void **) = (status(*)(void **))runtime->api[GET_DEFAULT_ALLOCATOR];
    return message_of(runtime, get_allocator(&runtime->allocator));
}

char *lz_ort_open(const char *path, lz_ort **out) {
    *out = NULL;
    void *library;
    char *message = lz_open_library(path, &library);
    if (message) return message;
    const api_entry *(*get_entry)(void) = NULL;
    const lz_symbol symbols[] = {{"OrtGetApiBase", 0}};
    if ((message = lz_find_symbols(library, "ONNX Runtime", symbols, 1, &get_entry))) return message;
    const api_entry *entry = get_entry();
    int major = 0, minor = 0;
    if (sscanf(entry->get_version(), "%d.%d", &major, &minor) != 2 || major != 1 || minor < OLDEST_MINOR)
        return lz_message("ONNX Runtime %s at %s is not of the versions 1.%d and later that this program can use.",
                          entry->get_version(), path, OLDEST_MINOR);
    lz_ort *runtime = calloc(1, sizeof *runtime);
    runtime->api = entry->get_api(API_VERSION);
    runtime->version = entry->get_version();
    if (!runtime->api)
        message = lz_message("ONNX Runtime %s at %s does not offer API version %d.", runtime->version, path, API_VERSION);
    else
        message = begin(runtime);
    if (message) {
        free(runtime);
        return message;
    }
    *out = runtime;
    return NULL;
}

const char *lz_ort_version(const lz_ort *runtime) { return runtime->version; }

static char *configure(lz_ort *runtime, void *options) {
    status (*set)(void *, int);
    const struct { enum slot slot; int value; } settings[] = {
        {SET_OPTIMIZATION_LEVEL, ALL_OPTIMIZATIONS}, {SET_INTRA_OP_THREADS, 1}, {SET_INTER_OP_THREADS, 1}};
    for (size_t index = 0; index < sizeof settings / sizeof *settings; index++) {
        set = (status(*)(void *, int))runtime->api[settings[index].slot];
        char *message = message_of(runtime, set(options, settings[index].value));
        if (message) return message;
    }
    return NULL;
}

char *lz_ort_load(lz_ort *runtime, const void *model, size_t size, lz_ort_session **out) {
    void *options = NULL;
    status (*create_options)(void **) = (status(*)(void **))runtime->api[CREATE_SESSION_OPTIONS];
    status (*create)(void *, const void *, size_t, void *, lz_ort_session **) =
        (status(*)(void *, const void *, size_t, void *, lz_ort_session **))runtime->api[CREATE_SESSION_FROM_ARRAY];
    char *message = message_of(runtime, create_options(&options));
    if (message) return message;
    message = configure(runtime, options);
    if (!message) message = message_of(runtime, create(runtime->environment, model, size, options, out));
    ((void (*)(void *))runtime->api[RELEASE_SESSION_OPTIONS])(options);
    return message;
}

void lz_ort_unload(lz_ort *runtime, lz_ort_session *session) {
    ((void (*)(void *))runtime->api[RELEASE_SESSION])(session);
}

char *lz_ort_numbers(lz_ort *runtime, int type, void *data, size_t size, const int64_t *shape, size_t rank,
                     lz_ort_value **out) {
    status (*create)(void *, void *, size_t, const int64_t *, size_t, int, lz_ort_value **) =
        (status(*)(void *, void *, size_t, const int64_t *, size_t, int, lz_ort_value **))
            runtime->api[CREATE_TENSOR_WITH_DATA];
    return message_of(runtime, create(runtime->memory, data, size, shape, rank, type, out));
}

char *lz_ort_texts(lz_ort *runtime, const char *const *texts, size_t count, const int64_t *shape, size_t rank,
                   lz_ort_value **out) {
    status (*create)(void *, const int64_t *, size_t, int, lz_ort_value **) =
        (status(*)(void *, const int64_t *, size_t, int, lz_ort_value **))runtime->api[CREATE_TENSOR];
    status (*fill)(lz_ort_value *, const char *const *, size_t) =
        (status(*)(lz_ort_value *, const char *const *, size_t))runtime->api[FILL_STRING_TENSOR];
    char *message = message_of(runtime, create(runtime->allocator, shape, rank, TEXT, out));
    if (message) return message;
    message = message_of(runtime, fill(*out, texts, count));
    if (message) lz_ort_release(runtime, *out);
    return message;
}

char *lz_ort_run(lz_ort *runtime, lz_ort_session *session, const char *const *input_names,
                 const lz_ort_value *const *inputs, size_t input_count, const char *const *output_names,
                 size_t output_count, lz_ort_value **outputs) {
    status (*run)(lz_ort_session *, const void *, const char *const *, const lz_ort_value *const *, size_t,
                  const char *const *, size_t, lz_ort_value **) =
        (status(*)(lz_ort_session *, const void *, const char *const *, const lz_ort_value *const *, size_t,
                   const char *const *, size_t, lz_ort_value **))runtime->api[RUN];
    return message_of(runtime, run(session, NULL, input_names, inputs, input_count, output_names, output_count, outputs));
}

static char *fill_info(lz_ort *runtime, void *description, lz_ort_tensor_info *out) {
    typedef status (*size_getter)(void *, size_t *);
    status (*get_type)(void *, int *) = (status(*)(void *, int *))runtime->api[GET_ELEMENT_TYPE];
    status (*get_dimensions)(void *, int64_t *, size_t) =
        (status(*)(void *, int64_t *, size_t))runtime->api[GET_DIMENSIONS];
    char *message = message_of(runtime, get_type(description, &out->type));
    if (!message) message = message_of(runtime, ((size_getter)runtime->api[GET_DIMENSIONS_COUNT])(description, &out->rank));
    if (!message && out->rank > LZ_ORT_MOST_DIMENSIONS)
        message = lz_message("A tensor has %zu dimensions; %d is the most.", out->rank, LZ_ORT_MOST_DIMENSIONS);
    if (!message) message = message_of(runtime, get_dimensions(description, out->shape, out->rank));
    if (!message) message = message_of(runtime, ((size_getter)runtime->api[GET_ELEMENT_COUNT])(description, &out->count));
    return message;
}

char *lz_ort_describe(lz_ort *runtime, lz_ort_value *value, lz_ort_tensor_info *out) {
    int is_tensor = 0;
    void *description = NULL;
    status (*ask)(lz_ort_value *, int *) = (status(*)(lz_ort_value *, int *))runtime->api[IS_TENSOR];
    status (*describe)(lz_ort_value *, void **) = (status(*)(lz_ort_value *, void **))runtime->api[GET_TYPE_AND_SHAPE];
    char *message = message_of(runtime, ask(value, &is_tensor));
    if (message) return message;
    if (!is_tensor) return lz_message("An output of the model is no tensor but a sequence or a map.");
    if ((message = message_of(runtime, describe(value, &description)))) return message;
    message = fill_info(runtime, description, out);
    ((void (*)(void *))runtime->api[RELEASE_TYPE_AND_SHAPE])(description);
    return message;
}

char *lz_ort_data(lz_ort *runtime, lz_ort_value *value, const void **out) {
    status (*get)(lz_ort_value *, const void **) = (status(*)(lz_ort_value *, const void **))runtime->api[GET_TENSOR_DATA];
    return message_of(runtime, get(value, out));
}

char *lz_ort_text_size(lz_ort *runtime, lz_ort_value *value, size_t *out) {
    status (*get)(lz_ort_value *, size_t *) = (status(*)(lz_ort_value *, size_t *))runtime->api[GET_STRING_DATA_LENGTH];
    return message_of(runtime, get(value, out));
}

char *lz_ort_text_bytes(lz_ort *runtime, lz_ort_value *value, char *bytes, size_t size, size_t *starts, size_t count) {
    status (*get)(lz_ort_value *, void *, size_t, size_t *, size_t) =
        (status(*)(lz_ort_value *, void *, size_t, size_t *, size_t))runtime->api[GET_STRING_CONTENT];
    return message_of(runtime, get(value, bytes, size, starts, count));
}

void lz_ort_release(lz_ort *runtime, lz_ort_value *value) {
    ((void (*)(lz_ort_value *))runtime->api[RELEASE_VALUE])(value);
}
