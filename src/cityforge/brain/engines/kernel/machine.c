/* Truths of a block of rows: numbers worked out, atoms looked at once, joined word by word.

   Optional: where no compiler is, NumPy does the same (steps.py). The rows are taken 2,048 at a
   time, so that the bits of every atom stay in the cache while they are joined. A plane has one bit
   a row, the least significant first. Of a truth a slot holds the bits, right where the truth is
   known; what is known is mostly a column's own plane and is only pointed to. */

#include <stdint.h>
#include <string.h>

enum { ROWS = 2048, BYTES = ROWS / 8, LANES = BYTES / 64 };

/* A joint is one number: 16 * its slot (of STORE: of its root) + 8 where it reads turned + these. */
enum { TAKE, AND, OR, KEEP, STORE };

/* The order is that of Code in machine.py; within a group by the width of the data. */
enum {
    FILL, LOAD_8, LOAD_16, LOAD_32, LOAD_64, LOAD_REAL, PLUS, MINUS, TIMES, OVER, ROOT,
    LAST_NUMBER = ROOT,
    PLANES, ALL,
    LEAST_8, LEAST_16, LEAST_32, LEAST_64, EQUAL_8, EQUAL_16, EQUAL_32, EQUAL_64,
    LEAST_REAL, MORE_REAL, EQUAL_REAL, WORD_8, WORD_16, WORD_32, RUN_8, RUN_16, RUN_32
};

typedef struct {
    int32_t code;
    int32_t target; /* a slot; of numbers a number */
    int32_t left;   /* numbers that are reckoned with */
    int32_t right;
    int32_t turned; /* of an atom: 1 where its answer is to be turned */
    int32_t number; /* of an atom: 1 + the number that it looks at; 0: its data */
    const void *data;
    const uint8_t *valid; /* a plane, or nothing where every row is known; PLANES: known false */
    const uint8_t *table; /* WORD: a truth for each word, one byte each */
    const uint8_t *bits;  /* the same, one bit each, MOST_WORDS of them; nothing where more */
    int64_t whole;        /* the limit; RUN: the first word; LOAD: what the data are multiplied by */
    int64_t span;         /* RUN: how many words */
    double real;          /* the limit; FILL: the number; LOAD: what the data are divided by */
} Step;

enum { MOST_WORDS = 2048 };

typedef struct { double of[ROWS]; uint8_t known[BYTES]; } Number;

/* Where everything stands while a block is worked on. */
typedef struct {
    uint8_t *bits;         /* by slot */
    uint8_t *own;          /* by slot, for what is known where no column says it */
    const uint8_t **known; /* by slot */
    Number *numbers;
    const uint8_t *ones;   /* the plane of every row */
    int is_wide;
    int is_widest;
} Place;

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define FAST __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define FAST
#endif

/* ---- How an atom looks at its data, where nothing is known of the processor. */

#define LOOK(NAME, TYPE, ASKED) \
    static inline void NAME(const Step *step, const void *from, int64_t rows, uint8_t *found) { \
        const TYPE *data = (const TYPE *)from; \
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

/* Bytes of 0 or 1 to bits, eight at a time: no two products meet in one bit. */
static inline void packed(uint8_t *found, int64_t rows, uint8_t *plane) {
    const int64_t bytes = (rows + 7) / 8;
    for (int64_t i = rows; i < 8 * bytes; i++) found[i] = 0;
    for (int64_t i = 0; i < bytes; i++) {
        uint64_t eight;
        memcpy(&eight, found + 8 * i, 8);
        plane[i] = (uint8_t)((eight * 0x0102040810204080ULL) >> 56);
    }
}

FAST void looked_at(const Step *step, const void *data, int64_t rows, uint8_t *plane) {
    uint8_t found[ROWS];
    switch (step->code) {
    case LEAST_8: least_8(step, data, rows, found); break;
    case LEAST_16: least_16(step, data, rows, found); break;
    case LEAST_32: least_32(step, data, rows, found); break;
    case LEAST_64: least_64(step, data, rows, found); break;
    case EQUAL_8: equal_8(step, data, rows, found); break;
    case EQUAL_16: equal_16(step, data, rows, found); break;
    case EQUAL_32: equal_32(step, data, rows, found); break;
    case EQUAL_64: equal_64(step, data, rows, found); break;
    case LEAST_REAL: least_real(step, data, rows, found); break;
    case MORE_REAL: more_real(step, data, rows, found); break;
    case EQUAL_REAL: equal_real(step, data, rows, found); break;
    case WORD_8: word_8(step, data, rows, found); break;
    case WORD_16: word_16(step, data, rows, found); break;
    case WORD_32: word_32(step, data, rows, found); break;
    case RUN_8: run_8(step, data, rows, found); break;
    case RUN_16: run_16(step, data, rows, found); break;
    case RUN_32: run_32(step, data, rows, found); break;
    }
    packed(found, rows, plane);
}

/* ---- The same in registers of 512 bits, whose comparisons give bits at once; 64 rows a turn. */

#if defined(__x86_64__) && defined(__GNUC__)
#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#define WIDEST __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi")))

static int is_wide(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

static int is_widest(void) { return is_wide() && __builtin_cpu_supports("avx512vbmi"); }

#define TURNS(TYPE, MASK, LANES_, ASKED) do { \
        const TYPE *data = (const TYPE *)from; \
        MASK *to = (MASK *)plane; \
        for (int64_t i = 0; i < rows; i += LANES_) *to++ = (MASK)(ASKED); \
    } while (0)

/* Words of one byte: their truths as bytes in four registers, of which one instruction reads two. */
WIDEST static void words_8(const Step *step, const uint8_t *data, int64_t rows, uint8_t *plane) {
    uint64_t bits[4], *to = (uint64_t *)plane;
    memcpy(bits, step->bits, sizeof bits);
    const __m512i a = _mm512_movm_epi8(bits[0]), b = _mm512_movm_epi8(bits[1]);
    const __m512i c = _mm512_movm_epi8(bits[2]), d = _mm512_movm_epi8(bits[3]);
    for (int64_t i = 0; i < rows; i += 64) {
        const __m512i code = _mm512_loadu_si512(data + i);
        const __mmask64 low = _mm512_movepi8_mask(_mm512_permutex2var_epi8(a, code, b));
        const __mmask64 high = _mm512_movepi8_mask(_mm512_permutex2var_epi8(c, code, d));
        const __mmask64 is_high = _mm512_movepi8_mask(code);
        *to++ = (high & is_high) | (low & ~is_high);
    }
}

/* Words of two bytes: their truths as bits in four registers, sixteen words to a lane. */
WIDE static void words_16(const Step *step, const uint16_t *data, int64_t rows, uint8_t *plane) {
    uint32_t *to = (uint32_t *)plane;
    const __m512i a = _mm512_loadu_si512(step->bits), b = _mm512_loadu_si512(step->bits + 64);
    const __m512i c = _mm512_loadu_si512(step->bits + 128);
    const __m512i d = _mm512_loadu_si512(step->bits + 192);
    const __m512i half = _mm512_set1_epi16(MOST_WORDS / 2), last = _mm512_set1_epi16(15);
    const __m512i one = _mm512_set1_epi16(1);
    for (int64_t i = 0; i < rows; i += 32) {
        const __m512i code = _mm512_loadu_si512(data + i);
        const __m512i place = _mm512_srli_epi16(code, 4);
        const __m512i low = _mm512_permutex2var_epi16(a, place, b);
        const __m512i high = _mm512_permutex2var_epi16(c, place, d);
        const __mmask32 is_high = _mm512_test_epi16_mask(code, half);
        const __m512i sixteen = _mm512_mask_mov_epi16(low, is_high, high);
        const __m512i bit = _mm512_sllv_epi16(one, _mm512_and_si512(code, last));
        *to++ = _mm512_test_epi16_mask(sixteen, bit);
    }
}

/* 0 where it knows no way. */
WIDE static int looked_at_wide(const Step *step, const void *from, int64_t rows, uint8_t *plane,
                               int is_widest) {
    const __m512i of_8 = _mm512_set1_epi8((char)step->whole);
    const __m512i of_16 = _mm512_set1_epi16((short)step->whole);
    const __m512i of_32 = _mm512_set1_epi32((int)step->whole);
    const __m512i of_64 = _mm512_set1_epi64(step->whole);
    const __m512d real = _mm512_set1_pd(step->real);
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
    case WORD_8:
        if (!step->bits || !is_widest) return 0;
        words_8(step, from, rows, plane);
        return 1;
    case WORD_16:
        if (!step->bits) return 0;
        words_16(step, from, rows, plane);
        return 1;
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
static int is_widest(void) { return 0; }
static int looked_at_wide(const Step *step, const void *from, int64_t rows, uint8_t *plane,
                          int is_widest) {
    (void)step; (void)from; (void)rows; (void)plane; (void)is_widest;
    return 0;
}
#endif

static int64_t width(int32_t code) {
    switch (code) {
    case LOAD_8: case LEAST_8: case EQUAL_8: case WORD_8: case RUN_8: return 1;
    case LOAD_16: case LEAST_16: case EQUAL_16: case WORD_16: case RUN_16: return 2;
    case LOAD_32: case LEAST_32: case EQUAL_32: case WORD_32: case RUN_32: return 4;
    default: return 8;
    }
}

static void atom(const Step *step, const Place *place, int64_t first, int64_t rows) {
    const int64_t bytes = (rows + 7) / 8, byte = first / 8;
    uint8_t *bits = place->bits + (int64_t)step->target * BYTES;
    uint8_t *own = place->own + (int64_t)step->target * BYTES;
    const Number *number = step->number ? place->numbers + (step->number - 1) : 0;
    const uint8_t *known = (step->valid ? step->valid : place->ones) + byte;
    const void *data = (const uint8_t *)step->data + first * width(step->code);
    place->known[step->target] = own;
    if (step->code == PLANES) {
        const uint8_t *yes = (const uint8_t *)step->data + byte;
        memcpy(bits, yes, (size_t)bytes);
        for (int64_t i = 0; i < bytes; i++) own[i] = yes[i] | known[i];
        return;
    }
    if (number) {
        data = number->of;
        known = number->known;
    }
    if (step->code == ALL)
        memset(bits, step->whole ? 255 : 0, BYTES);
    else if (!(place->is_wide && rows % 64 == 0 &&
               looked_at_wide(step, data, rows, bits, place->is_widest)))
        looked_at(step, data, rows, bits);
    if (step->turned)
        for (int i = 0; i < BYTES; i++) bits[i] = (uint8_t)~bits[i];
    if (number || rows < ROWS) /* a number is soon another; a column ends with the rows */
        memcpy(own, known, (size_t)bytes);
    else
        place->known[step->target] = known;
}

/* ---- Numbers: doubles; what is not finite is missing. */

#define EACH(EXPRESSION) for (int64_t i = 0; i < rows; i++) to[i] = (EXPRESSION)
#define LOADED(TYPE) do { \
        const TYPE *data = (const TYPE *)step->data + first; \
        EACH((double)data[i]); \
    } while (0)

FAST void number(const Step *step, const Place *place, int64_t first, int64_t rows) {
    const int64_t bytes = (rows + 7) / 8, byte = first / 8;
    Number *target = place->numbers + step->target;
    const Number *left = place->numbers + step->left, *right = place->numbers + step->right;
    double *to = target->of;
    const uint8_t *known = (step->valid ? step->valid : place->ones) + byte;
    uint8_t found[ROWS], finite[BYTES];
    switch (step->code) {
    case FILL: EACH(step->real); break;
    case LOAD_8: LOADED(int8_t); break;
    case LOAD_16: LOADED(int16_t); break;
    case LOAD_32: LOADED(int32_t); break;
    case LOAD_64: LOADED(int64_t); break;
    case LOAD_REAL: LOADED(double); break;
    case PLUS: EACH(left->of[i] + right->of[i]); break;
    case MINUS: EACH(left->of[i] - right->of[i]); break;
    case TIMES: EACH(left->of[i] * right->of[i]); break;
    case OVER: EACH(left->of[i] / right->of[i]); break;
    case ROOT: EACH(__builtin_sqrt(left->of[i])); break;
    }
    if (step->code < PLUS) {
        if (step->code != FILL && step->whole != 1) EACH(to[i] * (double)step->whole);
        if (step->code != FILL && step->real != 1) EACH(to[i] / step->real);
        memcpy(target->known, known, (size_t)bytes);
        return;
    }
    for (int64_t i = 0; i < rows; i++) found[i] = to[i] - to[i] == 0;
    packed(found, rows, finite);
    if (step->code == ROOT) right = left;
    for (int64_t i = 0; i < bytes; i++) target->known[i] = left->known[i] & right->known[i] & finite[i];
}

/* ---- Joining. */

#if !defined(__GNUC__)
#error "machine.c is written for GCC and Clang"
#endif
typedef uint64_t Lane __attribute__((vector_size(64), may_alias));
typedef uint64_t Loose __attribute__((vector_size(64), may_alias, aligned(1))); /* of a column */

/* A plane that no one reads soon goes past the cache. */
static inline void stored(uint8_t *to, const Lane *from, int64_t bytes, int is_large) {
#if defined(__x86_64__)
    if (is_large && bytes == BYTES && (uintptr_t)to % 16 == 0) {
        const __m128i *parts = (const __m128i *)from;
        for (int i = 0; i < BYTES / 16; i++) _mm_stream_si128((__m128i *)to + i, parts[i]);
        return;
    }
#endif
    (void)is_large;
    memcpy(to, from, (size_t)bytes);
}

#define EACH_LANE(DO) DO(0) DO(1) DO(2) DO(3)
_Static_assert(LANES == 4, "as many lanes as EACH_LANE names");

/* yes and no: what is being joined; their lanes have names so that they stay in registers. */
FAST void joined(const uint32_t *joints, int64_t count, const Place *place, uint8_t *true_planes,
                 uint8_t *false_planes, int64_t stride, int64_t bytes, int is_large) {
#define DECLARED(N) Lane yes##N = {0}, no##N = {0};
    EACH_LANE(DECLARED)
    for (const uint32_t *joint = joints; joint < joints + count; joint++) {
        const int64_t slot = *joint >> 4;
        const uint64_t turned = (uint64_t)0 - (uint64_t)(*joint >> 3 & 1);
        const uint32_t word = *joint & 7;
        Lane *bits = (Lane *)(place->bits + slot * BYTES);
        const Loose *known = word < KEEP ? (const Loose *)place->known[slot] : 0;
        switch (word) {
#define TAKEN(N) { \
        const Lane here = bits[N] ^ turned, told = known[N]; \
        yes##N = told & here; no##N = told & ~here; }
#define ANDED(N) { \
        const Lane here = bits[N] ^ turned, told = known[N]; \
        yes##N &= told & here; no##N |= told & ~here; }
#define ORED(N) { \
        const Lane here = bits[N] ^ turned, told = known[N]; \
        yes##N |= told & here; no##N &= told & ~here; }
        case TAKE: EACH_LANE(TAKEN) break;
        case AND: EACH_LANE(ANDED) break;
        case OR: EACH_LANE(ORED) break;
        case KEEP: {
            Lane *own = (Lane *)(place->own + slot * BYTES);
#define KEPT(N) bits[N] = yes##N; own[N] = yes##N | no##N;
            EACH_LANE(KEPT)
            place->known[slot] = (const uint8_t *)own;
            break;
        }
        case STORE: {
            Lane both[2 * LANES];
#define COPIED(N) both[N] = yes##N; both[LANES + N] = no##N;
            EACH_LANE(COPIED)
            stored(true_planes + slot * stride, both, bytes, is_large);
            stored(false_planes + slot * stride, both + LANES, bytes, is_large);
            break;
        }
        }
    }
}

int64_t step_size(void) { return (int64_t)sizeof(Step); }
int64_t most_words(void) { return MOST_WORDS; }

/* Bytes that `run` works in, from a multiple of 64 on. */
int64_t space(int64_t slots, int64_t numbers) {
    return slots * 2 * BYTES + numbers * (int64_t)sizeof(Number) + slots * (int64_t)sizeof(void *);
}

/* All steps, then all joints, over `rows` rows; `ones` is the plane of every row;
   planes[root * stride]. */
void run(const Step *steps, int64_t count, const uint32_t *joints, int64_t joint_count,
         int64_t rows, const uint8_t *ones, uint8_t *space, int64_t slots, int64_t numbers,
         uint8_t *true_planes, uint8_t *false_planes, int64_t stride, int64_t is_large,
         int64_t may_be_wide) {
    Place place = {.ones = ones};
    place.bits = space;
    place.own = place.bits + slots * BYTES;
    place.numbers = (Number *)(place.own + slots * BYTES);
    place.known = (const uint8_t **)(place.numbers + numbers);
    place.is_wide = may_be_wide && is_wide();
    place.is_widest = place.is_wide && is_widest();
    for (int64_t first = 0; first < rows; first += ROWS) {
        const int64_t here = rows - first < ROWS ? rows - first : ROWS;
        for (const Step *step = steps; step < steps + count; step++) {
            if (step->code <= LAST_NUMBER) number(step, &place, first, here);
            else atom(step, &place, first, here);
        }
        joined(joints, joint_count, &place, true_planes + first / 8, false_planes + first / 8,
               stride, (here + 7) / 8, (int)is_large);
    }
#if defined(__x86_64__)
    if (is_large) _mm_sfence();
#endif
}
