/* Work that a compiler turns into all kinds of instructions: loops, bytes, division, 64-bit products, atomics, misaligned words.
   It prints what comes out, through the console of the host-target interface. Freestanding. */
typedef unsigned int u32;
typedef unsigned long long u64;
extern volatile u32 tohost[2], fromhost[2];
static void put(u32 c) {
  while (tohost[0] | tohost[1]) ;
  tohost[0] = c;
  tohost[1] = 0x01010000;
  while (tohost[0] | tohost[1]) ;
  fromhost[0] = 0;
  fromhost[1] = 0;
}
static void word(u32 value) {
  for (int at = 28; at >= 0; at -= 4) put("0123456789abcdef"[(value >> at) & 15]);
  put('\n');
}
struct __attribute__((packed)) Skewed { char first; u32 second; };
static u32 lock;
static u32 table[64];
/* Returns the number of the test that failed; 0: none. */
int work(u32 seed) {
  u32 state = seed, crc = ~0u;
  for (int i = 0; i < 64; i++) { state ^= state << 13; state ^= state >> 17; state ^= state << 5; table[i] = state; }
  for (int i = 0; i < 64; i++) { crc ^= table[i]; for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xedb88320u & -(crc & 1)); }
  word(crc);
  for (int i = 1; i < 64; i++) for (int j = i; j > 0 && (int)table[j] < (int)table[j - 1]; j--) { u32 kept = table[j]; table[j] = table[j - 1]; table[j - 1] = kept; }
  for (int i = 0; i < 64; i += 21) word(table[i]);
  u32 signs = 0, product = 1;
  for (int i = 0; i < 63; i++) {
    int a = (int)table[i], b = (int)table[i + 1];
    signs = signs * 31 + (u32)(a / b) + (u32)(a % b) + table[i] / table[i + 1] + table[i] % table[i + 1];
    product = product * 33 + (u32)((long long)a * b >> 32) + (u32)((u64)table[i] * table[i + 1] >> 32);
  }
  word(signs);
  word(product);
  for (int i = 0; i < 100; i++) {
    __atomic_fetch_add(&lock, table[i & 63], __ATOMIC_SEQ_CST);
    __atomic_fetch_xor(&lock, seed, __ATOMIC_SEQ_CST);
    u32 seen = lock;
    __atomic_compare_exchange_n(&lock, &seen, seen + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  }
  word(lock);
  struct Skewed skewed[3];
  for (int i = 0; i < 3; i++) { skewed[i].first = (char)i; skewed[i].second = table[i]; }
  word(skewed[0].second + skewed[1].second * 3 + skewed[2].second * 5);
  return RESULT;
}
