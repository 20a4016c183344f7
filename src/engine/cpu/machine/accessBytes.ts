/** Bytes that a load or store moves; undefined for other instructions. */
export function accessBytes(name: string): 1 | 2 | 4 | undefined {
  switch (name) {
    case 'lb':
    case 'lbu':
    case 'sb':
      return 1;
    case 'lh':
    case 'lhu':
    case 'sh':
      return 2;
    case 'lw':
    case 'sw':
      return 4;
  }
  return undefined;
}
