import { assemble, type Assembled } from '../assembler/assembler.ts';
import { defineDocument, type DocumentReading } from '../../kernel/document.ts';
import { leakyGuestBytes, leakyOptionLabels } from '../guests/leakyGuest.ts';
import { comparedLabels } from './paravirtualState.ts';
import { paravirtualGuestSource } from '../guests/paravirtualGuest.ts';

/** A guest's source, and what it assembles to. */
export interface GuestSource {
  readonly source: string;
  readonly program: Assembled;
}

/** The source of a kernel that knows of its VMM. A place in it is the address of an instruction, in hexadecimal. */
export const guestDocument = defineDocument<GuestSource>({
  doc: 'The source of a guest’s kernel and its process, as GNU as takes it: it begins at 0x80000000.',
  file: 'guest.S',
  language: 'asm',
  builtIn: paravirtualGuestSource,
  read: readGuest,
});

/** What the scenario writes to and looks at. */
const neededLabels = [...new Set([...Object.values(leakyOptionLabels), ...comparedLabels])];

function readGuest(source: string): DocumentReading<GuestSource> {
  const assembly = assemble(source);
  if (!assembly.ok) {
    const { problems } = assembly;
    return { ok: false, malformed: true, problems };
  }
  const program = assembly.value;
  const lines = source.split('\n');
  const refused = (message: string, suggestion: string): DocumentReading<never> => ({
    ok: false,
    malformed: false,
    problems: [{ line: 1, column: 1, message, suggestion }],
  });
  if (program.bytes.length > leakyGuestBytes) {
    return refused(
      `The guest needs ${program.bytes.length} bytes; it has ${leakyGuestBytes} bytes of memory.`,
      'Is a .space or an .align too large?',
    );
  }
  const missing = neededLabels.find((label) => {
    const at = (program.symbols.get(label) ?? 0) - program.base;
    return at < 0 || at + 4 > program.bytes.length;
  });
  if (missing !== undefined) {
    return refused(
      `There is no label "${missing}", where the guest is told what to do or its results are looked for.`,
      'Leave the labels of its data as they are in the starter.',
    );
  }
  return {
    ok: true,
    value: {
      value: { source, program },
      at: (pointer) => {
        const line = program.lines.get(Number(pointer));
        if (line === undefined) return undefined;
        const text = lines[line - 1]!;
        return { line, column: text.search(/\S/) + 1, endLine: line, endColumn: text.trimEnd().length + 1 };
      },
    },
  };
}
