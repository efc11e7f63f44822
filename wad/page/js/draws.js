// Gives whether the browser draws: a frame of the page comes within so many milliseconds. A page that is hidden gets
// none, which tells nothing. The frame is asked for by the page, and comes from the process that draws.
(patience) =>
  new Promise((resolve) => {
    if (document.visibilityState !== 'visible') {
      resolve(true);
      return;
    }
    requestAnimationFrame(() => resolve(true));
    setTimeout(resolve, patience, false);
  })
