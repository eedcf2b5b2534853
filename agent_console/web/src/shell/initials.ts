/** "Lin Yue" → "LY", "林悦" → "林": what fits into the round beside the number. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  if (/\p{Script=Han}/u.test(name)) return [...name.trim()][0] ?? '';
  return words.slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase();
}
