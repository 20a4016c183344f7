/** Makes an ELF executable of one segment, as a linker would: enough for tests, and for QEMU. */
export function elfFile(
  bytes: Uint8Array,
  address: number,
  symbols: Readonly<Record<string, number>> = {},
): Uint8Array {
  const names = ['', ...Object.keys(symbols)];
  const texts = new TextEncoder().encode(`${names.join('\0')}\0`);
  const segmentAt = 84;
  const symbolsAt = (segmentAt + bytes.length + 3) & ~3;
  const textsAt = symbolsAt + 16 * names.length;
  const sectionsAt = (textsAt + texts.length + 3) & ~3;
  const file = new Uint8Array(sectionsAt + 3 * 40);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 243, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, address, true);
  view.setUint32(28, 52, true);
  view.setUint32(32, sectionsAt, true);
  [52, 32, 1, 40, 3, 2].forEach((value, index) => view.setUint16(40 + 2 * index, value, true));
  [1, segmentAt, address, address, bytes.length, bytes.length, 7, 4].forEach((value, index) =>
    view.setUint32(52 + 4 * index, value, true),
  );
  file.set(bytes, segmentAt);
  names.slice(1).forEach((name, index) => {
    const at = symbolsAt + 16 * (index + 1);
    view.setUint32(at, names.slice(0, index + 1).join('\0').length + 1, true);
    view.setUint32(at + 4, symbols[name]!, true);
    view.setUint16(at + 14, 1, true);
  });
  file.set(texts, textsAt);
  const section = (index: number, type: number, from: number, size: number, link: number): void => {
    const at = sectionsAt + 40 * index;
    view.setUint32(at + 4, type, true);
    view.setUint32(at + 16, from, true);
    view.setUint32(at + 20, size, true);
    view.setUint32(at + 24, link, true);
    view.setUint32(at + 36, type === 2 ? 16 : 0, true);
  };
  section(1, 2, symbolsAt, 16 * names.length, 2);
  section(2, 3, textsAt, texts.length, 0);
  return file;
}
