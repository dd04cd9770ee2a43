#include "NetworkKernel.h"

#include <string.h>

enum { LANES = 8, TILE_ROWS = 6, TILE_LANES = 2, TILE_COLUMNS = LANES * TILE_LANES };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

// Compiled for machines with fused multiply-add too; the loader chooses.
#if defined(__x86_64__)
#define FOR_EACH_MACHINE __attribute__((target_clones("fma", "default")))
#else
#define FOR_EACH_MACHINE
#endif
#define INLINE static inline __attribute__((always_inline))

/// A tile of `height` rows × 16 columns, all of whose sums stay in registers.
INLINE void multiply_tile(lz_matrix left, const float *right, const float *added, int height, size_t inner,
                          size_t columns, float *result) {
    lanes sums[TILE_ROWS][TILE_LANES];
    for (int row = 0; row < height; row++)
        for (int lane = 0; lane < TILE_LANES; lane++)
            if (added) memcpy(&sums[row][lane], added + lane * LANES, sizeof(lanes));
            else sums[row][lane] = (lanes){0};
    for (size_t index = 0; index < inner; index++) {
        lanes factor[TILE_LANES];
        memcpy(factor, right + index * columns, sizeof(factor));
        for (int row = 0; row < height; row++) {
            float number = left.start[(size_t)row * left.row_step + index * left.column_step];
            for (int lane = 0; lane < TILE_LANES; lane++) sums[row][lane] += number * factor[lane];
        }
    }
    for (int row = 0; row < height; row++) memcpy(result + (size_t)row * columns, sums[row], sizeof(sums[row]));
}

/// The columns from `first` on that do not fill a tile.
INLINE void multiply_rest(lz_matrix left, const float *right, const float *added, size_t rows, size_t inner,
                          size_t columns, size_t first, float *result) {
    for (size_t row = 0; row < rows; row++) {
        float sums[TILE_COLUMNS] = {0};
        size_t width = columns - first;
        if (added) memcpy(sums, added + first, width * sizeof(float));
        for (size_t index = 0; index < inner; index++) {
            float number = left.start[row * left.row_step + index * left.column_step];
            const float *factor = right + index * columns + first;
            for (size_t column = 0; column < width; column++) sums[column] += number * factor[column];
        }
        memcpy(result + row * columns + first, sums, width * sizeof(float));
    }
}

FOR_EACH_MACHINE
void lz_multiply(lz_matrix left, const float *right, const float *added, size_t rows, size_t inner, size_t columns,
                 float *result) {
    size_t column = 0;
    for (; column + TILE_COLUMNS <= columns; column += TILE_COLUMNS) {
        const float *own = added ? added + column : NULL;
        size_t row = 0;
        for (; row + TILE_ROWS <= rows; row += TILE_ROWS) {
            lz_matrix part = {left.start + row * left.row_step, left.row_step, left.column_step};
            multiply_tile(part, right + column, own, TILE_ROWS, inner, columns, result + row * columns + column);
        }
        for (; row < rows; row++) {
            lz_matrix part = {left.start + row * left.row_step, left.row_step, left.column_step};
            multiply_tile(part, right + column, own, 1, inner, columns, result + row * columns + column);
        }
    }
    if (column < columns) multiply_rest(left, right, added, rows, inner, columns, column, result);
}

FOR_EACH_MACHINE
void lz_adam_step(lz_adam adam, const float *gradient, size_t count, float *weights, float *first, float *second) {
    const float tiny = 1e-8f;
    size_t index = 0;
    for (; index + LANES <= count; index += LANES) {
        lanes slope, weight, mean, square;
        memcpy(&slope, gradient + index, sizeof(lanes));
        memcpy(&weight, weights + index, sizeof(lanes));
        memcpy(&mean, first + index, sizeof(lanes));
        memcpy(&square, second + index, sizeof(lanes));
        mean += 0.1f * (slope - mean);
        square += 0.001f * (slope * slope - square);
        lanes root = __builtin_elementwise_sqrt(square / adam.second_correction) + tiny;
        weight -= adam.rate * (adam.decay * weight + mean / adam.first_correction / root);
        memcpy(weights + index, &weight, sizeof(lanes));
        memcpy(first + index, &mean, sizeof(lanes));
        memcpy(second + index, &square, sizeof(lanes));
    }
    for (; index < count; index++) {
        first[index] += 0.1f * (gradient[index] - first[index]);
        second[index] += 0.001f * (gradient[index] * gradient[index] - second[index]);
        float root = __builtin_sqrtf(second[index] / adam.second_correction) + tiny;
        weights[index] -= adam.rate * (adam.decay * weights[index] + first[index] / adam.first_correction / root);
    }
}
