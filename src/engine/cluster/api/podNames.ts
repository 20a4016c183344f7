import { murmur3 } from '../../kernel/random.ts';

/** Letters and digits that spell no words, as Kubernetes draws them. */
const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters, another row of them for each number: what the server adds to a `generateName`. */
export function nameSuffix(number: number): string {
  let hash = murmur3(`pod ${number}`, 1);
  let suffix = '';
  for (let letter = 0; letter < 5; letter++) {
    suffix += suffixLetters[hash % suffixLetters.length];
    hash = Math.floor(hash / suffixLetters.length);
  }
  return suffix;
}
