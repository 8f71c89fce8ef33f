// Bringing what is looked at between the page's navigation and the bar at its foot.

const TOP = 60; // pixels that the page's navigation covers

const GAP = 28; // pixels above the bar

/**
 * Scroll to what is behind the bar or off the screen; what is alone there gets all of the height above it.
 *
 * @param {Element} element
 * @param {Element} bar
 * @param {boolean} alone
 */
export function bring(element, bar, alone) {
  const { top, bottom } = element.getBoundingClientRect();
  const foot = bar.getBoundingClientRect().top;
  const plot = element.querySelector(".nnviz-plot");
  if (!alone) {
    if (top < TOP || bottom > foot) element.scrollIntoView();
    return;
  }
  const { style } = document.documentElement;
  style.setProperty("--bar", `${innerHeight - foot + GAP}px`);
  if (plot) {
    const around = bottom - top - plot.getBoundingClientRect().height;
    style.setProperty("--above", `${Math.ceil(topOf(element) + around)}px`);
  }
}

/**
 * Where an element stands on the page when nothing is scrolled.
 *
 * @param {Element} element
 */
function topOf(element) {
  let top = element.getBoundingClientRect().top;
  for (let place = element.parentElement; place; place = place.parentElement) top += place.scrollTop;
  return top;
}
