// The list of what happened. Pure. A transition is {seq, at, from, to, phase, reason}, as wad tells it.

/** As many as wad itself keeps (wad/reports/history.py). */
export const KEPT = 100;

/** Give the transition from one status to the next; null if neither phase nor reason changed. */
export function transitionTo(before, after, at) {
  if (before.phase === after.phase && before.reason === after.reason) return null;
  return {
    seq: after.seq,
    at: at ?? after.since,
    from: before.state,
    to: after.state,
    phase: after.phase,
    reason: after.reason,
  };
}

/** Join lists of transitions of one daemon: newest first, each once, the later list's word counting. */
export function merged(known, told) {
  const bySeq = new Map([...known, ...told].map((each) => [each.seq, each]));
  return [...bySeq.values()].sort((one, other) => other.seq - one.seq).slice(0, KEPT);
}

/** Tell whether a phone has just taken a code, rather than a saved session been found. */
export function wasScanned(transitions) {
  for (const { from, to } of transitions) {
    if (to === 'qr' || from === 'qr') return true;
    if (to === 'ready') return false;
  }
  return transitions.length === 0;
}
