/* Truths of a block of rows: atoms looked at once, packed into planes, joined word by word.

   Optional: where no compiler is, NumPy does the same (steps.py). The rows are taken 2,048 at a
   time, so that the planes of every atom stay in the cache while they are joined. A plane is known
   true and known false, one bit a row, the least significant first. */

#include <stdint.h>
#include <string.h>

enum { ROWS = 2048, BYTES = ROWS / 8 };

/* The order is that of Code in machine.py; within a group by the width of the data. */
enum {
    TAKE, AND, OR, KEEP, STORE, PLANES, ALL,
    LEAST_8, LEAST_16, LEAST_32, LEAST_64, EQUAL_8, EQUAL_16, EQUAL_32, EQUAL_64,
    LEAST_REAL, MORE_REAL, EQUAL_REAL, WORD_8, WORD_16, WORD_32, RUN_8, RUN_16, RUN_32
};

typedef struct {
    int32_t code;
    int32_t target;  /* a slot; for STORE the number of the root */
    int32_t read;    /* 2 * slot, + 1 where the slot is to be read turned */
    int32_t turned;  /* of an atom: 1 where its answer is to be turned */
    const void *data;
    const uint8_t *valid; /* a plane, or nothing where every row is known; PLANES: known false */
    const uint8_t *table; /* WORD: a truth for each word, one byte each */
    const uint32_t *bits; /* the same, one bit each, MOST_WORDS of them; nothing where more */
    int64_t whole;        /* the limit; RUN: the first word */
    int64_t span;         /* RUN: how many words */
    double real;
} Step;

enum { MOST_WORDS = 2048 };

typedef struct { uint8_t true_[BYTES]; uint8_t false_[BYTES]; } Slot;

/* ---- How an atom looks at its data, where nothing is known of the processor. */

#define LOOK(NAME, TYPE, ASKED) \
    static inline void NAME(const Step *step, int64_t first, int64_t rows, uint8_t *found) { \
        const TYPE *data = (const TYPE *)step->data + first; \
        const TYPE limit = (TYPE)step->whole, span = (TYPE)step->span; \
        const double real = step->real; \
        const uint8_t *table = step->table; \
        (void)limit; (void)span; (void)real; (void)table; \
        for (int64_t i = 0; i < rows; i++) found[i] = ASKED; \
    }
LOOK(least_8, int8_t, data[i] >= limit)
LOOK(least_16, int16_t, data[i] >= limit)
LOOK(least_32, int32_t, data[i] >= limit)
LOOK(least_64, int64_t, data[i] >= limit)
LOOK(equal_8, int8_t, data[i] == limit)
LOOK(equal_16, int16_t, data[i] == limit)
LOOK(equal_32, int32_t, data[i] == limit)
LOOK(equal_64, int64_t, data[i] == limit)
LOOK(least_real, double, data[i] >= real)
LOOK(more_real, double, data[i] > real)
LOOK(equal_real, double, data[i] == real)
LOOK(word_8, uint8_t, table[data[i]])
LOOK(word_16, uint16_t, table[data[i]])
LOOK(word_32, int32_t, table[data[i]])
LOOK(run_8, uint8_t, (uint8_t)(data[i] - limit) < span)
LOOK(run_16, uint16_t, (uint16_t)(data[i] - limit) < span)
LOOK(run_32, uint32_t, data[i] - limit < span)

/* Eight bytes of 0 or 1 to eight bits: no two products meet in one bit. */
static inline void packed(const uint8_t *found, int64_t bytes, uint8_t *plane) {
    for (int64_t i = 0; i < bytes; i++) {
        uint64_t eight;
        memcpy(&eight, found + 8 * i, 8);
        plane[i] = (uint8_t)((eight * 0x0102040810204080ULL) >> 56);
    }
}

static inline void looked_at(const Step *step, int64_t first, int64_t rows, uint8_t *plane) {
    uint8_t found[ROWS];
    const int64_t bytes = (rows + 7) / 8;
    memset(found + 8 * (bytes - 1), 0, 8);
    switch (step->code) {
    case LEAST_8: least_8(step, first, rows, found); break;
    case LEAST_16: least_16(step, first, rows, found); break;
    case LEAST_32: least_32(step, first, rows, found); break;
    case LEAST_64: least_64(step, first, rows, found); break;
    case EQUAL_8: equal_8(step, first, rows, found); break;
    case EQUAL_16: equal_16(step, first, rows, found); break;
    case EQUAL_32: equal_32(step, first, rows, found); break;
    case EQUAL_64: equal_64(step, first, rows, found); break;
    case LEAST_REAL: least_real(step, first, rows, found); break;
    case MORE_REAL: more_real(step, first, rows, found); break;
    case EQUAL_REAL: equal_real(step, first, rows, found); break;
    case WORD_8: word_8(step, first, rows, found); break;
    case WORD_16: word_16(step, first, rows, found); break;
    case WORD_32: word_32(step, first, rows, found); break;
    case RUN_8: run_8(step, first, rows, found); break;
    case RUN_16: run_16(step, first, rows, found); break;
    case RUN_32: run_32(step, first, rows, found); break;
    }
    packed(found, bytes, plane);
}

/* ---- The same in registers of 512 bits, whose comparisons give bits at once; 64 rows a turn. */

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

static int is_wide(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

#define TURNS(TYPE, MASK, LANES, ASKED) do { \
        const TYPE *data = (const TYPE *)step->data + first; \
        MASK *to = (MASK *)plane; \
        for (int64_t i = 0; i < rows; i += LANES) *to++ = (MASK)(ASKED); \
    } while (0)

/* The bits of sixteen words; their table is four registers, of which one instruction reads two. */
WIDE static inline __mmask16 words(__m512i code, __m512i a, __m512i b, __m512i c, __m512i d) {
    const __m512i place = _mm512_srli_epi32(code, 5);
    const __mmask16 high = _mm512_cmpge_epu32_mask(code, _mm512_set1_epi32(MOST_WORDS / 2));
    const __m512i low_ = _mm512_permutex2var_epi32(a, place, b);
    const __m512i high_ = _mm512_permutex2var_epi32(c, place, d);
    const __m512i found = _mm512_mask_blend_epi32(high, low_, high_);
    const __m512i bit = _mm512_and_si512(code, _mm512_set1_epi32(31));
    return _mm512_test_epi32_mask(found, _mm512_sllv_epi32(_mm512_set1_epi32(1), bit));
}

/* 0 where it knows no way. */
WIDE static int looked_at_wide(const Step *step, int64_t first, int64_t rows, uint8_t *plane) {
    const __m512i of_8 = _mm512_set1_epi8((char)step->whole);
    const __m512i of_16 = _mm512_set1_epi16((short)step->whole);
    const __m512i of_32 = _mm512_set1_epi32((int)step->whole);
    const __m512i of_64 = _mm512_set1_epi64(step->whole);
    const __m512d real = _mm512_set1_pd(step->real);
    __m512i a = of_8, b = of_8, c = of_8, d = of_8;
    if (step->code >= WORD_8 && step->code <= WORD_32) {
        if (!step->bits) return 0;
        a = _mm512_loadu_si512(step->bits);
        b = _mm512_loadu_si512(step->bits + 16);
        c = _mm512_loadu_si512(step->bits + 32);
        d = _mm512_loadu_si512(step->bits + 48);
    }
    switch (step->code) {
    case LEAST_8: TURNS(int8_t, uint64_t, 64,
        _mm512_cmpge_epi8_mask(_mm512_loadu_si512(data + i), of_8)); return 1;
    case LEAST_16: TURNS(int16_t, uint32_t, 32,
        _mm512_cmpge_epi16_mask(_mm512_loadu_si512(data + i), of_16)); return 1;
    case LEAST_32: TURNS(int32_t, uint16_t, 16,
        _mm512_cmpge_epi32_mask(_mm512_loadu_si512(data + i), of_32)); return 1;
    case LEAST_64: TURNS(int64_t, uint8_t, 8,
        _mm512_cmpge_epi64_mask(_mm512_loadu_si512(data + i), of_64)); return 1;
    case EQUAL_8: TURNS(int8_t, uint64_t, 64,
        _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(data + i), of_8)); return 1;
    case EQUAL_16: TURNS(int16_t, uint32_t, 32,
        _mm512_cmpeq_epi16_mask(_mm512_loadu_si512(data + i), of_16)); return 1;
    case EQUAL_32: TURNS(int32_t, uint16_t, 16,
        _mm512_cmpeq_epi32_mask(_mm512_loadu_si512(data + i), of_32)); return 1;
    case EQUAL_64: TURNS(int64_t, uint8_t, 8,
        _mm512_cmpeq_epi64_mask(_mm512_loadu_si512(data + i), of_64)); return 1;
    case LEAST_REAL: TURNS(double, uint8_t, 8,
        _mm512_cmp_pd_mask(_mm512_loadu_pd(data + i), real, _CMP_GE_OQ)); return 1;
    case MORE_REAL: TURNS(double, uint8_t, 8,
        _mm512_cmp_pd_mask(_mm512_loadu_pd(data + i), real, _CMP_GT_OQ)); return 1;
    case EQUAL_REAL: TURNS(double, uint8_t, 8,
        _mm512_cmp_pd_mask(_mm512_loadu_pd(data + i), real, _CMP_EQ_OQ)); return 1;
    case WORD_8: TURNS(uint8_t, uint16_t, 16,
        words(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(data + i))), a, b, c, d));
        return 1;
    case WORD_16: TURNS(uint16_t, uint16_t, 16,
        words(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(data + i))), a, b, c, d));
        return 1;
    case WORD_32: TURNS(int32_t, uint16_t, 16,
        words(_mm512_loadu_si512(data + i), a, b, c, d)); return 1;
    case RUN_8: TURNS(uint8_t, uint64_t, 64,
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(_mm512_loadu_si512(data + i), of_8),
                               _mm512_set1_epi8((char)step->span))); return 1;
    case RUN_16: TURNS(uint16_t, uint32_t, 32,
        _mm512_cmplt_epu16_mask(_mm512_sub_epi16(_mm512_loadu_si512(data + i), of_16),
                                _mm512_set1_epi16((short)step->span))); return 1;
    case RUN_32: TURNS(uint32_t, uint16_t, 16,
        _mm512_cmplt_epu32_mask(_mm512_sub_epi32(_mm512_loadu_si512(data + i), of_32),
                                _mm512_set1_epi32((int)step->span))); return 1;
    }
    return 0;
}
#else
static int is_wide(void) { return 0; }
static int looked_at_wide(const Step *step, int64_t first, int64_t rows, uint8_t *plane) {
    (void)step; (void)first; (void)rows; (void)plane;
    return 0;
}
#endif

/* ---- Joining. */

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define FAST __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define FAST
#endif

static inline void told(const Step *step, const uint8_t *known, int64_t bytes, Slot *slot,
                        const uint8_t *plane) {
    uint8_t *yes = step->turned ? slot->false_ : slot->true_;
    uint8_t *no = step->turned ? slot->true_ : slot->false_;
    for (int64_t i = 0; i < bytes; i++) {
        yes[i] = plane[i] & known[i];
        no[i] = (uint8_t)(known[i] & ~plane[i]);
    }
}

static inline uint8_t *side(Slot *slots, int32_t read, int of_false) {
    Slot *slot = slots + (read >> 1);
    return ((read & 1) != of_false) ? slot->false_ : slot->true_;
}

int64_t step_size(void) { return (int64_t)sizeof(Step); }
int64_t slot_size(void) { return (int64_t)sizeof(Slot); }
int64_t most_words(void) { return MOST_WORDS; }

/* All steps over `rows` rows; `ones` is the plane of every row; planes[root * stride]. */
FAST void run(const Step *steps, int64_t count, int64_t rows, const uint8_t *ones, Slot *slots,
              uint8_t *true_planes, uint8_t *false_planes, int64_t stride, int64_t may_be_wide) {
    uint8_t plane[BYTES], yes[BYTES], no[BYTES]; /* yes and no: what is being joined */
    const int wide = may_be_wide && is_wide();
    for (int64_t first = 0; first < rows; first += ROWS) {
        const int64_t here = rows - first < ROWS ? rows - first : ROWS;
        const int64_t bytes = (here + 7) / 8, byte = first / 8;
        for (const Step *step = steps; step < steps + count; step++) {
            Slot *slot = slots + step->target;
            const uint8_t *known = (step->valid ? step->valid : ones) + byte;
            switch (step->code) {
            case TAKE:
                memcpy(yes, side(slots, step->read, 0), BYTES);
                memcpy(no, side(slots, step->read, 1), BYTES);
                continue;
            case AND: {
                const uint8_t *true_ = side(slots, step->read, 0);
                const uint8_t *false_ = side(slots, step->read, 1);
                for (int i = 0; i < BYTES; i++) yes[i] &= true_[i];
                for (int i = 0; i < BYTES; i++) no[i] |= false_[i];
                continue;
            }
            case OR: {
                const uint8_t *true_ = side(slots, step->read, 0);
                const uint8_t *false_ = side(slots, step->read, 1);
                for (int i = 0; i < BYTES; i++) yes[i] |= true_[i];
                for (int i = 0; i < BYTES; i++) no[i] &= false_[i];
                continue;
            }
            case KEEP:
                memcpy(slot->true_, yes, BYTES);
                memcpy(slot->false_, no, BYTES);
                continue;
            case STORE:
                memcpy(true_planes + step->target * stride + byte, yes, (size_t)bytes);
                memcpy(false_planes + step->target * stride + byte, no, (size_t)bytes);
                continue;
            case PLANES:
                memcpy(slot->true_, (const uint8_t *)step->data + byte, (size_t)bytes);
                memcpy(slot->false_, step->valid + byte, (size_t)bytes);
                continue;
            case ALL:
                memset(plane, step->whole ? 255 : 0, sizeof plane);
                break;
            default:
                if (!(wide && here % 64 == 0 && looked_at_wide(step, first, here, plane)))
                    looked_at(step, first, here, plane);
            }
            told(step, known, bytes, slot, plane);
        }
    }
}
