/**
 * The part of the guest prelude that is the same for all policies, as JavaScript that runs inside QuickJS before the
 * learner's module. A module may later replace every built-in that it can reach, so this code captures what it needs
 * first and afterwards uses only syntax, own indices and captured functions: no method calls, iteration, spread or
 * instanceof on anything.
 *
 * It expects these names around it: `buffer`, `hostCall`, `hostLog`, `hostFail`, `firstMessageWord`, `endOfMessage`,
 * `textUnits`, `mostKeptTexts`, `mostKeptUnits`, `maxLogLines`, `maxLogCharacters`.
 */
export const guestRuntime = String.raw`
const apply = Reflect.apply;
const getDescriptor = Reflect.getOwnPropertyDescriptor;
const defineProperty = Reflect.defineProperty;
const ownKeys = Reflect.ownKeys;
const prototypeOf = Reflect.getPrototypeOf;
const freeze = Object.freeze;
const isArray = Array.isArray;
const makeProxy = Proxy;
const makeError = Error;
const makeTypeError = TypeError;
const makeUint8Array = Uint8Array;
const makeArray = Array;
const promisePrototype = Promise.prototype;
const fromCharCode = String.fromCharCode;
const unitOf = Function.prototype.call.bind(String.prototype.charCodeAt);
const sliceText = Function.prototype.call.bind(String.prototype.slice);
const stackOf = getDescriptor(Error.prototype, 'stack').get;
const typedArrayPrototype = prototypeOf(Uint8Array.prototype);
const typedArrayTag = getDescriptor(typedArrayPrototype, Symbol.toStringTag).get;
const typedArrayLength = getDescriptor(typedArrayPrototype, 'length').get;
const typedArraySet = typedArrayPrototype.set;
const symbolToString = Symbol.prototype.toString;
const mapForEach = Map.prototype.forEach;
const mapSize = getDescriptor(Map.prototype, 'size').get;
const setForEach = Set.prototype.forEach;
const setSize = getDescriptor(Set.prototype, 'size').get;
const dateToISOString = Date.prototype.toISOString;

// Call sites would hand out the functions of this prelude.
defineProperty(Error, 'prepareStackTrace', { value: undefined, writable: false, configurable: false });
delete globalThis.SharedArrayBuffer;

const words = new Float64Array(buffer);
const units = new Uint16Array(buffer);
const octets = new Uint8Array(buffer);
let at = 0;

const idle = 0;
const deciding = 1;
const checking = 2;
let phase = idle;
let subject = '';
let answering = false;
let root;

function putTexts(first, second) {
  const most = textUnits / 2;
  let unit = endOfMessage * 4;
  const a = sliceText(first, 0, most);
  const b = sliceText(second, 0, most);
  words[2] = a.length;
  words[3] = b.length;
  for (let i = 0; i < a.length; i++) units[unit++] = unitOf(a, i);
  for (let i = 0; i < b.length; i++) units[unit++] = unitOf(b, i);
}

// Filled before the learner's module runs: writing a new index would ask the prototype of arrays.
const keptTexts = makeArray(mostKeptTexts).fill('');
const keptNumbers = { __proto__: null };
let keptCount = 0;

function keepText(text) {
  if (text.length > mostKeptUnits || keptCount === mostKeptTexts || keptNumbers[text] !== undefined) return;
  keptNumbers[text] = keptCount;
  keptTexts[keptCount++] = text;
}

function takeText() {
  const length = words[at++] | 0;
  if (length < 0) return keptTexts[-1 - length];
  const first = at * 4;
  at += (length + 3) >> 2;
  let text = '';
  let i = 0;
  for (; i + 8 <= length; i += 8) {
    const u = first + i;
    text += fromCharCode(
      units[u], units[u + 1], units[u + 2], units[u + 3], units[u + 4], units[u + 5], units[u + 6], units[u + 7],
    );
  }
  for (; i < length; i++) text += fromCharCode(units[first + i]);
  keepText(text);
  return text;
}

function takeBytes() {
  const length = words[at++] | 0;
  const copy = new makeUint8Array(length);
  if (length > 0) apply(typedArraySet, copy, [new makeUint8Array(buffer, at * 8, length)]);
  at += (length + 7) >> 3;
  return copy;
}

function putText(text, maxBytes, path, expected) {
  const length = text.length;
  // A unit takes at most three bytes.
  const known = length <= mostKeptUnits && length * 3 <= maxBytes ? keptNumbers[text] : undefined;
  if (known !== undefined) {
    words[at++] = -1 - known;
    return;
  }
  if (length > maxBytes || at + 1 + ((length + 3) >> 2) > endOfMessage) bad(path, text, expected);
  words[at++] = length;
  let unit = at * 4;
  let size = 0;
  for (let i = 0; i < length; i++) {
    const code = unitOf(text, i);
    units[unit++] = code;
    if (code < 0x80) size += 1;
    else if (code < 0x800) size += 2;
    else if (code < 0xd800 || code > 0xdfff) size += 3;
    else {
      const next = i + 1 < length ? unitOf(text, i + 1) : 0;
      if (code > 0xdbff || next < 0xdc00 || next > 0xdfff) bad(path, text, 'well-formed Unicode: half of a surrogate pair stands alone');
      units[unit++] = next;
      size += 4;
      i++;
    }
  }
  if (size > maxBytes) bad(path, text, expected);
  at += (length + 3) >> 2;
  keepText(text);
}

function putBytes(value, maxBytes, path, expected) {
  const length = apply(typedArrayLength, value, []);
  if (length > maxBytes || at + 1 + ((length + 7) >> 3) > endOfMessage) bad(path, value, expected);
  words[at++] = length;
  if (length > 0) apply(typedArraySet, octets, [value, at * 8]);
  at += (length + 7) >> 3;
}

const isUint8Array = (value) =>
  typeof value === 'object' && value !== null && apply(typedArrayTag, value, []) === 'Uint8Array';

const isPromise = (value) => {
  try {
    return typeof value === 'object' && value !== null && prototypeOf(value) === promisePrototype;
  } catch {
    return false;
  }
};

function stackNow() {
  return apply(stackOf, new makeError(), []);
}

// The result or argument at "path" is not what it must be: ends the run.
function bad(path, value, expected) {
  const place = path === '' ? 'it' : path[0] === '.' ? sliceText(path, 1) : path;
  if (isPromise(root)) {
    putTexts(subject + ' a Promise. A policy answers at once: remove async, await and promises.', stackNow());
    hostFail();
  }
  let hint = '';
  if (typeof value === 'bigint') hint = ' Write a plain number, without the n.';
  else if (path === '' && value === undefined && answering) hint = ' Does every path through the method end in a return?';
  putTexts(subject + ' ' + show(root) + ': ' + place + ' must be ' + expected + '.' + hint, stackNow());
  hostFail();
}

function tooLarge() {
  bad('', root, 'small enough to cross the sandbox');
}

const listAdvice = 'this list cannot be changed in place. Work on a copy: [...list], list.toSorted(...), list.filter(...).';
function refuseWrite(target, key) {
  const name = typeof key === 'string' ? key : apply(symbolToString, key, []);
  throw new makeTypeError(
    'inputs are read-only: ' +
      (isArray(target) ? listAdvice : 'you cannot set "' + name + '". Work on a copy: { ...entry, ' + name + ': value }.'),
  );
}
function refuseChange(target) {
  throw new makeTypeError('inputs are read-only: ' + (isArray(target) ? listAdvice : 'work on a copy: { ...entry }.'));
}
const readOnly = freeze({
  __proto__: null,
  set: refuseWrite,
  defineProperty: refuseWrite,
  deleteProperty: refuseWrite,
  setPrototypeOf: refuseChange,
  preventExtensions: refuseChange,
});
const view = (target) => new makeProxy(target, readOnly);

const mostItems = 12;
const mostDepth = 3;
const mostShown = 60;

// A bounded description of any value. It may run code of the learner (traps of a Proxy), never in the host.
function show(value) {
  try {
    return sliceText(inspect(value, 1), 0, 300);
  } catch {
    return 'a value that cannot be shown';
  }
}

function inspect(value, depth) {
  switch (typeof value) {
    case 'string':
      return depth === 0 ? sliceText(value, 0, maxLogCharacters) : quote(value);
    case 'number':
      return value === 0 && 1 / value < 0 ? '-0' : '' + value;
    case 'bigint': {
      if (value > 0xffffffffffffffffn || value < -0xffffffffffffffffn) return 'a large BigInt';
      return value + 'n';
    }
    case 'symbol':
      return sliceText(apply(symbolToString, value, []), 0, mostShown);
    case 'function': {
      const name = ownText(value, 'name');
      return name === '' ? 'a function' : 'function ' + name;
    }
    case 'object':
      return value === null ? 'null' : inspectObject(value, depth);
    default:
      return '' + value;
  }
}

function inspectObject(value, depth) {
  if (isArray(value)) {
    if (depth > mostDepth) return '[…]';
    const length = getDescriptor(value, 'length').value;
    return '[' + inspectItems(value, length, depth) + ']';
  }
  const tag = apply(typedArrayTag, value, []);
  if (tag !== undefined) {
    const length = apply(typedArrayLength, value, []);
    return tag + '(' + length + ') [' + inspectItems(value, length, depth) + ']';
  }
  const stack = errorStack(value);
  if (stack !== undefined) return '[' + errorText(value) + ']';
  if (isPromise(value)) return 'a Promise';
  const known = inspectKnown(value, depth);
  if (known !== undefined) return known;
  if (depth > mostDepth) return '{…}';
  let text = '';
  let shown = 0;
  const keys = ownKeys(value);
  for (let i = 0; i < keys.length; i++) {
    if (typeof keys[i] !== 'string') continue;
    if (shown === mostItems) {
      text += ', …';
      break;
    }
    const found = getDescriptor(value, keys[i]);
    if (found === undefined || !found.enumerable) continue;
    text += (shown++ === 0 ? '' : ', ') + key(keys[i]) + ': ';
    text += found.get !== undefined || found.set !== undefined ? '[getter]' : inspect(found.value, depth + 1);
    if (text.length > maxLogCharacters) break;
  }
  return text === '' ? '{}' : '{ ' + text + ' }';
}

function inspectItems(value, length, depth) {
  let text = '';
  for (let i = 0; i < length && i < mostItems && text.length < maxLogCharacters; i++) {
    const found = getDescriptor(value, '' + i);
    text += (i === 0 ? '' : ', ') + (found === undefined ? 'empty' : 'value' in found ? inspect(found.value, depth + 1) : '[getter]');
  }
  return length > mostItems ? text + ', … ' + (length - mostItems) + ' more' : text;
}

function inspectKnown(value, depth) {
  let text = '';
  let shown = 0;
  const add = (item, index) => {
    if (shown++ < mostItems && depth <= mostDepth) {
      text += (text === '' ? '' : ', ') + (index === undefined ? '' : inspect(index, depth + 1) + ' => ') + inspect(item, depth + 1);
    }
  };
  try {
    const size = apply(mapSize, value, []);
    apply(mapForEach, value, [(item, index) => add(item, index)]);
    return 'Map(' + size + ') {' + text + (size > mostItems ? ', …' : '') + '}';
  } catch {}
  try {
    const size = apply(setSize, value, []);
    apply(setForEach, value, [(item) => add(item)]);
    return 'Set(' + size + ') {' + text + (size > mostItems ? ', …' : '') + '}';
  } catch {}
  try {
    return apply(dateToISOString, value, []);
  } catch {}
}

function quote(text) {
  let out = "'";
  const length = text.length < mostShown ? text.length : mostShown;
  for (let i = 0; i < length; i++) {
    const code = unitOf(text, i);
    out += code === 39 || code === 92 ? '\\' + text[i] : code === 10 ? '\\n' : code < 32 ? '?' : text[i];
  }
  return out + (text.length > mostShown ? '…' : '') + "'";
}

function key(name) {
  for (let i = 0; i < name.length; i++) {
    const code = unitOf(name, i);
    const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36 || code > 127;
    if (!letter && !(i > 0 && code >= 48 && code <= 57)) return quote(name);
  }
  return name === '' ? "''" : sliceText(name, 0, mostShown);
}

function ownText(value, name) {
  const found = getDescriptor(value, name);
  return found !== undefined && typeof found.value === 'string' ? sliceText(found.value, 0, 1000) : '';
}

function errorStack(value) {
  if (typeof value !== 'object' || value === null) return undefined;
  const stack = apply(stackOf, value, []);
  return typeof stack === 'string' ? stack : undefined;
}

function errorText(error) {
  let name = '';
  let holder = error;
  for (let i = 0; i < 8 && holder !== null && name === ''; i++) {
    name = ownText(holder, 'name');
    holder = prototypeOf(holder);
  }
  const message = ownText(error, 'message');
  return (name === '' ? 'Error' : name) + (message === '' ? '' : ': ' + message);
}

// Tells the host what was thrown: 0 an Error, 1 no memory, 2 too deep, 3 interrupted, 4 something else.
function describeThrown(thrown) {
  let kind = 4;
  let text = 'a value that cannot be shown';
  let stack = '';
  try {
    const found = errorStack(thrown);
    if (found === undefined) text = show(thrown);
    else {
      stack = found;
      text = errorText(thrown);
      kind =
        text === 'InternalError: out of memory' ? 1
        : text === 'RangeError: Maximum call stack size exceeded' ? 2
        : text === 'InternalError: interrupted' ? 3
        : 0;
    }
  } catch {}
  putTexts(text, stack);
  words[firstMessageWord] = kind;
}

let logged = 0;
function log(...values) {
  if (logged >= maxLogLines) return;
  logged++;
  let line = '';
  for (let i = 0; i < values.length && line.length < maxLogCharacters; i++) {
    let text = 'a value that cannot be shown';
    try {
      text = inspect(values[i], 0);
    } catch {}
    line += (i === 0 ? '' : ' ') + text;
  }
  putTexts(sliceText(line, 0, maxLogCharacters), '');
  hostLog();
}
globalThis.console = { log, info: log, warn: log, error: log, debug: log };

class CallError extends Error {
  constructor(call, errno) {
    super(call + ' failed with ' + errno);
    this.errno = errno;
  }
}
defineProperty(CallError.prototype, 'name', { value: 'CallError', writable: true, configurable: true });

function refuseCall(name) {
  throw new makeTypeError('calls.' + name + ' can be used only inside a decision, while it is being made.');
}
`;
