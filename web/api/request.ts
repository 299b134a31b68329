/** A number for one write: sent again with the same number, it does nothing twice. */
export function requestNo(): string {
  // `crypto.randomUUID` needs a secure context; an intranet address often is none.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `web-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
