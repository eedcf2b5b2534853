/** Which of our ICE candidates the answer may go out with. Pure. */

type Family = 4 | 6;

const familyOf = (address: string | null): Family | null =>
  address === null ? null : address.includes(':') ? 6 : /^[\d.]+$/.test(address) ? 4 : null;

/** The families of the other side's own UDP candidates (RFC 8839, 5.1: foundation, component, transport, priority, address). */
function offered(sdp: string): ReadonlySet<Family> {
  const found = [...sdp.matchAll(/^a=candidate:\S+ \d+ udp \d+ (\S+) /gim)].map((line) => familyOf(line[1] ?? null));
  return new Set(found.filter((family) => family !== null));
}

/** One that the switch can pair with its own is enough: it learns the others from our checks. A busy machine gathers TCP first,
 *  which Asterisk's ICE does not speak; an answer with that one alone starts no ICE at all, and nobody hears anybody. */
export function suffices(candidate: Pick<RTCIceCandidate, 'protocol' | 'address'>, offer: string): boolean {
  if (candidate.protocol !== 'udp') return false;
  const families = offered(offer);
  const ours = familyOf(candidate.address);
  return families.size === 0 || (ours !== null && families.has(ours));
}
