/* Truths of a block of rows: atoms looked at once, packed into planes, joined word by word.

   Optional: where no compiler is, NumPy does the same (steps.py). The rows are taken 4,096 at a
   time, so that the planes of every atom stay in the cache while they are joined. A plane is known
   true and known false, one bit a row, the least significant first. */

#include <stdint.h>
#include <string.h>

enum { ROWS = 4096, BYTES = ROWS / 8 };

/* The order is that of Code in machine.py. */
enum {
    AND, OR, STORE, PLANES, ALL,
    LEAST_8, LEAST_16, LEAST_32, LEAST_64, EQUAL_8, EQUAL_16, EQUAL_32, EQUAL_64,
    LEAST_REAL, MORE_REAL, EQUAL_REAL, WORD_8, WORD_16, WORD_32
};

typedef struct {
    int32_t code;
    int32_t target;  /* a slot; for STORE the number of the root */
    int32_t left;    /* 2 * slot, + 1 where the slot is to be read turned */
    int32_t right;   /* the same; for an atom 1 where its answer is to be turned */
    const void *data;
    const uint8_t *valid; /* a plane, or nothing where every row is known; PLANES: known false */
    const uint8_t *table; /* a truth for each word */
    int64_t whole;
    double real;
} Step;

typedef struct { uint8_t true_[BYTES]; uint8_t false_[BYTES]; } Slot;

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define FAST __attribute__((flatten, target_clones("arch=haswell", "default")))
#else
#define FAST
#endif

#define ASKED(NAME, TYPE, SIGN) \
    static inline void NAME(const Step *step, int64_t first, int64_t rows, uint8_t *found) { \
        const TYPE *data = (const TYPE *)step->data + first; \
        const TYPE limit = (TYPE)step->whole; \
        for (int64_t i = 0; i < rows; i++) found[i] = data[i] SIGN limit; \
    }
ASKED(least_8, int8_t, >=)
ASKED(least_16, int16_t, >=)
ASKED(least_32, int32_t, >=)
ASKED(least_64, int64_t, >=)
ASKED(equal_8, int8_t, ==)
ASKED(equal_16, int16_t, ==)
ASKED(equal_32, int32_t, ==)
ASKED(equal_64, int64_t, ==)

#define ASKED_REAL(NAME, SIGN) \
    static inline void NAME(const Step *step, int64_t first, int64_t rows, uint8_t *found) { \
        const double *data = (const double *)step->data + first; \
        const double limit = step->real; \
        for (int64_t i = 0; i < rows; i++) found[i] = data[i] SIGN limit; \
    }
ASKED_REAL(least_real, >=)
ASKED_REAL(more_real, >)
ASKED_REAL(equal_real, ==)

#define WORD(NAME, TYPE) \
    static inline void NAME(const Step *step, int64_t first, int64_t rows, uint8_t *found) { \
        const TYPE *data = (const TYPE *)step->data + first; \
        const uint8_t *table = step->table; \
        for (int64_t i = 0; i < rows; i++) found[i] = table[data[i]]; \
    }
WORD(word_8, uint8_t)
WORD(word_16, uint16_t)
WORD(word_32, int32_t)

/* Eight bytes of 0 or 1 to eight bits: no two products meet in one bit. */
static inline void packed(const uint8_t *found, int64_t bytes, uint8_t *plane) {
    for (int64_t i = 0; i < bytes; i++) {
        uint64_t eight;
        memcpy(&eight, found + 8 * i, 8);
        plane[i] = (uint8_t)((eight * 0x0102040810204080ULL) >> 56);
    }
}

static inline void told(const Step *step, const uint8_t *known, int64_t bytes, Slot *slot,
                        const uint8_t *plane) {
    uint8_t *yes = step->right ? slot->false_ : slot->true_;
    uint8_t *no = step->right ? slot->true_ : slot->false_;
    for (int64_t i = 0; i < bytes; i++) {
        yes[i] = plane[i] & known[i];
        no[i] = (uint8_t)(known[i] & ~plane[i]);
    }
}

static inline void joined(const uint8_t *left, const uint8_t *right, uint8_t *to, int is_and) {
    if (is_and) for (int i = 0; i < BYTES; i++) to[i] = left[i] & right[i];
    else for (int i = 0; i < BYTES; i++) to[i] = left[i] | right[i];
}

static inline uint8_t *side(Slot *slots, int32_t read, int of_false) {
    Slot *slot = slots + (read >> 1);
    return ((read & 1) != of_false) ? slot->false_ : slot->true_;
}

int64_t step_size(void) { return (int64_t)sizeof(Step); }
int64_t slot_size(void) { return (int64_t)sizeof(Slot); }

/* All steps over `rows` rows; `ones` is the plane of every row; planes[root * stride]. */
FAST void run(const Step *steps, int64_t count, int64_t rows, const uint8_t *ones, Slot *slots,
              uint8_t *true_planes, uint8_t *false_planes, int64_t stride) {
    uint8_t found[ROWS], plane[BYTES];
    for (int64_t first = 0; first < rows; first += ROWS) {
        const int64_t here = rows - first < ROWS ? rows - first : ROWS;
        const int64_t bytes = (here + 7) / 8, byte = first / 8;
        memset(found, 0, sizeof found);
        for (const Step *step = steps; step < steps + count; step++) {
            Slot *slot = slots + step->target;
            const uint8_t *known = (step->valid ? step->valid : ones) + byte;
            switch (step->code) {
            case AND:
            case OR: {
                /* A slot may be written over by what is read from it: true is kept until last. */
                uint8_t kept[BYTES];
                const int is_and = step->code == AND;
                joined(side(slots, step->left, 0), side(slots, step->right, 0), kept, is_and);
                joined(side(slots, step->left, 1), side(slots, step->right, 1), slot->false_,
                       !is_and);
                memcpy(slot->true_, kept, BYTES);
                continue;
            }
            case STORE:
                memcpy(true_planes + step->target * stride + byte,
                       side(slots, step->left, 0), (size_t)bytes);
                memcpy(false_planes + step->target * stride + byte,
                       side(slots, step->left, 1), (size_t)bytes);
                continue;
            case PLANES:
                memcpy(slot->true_, (const uint8_t *)step->data + byte, (size_t)bytes);
                memcpy(slot->false_, step->valid + byte, (size_t)bytes);
                continue;
            case ALL:
                memset(plane, step->whole ? 255 : 0, sizeof plane);
                told(step, known, bytes, slot, plane);
                continue;
            case LEAST_8: least_8(step, first, here, found); break;
            case LEAST_16: least_16(step, first, here, found); break;
            case LEAST_32: least_32(step, first, here, found); break;
            case LEAST_64: least_64(step, first, here, found); break;
            case EQUAL_8: equal_8(step, first, here, found); break;
            case EQUAL_16: equal_16(step, first, here, found); break;
            case EQUAL_32: equal_32(step, first, here, found); break;
            case EQUAL_64: equal_64(step, first, here, found); break;
            case LEAST_REAL: least_real(step, first, here, found); break;
            case MORE_REAL: more_real(step, first, here, found); break;
            case EQUAL_REAL: equal_real(step, first, here, found); break;
            case WORD_8: word_8(step, first, here, found); break;
            case WORD_16: word_16(step, first, here, found); break;
            case WORD_32: word_32(step, first, here, found); break;
            }
            packed(found, bytes, plane);
            told(step, known, bytes, slot, plane);
        }
    }
}
