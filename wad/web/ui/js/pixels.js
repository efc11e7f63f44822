// How large a code is drawn. Pure: a module that is wider than its neighbour makes a blurred edge, or a code of
// uneven teeth, and cameras read neither well.

/**
 * Give the side of a code of so many modules, in CSS px: the largest one that fits into `room` (CSS px) and gives
 * each module a whole number of the screen's own pixels, of which `ratio` make one CSS px.
 */
export const wholePixels = (modules, room, ratio) =>
  (Math.max(1, Math.floor((room * ratio) / modules)) * modules) / ratio;
