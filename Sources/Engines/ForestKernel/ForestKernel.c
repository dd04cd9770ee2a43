#include "ForestKernel.h"

enum { LANES = 8 };

typedef uint64_t states __attribute__((vector_size(LANES * sizeof(uint64_t))));
typedef int64_t ranks __attribute__((vector_size(LANES * sizeof(int64_t))));

// Compiled for wider registers too; the loader chooses.
#if defined(__x86_64__)
#define FOR_EACH_MACHINE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_MACHINE
#endif

size_t lz_forest_scratch(const lz_forest *forest) { return forest->trees * sizeof(states); }

/// How many of a feature's thresholds each value is above. The steps of a search depend on the count alone, so that
/// nothing is mispredicted and the searches of all lanes go on at once.
static inline void find_ranks(const lz_forest *forest, size_t feature, const double *values, size_t lanes, int64_t *ranks) {
    const double *thresholds = forest->thresholds + forest->first_threshold[feature];
    size_t count = forest->first_threshold[feature + 1] - forest->first_threshold[feature];
    for (size_t lane = 0; lane < lanes; lane++) ranks[lane] = 0;
    if (count == 0) return;
    for (; count > 1; count -= count / 2) {
        size_t half = count / 2;
        for (size_t lane = 0; lane < lanes; lane++)
            ranks[lane] += values[lane] > thresholds[(size_t)ranks[lane] + half - 1] ? (int64_t)half : 0;
    }
    for (size_t lane = 0; lane < lanes; lane++) ranks[lane] += values[lane] > thresholds[ranks[lane]];
}

static inline uint32_t failed_below(const lz_forest *forest, size_t feature, size_t rank) {
    return forest->failed[forest->first_threshold[feature] + feature + rank];
}

static inline void add_leaf(const lz_forest *forest, size_t tree, uint64_t state, double *sums) {
    size_t number = (size_t)__builtin_ctzll(state);
    const double *leaves = forest->leaves + forest->first_leaf[tree];
    int32_t output = forest->output[tree];
    if (output >= 0) {
        sums[output] += leaves[number];
        return;
    }
    const double *leaf = leaves + number * forest->width;
    for (size_t target = 0; target < forest->width; target++) sums[target] += leaf[target];
}

/// The list of splits that the value fails for being missing or a category; −1 for a number.
static inline int64_t list_of(const lz_forest *forest, size_t feature, double value) {
    lz_categories categories = forest->categories[feature];
    if (categories.count == 0) return value != value ? (int64_t)feature : -1;
    // A value above −1 is cut off to a whole number, as C does.
    int is_known = value > -1 && value < categories.count;
    return categories.first_list + (is_known ? (uint32_t)value : categories.count);
}

static inline void fail_list(const lz_forest *forest, int64_t list, uint64_t *state, size_t stride) {
    const lz_split *split = forest->listed + forest->first_in_list[list];
    const lz_split *end = forest->listed + forest->first_in_list[list + 1];
    for (; split < end; split++) state[split->tree * stride] &= split->kept;
}

static void add_row(const lz_forest *forest, const double *row, uint64_t *state, double *sums) {
    for (size_t tree = 0; tree < forest->trees; tree++) state[tree] = ~(uint64_t)0;
    for (size_t feature = 0; feature < forest->features; feature++) {
        int64_t list = list_of(forest, feature, row[feature]);
        if (list >= 0) {
            fail_list(forest, list, state, 1);
            continue;
        }
        const lz_split *split = forest->splits + forest->first_split[feature];
        int64_t rank;
        find_ranks(forest, feature, row + feature, 1, &rank);
        const lz_split *end = split + failed_below(forest, feature, (size_t)rank);
        for (; split < end; split++) state[split->tree] &= split->kept;
    }
    for (size_t tree = 0; tree < forest->trees; tree++) add_leaf(forest, tree, state[tree], sums);
}

FOR_EACH_MACHINE
static void fail_splits(const lz_split *split, size_t certain, size_t possible, const int64_t *lane_ranks, states *state) {
    ranks own;
    for (int lane = 0; lane < LANES; lane++) own[lane] = lane_ranks[lane];
    const lz_split *sure = split + certain, *end = split + possible;
    for (; split < sure; split++) state[split->tree] &= split->kept;
    for (; split < end; split++) {
        states passes = (states)(own <= (int64_t)split->rank);
        state[split->tree] &= split->kept | passes;
    }
}

static void add_rows(const lz_forest *forest, const double *rows, states *state, double *sums) {
    const states all = {-1, -1, -1, -1, -1, -1, -1, -1};
    for (size_t tree = 0; tree < forest->trees; tree++) state[tree] = all;
    for (size_t feature = 0; feature < forest->features; feature++) {
        double values[LANES];
        int64_t lane_ranks[LANES], lowest = INT64_MAX, highest = 0;
        for (int lane = 0; lane < LANES; lane++) {
            values[lane] = rows[lane * forest->features + feature];
            int64_t list = list_of(forest, feature, values[lane]);
            if (list >= 0) fail_list(forest, list, (uint64_t *)state + lane, LANES);
        }
        if (forest->first_split[feature] == forest->first_split[feature + 1]) continue;
        // A missing value is above no threshold.
        find_ranks(forest, feature, values, LANES, lane_ranks);
        for (int lane = 0; lane < LANES; lane++) {
            lowest = lane_ranks[lane] < lowest ? lane_ranks[lane] : lowest;
            highest = lane_ranks[lane] > highest ? lane_ranks[lane] : highest;
        }
        if (highest == 0) continue;
        fail_splits(forest->splits + forest->first_split[feature], failed_below(forest, feature, (size_t)lowest),
                    failed_below(forest, feature, (size_t)highest), lane_ranks, state);
    }
    for (size_t tree = 0; tree < forest->trees; tree++)
        for (int lane = 0; lane < LANES; lane++)
            add_leaf(forest, tree, state[tree][lane], sums + (size_t)lane * forest->width);
}

void lz_forest_add(const lz_forest *forest, const double *rows, size_t count, void *scratch, double *sums) {
    size_t row = 0;
    for (; row + LANES <= count; row += LANES)
        add_rows(forest, rows + row * forest->features, scratch, sums + row * forest->width);
    for (; row < count; row++) add_row(forest, rows + row * forest->features, scratch, sums + row * forest->width);
}
