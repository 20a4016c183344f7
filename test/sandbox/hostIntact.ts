import assert from 'node:assert/strict';

/** Objects of this host that an escape would reach first. */
const watched: Readonly<Record<string, object>> = {
  'Object.prototype': Object.prototype,
  'Function.prototype': Function.prototype,
  'Array.prototype': Array.prototype,
  'String.prototype': String.prototype,
  'Number.prototype': Number.prototype,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'Promise.prototype': Promise.prototype,
  'Error.prototype': Error.prototype,
  'Float64Array.prototype': Float64Array.prototype,
  'Uint8Array.prototype': Uint8Array.prototype,
  'WebAssembly.Memory.prototype': WebAssembly.Memory.prototype,
  Object,
  Array,
  Error,
  JSON,
  Math,
  Reflect,
};

function fingerprint(): Map<string, unknown> {
  const seen = new Map<string, unknown>();
  for (const [name, object] of Object.entries(watched)) {
    for (const key of Reflect.ownKeys(object)) {
      const property = Reflect.getOwnPropertyDescriptor(object, key)!;
      seen.set(`${name}.${String(key)}`, property.get ?? (property.value as unknown));
    }
  }
  for (const key of Reflect.ownKeys(globalThis)) seen.set(`globalThis.${String(key)}`, true);
  return seen;
}

/** Remembers the host's built-ins; the function returned asserts that they are as they were. */
export function rememberHost(): () => void {
  const before = fingerprint();
  return () => {
    const after = fingerprint();
    for (const [name, value] of after) {
      assert.ok(before.has(name), `${name} appeared`);
      assert.ok(Object.is(before.get(name), value), `${name} was replaced`);
    }
    assert.equal(after.size, before.size, 'a built-in disappeared');
  };
}
