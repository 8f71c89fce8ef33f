// The messages that tests/packed.py has Python pack, and the numbers that are in them.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;

const PYTHON = process.env.NNVIZ_PYTHON ?? join(ROOT, ".venv/bin/python");

/** Where they are: tests/test_javascript.py packs them once; to run a test alone, they are packed here. */
function folder() {
  if (process.env.NNVIZ_PACKED) return process.env.NNVIZ_PACKED;
  const made = mkdtempSync(join(tmpdir(), "nnviz-packed-"));
  execFileSync(PYTHON, ["tests/packed.py", made], { cwd: ROOT, env: { ...process.env, PYTHONPATH: ROOT } });
  return made;
}

const FOLDER = folder();

const EXPECTED = JSON.parse(readFileSync(join(FOLDER, "expected.json"), "utf8"));

/** A message's bytes, not aligned to anything, and what it must say. */
export function packed(name) {
  const file = readFileSync(join(FOLDER, `${name}.bin`));
  const bytes = new Uint8Array(file.length + 3).subarray(3);
  bytes.set(file);
  return { bytes, expected: EXPECTED[name] };
}

/** Rows of typed arrays as lists; what is undefined is null, as in JSON. */
export function listed(value) {
  if (ArrayBuffer.isView(value)) return Array.from(value, (one) => (Number.isNaN(one) ? null : one));
  return Array.isArray(value) ? value.map(listed) : value;
}

/** Whether lists have the same shape, and numbers that differ by `within` at most. */
export function near(found, meant, within) {
  if (Array.isArray(meant)) {
    return (
      Array.isArray(found) &&
      found.length === meant.length &&
      meant.every((one, i) => near(found[i], one, within))
    );
  }
  if (meant === null || found === null) return found === meant;
  return Math.abs(found - meant) <= within;
}
