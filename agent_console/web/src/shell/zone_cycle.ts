/** F6: from zone to zone, the call bar among them. Focus goes to the zone itself, so that Tab goes on inside it. */

export function nextZone(): void {
  const zones = [...document.querySelectorAll<HTMLElement>('[data-zone]')];
  const here = zones.findIndex((zone) => zone.contains(document.activeElement));
  zones[(here + 1) % zones.length]?.focus({ preventScroll: true });
}
