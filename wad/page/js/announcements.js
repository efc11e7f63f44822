// Keeps in memory what the page announces once and then no longer shows in its models; `soon` has the page looked at.
//
// Gives one function for each kind of announcement, to be called with what was announced.
(memory, soon) => {
  'use strict';
  const LOGOUTS = ['logout', 'history', 'sync', 'locked', 'identity'];

  const tell = (what) => {
    memory.told = what;
    soon();
  };

  // A logout is told more than once, and only one word has the reason. Older builds tell it on their bus at once.
  const loggedOut = (reason) => {
    if (!LOGOUTS.includes(memory.told)) tell(memory.why ?? memory.meaningOfLogout(reason) ?? 'logout');
  };

  // Builds since 2026 say at a logout's begin that there is one; the reason is in the call that begins it, and for a
  // few in the next document's address. Until that document comes the page has things to say to the servers.
  const leaving = (reason) => {
    if (LOGOUTS.includes(memory.told)) return;
    memory.why ??= memory.meaningOfLogout(reason);
    if (memory.leaving === null) setTimeout(loggedOut, memory.farewell);
    memory.leaving ??= performance.now();
    soon();
  };

  // Every good login says that there is no ban. A ban's end is told in seconds from now; a number that large would be
  // a date.
  const ban = (announced) => {
    if (announced?.banned === false) {
      if (memory.told === 'ban') tell(null);
      return;
    }
    const end = Number(announced?.expire);
    const seconds = end > 1e9 ? end - Date.now() / 1000 : end;
    memory.until = seconds > 0 ? performance.now() + 1000 * seconds : null;
    tell('ban');
  };

  // Somebody typed a code on the phone. It is not withdrawn while the servers are at it, though its time may end.
  const entered = () => {
    const { pairing } = memory;
    if (!pairing?.code || pairing.failed) return;
    memory.pairing = { ...pairing, entered: true, end: Math.max(pairing.end, performance.now() + memory.entry) };
    soon();
  };

  const failed = () => {
    if (!memory.pairing?.code) return;
    memory.pairing = { ...memory.pairing, failed: true };
    soon();
  };

  return { trouble: (what) => () => tell(what), loggedOut, leaving, ban, entered, failed };
}
