/** Seeds of a learner's variants: seed = hash(course seed, learner id); an exercise's seed = hash(seed, exercise id). */

/** 32-bit FNV-1a over UTF-16 code units, finished with MurmurHash3's avalanche so that near ids give far seeds. */
function hash(seed: number, text: string): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) {
    h = Math.imul(h ^ text.charCodeAt(index), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The course seed of the bundled course. Instructors who grade a class choose their own. */
export const bundledCourseSeed = 1;

export const learnerSeed = (courseSeed: number, learnerId: string): number => hash(courseSeed, learnerId);

/** Seed of an exercise's variant and of a task's cases: an integer in [0, 2^32). */
export const exerciseSeed = (seed: number, exerciseId: string): number => hash(seed, exerciseId);

/**
 * The learner's seed in a round of review, so that a question returns with other numbers.
 * @param round from 0, the first time that the question is asked
 */
export const roundSeed = (seed: number, round: number): number =>
  round === 0 ? seed : hash(seed, `~${round}`);
