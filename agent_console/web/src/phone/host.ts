/** Starts the softphone of the page. */
export function startPhone(_login: string): () => void {
  return () => undefined;
}
