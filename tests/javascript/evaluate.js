// Evaluates modules for tests in Python (tests/node.py), one a line, for as long as there are lines.

import { createInterface } from "node:readline";

/** What JSON from Python stands for: bytes are a Uint8Array. */
function given(_, value) {
  return value?.bytes ? new Uint8Array(Buffer.from(value.bytes, "base64")) : value;
}

/** As JSON for Python: the arrays of a message keep their type, their shape and every bit. */
function answer(_, value) {
  const { flat, shape } = ArrayBuffer.isView(value) ? { flat: value, shape: [value.length] } : (value ?? {});
  if (!ArrayBuffer.isView(flat)) return value;
  const bytes = Buffer.from(flat.buffer, flat.byteOffset, flat.byteLength);
  return { array: bytes.toString("base64"), dtype: flat.constructor.name, shape };
}

let count = 0;

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line, given);
  let said = {};
  globalThis.given = asked.given;
  globalThis.answer = (value) => {
    said = { answer: value ?? null };
  };
  count += 1; // a module is run once only, by its text
  try {
    await import(`data:text/javascript,${encodeURIComponent(`${asked.code}\n// ${count}`)}`);
  } catch (error) {
    said = { error: error.stack };
  }
  console.log(JSON.stringify(said, answer));
}
