// Model libraries, opened by path at run time and never linked: ONNX Runtime, LightGBM, XGBoost.
//
// Every function that can fail returns a message to free(), or NULL when all went well.
#ifndef LAZULI_NATIVE_LIBRARIES_H
#define LAZULI_NATIVE_LIBRARIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ONNX Runtime. Element types are those of ONNX (TensorProto.DataType).

typedef struct lz_ort lz_ort;
typedef struct lz_ort_session lz_ort_session;
typedef struct lz_ort_value lz_ort_value;

enum { LZ_ORT_MOST_DIMENSIONS = 16 };

typedef struct {
    int type;
    size_t rank;
    size_t count;
    int64_t shape[LZ_ORT_MOST_DIMENSIONS];
} lz_ort_tensor_info;

char *lz_ort_open(const char *path, lz_ort **out);
const char *lz_ort_version(const lz_ort *runtime);
char *lz_ort_load(lz_ort *runtime, const void *model, size_t size, lz_ort_session **out);
void lz_ort_unload(lz_ort *runtime, lz_ort_session *session);
/// A tensor over memory that stays the caller's.
char *lz_ort_numbers(lz_ort *runtime, int type, void *data, size_t size, const int64_t *shape, size_t rank,
                     lz_ort_value **out);
/// A tensor of texts, which are copied.
char *lz_ort_texts(lz_ort *runtime, const char *const *texts, size_t count, const int64_t *shape, size_t rank,
                   lz_ort_value **out);
char *lz_ort_run(lz_ort *runtime, lz_ort_session *session, const char *const *input_names,
                 const lz_ort_value *const *inputs, size_t input_count, const char *const *output_names,
                 size_t output_count, lz_ort_value **outputs);
char *lz_ort_describe(lz_ort *runtime, lz_ort_value *value, lz_ort_tensor_info *out);
char *lz_ort_data(lz_ort *runtime, lz_ort_value *value, const void **out);
/// The total length of a tensor's texts, in bytes.
char *lz_ort_text_size(lz_ort *runtime, lz_ort_value *value, size_t *out);
/// All texts one after the other, and where each begins.
char *lz_ort_text_bytes(lz_ort *runtime, lz_ort_value *value, char *bytes, size_t size, size_t *starts, size_t count);
void lz_ort_release(lz_ort *runtime, lz_ort_value *value);

// LightGBM

typedef struct lz_lightgbm lz_lightgbm;

char *lz_lightgbm_open(const char *path, lz_lightgbm **out);
/// Loads a text model for predictions on one thread; one model per opened library.
char *lz_lightgbm_load(lz_lightgbm *library, const char *model_path);
int lz_lightgbm_features(const lz_lightgbm *library);
/// Numbers per row of a prediction.
int lz_lightgbm_outputs(const lz_lightgbm *library);
/// Rows are row-major doubles; `results` holds rows × outputs doubles.
char *lz_lightgbm_predict(lz_lightgbm *library, const double *rows, int count, double *results);

// LightGBM, training. Any number of datasets and boosters of one opened library; one thread at a time for each of them.

typedef struct lz_lightgbm_trainer lz_lightgbm_trainer;

char *lz_lightgbm_trainer_open(const char *path, lz_lightgbm_trainer **out);
/// A dataset of column-major floats, NaN where a value is missing; `reference` is a dataset whose bins it shares, or NULL.
/// The values are copied into bins.
char *lz_lightgbm_dataset(lz_lightgbm_trainer *library, const float *columns, int rows, int column_count,
                          const char *parameters, const void *reference, void **out);
/// `name` is `label` or `weight`.
char *lz_lightgbm_set_floats(lz_lightgbm_trainer *library, void *dataset, const char *name, const float *values,
                             int count);
void lz_lightgbm_free_dataset(lz_lightgbm_trainer *library, void *dataset);
/// `validation` may be NULL. Both datasets must outlive the booster.
char *lz_lightgbm_booster(lz_lightgbm_trainer *library, void *training, void *validation, const char *parameters,
                          void **out);
/// One more tree per output; `*finished` tells that no split helps any more.
char *lz_lightgbm_boost(lz_lightgbm_trainer *library, void *booster, bool *finished);
/// What the booster predicts of the validation data (`of_validation`) or of its training data, output after output,
/// probabilities where the objective has them.
char *lz_lightgbm_predictions(lz_lightgbm_trainer *library, void *booster, bool of_validation, double *results,
                              int64_t *count);
/// The number of predictions that `lz_lightgbm_predictions` gives.
char *lz_lightgbm_prediction_count(lz_lightgbm_trainer *library, void *booster, bool of_validation, int64_t *count);
/// The first `iterations` rounds as text (all of them with 0); `free` it.
char *lz_lightgbm_text(lz_lightgbm_trainer *library, void *booster, int iterations, char **out);
void lz_lightgbm_free_booster(lz_lightgbm_trainer *library, void *booster);

// XGBoost

typedef struct lz_xgboost lz_xgboost;

char *lz_xgboost_open(const char *path, lz_xgboost **out);
/// Loads a JSON or UBJSON model for predictions on one thread; one model per opened library.
char *lz_xgboost_load(lz_xgboost *library, const char *model_path);
size_t lz_xgboost_features(const lz_xgboost *library);
/// The model's own names of its features; `*count` is 0 when it has none. They live as long as the model.
char *lz_xgboost_feature_names(lz_xgboost *library, size_t *count, const char *const **names);
/// Rows are row-major floats, NaN where a value is missing. The results stay the library's, until the next call.
char *lz_xgboost_predict(lz_xgboost *library, const float *rows, size_t count, const float **results, size_t *length);

// XGBoost, training. Any number of matrices and boosters of one opened library; one thread at a time for each of them.

typedef struct lz_xgboost_trainer lz_xgboost_trainer;

char *lz_xgboost_trainer_open(const char *path, lz_xgboost_trainer **out);
/// A matrix of column-major floats, NaN where a value is missing; what is kept of them is in which of 256 parts of its
/// column's values each one lies. `reference` is a matrix whose parts are used, or NULL.
char *lz_xgboost_matrix(lz_xgboost_trainer *library, const float *columns, size_t rows, size_t column_count,
                        int threads, void *reference, void **out);
/// `name` is `label` or `weight`.
char *lz_xgboost_set_floats(lz_xgboost_trainer *library, void *matrix, const char *name, const float *values,
                            size_t count);
void lz_xgboost_free_matrix(lz_xgboost_trainer *library, void *matrix);
char *lz_xgboost_booster(lz_xgboost_trainer *library, void *training, void *validation, void **out);
char *lz_xgboost_set(lz_xgboost_trainer *library, void *booster, const char *name, const char *value);
char *lz_xgboost_boost(lz_xgboost_trainer *library, void *booster, int iteration, void *training);
/// What the booster predicts of a matrix; the results stay the library's, until the next call.
char *lz_xgboost_predictions(lz_xgboost_trainer *library, void *booster, void *matrix, const float **results,
                             size_t *count);
/// The model as UBJSON; the bytes stay the library's, until the next call.
char *lz_xgboost_bytes(lz_xgboost_trainer *library, void *booster, const char **bytes, size_t *size);
void lz_xgboost_free_booster(lz_xgboost_trainer *library, void *booster);

#endif
