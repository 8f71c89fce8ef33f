// A first visit, on which the run plays by itself.

const KEY = "nnviz-played";

/**
 * Whether this window sees a run for the first time, and its visitor does not mind motion; from then
 * on it has. `stopped` is called at the first key or click.
 *
 * @param {() => void} stopped
 */
export function firstVisit(stopped) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return false;
  try {
    if (sessionStorage.getItem(KEY)) return false;
    sessionStorage.setItem(KEY, "1");
  } catch {
    return false; // a browser that keeps nothing would see it play at every visit
  }
  const listening = new AbortController();
  const stop = () => {
    listening.abort();
    stopped();
  };
  for (const event of ["pointerdown", "keydown"]) {
    document.addEventListener(event, stop, { capture: true, signal: listening.signal });
  }
  return true;
}
