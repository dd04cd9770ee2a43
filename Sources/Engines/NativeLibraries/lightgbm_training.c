// The training half of LightGBM's C interface (LightGBM/c_api.h).

#include "NativeLibraries.h"
#include "opening.h"

#include <stdlib.h>

enum { FLOATS = 0, COLUMN_MAJOR = 0, FROM_FIRST = 0, SPLIT_IMPORTANCE = 0, TRAINING = 0, VALIDATION = 1 };

struct lz_lightgbm_trainer {
    const char *(*last_error)(void);
    int (*dataset)(const void *values, int type, int32_t rows, int32_t columns, int row_major, const char *parameters,
                   const void *reference, void **out);
    int (*set_field)(void *dataset, const char *name, const void *values, int count, int type);
    int (*free_dataset)(void *dataset);
    int (*booster)(void *training, const char *parameters, void **out);
    int (*add_validation)(void *booster, void *validation);
    int (*boost)(void *booster, int *finished);
    int (*prediction_count)(void *booster, int data, int64_t *count);
    int (*predictions)(void *booster, int data, int64_t *count, double *results);
    int (*save)(void *booster, int first, int iterations, int importance, int64_t size, int64_t *needed, char *text);
    int (*free_booster)(void *booster);
};

static const lz_symbol SYMBOLS[] = {
    {"LGBM_GetLastError", offsetof(lz_lightgbm_trainer, last_error)},
    {"LGBM_DatasetCreateFromMat", offsetof(lz_lightgbm_trainer, dataset)},
    {"LGBM_DatasetSetField", offsetof(lz_lightgbm_trainer, set_field)},
    {"LGBM_DatasetFree", offsetof(lz_lightgbm_trainer, free_dataset)},
    {"LGBM_BoosterCreate", offsetof(lz_lightgbm_trainer, booster)},
    {"LGBM_BoosterAddValidData", offsetof(lz_lightgbm_trainer, add_validation)},
    {"LGBM_BoosterUpdateOneIter", offsetof(lz_lightgbm_trainer, boost)},
    {"LGBM_BoosterGetNumPredict", offsetof(lz_lightgbm_trainer, prediction_count)},
    {"LGBM_BoosterGetPredict", offsetof(lz_lightgbm_trainer, predictions)},
    {"LGBM_BoosterSaveModelToString", offsetof(lz_lightgbm_trainer, save)},
    {"LGBM_BoosterFree", offsetof(lz_lightgbm_trainer, free_booster)},
};

char *lz_lightgbm_trainer_open(const char *path, lz_lightgbm_trainer **out) {
    void *library;
    char *message = lz_open_library(path, &library);
    if (message) return message;
    *out = calloc(1, sizeof **out);
    return lz_find_symbols(library, "LightGBM", SYMBOLS, sizeof SYMBOLS / sizeof *SYMBOLS, *out);
}

static char *outcome(const lz_lightgbm_trainer *library, int failed) {
    return failed ? lz_message("LightGBM: %s", library->last_error()) : NULL;
}

char *lz_lightgbm_dataset(lz_lightgbm_trainer *library, const float *columns, int rows, int column_count,
                          const char *parameters, const void *reference, void **out) {
    return outcome(library, library->dataset(columns, FLOATS, rows, column_count, COLUMN_MAJOR, parameters, reference,
                                             out));
}

char *lz_lightgbm_set_floats(lz_lightgbm_trainer *library, void *dataset, const char *name, const float *values,
                             int count) {
    return outcome(library, library->set_field(dataset, name, values, count, FLOATS));
}

void lz_lightgbm_free_dataset(lz_lightgbm_trainer *library, void *dataset) { library->free_dataset(dataset); }

char *lz_lightgbm_booster(lz_lightgbm_trainer *library, void *training, void *validation, const char *parameters,
                          void **out) {
    int failed = library->booster(training, parameters, out);
    if (!failed && validation) failed = library->add_validation(*out, validation);
    return outcome(library, failed);
}

char *lz_lightgbm_boost(lz_lightgbm_trainer *library, void *booster, bool *finished) {
    int done = 0;
    int failed = library->boost(booster, &done);
    *finished = done != 0;
    return outcome(library, failed);
}

char *lz_lightgbm_prediction_count(lz_lightgbm_trainer *library, void *booster, bool of_validation, int64_t *count) {
    return outcome(library, library->prediction_count(booster, of_validation ? VALIDATION : TRAINING, count));
}

char *lz_lightgbm_predictions(lz_lightgbm_trainer *library, void *booster, bool of_validation, double *results,
                              int64_t *count) {
    return outcome(library, library->predictions(booster, of_validation ? VALIDATION : TRAINING, count, results));
}

char *lz_lightgbm_text(lz_lightgbm_trainer *library, void *booster, int iterations, char **out) {
    int64_t needed = 0;
    int failed = library->save(booster, FROM_FIRST, iterations, SPLIT_IMPORTANCE, 0, &needed, NULL);
    if (failed) return outcome(library, failed);
    *out = malloc((size_t)needed);
    if (!*out) return lz_message("LightGBM: no memory for a model of %lld bytes", (long long)needed);
    return outcome(library, library->save(booster, FROM_FIRST, iterations, SPLIT_IMPORTANCE, needed, &needed, *out));
}

void lz_lightgbm_free_booster(lz_lightgbm_trainer *library, void *booster) { library->free_booster(booster); }
