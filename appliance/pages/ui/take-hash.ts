/** What a scanned address brought along behind its `#`, once: `#kode=0123456789`. A server never sees that part. */
export function takeHash(name: string): string | null {
  const value = new URLSearchParams(location.hash.slice(1)).get(name)
  if (value !== null) history.replaceState(null, '', location.pathname + location.search)
  return value
}
